"""Straight-line programs: steps one after the other, each from a text to a text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..types import Gives
from .expressions import Call, Expression, Run
from .functions import pieces

LONGEST_TEXT = 100_000
"""Characters; a program that gives more has gone wrong."""
_STEP_BITS = 1.0


@dataclass(frozen=True)
class StraightProgram:
    """Steps from a text to a text; none at all leaves the text as it is.

    Two programs are equal when their steps are.
    """

    expressions: tuple[Expression, ...]

    @cached_property
    def size(self) -> float:
        """Bits of the operations and their parameters."""
        return sum(step.bits + _STEP_BITS for step in self.expressions)

    @cached_property
    def _runs(self) -> tuple[Run, ...]:
        return tuple(step.run() for step in self.expressions)

    def __call__(self, text: str) -> str | None:
        """What the steps make of `text`; None where one of them fails."""
        current = text
        try:
            for run in self._runs:
                current = run(current, text)
                if len(current) > LONGEST_TEXT:
                    return None
        except Exception:
            return None
        return current

    def then(self, *steps: Expression) -> StraightProgram:
        """This program with further steps at its end."""
        return StraightProgram(self.expressions + steps)

    @property
    def ends_in_digits(self) -> bool:
        """Whether it always gives the text of a whole number, so that it can give the number itself."""
        last = self.expressions[-1] if self.expressions else None
        return isinstance(last, Call) and last.word.function is pieces.in_digits

    def code(self, gives: Gives = "text") -> str:
        """Python with one function a step; only the standard library."""
        from .source import program_source

        return program_source(self, gives=gives)

    def sentence(self) -> str:
        """All steps in one sentence."""
        from .phrases import sentence

        return sentence(self.expressions)

    def steps(self) -> tuple[str, ...]:
        """Each step as a sentence of its own."""
        from .phrases import steps

        return steps(self.expressions)

    def __repr__(self) -> str:
        return f"<{self.sentence()} {self.size:.1f} bits>"


IDENTITY = StraightProgram(())
