"""Programs in words: each step a predicate, all of them one sentence."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

from .expressions import Call, Constant, Current, EachWord, Expression, Original
from .functions import pieces, shapes

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LONGEST_MAP = 60


def sentence(expressions: Sequence[Expression]) -> str:
    """All steps in one sentence; without any, that the text stays as it is."""
    parts = _predicates(expressions)
    if not parts:
        return "Leaves the text as it is."
    if len(parts) == 1:
        return _finish(parts[0])
    return _finish(", then ".join(part.removesuffix(",") for part in parts))


def steps(expressions: Sequence[Expression]) -> tuple[str, ...]:
    """A sentence a step."""
    return tuple(_finish(part) for part in _predicates(expressions))


def predicate(expression: Expression, *, first: bool = True) -> str:
    """What one step does, in the third person, without a full stop."""
    if isinstance(expression, EachWord):
        step = predicate(expression.step).replace("each word's", "its").replace("the text", "the word")
        return ("with single spaces between words, in each word, " if expression.tidily else "in each word, ") + step
    assert isinstance(expression, Call)
    return _tell(expression, first)


def _predicates(expressions: Sequence[Expression]) -> list[str]:
    return [predicate(step, first=place == 0) for place, step in enumerate(expressions)]


def _finish(text: str) -> str:
    text = text.strip().removesuffix(",")
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _noun(expression: Expression, first: bool) -> str:
    if isinstance(expression, Current):
        return "the text"
    if isinstance(expression, Original):
        return "the text" if first else "the original text"
    if isinstance(expression, Constant):
        return _quoted(expression.value) if isinstance(expression.value, str) else str(expression.value)
    if isinstance(expression, EachWord):
        return predicate(expression)
    return _tell(expression, first).removeprefix("gives ")


def _tell(expression: Call, first: bool) -> str:
    arguments = dict(zip(expression.word.parameters(), expression.arguments, strict=True))
    if expression.word.function is pieces.plus and isinstance(more := arguments["more"], Constant):
        number = int(more.plain())
        told = _noun(arguments["number"], first)
        if told.startswith("minus "):
            return f"{number} {told}"
        return f"{told} {'plus' if number >= 0 else 'minus'} {abs(number)}"
    if expression.word.function is pieces.times and _is_number(arguments["factor"], -1):
        return f"minus {_noun(arguments['number'], first)}"
    if expression.word.phrase.startswith("the part") and (end := _end(arguments, first)):
        return end
    if expression.word.function in (shapes.append_number, shapes.prepend_number):
        arguments["number"] = Call(expression.word, expression.arguments)
    told = _Telling(first).format(expression.word.phrase, **arguments)
    for rough, smooth in _SMOOTHER:
        told = told.replace(rough, smooth)
    return told


_SMOOTHER = (
    (",,", ","), (" ,", ","), ("every a space", "every space"), ("first a space", "first space"),
    ("last a space", "last space"), (", with nothing between them", ""), (" with nothing between them", ""),
    (", with nothing between", ""), (" with nothing between", ""), (", with nothing after it", ""),
    (" with nothing after it", ""),
    ("moves the first letter 0 places forward in the alphabet, and the letter at each further position",
     "leaves the first letter, and moves the one at each further position in the alphabet"),
)  # fmt: skip


def _end(arguments: dict[str, Expression], first: bool) -> str | None:
    """The first or the last characters of a text; None where a part is another one."""
    start, stop = arguments["start"], arguments["stop"]
    if not isinstance(start, Constant) or not isinstance(stop, Constant):
        return None
    if start.value is None and isinstance(stop.value, int) and stop.value > 0:
        which, count = "first", stop.value
    elif stop.value is None and isinstance(start.value, int) and start.value < 0:
        which, count = "last", -start.value
    else:
        return None
    return f"the {which} {'character' if count == 1 else f'{count} characters'} of {_noun(arguments['text'], first)}"


class _Telling(string.Formatter):
    """Fills the places of a template; `{x:kind}` calls the teller of that kind."""

    def __init__(self, first: bool) -> None:
        self.first = first

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec:
            return _noun(value, self.first)
        return str(getattr(self, f"_{format_spec}")(value))

    def _of(self, value: Expression) -> str:
        return " of the original text" if isinstance(value, Original) and not self.first else ""

    def _shift(self, value: Expression) -> str:
        return self._moved(value, "")

    def _turn(self, value: Expression) -> str:
        return self._moved(value, " in the alphabet")

    def _moved(self, value: Expression, where: str) -> str:
        if isinstance(value, Constant):
            number = int(value.plain())
            unit = "place" if abs(number) == 1 else "places"
            return f"{abs(number)} {unit} {'forward' if number >= 0 else 'back'}{where}"
        if isinstance(value, Call) and value.word.function is pieces.times and _is_number(value.arguments[1], -1):
            return f"back{where} by {_noun(value.arguments[0], self.first)}"
        return f"forward{where} by {_noun(value, self.first)}"

    def _turned(self, value: Expression) -> str:
        if isinstance(value, Constant):
            number = int(value.plain())
            return f"to the {'left' if number >= 0 else 'right'} by {abs(number)}"
        return f"to the left by {_noun(value, self.first)}"

    def _more(self, value: Expression) -> str:
        if isinstance(value, Constant):
            number = int(value.plain())
            return f"by {abs(number)} {'more' if number >= 0 else 'less'}"
        return f"by {_noun(value, self.first)} more"

    def _counted(self, value: Expression) -> str:
        """A number in digits between two constants."""
        assert isinstance(value, Call)
        _, number, before, after = value.arguments
        parts = [_noun(before, self.first), f"{_noun(number, self.first)} in digits", _noun(after, self.first)]
        shown = [part for part in parts if part != "nothing"]
        return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]

    def _direction(self, value: Expression) -> str:
        return "back" if _is_number(value, -1) else "forward"

    def _nth(self, value: Expression) -> str:
        if not isinstance(value, Constant):
            return _noun(value, self.first) + "-th"
        number = int(value.plain())
        return ordinal(number + 1) if number >= 0 else ("last" if number == -1 else f"{ordinal(-number)} to last")

    def _step(self, value: Expression) -> str:
        return ordinal(int(value.plain())) if isinstance(value, Constant) else _noun(value, self.first)

    def _many(self, value: Expression) -> str:
        if isinstance(value, Constant):
            number = int(value.plain())
            return "character" if number == 1 else f"{number} characters"
        return f"{_noun(value, self.first)} characters"

    def _number(self, value: Expression) -> str:
        if isinstance(value, Constant):
            return "one" if value.value == 1 else str(value.value)
        return _noun(value, self.first)

    def _gap(self, value: Expression) -> str:
        if isinstance(value, Constant):
            number = int(value.plain())
            if number >= 0:
                return f"after the first {self._many(value)}" if number else "in front"
            return f"before the last {self._many(Constant(-number))}"
        if isinstance(value, Call) and value.word.function is pieces.half_length:
            return "in the middle"
        if isinstance(value, Call) and value.word.function is pieces.half_length_rounded_up:
            return "in the middle (rounded up)"
        return f"at the position given by {_noun(value, self.first)}"

    def _from(self, value: Expression) -> str:
        if isinstance(value, Constant) and value.value is None:
            return "from the start"
        return f"from the {self._nth(value)}"

    def _to(self, value: Expression) -> str:
        if not isinstance(value, Constant):
            return f"up to position {_noun(value, self.first)}"
        if value.value is None:
            return "to the end"
        number = int(value.plain())
        return f"to the {ordinal(number)}" if number > 0 else f"up to before the {self._nth(value)}"

    def _any(self, value: Expression) -> str:
        text = str(value.plain()) if isinstance(value, Constant) else _noun(value, self.first)
        return _quoted(text) if len(text) == 1 else f"of the characters {_quoted(text)}"

    def _each(self, value: Expression) -> str:
        text = str(value.plain()) if isinstance(value, Constant) else _noun(value, self.first)
        return f"every {_quoted(text)}" if len(text) == 1 else f"each of {_quoted(text)}"

    def _plural(self, value: Expression) -> str:
        text = _noun(value, self.first).removeprefix("the ").removesuffix(",")
        if text.startswith("every "):
            return text.removeprefix("every ") + " in the text"
        return "characters that are " + text.replace("each of", "one of", 1) if text.startswith("each of") else text

    def _map(self, value: Expression) -> str:
        assert isinstance(value, Constant)
        assert isinstance(value.value, tuple)
        return _told_map(value.value)


def ordinal(number: int) -> str:
    """1: first, 11: 11th."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _told_map(changes: tuple[tuple[str, str], ...]) -> str:
    gone = "".join(old for old, new in changes if not new)
    kept = [(old, new) for old, new in changes if new]
    targets = {new for _, new in kept}
    parts = []
    if kept and len(targets) == 1 and len(kept) > 1:
        parts.append(f"each of {_quoted(''.join(old for old, _ in kept))} with {_quoted(kept[0][1])}")
    elif all(len(new) == 1 for _, new in kept) and len(kept) > 4:
        parts.append(
            f"{_quoted(''.join(o for o, _ in kept))} with {_quoted(''.join(n for _, n in kept))}, in this order"
        )
    else:
        parts += [f"{_quoted(old)} with {_quoted(new)}" for old, new in kept[:_LONGEST_MAP]]
    if gone:
        parts.append(f"each of {_quoted(gone)} with nothing" if len(gone) > 1 else f"{_quoted(gone)} with nothing")
    return ", ".join(parts)


def _quoted(text: object) -> str:
    shown = str(text)
    if shown == " ":
        return "a space"
    if shown == "":
        return "nothing"
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def _is_number(expression: Expression, number: int) -> bool:
    return isinstance(expression, Constant) and expression.value == number
