"""One step of a generated function of texts: what it does in words, and the Python that does it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Step:
    """A function from a text to a text.

    `says` finishes the sentence "The function …". `body` is the function's Python without its head, the input being
    `string`; its `constants` are set before it, by name. `imports` are modules of the standard library.
    """

    says: str
    body: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    imports: tuple[str, ...] = ()

    def source(self, name: str) -> str:
        """The step as a Python function called `name`."""
        constants = "".join(f"{key} = {value!r}\n" for key, value in self.constants.items())
        body = dedent(self.body).strip("\n")
        return f"def {name}(string):\n" + indent(constants + body, "    ") + "\n"


Draw: TypeAlias = Callable[[random.Random], Step]


@dataclass(frozen=True, slots=True)
class Family:
    """Steps of one kind: `draw` gives one with its parameters drawn. `kind` is the group that it is counted in."""

    name: str
    kind: str
    draw: Draw


def family_list(kind: str, **draws: Draw) -> tuple[Family, ...]:
    """The families of one kind, by name."""
    return tuple(Family(name, kind, draw) for name, draw in draws.items())
