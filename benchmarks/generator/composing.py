"""Whole functions of texts: one step or several, perhaps with an exception; what says nothing is drawn again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..errors import BenchmarkError
from .exceptions import LocalException, draw_exception
from .families import CHANCE_FAMILIES
from .step import Family, Step
from .texts import different_texts

_TRIED_ON = 160
"""Texts that a function is tried on before it is taken."""
_SAME_SHARE = 0.95
"""From this share of unchanged texts on a function counts as the identity; two functions, as one."""
_CONSTANT_SHARE = 0.85
"""From this share of equal outputs on a function counts as constant."""
_LEAST_OUTPUTS = 5
"""Different outputs that a composed function must have."""
_EXCEPTION_SHARE = (0.04, 0.5)
"""How many of the texts an exception must concern, and may."""
_LONGEST_OUTPUT = 1500
_ATTEMPTS = 400
_PATIENCE = 40
"""Attempts with one family before it is given up, so that those that compose badly are not crowded out."""
_MAIN = """
if __name__ == "__main__":
    outputs = ""
    for argument in sys.argv[1:]:
        outputs += f"({argument}, {function(argument)}) "
    print(f"Function input - output pairs: {outputs}")
"""


@dataclass(frozen=True, slots=True)
class TextFunction:
    """A function of texts: its `source` defines `function(string)`. `families` are in the order of the steps."""

    source: str
    says: str
    families: tuple[str, ...]
    kinds: tuple[str, ...]
    exception: str | None
    chance: bool

    def compiled(self) -> Callable[[str], str]:
        """The function itself, run in this process."""
        names: dict[str, Any] = {"__name__": "generated"}
        exec(compile(self.source, "<generated>", "exec"), names)
        function: Callable[[str], str] = names["function"]
        return function


def draw_function(
    rng: random.Random,
    families: Sequence[Family],
    *,
    steps: int,
    exception: bool,
    chance: bool = False,
) -> TextFunction:
    """A function of `steps` steps of different families. With `chance` one of them throws dice; it has no exception.

    Drawn again until it is neither (nearly) constant nor (nearly) the identity, needs each of its steps, and its
    exception concerns some texts but not most. Raises BenchmarkError where no such function comes up.
    """
    for attempt in range(_ATTEMPTS):
        if attempt % _PATIENCE == 0:
            first = rng.choice(families)
        chosen = [first, *rng.sample([family for family in families if family is not first], steps - 1)]
        rng.shuffle(chosen)
        if chance:
            chosen[rng.randrange(steps)] = rng.choice(CHANCE_FAMILIES)
        parts = [family.draw(rng) for family in chosen]
        local = draw_exception(rng, tuple(families)) if exception else None
        texts = different_texts(rng, _TRIED_ON)
        with settled_dice(attempt):
            taken = _says_something(parts, local, texts, chance)
        if taken:
            return TextFunction(
                source=_source(parts, local),
                says=_sentence(parts, local),
                families=tuple(family.name for family in chosen),
                kinds=tuple(family.kind for family in chosen),
                exception=None if local is None else f"{local.says}: {local.otherwise.says}",
                chance=chance,
            )
    names = ", ".join(family.name for family in families[:5])
    raise BenchmarkError(
        f"no function of {steps} steps of {names}, … came up that is neither constant nor the identity; "
        "allow more --families"
    )


@contextmanager
def settled_dice(seed: int | str) -> Iterator[None]:
    """Functions that throw dice throw the same ones in here; the dice of everybody else are put back after."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


def _source(parts: Sequence[Step], local: LocalException | None) -> str:
    imports = sorted({"sys", *(name for part in parts for name in part.imports)})
    lines = "".join(f"import {name}\n" for name in imports)
    functions = [part.source(f"function{number}") for number, part in enumerate(parts, start=1)]
    call = "string"
    for number in range(1, len(parts) + 1):
        call = f"function{number}({call})"
    body = f"    return {call}\n"
    if local is not None:
        other = f"function{len(parts) + 1}"
        functions.append(local.otherwise.source(other))
        body = f"    if {local.test}:\n        return {other}(string)\n{body}"
    return "\n\n".join([lines, *functions, f"def function(string):\n{body}", _MAIN.lstrip()])


def _sentence(parts: Sequence[Step], local: LocalException | None) -> str:
    sentence = "The function " + ", then ".join(part.says for part in parts) + "."
    if local is not None:
        sentence += f" Where {local.says}, it {local.otherwise.says} instead."
    return sentence


def _says_something(parts: Sequence[Step], local: LocalException | None, texts: Sequence[str], chance: bool) -> bool:
    outputs = _outputs(_source(parts, None), texts)
    if outputs is None or _is_plain(texts, outputs, least=2 if len(parts) == 1 else _LEAST_OUTPUTS):
        return False
    if not chance and len(parts) > 1 and not _needs_each(parts, texts, outputs):
        return False
    if local is None:
        return True
    whole = _outputs(_source(parts, local), texts)
    if whole is None:
        return False
    concerned = sum(a != b for a, b in zip(whole, outputs)) / len(texts)
    low, high = _EXCEPTION_SHARE
    return low <= concerned <= high


def _is_plain(texts: Sequence[str], outputs: Sequence[str], *, least: int) -> bool:
    commonest = Counter(outputs).most_common(1)[0][1]
    unchanged = sum(a == b for a, b in zip(texts, outputs))
    constant = commonest >= _CONSTANT_SHARE * len(texts) or len(set(outputs)) < least
    return constant or unchanged >= _SAME_SHARE * len(texts)


def _needs_each(parts: Sequence[Step], texts: Sequence[str], outputs: Sequence[str]) -> bool:
    """Whether leaving any one step out would show."""
    for left_out in range(len(parts)):
        rest = [part for number, part in enumerate(parts) if number != left_out]
        fewer = _outputs(_source(rest, None), texts)
        if fewer is None or sum(a == b for a, b in zip(fewer, outputs)) >= _SAME_SHARE * len(texts):
            return False
    return True


def _outputs(source: str, texts: Sequence[str]) -> list[str] | None:
    """What the function gives; None where it fails on a text, or gives one that is far too long."""
    names: dict[str, Any] = {"__name__": "generated"}
    exec(compile(source, "<generated>", "exec"), names)
    outputs: list[str] = []
    for text in texts:
        try:
            output = names["function"](text)
        except Exception:
            return None
        if not isinstance(output, str) or len(output) > _LONGEST_OUTPUT:
            return None
        outputs.append(output)
    return outputs
