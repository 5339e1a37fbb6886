"""Expressions over a text: the one form in which programs are run, printed, told in words and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Run: TypeAlias = Callable[[str, str], Any]
"""What an expression gives for the current text and the text that the program started from."""


@dataclass(frozen=True, slots=True)
class Word:
    """A function of the library: how it is told, and what choosing it costs in bits.

    `phrase` is a template over the function's parameters. Of a step it is a predicate in the third person ("reverses
    the text"), of anything else a noun ("the last character of {text}").
    """

    function: Callable[..., Any]
    phrase: str
    bits: float

    @property
    def name(self) -> str:
        return self.function.__name__

    def parameters(self) -> tuple[str, ...]:
        code = self.function.__code__
        return code.co_varnames[: code.co_argcount]

    def __hash__(self) -> int:
        return hash(self.function)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Word) and self.function is other.function


@dataclass(frozen=True, slots=True)
class Current:
    """The text as the steps before have left it."""

    @property
    def bits(self) -> float:
        return 0.0

    def run(self) -> Run:
        return lambda text, original: text


@dataclass(frozen=True, slots=True)
class Original:
    """The text that the program was given."""

    @property
    def bits(self) -> float:
        return 0.5

    def run(self) -> Run:
        return lambda text, original: original


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, None (of slices: the end), or a table of replacements as sorted pairs."""

    value: int | str | tuple[tuple[str, str], ...] | None
    bits: float = 0.0

    def run(self) -> Run:
        value = self.plain()
        return lambda text, original: value

    def plain(self) -> Any:
        return dict(self.value) if isinstance(self.value, tuple) else self.value


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the library and its arguments."""

    word: Word
    arguments: tuple[Expression, ...]
    bits: float = field(init=False, compare=False, repr=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Both are asked for millions of times in a search."""
        object.__setattr__(self, "bits", self.word.bits + sum(argument.bits for argument in self.arguments))
        object.__setattr__(self, "_hash", hash((self.word, self.arguments)))

    def __hash__(self) -> int:
        return self._hash

    def run(self) -> Run:
        return _compile(self)


@dataclass(frozen=True, slots=True)
class EachWord:
    """A step, done to every word between spaces; `tidily`: between any white space, with single spaces afterwards."""

    step: Expression
    tidily: bool = False

    @property
    def bits(self) -> float:
        return 4.0 + self.tidily + self.step.bits

    def run(self) -> Run:
        inner = self.step.run()
        if self.tidily:
            return lambda text, original: " ".join([inner(word, original) for word in text.split()])
        return lambda text, original: " ".join([inner(word, original) for word in text.split(" ")])


Expression: TypeAlias = Current | Original | Constant | Call | EachWord
CURRENT, ORIGINAL = Current(), Original()


def number(value: int) -> Constant:
    """A whole number; smaller ones cost fewer bits."""
    return Constant(value, 2.0 + 1.6 * abs(value).bit_length() + (0.5 if value < 0 else 0.0))


def literal(value: str) -> Constant:
    """A constant text: 5.5 bits a character, a little more for the rare ones."""
    return Constant(value, 1.0 + sum(5.0 if c.isalpha() and c.islower() else 6.0 for c in value))


def table(changes: dict[str, str]) -> Constant:
    """A table of replacements: what is not in it stays."""
    pairs = tuple(sorted(changes.items()))
    return Constant(pairs, 2.0 + sum(10.0 + 5.0 * max(0, len(new) - 1) for _, new in pairs))


def absent() -> Constant:
    """The missing end of a slice."""
    return Constant(None, 0.5)


def call(word: Word, *arguments: Expression) -> Call:
    """`word` with arguments for all its parameters."""
    return Call(word, arguments)


def uses_original(expression: Expression) -> bool:
    """Whether what it gives may depend on more than the current text."""
    if isinstance(expression, Call):
        return any(map(uses_original, expression.arguments))
    return isinstance(expression, Original) or (isinstance(expression, EachWord) and uses_original(expression.step))


def _compile(expression: Call) -> Run:
    """A closure for the commonest shapes, and a general one for the rest."""
    function, arguments = expression.word.function, expression.arguments
    if arguments and isinstance(arguments[0], Current) and all(isinstance(a, Constant) for a in arguments[1:]):
        values = [a.plain() for a in arguments[1:] if isinstance(a, Constant)]
        if not values:
            return lambda text, original: function(text)
        if len(values) == 1:
            value = values[0]
            return lambda text, original: function(text, value)
        return lambda text, original: function(text, *values)
    runs = [argument.run() for argument in arguments]
    if len(runs) == 1:
        only = runs[0]
        return lambda text, original: function(only(text, original))
    if len(runs) == 2:
        one, two = runs
        return lambda text, original: function(one(text, original), two(text, original))
    return lambda text, original: function(*[run(text, original) for run in runs])
