"""Programs as readable Python: the sources of the functions they call, their constants, and `explained`."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from types import CodeType
from typing import Any

from ..types import Gives
from .expressions import Call, Constant, Current, EachWord, Expression, Original
from .program import StraightProgram

_WIDTH = 100


def program_source(program: StraightProgram, *, gives: Gives = "text", name: str = "explained") -> str:
    """A whole module: constants, one function a step, and a function called `name`."""
    definitions, body = program_parts(program, gives=gives, name=name)
    return "\n\n\n".join([*definitions.values(), body]) + "\n"


def program_parts(
    program: StraightProgram, *, gives: Gives = "text", name: str = "explained"
) -> tuple[dict[str, str], str]:
    """What the program needs, by name and in order, and the source of the function `name` itself.

    Several programs go into one module by merging what they need: the same name always means the same.
    """
    definitions: dict[str, str] = {}
    for step in program.expressions:
        for function in _functions(step):
            _define(function, definitions)
    return definitions, _body(program, gives, name)


def _body(program: StraightProgram, gives: Gives, name: str) -> str:
    keeps_original = any(_mentions_original(step) for step in program.expressions[1:])
    original = "original" if keeps_original else "text"
    lines = [f"def {name}(text):"]
    if keeps_original:
        lines.append("    original = text")
    last = len(program.expressions) - 1
    for place, step in enumerate(program.expressions):
        if place == last and gives == "number" and program.ends_in_digits and isinstance(step, Call):
            text = _print(step.arguments[0], "text", original)
        else:
            text = _print(step, "text", original)
        lines += _statement("return" if place == last else "text =", text)
    if last < 0:
        lines.append("    return text")
    elif gives == "number" and not program.ends_in_digits:
        lines[-1] = lines[-1].replace("return ", "text = ", 1) if lines[-1].startswith("    return ") else lines[-1]
        lines.append("    return int(text)")
    return "\n".join(lines)


def _statement(start: str, expression: str) -> list[str]:
    return [f"    {start} {expression}"]


def _print(expression: Expression, current: str, original: str) -> str:
    if isinstance(expression, Current):
        return current
    if isinstance(expression, Original):
        return original
    if isinstance(expression, Constant):
        return repr(expression.plain())
    if isinstance(expression, EachWord):
        words = f"{current}.split()" if expression.tidily else f'{current}.split(" ")'
        return f'" ".join({_print(expression.step, "word", original)} for word in {words})'
    names = expression.word.parameters()
    shown = []
    for name, argument in zip(names, expression.arguments, strict=True):
        text = _print(argument, current, original)
        shown.append(f"{name}={text}" if isinstance(argument, Constant) else text)
    return f"{expression.word.name}({', '.join(_positional_first(names, expression.arguments, shown))})"


def _positional_first(names: Iterable[str], arguments: Iterable[Expression], shown: list[str]) -> list[str]:
    """Arguments after a keyword one need their keywords too."""
    seen, out = False, []
    for name, argument, text in zip(names, arguments, shown):
        constant = isinstance(argument, Constant)
        out.append(text if constant or not seen else f"{name}={text}")
        seen = seen or constant
    return out


def _mentions_original(expression: Expression) -> bool:
    if isinstance(expression, Call):
        return any(map(_mentions_original, expression.arguments))
    return isinstance(expression, Original) or (
        isinstance(expression, EachWord) and _mentions_original(expression.step)
    )


def _functions(expression: Expression) -> Iterator[Callable[..., Any]]:
    if isinstance(expression, Call):
        for argument in expression.arguments:
            yield from _functions(argument)
        yield expression.word.function
    elif isinstance(expression, EachWord):
        yield from _functions(expression.step)


def _define(function: Callable[..., Any], definitions: dict[str, str]) -> None:
    """Put the source of `function` behind those of all that it uses."""
    if function.__name__ in definitions:
        return
    for name in _globals_used(function.__code__):
        value = function.__globals__.get(name)
        if value is function or name in definitions or value is None:
            continue
        if callable(value):
            _define(value, definitions)
        else:
            definitions[name] = f"{name} = {value!r}"
    definitions[function.__name__] = _source(function)


@cache
def _source(function: Callable[..., Any]) -> str:
    return inspect.getsource(function).strip("\n")


@cache
def _globals_used(code: CodeType) -> tuple[str, ...]:
    names = [i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"]
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            names += _globals_used(inner)
    return tuple(dict.fromkeys(names))
