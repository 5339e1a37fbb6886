"""One function of texts as the benchmark sees it: a box that listens to itself being asked, and fresh texts."""

from __future__ import annotations

import ast
import random
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

from ....sandboxes.types import Standing
from ....tools.black_boxes import BlackBox, SpecError, open_box
from ....tools.black_boxes.find_strings import StringFunction, string_layout
from ....tools.black_boxes.sandboxed import standing_of
from ....tools.black_boxes.types import Input, Reply, Signature
from ...errors import BenchmarkError
from ...generator.texts import any_text

FRESH_TEXTS = 200
_DRAWN_AT_MOST = 100 * FRESH_TEXTS


@cache
def functions_at(path: Path) -> dict[str, StringFunction]:
    """The functions of the data set at `path`, by id. Raises BenchmarkError."""
    try:
        return {function.id: function for function in string_layout(path)}
    except SpecError as error:
        raise BenchmarkError(str(error)) from error


def open_function(function: StringFunction, *, seed: int, trusted: bool) -> HeardBox:
    """The function as a box, in a sandbox unless it is `trusted`."""
    return HeardBox(open_box(f"find:{function.file.parent}", seed=seed, untrusted=not trusted))


class HeardBox:
    """A box that keeps what it was asked and what it answered, in `pairs` (None: no text)."""

    def __init__(self, box: BlackBox) -> None:
        self._box = box
        self.pairs: list[tuple[str, str | None]] = []

    @property
    def spec(self) -> str:
        return self._box.spec

    @property
    def signature(self) -> Signature:
        return self._box.signature

    @property
    def standing(self) -> Standing | None:
        """What the sandbox around the function guarantees, if it has one."""
        return standing_of(self._box)

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`."""
        for text, reply in zip(inputs, self._box.ask(inputs)):
            self.pairs.append((str(text), _text(reply)))
            yield reply

    def answers(self, texts: Sequence[str]) -> list[str | None]:
        """What the function gives, without being kept; None where it gives no text."""
        return [_text(reply) for reply in self._box.ask(texts)]

    def close(self) -> None:
        self._box.close()


def _text(reply: Reply) -> str | None:
    return reply.value if isinstance(reply.value, str) else None


def fresh_texts(id: str, seed: int, asked: Collection[str]) -> list[str]:
    """200 different texts of all sorts that depend on the seed and the function alone, less those that were `asked`."""
    rng = random.Random(f"fresh {seed} {id}")
    found: dict[str, None] = {}
    for _ in range(_DRAWN_AT_MOST):
        text = any_text(rng)
        if text not in asked:
            found[text] = None
        if len(found) == FRESH_TEXTS:
            break
    return [*found]


def is_composed(function: StringFunction) -> bool:
    """Whether the function has several steps: by its families, else by the functions that its file defines."""
    if function.families:
        return len(function.families) > 1
    defined = ast.parse(function.file.read_text(encoding="utf-8")).body
    return sum(isinstance(node, ast.FunctionDef) for node in defined) > 2
