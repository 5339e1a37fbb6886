"""Programs so small that no search is needed for them: what an exception usually does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..types import Gives, Pair, Program
from .predicates import quoted

_CHARACTER_BITS = 7.0


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Gives the text back."""

    size: float = 1.0

    def __call__(self, text: str) -> str | None:
        return text

    def code(self, gives: Gives = "text") -> str:
        return f"def explained(text):\n    return {_as_given('text', gives)}\n"

    def sentence(self) -> str:
        return "Returns the text unchanged."

    def steps(self) -> tuple[str, ...]:
        return ("returns the text unchanged",)


@dataclass(frozen=True, slots=True)
class Constant:
    """Gives the same for every text."""

    value: str

    @property
    def size(self) -> float:
        return 2.0 + _CHARACTER_BITS * len(self.value)

    def __call__(self, text: str) -> str | None:
        return self.value

    def code(self, gives: Gives = "text") -> str:
        value = self.value if gives == "number" and _is_whole(self.value) else repr(self.value)
        return f"def explained(text):\n    return {value}\n"

    def sentence(self) -> str:
        return f"Always gives {_shown(self.value)}."

    def steps(self) -> tuple[str, ...]:
        return (f"gives {_shown(self.value)}",)


@dataclass(frozen=True, slots=True)
class Fails:
    """Gives no answer: the box raises, or gives something else than a text."""

    size: float = 2.0

    def __call__(self, text: str) -> str | None:
        return None

    def code(self, gives: Gives = "text") -> str:
        return 'def explained(text):\n    raise ValueError("the black box fails on such a text")\n'

    def sentence(self) -> str:
        return "Fails."

    def steps(self) -> tuple[str, ...]:
        return ("fails",)


PLAIN = (Unchanged, Constant, Fails)


@dataclass(frozen=True, slots=True)
class Table:
    """Another program, but for texts that are listed with their replies."""

    usual: Program
    listed: tuple[Pair, ...]

    @property
    def size(self) -> float:
        return self.usual.size + 6.0 + sum(_CHARACTER_BITS * (len(t) + len(r or "") + 1) for t, r in self.listed)

    def __call__(self, text: str) -> str | None:
        return dict(self.listed).get(text) if text in dict(self.listed) else self.usual(text)

    def code(self, gives: Gives = "text") -> str:
        from .printing import table_code

        return table_code(self.usual, self.listed, gives)

    def sentence(self) -> str:
        shown = ", ".join(f"{_shown(t)} gives {_shown(r)}" if r is not None else f"{_shown(t)} fails"
                          for t, r in self.listed[:3])  # fmt: skip
        more = len(self.listed) - 3
        rest = f" and {more} more" if more > 0 else ""
        return f"{self.usual.sentence().rstrip('.')}; except for these texts: {shown}{rest}."

    def steps(self) -> tuple[str, ...]:
        count = len(self.listed)
        return (f"looks up {count} listed text{'s' if count > 1 else ''}", *self.usual.steps())


def smallest(pairs: Sequence[Pair]) -> list[Program]:
    """Those of the plainest programs that agree with all `pairs`."""
    found: list[Program] = []
    if all(t == r for t, r in pairs):
        found.append(Unchanged())
    replies = {r for _, r in pairs}
    if len(replies) == 1:
        [value] = replies
        found.append(Fails() if value is None else Constant(value))
    return found


def _shown(text: str) -> str:
    return "the empty text" if text == "" else quoted(text)


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _as_given(expression: str, gives: Gives) -> str:
    return f"int({expression})" if gives == "number" else expression
