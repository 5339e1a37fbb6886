"""A data set of functions of texts in FIND's layout (arXiv:2309.03886)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import BenchmarkError
from .composing import TextFunction, draw_function, settled_dice
from .families import STRING_FAMILIES
from .options import GeneratorOptions
from .step import Family
from .texts import different_texts

NOISE, CORRUPTIONS = 0.0, 0.15
"""Shares where the user says nothing."""
ITEMS = 10
CHOICES = 3
_SPARES = 8
"""Functions that lend wrong choices to a data set that has few of its own."""
_THREE_STEPS = 0.35
"""The share of functions of three steps among those of two or three."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A function with its own test inputs and what it gives there."""

    function: TextFunction
    call: Callable[[str], str]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def chosen_families(names: Sequence[str]) -> tuple[Family, ...]:
    """The families with these names, or of the kinds with these names; all for none. Raises BenchmarkError."""
    if not names:
        return STRING_FAMILIES
    known = {family.name for family in STRING_FAMILIES} | {family.kind for family in STRING_FAMILIES}
    unknown = [name for name in names if name not in known]
    if unknown:
        kinds = ", ".join(sorted({family.kind for family in STRING_FAMILIES}))
        raise BenchmarkError(
            f"there is no family {unknown[0]!r}; kinds are {kinds}, and families such as {STRING_FAMILIES[0].name}"
        )
    return tuple(family for family in STRING_FAMILIES if family.name in names or family.kind in names)


def string_files(options: GeneratorOptions) -> dict[str, str | Any]:
    """The files of the data set below its folder: Python as text, JSON as plain data."""
    families = chosen_families(options.families)
    if len(families) < options.depth[1]:
        raise BenchmarkError(
            f"{len(families)} families are too few for functions of {options.depth[1]} steps; "
            f"allow more --families, or --depth 1-{len(families)}"
        )
    drawn = [_draw(options, families, number) for number in range(options.count)]
    lenders = drawn
    if len(drawn) < _SPARES:
        lenders = drawn + [_draw(options, families, -number) for number in range(1, _SPARES + 1)]
    files: dict[str, Any] = {}
    rows, tests, items = [], [], []
    for number, one in enumerate(drawn):
        name = f"f{number:05d}"
        files[f"strings/{name}/function_code.py"] = one.function.source
        rows.append(_row(name, one.function))
        tests.append({"name": name, "description": one.function.says, "test_inputs": list(one.inputs)})
        rng = random.Random(f"items {options.seed} {number}")
        with settled_dice(f"items {options.seed} {number}"):
            vectors, correct = _items(rng, one, [other for other in lenders if other is not one])
        items.append({"name": name, "test_vec": vectors, "correct_inx": correct})
    return {**files, "strings/data.json": rows, "strings/test_data.json": tests, "strings/unit_test_data.json": items}


def _draw(options: GeneratorOptions, families: Sequence[Family], number: int) -> _Drawn:
    rng = random.Random(f"strings {options.seed} {number}")
    noise = NOISE if options.noise is None else options.noise
    corruptions = CORRUPTIONS if options.corruptions is None else options.corruptions
    steps = _steps(rng, options.depth, number)
    chance = rng.random() < noise
    exception = rng.random() < corruptions and not chance
    function = draw_function(rng, families, steps=steps, exception=exception, chance=chance)
    inputs = tuple(different_texts(rng, ITEMS, ordinary=True))
    call = function.compiled()
    with settled_dice(f"answers {options.seed} {number}"):
        outputs = tuple(call(text) for text in inputs)
    return _Drawn(function, call, inputs, outputs)


def _steps(rng: random.Random, depth: tuple[int, int], number: int) -> int:
    """Every third function has one step where that is allowed; the others two, or at times three."""
    low, high = depth
    if low == 1 and (high == 1 or number % 3 == 0):
        return 1
    several = max(low, 2)
    return several if several == high or rng.random() >= _THREE_STEPS else high


def _row(name: str, function: TextFunction) -> dict[str, Any]:
    return {
        "dir": name,
        "name": ";".join(function.families),
        "kinds": list(function.kinds),
        "type": "single" if len(function.families) == 1 else "composed",
        "exception": function.exception,
        "stochastic": function.chance,
    }


def _items(rng: random.Random, one: _Drawn, others: Sequence[_Drawn]) -> tuple[list[Any], list[int]]:
    """The language test: for each test input the true pair among pairs of other functions, and its place from 1."""
    vectors, correct = [], []
    for text, output in zip(one.inputs, one.outputs):
        pairs = [(text, output)]
        while len(pairs) < CHOICES:
            pairs.append(_wrong_pair(rng, one, others))
        order = rng.sample(range(CHOICES), CHOICES)
        vectors.append([[pairs[k][0] for k in order], [pairs[k][1] for k in order]])
        correct.append(order.index(0) + 1)
    return vectors, correct


def _wrong_pair(rng: random.Random, one: _Drawn, others: Sequence[_Drawn]) -> tuple[str, str]:
    """A pair of another function that is none of `one`."""
    for _ in range(100):
        other = rng.choice(others)
        k = rng.randrange(ITEMS)
        if one.call(other.inputs[k]) != other.outputs[k]:
            return other.inputs[k], other.outputs[k]
    raise BenchmarkError("the functions are too much alike for a language test; allow more --families")
