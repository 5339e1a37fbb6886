"""A concept as a program: `explained(text)`, made of the very functions that decide its degrees."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable
from typing import Any

from .nodes import Check, Counted, Joined, Much, Not, Place
from .traits import InLanguage
from .types import Concept


def code(concept: Concept) -> str | None:
    """Python that defines `explained(text)` with the concept's degrees, or None where meaning is needed."""
    used: list[Callable[..., Any]] = []
    expression = _expression(concept, "text", used)
    if expression is None:
        return None
    parts: dict[str, str] = {}
    for function in used:
        _collect(function, parts)
    constants = [text for text in parts.values() if not text.startswith("def ")]
    functions = [text for text in parts.values() if text.startswith("def ")]
    head = ["import re"] if any(re.search(r"\bre\.", text) for text in parts.values()) else []
    body = f"def explained(text):\n    return {expression}\n"
    blocks = ["\n".join([*head, *([""] if head and constants else []), *constants]), *functions, body]
    return "\n\n".join(block.rstrip() for block in blocks if block.strip()) + "\n"


def _expression(concept: Concept, variable: str, used: list[Callable[..., Any]]) -> str | None:
    """The concept's degree as an expression in `variable`; adds the functions that it calls to `used`."""
    if isinstance(concept, Counted | Much | Check | InLanguage):
        used.extend(concept.functions())
        return concept.expression(variable)
    if isinstance(concept, Place):
        used.append(concept.cut)
        call = f"{concept.cut.__name__}({', '.join([variable, *map(repr, concept.arguments)])})"
        return _expression(concept.inner, call, used)
    if isinstance(concept, Not):
        inner = _expression(concept.inner, variable, used)
        return None if inner is None else f"1 - ({inner})"
    if isinstance(concept, Joined):
        parts = [_expression(part, variable, used) for part in concept.parts]
        if any(part is None for part in parts):
            return None
        return f"{'min' if concept.every else 'max'}({', '.join(map(str, parts))})"
    return None


def _collect(function: Callable[..., Any], parts: dict[str, str]) -> None:
    """The source of `function`, after all that it names: helpers and constants of its module."""
    name = function.__name__
    if name in parts:
        return
    scope = getattr(function, "__globals__", {})
    for used in _names(function.__code__):
        value = scope.get(used)
        if isinstance(value, types.FunctionType):
            _collect(value, parts)
        elif value is not None and not isinstance(value, types.ModuleType) and used not in parts:
            parts[used] = f"{used} = {_literal(value)}"
    parts[name] = inspect.getsource(function)


def _names(compiled: types.CodeType) -> list[str]:
    found = list(compiled.co_names)
    for constant in compiled.co_consts:
        if isinstance(constant, types.CodeType):
            found.extend(_names(constant))
    return found


def _literal(value: Any) -> str:
    if isinstance(value, re.Pattern):
        return f"re.compile({value.pattern!r}, {value.flags & ~re.UNICODE})"
    if isinstance(value, frozenset):
        return f"frozenset({' '.join(sorted(value))!r}.split())"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in value.items()) + "}"
    return repr(value)
