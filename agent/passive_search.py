"""Searches over pairs of either kind in one seam: programs from some of them, baselines, and how well they fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ..tools.black_boxes.types import Input, Value
from ..tools.examples import Examples
from ..tools.induction.types import ExceptionRegion, Noise

KEEP = 12
"""How many programs a search hands back."""


class Found(Protocol):
    """A program that survives some pairs, of whichever kind."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def formula(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def bits(self) -> float: ...
    @property
    def exceptions(self) -> tuple[ExceptionRegion, ...]: ...
    @property
    def noise(self) -> Noise | None: ...
    def predict(self, inputs: Sequence[Input]) -> list[Value | None]: ...
    def gives(self, input: Input, value: Value | None) -> bool: ...


class Searcher(Protocol):
    """What a scientist of examples needs to know of their kind. Pairs go by their number, from 0."""

    @property
    def count(self) -> int:
        """How many pairs there are."""
        ...

    @property
    def testable(self) -> Sequence[int]:
        """The pairs that can be foretold: those whose input has one answer, or answers with noise."""
        ...

    @property
    def sketched(self) -> int:
        """How many programs are worth having from pairs of which more will come."""
        ...

    def input_of(self, row: int) -> Input: ...
    def size_of(self, row: int) -> float: ...

    def find(
        self, rows: Sequence[int], seconds: float, before: Sequence[Found] = (), *, keep: int = KEEP
    ) -> list[Found]:
        """At most `keep` programs for these pairs, best first. `before`: what was found from a part of them."""
        ...

    def baselines(self, rows: Sequence[int], inputs: Sequence[Input]) -> dict[str, list[Value | None]]:
        """What trivial predictors of these pairs say to `inputs`, by name."""
        ...

    def fit(self, found: Found, rows: Sequence[int]) -> str:
        """How well it fits these pairs, in a phrase."""
        ...

    def separating(self, ranked: Sequence[Found]) -> dict[str, Any] | None:
        """An input that would tell the first program from the next that differs, and what both say to it."""
        ...

    def notes(self, explained: bool) -> list[str]:
        """What a user should know beside."""
        ...


def contradictions(examples: Examples, remedy: str) -> list[str]:
    found = examples.contradictions
    if not found:
        return []
    shown = repr(found[0].input) if isinstance(found[0].input, str) else ", ".join(f"{v:g}" for v in found[0].input)
    inputs = "one input has" if len(found) == 1 else f"{len(found)} inputs have"
    answers = ", ".join(repr(a) if isinstance(a, str) else f"{a:g}" for a in found[0].answers[:4])
    why = "so the source is random or the file wrong"
    return [f"{inputs} more than one answer (such as {shown}: {answers}), {why}; {remedy}"]


def none_fits(explained: bool) -> list[str]:
    return (
        [] if explained else ["no program fits the pairs; more of them, simple ones, may show what they have in common"]
    )
