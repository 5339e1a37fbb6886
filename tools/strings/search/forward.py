"""First steps: everything that is worth trying before the last step is fitted, the cheapest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter

from ..operations.expressions import Expression
from .candidates import (
    beside_marks,
    code_shifts,
    constant_steps,
    counts_of,
    hidden_constants,
    number_steps,
    parts,
    piece_steps,
    placed_shifts,
    plain_steps,
    selecting_steps,
    shifting_steps,
    swaps,
    turned_steps,
    usual_constants,
    word_steps,
)

_LONG = 16
"""No first step without data depends on more of the length of the longest text than this."""


def first_steps(
    inputs: Sequence[str], outputs: Sequence[str], *, shown_by: tuple[Sequence[str], Sequence[str]] | None = None
) -> tuple[Expression, ...]:
    """All of them, the cheapest first. `shown_by`: inputs and outputs, more of them, that show what is put in."""
    ranked, known = _without_data(min(_LONG, max(map(len, inputs), default=0)))
    read = dict.fromkeys(step for step in _read_off(inputs, outputs, shown_by or (inputs, outputs)))
    more = [(step.bits, step) for step in read if step not in known]
    return tuple([step for _, step in sorted([*ranked, *more], key=itemgetter(0))])


@cache
def _without_data(longest: int) -> tuple[tuple[tuple[float, Expression], ...], frozenset[Expression]]:
    """The steps that depend on no more than the length of the longest text, with their bits, the cheapest first."""
    found = dict.fromkeys((
        *plain_steps(), *turned_steps(), *word_steps(), *usual_constants(), *selecting_steps(longest),
        *shifting_steps(longest), *number_steps(longest), *piece_steps(longest), *parts(), *placed_shifts(longest),
        *code_shifts(), *swaps(longest),
    ))  # fmt: skip
    return tuple(sorted([(step.bits, step) for step in found], key=itemgetter(0))), frozenset(found)


def _read_off(
    inputs: Sequence[str], outputs: Sequence[str], shown_by: tuple[Sequence[str], Sequence[str]]
) -> Iterator[Expression]:
    yield from beside_marks(inputs)
    yield from counts_of(inputs)
    yield from constant_steps(*shown_by)
    yield from hidden_constants(inputs, outputs)


__all__ = ["first_steps", "plain_steps"]
