"""A program that does one thing with some texts and another with the rest."""

from __future__ import annotations

from dataclasses import dataclass

from ..types import Gives, Program
from .plain import Constant, Fails, Unchanged
from .predicates import Predicate, quoted
from .printing import branch_code

BRANCH_BITS = 4.0
"""What an if costs beside its condition and its body."""
_EVEN_PARTS = ("len(text) % 2", "len(text) < ", "len(text) >= ")


@dataclass(frozen=True, slots=True)
class Branched:
    """The program of the first of `cases` whose condition a text meets, else `usual`."""

    cases: tuple[tuple[Predicate, Program], ...]
    usual: Program

    @property
    def size(self) -> float:
        return self.usual.size + sum(BRANCH_BITS + p.bits + body.size for p, body in self.cases)

    def __call__(self, text: str) -> str | None:
        return self.branch(text)[1](text)

    def branch(self, text: str) -> tuple[Predicate | None, Program]:
        """The case that a text falls under."""
        return next(((p, body) for p, body in self.cases if p(text)), (None, self.usual))

    def code(self, gives: Gives = "text") -> str:
        return branch_code([(p.code, body) for p, body in self.cases], self.usual, gives)

    def sentence(self) -> str:
        """The usual case, and then the exceptions; of two programs that share the texts evenly, one after the other."""
        clauses = [_clause(body) for _, body in self.cases]
        usual = self.usual.sentence().strip().rstrip(".")
        if all(c is not None for c in clauses):
            told = [f"texts that {p.said}, which {c}" for (p, _), c in zip(self.cases, clauses)]
            return f"{usual}, except {_listed(told)}."
        if len(self.cases) == 1 and self.cases[0][0].code.startswith(_EVEN_PARTS):
            [(p, body)] = self.cases
            return f"For texts that {p.said}: {_lower(body.sentence()).rstrip('.')}; for all others: {_lower(usual)}."
        told = [
            f"Texts that {p.said} {c}." if c else f"For texts that {p.said}, instead: {_lower(body.sentence())}"
            for (p, body), c in zip(self.cases, clauses)
        ]
        return " ".join([f"{usual}.", *told])

    def steps(self) -> tuple[str, ...]:
        told = [f"if texts {p.said}: {'; '.join(body.steps())}" for p, body in self.cases]
        return (*told, f"otherwise: {'; '.join(self.usual.steps())}")


def _clause(body: Program) -> str | None:
    """What happens to texts, after "which"; None where it takes a sentence."""
    if isinstance(body, Unchanged):
        return "are returned unchanged"
    if isinstance(body, Fails):
        return "fail"
    if isinstance(body, Constant):
        return "give the empty text" if body.value == "" else f"give {quoted(body.value)}"
    return None


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _listed(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"
