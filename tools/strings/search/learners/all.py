"""All learners, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...operations.expressions import Expression
from ..forward import plain_steps
from ..frame import Frame
from .aligned import Aligned, aligned_edits
from .gaps import cuts, insertions, turns
from .others import (
    constants,
    deleted_characters,
    joins,
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
_PLAIN = tuple((step, step.run()) for step in plain_steps())


def _letters(text: str) -> list[str]:
    return sorted(text.lower())


_KEEPING = frozenset(step for step, run in _PLAIN if all(_letters(run(t, t)) == _letters(t) for t in _SAMPLES))
"""Steps that only reorder characters and change their case."""


def plain(frame: Frame) -> Iterator[Expression]:
    """Steps without parameters."""
    current, wanted = frame.current[frame.first], frame.wanted[frame.first]
    reordered = frame.same_length and _letters(current) == _letters(wanted)
    for step, run in _PLAIN:
        if (reordered or step not in _KEEPING) and all(
            run(frame.current[i], frame.current[i]) == frame.wanted[i] for i in frame.order
        ):
            yield step


LEARNERS: tuple[Learner, ...] = (
    plain, everywhere, placed_edits, growing_edits, insertions, cuts, turns, number_texts, repetitions, replaced_pieces,
    deleted_characters, joins, word_games, constants,
)  # fmt: skip


def learn(frame: Frame) -> Iterator[tuple[Learner, Expression]]:
    """Steps that turn the texts of `frame` into what is wanted, each with the learner that found it."""
    for learner in LEARNERS:
        for step in learner(frame):
            yield learner, step
