"""All learners, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...operations.expressions import EachWord, Expression, Run
from ..forward import plain_steps
from ..frame import Frame, Shared
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


_PLAIN = tuple((step, run, _only_reorders(run), *_growths(run)) for step in plain_steps() for run in [step.run()])


def plain(frame: Frame) -> Iterator[Expression]:
    """Steps without parameters."""
    current, wanted = frame.current[frame.first], frame.wanted[frame.first]
    reordered = frame.same_length and _letters(current) == _letters(wanted)
    shorter, longer = min(frame.growth) < 0, max(frame.growth) > 0
    for step, run, only_reorders, may_shorten, may_lengthen in _PLAIN:
        if (only_reorders and not reordered) or (shorter and not may_shorten) or (longer and not may_lengthen):
            continue
        if run(current, current) == wanted and all(run(c, c) == w for c, w in zip(frame.current, frame.wanted)):
            yield step


LEARNERS: tuple[Learner, ...] = (
    plain, everywhere, placed_edits, growing_edits, insertions, cuts, turns, number_texts, repetitions, replaced_pieces,
    deleted_characters, joins, listed_positions, word_games, constants, choices, frames, cut_offs, paddings,
    beside_marks, chosen_words, keywords, letter_places, word_steps, digits_spelled, signatures,
    moved_in_rows,
)  # fmt: skip


def in_tidy_words(frame: Frame) -> Iterator[Expression]:
    """Edits of every word between white space, with single spaces between the words afterwards."""
    inner = _tidy_words(frame)
    if inner is not None:
        for learner in LEARNERS:
            yield from (EachWord(step, tidily=True) for step in learner(inner))


def _tidy_words(frame: Frame) -> Frame | None:
    """The same task a word at a time, each word once; None where no text has several words."""
    becomes: dict[str, str] = {}
    several = False
    for i in frame.order:
        before, after = frame.current[i].split(), frame.wanted[i].split(" ") if frame.wanted[i] else []
        if before:
            size, rest = divmod(len(after), len(before))
            if rest or not size:
                return None
            after = [" ".join(after[k : k + size]) for k in range(0, len(after), size)]
        elif after:
            return None
        several = several or len(before) > 1
        for b, a in zip(before, after):
            if becomes.setdefault(b, a) != a:
                return None
    if not several or all(b == a for b, a in becomes.items()):
        return None
    before_all = tuple(becomes)
    return Frame(before_all, before_all, tuple(becomes.values()), Shared(before_all))


def learn(frame: Frame) -> Iterator[tuple[Learner, Expression]]:
    """Steps that turn the texts of `frame` into what is wanted, each with the learner that found it."""
    for learner in (*LEARNERS, in_tidy_words):
        for step in learner(frame):
            yield learner, step
