"""Which categories of FIND there are, by name."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from ..errors import BenchmarkError
from .category import Category

_HOMES = {
    "numeric": "numeric",
    "strings": "strings",
    "entities": "concepts.entities",
    "relations": "concepts.relations",
}
"""Where each category lives, beside this file. Its module has it as `CATEGORY`."""


def category_names() -> list[str]:
    """Every category, in the order in which they are offered."""
    return [*_HOMES]


def category_of(name: str) -> Category[Any]:
    """The category called `name`. Raises BenchmarkError."""
    if name not in _HOMES:
        raise BenchmarkError(f"expected a category of FIND ({', '.join(_HOMES)}), got {name!r}; pass --category NAME")
    home = import_module(f".{_HOMES[name]}", __package__)
    return cast("Category[Any]", home.CATEGORY)
