"""All learners, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from ...operations.expressions import EachWord, Expression, Run
from ..forward import plain_steps
from ..frame import Frame, Shared, Texts
from ..selected import bits
from .aligned import Aligned, aligned_edits
from .choices import choices
from .gaps import cuts, insertions, turns
from .others import (
    constants,
    deleted_characters,
    joins,
    listed_positions,
    number_texts,
    repetitions,
    replaced_pieces,
    word_games,
)
from .placed import growing_edits, placed_edits
from .shapes import (
    beside_marks,
    chosen_words,
    cut_offs,
    digits_spelled,
    frames,
    keywords,
    letter_places,
    moved_in_rows,
    paddings,
    signatures,
    word_steps,
)

Learner = Callable[[Frame], Iterator[Expression]]


def everywhere(frame: Frame) -> Iterator[Expression]:
    """Edits of all characters; lengths stay."""
    if frame.same_length:
        yield from aligned_edits(frame, Aligned(frame.current, frame.wanted, None))


_SAMPLES = (
    "",
    "Hello World",
    "abc",
    "aaB b  c1",
    " Two  words here ",
    "one-Two 33",
    "zebra",
    "aaaa",
    "a",
    "abababcc",
    "\u00df",
)


def _letters(text: str) -> list[str]:
    return sorted(text.lower())


def _only_reorders(run: Run) -> bool:
    """Whether a step keeps all characters but for their order and case."""
    return all(_letters(run(text, text)) == _letters(text) for text in _SAMPLES)


def _growths(run: Run) -> tuple[bool, bool]:
    """Whether a step may shorten texts, and whether it may lengthen them."""
    growths = [len(run(text, text)) - len(text) for text in _SAMPLES]
    return min(growths) < 0, max(growths) > 0


_MOST_MADE, _MOST_MET = 2000, 20_000
_PLAIN = tuple((step, run, _only_reorders(run), *_growths(run)) for step in plain_steps() for run in [step.run()])


@cache
def _allowed(reordered: bool, shorter: bool, longer: bool) -> int:
    """The plain steps, as bits, that may reorder, shorten or lengthen texts so."""
    return sum(
        (reordered or not only_reorders) and (may_shorten or not shorter) and (may_lengthen or not longer)
        and 1 << number
        for number, (_, _, only_reorders, may_shorten, may_lengthen) in enumerate(_PLAIN)
    )  # fmt: skip


class _Made(dict[str, dict[str, int]]):
    """What plain steps make of texts, each with the steps that do, as bits: of texts that are met twice and more."""

    def __init__(self) -> None:
        super().__init__()
        self._met: set[str] = set()

    def of(self, text: str) -> dict[str, int] | None:
        """What becomes of a short text; None where it is met for the first time."""
        found = self.get(text)
        if found is None and text in self._met:
            if len(self) > _MOST_MADE:
                self.clear()
            found = self[text] = {}
            for number, (_, run, *_) in enumerate(_PLAIN):
                became = run(text, text)
                found[became] = found.get(became, 0) | 1 << number
        elif found is None:
            if len(self._met) > _MOST_MET:
                self._met.clear()
            self._met.add(text)
        return found


_MADE = _Made()


def _plain_left(frame: Frame, mask: int) -> int:
    """The plain steps, of those in `mask`, that no short text rules out."""
    for i in frame.short:
        made = _MADE.of(frame.current[i])
        if made is not None:
            mask &= made.get(frame.wanted[i], 0)
            if not mask:
                return 0
    return mask


def plain(frame: Frame) -> Iterator[Expression]:
    """Steps without parameters."""
    current, wanted = frame.current[frame.first], frame.wanted[frame.first]
    reordered = frame.same_length and _letters(current) == _letters(wanted)
    i = frame.order[frame.number_changed - 1]
    shortest, becomes = frame.current[i], frame.wanted[i]
    for number in bits(_plain_left(frame, _allowed(reordered, frame.shorter, frame.longer))):
        step, run, *_ = _PLAIN[number]
        if run(shortest, shortest) == becomes and all(run(c, c) == w for c, w in zip(frame.current, frame.wanted)):
            yield step


LEARNERS: tuple[Learner, ...] = (
    plain, everywhere, placed_edits, growing_edits, insertions, cuts, turns, number_texts, repetitions, replaced_pieces,
    deleted_characters, joins, listed_positions, word_games, constants, choices, frames, cut_offs, paddings,
    beside_marks, chosen_words, keywords, letter_places, word_steps, digits_spelled, signatures,
    moved_in_rows,
)  # fmt: skip
_FOR_SAME_LENGTH = {everywhere, placed_edits, turns, keywords, signatures, moved_in_rows}
_FOR_LONGER = {insertions, frames, paddings, digits_spelled}
_FOR_SHORTER = {cuts, deleted_characters, beside_marks, chosen_words}


@cache
def _learners_for(shorter: bool, longer: bool) -> tuple[Learner, ...]:
    """The learners that know steps for texts of which some have to become shorter, or longer."""
    others = {
        (False, False): _FOR_LONGER | _FOR_SHORTER | {growing_edits},
        (False, True): _FOR_SAME_LENGTH | _FOR_SHORTER,
        (True, False): _FOR_SAME_LENGTH | _FOR_LONGER | {word_games},
        (True, True): _FOR_SAME_LENGTH | _FOR_LONGER | _FOR_SHORTER | {word_games},
    }[shorter, longer]
    return tuple(learner for learner in LEARNERS if learner not in others)


def in_tidy_words(frame: Frame) -> Iterator[Expression]:
    """Edits of every word between white space, with single spaces between the words afterwards."""
    inner = _tidy_words(frame)
    if inner is not None:
        for learner in _learners_for(inner.shorter, inner.longer):
            yield from (EachWord(step, tidily=True) for step in learner(inner))


def _tidy_words(frame: Frame) -> Frame | None:
    """The same task a word at a time, each word once; None where no text has several words."""
    sizes = _word_counts(frame.wanted)
    splits: list[list[str]] = []
    for text, size in zip(frame.current, sizes):
        before = text.split()
        if (not size or size % len(before)) if before else size:
            return None
        splits.append(before)
    if max(map(len, splits)) < 2:
        return None
    becomes: dict[str, str] = {}
    for i in frame.order:
        words, after = splits[i], frame.wanted[i].split(" ")
        if len(words) not in (0, len(after)):
            size = len(after) // len(words)
            after = [" ".join(after[k : k + size]) for k in range(0, len(after), size)]
        for b, a in zip(words, after):
            if becomes.setdefault(b, a) != a:
                return None
    if all(b == a for b, a in becomes.items()):
        return None
    before_all = tuple(becomes)
    return Frame(before_all, before_all, tuple(becomes.values()), Shared(before_all))


@lru_cache(1000)
def _word_counts(wanted: Texts) -> tuple[int, ...]:
    """How many words each text has between single spaces; of "" none."""
    return tuple(text.count(" ") + 1 if text else 0 for text in wanted)


def learn(frame: Frame) -> Iterator[tuple[Learner, Expression]]:
    """Steps that turn the texts of `frame` into what is wanted, each with the learner that found it."""
    for learner in (*_learners_for(frame.shorter, frame.longer), in_tidy_words):
        for step in learner(frame):
            yield learner, step
