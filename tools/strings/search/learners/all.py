"""All learners, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from ...operations.expressions import EachWord, Expression
from ..frame import Frame, Shared, Texts, evaluate
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
from .plain import plain
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
    if inner is None:
        return
    several = any(len(text.split()) > 1 for text in frame.current)
    for learner in _learners_for(inner.shorter, inner.longer):
        for step in learner(inner):
            if several or evaluate(step, frame.current, frame.originals) != frame.wanted:
                yield EachWord(step, tidily=True)


def _tidy_words(frame: Frame) -> Frame | None:
    """The same task a word at a time, each word once; None where every text is one word."""
    sizes = _word_counts(frame.wanted)
    splits: list[list[str]] = []
    for text, size in zip(frame.current, sizes):
        before = text.split()
        if (not size or size % len(before)) if before else size:
            return None
        splits.append(before)
    if all(len(words) == 1 and words[0] == text for words, text in zip(splits, frame.current)):
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
