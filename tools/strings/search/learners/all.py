"""All learners, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...operations.expressions import Expression, Run
from ..forward import plain_steps
from ..frame import Frame
from .aligned import Aligned, aligned_edits
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

Learner = Callable[[Frame], Iterator[Expression]]


def everywhere(frame: Frame) -> Iterator[Expression]:
    """Edits of all characters; lengths stay."""
    if frame.same_length:
        yield from aligned_edits(frame, Aligned(frame.current, frame.wanted, None))


_SAMPLES = ("Hello World", "abc", "aaB b  c1", " Two  words here ", "one-Two 33", "zebra")


def _letters(text: str) -> list[str]:
    return sorted(text.lower())


def _only_reorders(run: Run) -> bool:
    """Whether a step keeps all characters but for their order and case."""
    return all(_letters(run(text, text)) == _letters(text) for text in _SAMPLES)


_PLAIN = tuple((step, run, _only_reorders(run)) for step in plain_steps() for run in [step.run()])


def plain(frame: Frame) -> Iterator[Expression]:
    """Steps without parameters."""
    current, wanted = frame.current[frame.first], frame.wanted[frame.first]
    reordered = frame.same_length and _letters(current) == _letters(wanted)
    for step, run, only_reorders in _PLAIN:
        if only_reorders and not reordered:
            continue
        if run(current, current) == wanted and all(run(c, c) == w for c, w in zip(frame.current, frame.wanted)):
            yield step


LEARNERS: tuple[Learner, ...] = (
    plain, everywhere, placed_edits, growing_edits, insertions, cuts, turns, number_texts, repetitions, replaced_pieces,
    deleted_characters, joins, listed_positions, word_games, constants,
)  # fmt: skip


def learn(frame: Frame) -> Iterator[tuple[Learner, Expression]]:
    """Steps that turn the texts of `frame` into what is wanted, each with the learner that found it."""
    for learner in LEARNERS:
        for step in learner(frame):
            yield learner, step
