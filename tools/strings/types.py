"""The words of string induction: pairs, programs that explain them, what a search found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

Pair: TypeAlias = tuple[str, str | None]
"""An input and the reply, as a text; None: the box failed on it, or gave neither text nor whole number."""
Gives: TypeAlias = Literal["text", "number"]


@runtime_checkable
class Program(Protocol):
    """A deterministic function from a text to a text, with what it says of itself. Implementations are frozen."""

    @property
    def size(self) -> float:
        """Description length in bits, operations and parameters; smaller is better."""
        ...

    def __call__(self, text: str) -> str | None:
        """What it gives; None where it fails, as an index beyond the end may."""
        ...

    def code(self, gives: Gives = "text") -> str:
        """Readable Python of the standard library alone; ends with `def explained(text)`.

        With `gives="number"` it returns a whole number where the program gives the text of one.
        """
        ...

    def sentence(self) -> str:
        """One sentence a person would write: "Reverses the text, then turns it into capitals."."""
        ...

    def steps(self) -> tuple[str, ...]:
        """The same, step by step."""
        ...


@dataclass(frozen=True, slots=True)
class Near:
    """A program that is right on a part of the pairs: `right` holds their numbers, counted from 0."""

    program: Program
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found: `programs` agree with all pairs, the shortest first; `near` with many, the most first.

    `depth` is the number of steps up to which programs were looked at; `exhausted` says whether all of them were.
    """

    programs: tuple[Program, ...]
    near: tuple[Near, ...]
    depth: int
    exhausted: bool
    seconds: float


def right_on(program: Program, pairs: Sequence[Pair]) -> tuple[int, ...]:
    """The numbers of the pairs that `program` gets right."""
    return tuple(number for number, (text, reply) in enumerate(pairs) if program(text) == reply)


def consistent(program: Program, pairs: Sequence[Pair]) -> bool:
    """Whether `program` gets every pair right."""
    return all(program(text) == reply for text, reply in pairs)
