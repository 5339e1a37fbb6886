"""Inverses of steps: what a text must have been before, without knowing the text that the program was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...operations.expressions import Expression
from .constants import undone_constants
from .letters import always_undone, undone_letters
from .places import moving_steps, undone_by_places
from .shapes import undone_shapes
from .types import Candidate, Inverse
from .words import undone_words


def candidates(wanted: Sequence[str], steps: Sequence[Expression]) -> Iterator[Candidate]:
    """Steps that may have been the last ones, out of `steps` and of those read off `wanted`, with their inverses."""
    yield from undone_by_places(steps)
    yield from undone_words(wanted)
    yield from undone_letters(wanted)
    yield from undone_shapes(wanted)
    yield from undone_constants(wanted)


__all__ = ["Inverse", "always_undone", "candidates", "moving_steps"]
