"""What a program's code names: the characters and numbers around which its behaviour changes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_LONGEST_CONSTANT = 6
_LARGEST_NUMBER = 30
_ALPHABET_FROM = 12
"""Texts as long as this are tables (alphabets, maps), of which each character stands for itself."""


@lru_cache(maxsize=512)
def constants_of_code(code: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The short texts and small whole numbers that `code` holds, each once, in order."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return (), ()
    texts: dict[str, None] = {}
    numbers: dict[int, None] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant):
            continue
        value = node.value
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_CONSTANT:
            texts[value] = None
        elif isinstance(value, int) and not isinstance(value, bool) and 0 < abs(value) <= _LARGEST_NUMBER:
            numbers[abs(value)] = None
    return tuple(texts), tuple(numbers)


@lru_cache(maxsize=512)
def own_constants(code: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The same of what is named outside helpers: in assignments of the module and in `explained`."""
    own = [
        ast.unparse(node)
        for node in ast.parse(code).body
        if isinstance(node, ast.Assign) or (isinstance(node, ast.FunctionDef) and node.name == "explained")
    ]
    return constants_of_code("\n".join(own))


def constants(programs: Sequence[Any]) -> tuple[list[str], list[int]]:
    """What the codes of `programs` hold: those that not all of them share first, for there they part."""
    found = [constants_of_code(p.code()) for p in programs]
    texts = _rarest_first([t for t, _ in found])
    numbers = _rarest_first([n for _, n in found])
    return texts, numbers


def _rarest_first(lots: Sequence[Sequence[Any]]) -> list[Any]:
    counts: dict[Any, int] = {}
    for lot in lots:
        for item in lot:
            counts[item] = counts.get(item, 0) + 1
    return sorted(counts, key=lambda item: counts[item])
