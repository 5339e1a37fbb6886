"""Programs of the library drawn at random, and what a search for them would have to choose among: for training."""

from __future__ import annotations

import random
import string
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np

from ...black_boxes.types import TextDomain
from ..guidance import Traits, named, named_last, traits
from ..inputs import probes, random_texts
from ..operations.expressions import Expression
from ..search.backward import moving_steps, undone
from ..search.core import choose_core
from ..search.forward import first_steps
from ..search.frame import Texts, evaluate
from ..search.proposals import proposed_maps
from ..search.tables import selectors
from .fitted import fitted_step

CATALOGS = 60
"""Sets of constants that programs are drawn with; each gives its own steps."""
_CORE = (10, 16)
_RANDOM_TEXTS = 12
_EQUALLY, _BY_NAME, _TAILS = 28, 12, 30
"""Wrong candidates that are shown beside the right ones: drawn among all steps, among kinds of steps, and undone."""
_CHANGED, _LEAST_OUTPUTS = 0.15, 5
_FARTHEST = 400
_FITTED = 0.4
"""The share of programs with a step that a search can only fit."""
_MOST_MAPS, _LONGEST_MAPPED = 8, 12
_TRIES = 30
_MARKS = "-_.*#~+:! "


@dataclass(frozen=True)
class Candidate:
    """A first step taken or a last one undone, and how the texts stand to each other then."""

    name: str
    bits: float
    after: Traits
    right: bool


@dataclass(frozen=True)
class Problem:
    """Pairs that a program of some steps made, as traits."""

    steps: int
    before: Traits
    candidates: tuple[Candidate, ...]


def problems(seed: int, count: int, *, steps: int) -> Iterator[Problem]:
    """`count` problems whose programs have so many steps."""
    rng = random.Random(f"{seed} {steps}")
    made = 0
    while made < count:
        problem = _problem(rng, steps)
        if problem is not None:
            made += 1
            yield problem


def _problem(rng: random.Random, steps: int) -> Problem | None:
    everything = _texts(rng)
    catalog = _catalog(rng.randrange(CATALOGS))
    drawn = _program(rng, catalog, everything, steps)
    if drawn is None:
        return None
    program, values = drawn
    core = choose_core(everything, values[-1], rng.randint(*_CORE))
    inputs, outputs = tuple(everything[i] for i in core), tuple(values[-1][i] for i in core)
    firsts = _right_firsts(program, inputs, outputs)
    maps = list(islice(proposed_maps(everything, values[-1], selectors(_LONGEST_MAPPED)), _MOST_MAPS))
    right = [step for step in firsts if step in catalog.by_name.get(named(step), ())]
    wrong = [*maps, *(rng.choice(catalog.steps) for _ in range(_EQUALLY))]
    wrong += [rng.choice(catalog.by_name[name]) for name in rng.sample(sorted(catalog.by_name), _BY_NAME)]
    candidates: list[Candidate] = []
    rights = {evaluate(step, inputs, inputs) for step in firsts}
    seen: set[Texts] = {inputs}
    for step in [*right, *wrong]:
        made = evaluate(step, inputs, inputs)
        if made is None or made in seen or max(map(len, made)) > _FARTHEST:
            continue
        seen.add(made)
        candidates.append(Candidate(named(step), step.bits, traits(made, outputs), made in rights))
    candidates += _tails(rng, catalog, program, inputs, outputs)
    if not any(c.right for c in candidates):
        return None
    return Problem(steps, traits(inputs, outputs), tuple(candidates))


def _right_firsts(program: Sequence[Expression], inputs: Texts, outputs: Texts) -> list[Expression]:
    """The first step, and others that may come first just as well."""
    right = [program[0]]
    for k in range(1, len(program)):
        other = [program[k], *program[:k], *program[k + 1 :]]
        if _run(other, inputs) == outputs:
            right.append(program[k])
    return right


def _tails(
    rng: random.Random, catalog: _Catalog, program: Sequence[Expression], inputs: Texts, outputs: Texts
) -> list[Candidate]:
    """Last steps undone; right where the steps before give what they leave."""
    right = {_run(program[:-1], inputs)}
    for k in range(len(program) - 1):
        rest = [*program[:k], *program[k + 1 :]]
        if _run([*rest, program[k]], inputs) == outputs:
            right.add(_run(rest, inputs))
    tails = list(undone(outputs, moving_steps(catalog.steps)))
    rng.shuffle(tails)
    tails.sort(key=lambda t: t.wanted not in right)
    return [
        Candidate(named_last(t.steps[0], telling=t.telling), t.bits, traits(inputs, t.wanted), t.wanted in right)
        for t in tails[:_TAILS]
    ]


def _run(program: Sequence[Expression], texts: Texts) -> Texts | None:
    made: Texts | None = texts
    for step in program:
        made = evaluate(step, made, texts) if made is not None else None
    return made


@dataclass(frozen=True)
class _Catalog:
    """Steps that a program may be made of, by kind."""

    steps: tuple[Expression, ...]
    by_name: dict[str, list[Expression]]


@lru_cache(maxsize=CATALOGS)
def _catalog(number: int) -> _Catalog:
    """The steps that a search would try where some constants seem to have been put in."""
    rng = random.Random(f"catalog {number}")
    constants = [rng.choice(string.ascii_lowercase + _MARKS) for _ in range(rng.randint(1, 3))]
    constants += ["".join(rng.choices(string.ascii_letters + _MARKS, k=rng.randint(2, 3)))]
    inputs = _texts(rng)
    outputs = tuple(text + rng.choice(constants) for text in inputs)
    steps = first_steps(inputs[:14], outputs[:14], shown_by=(inputs, outputs))
    by_name: defaultdict[str, list[Expression]] = defaultdict(list)
    for step in steps:
        by_name[named(step)].append(step)
    return _Catalog(steps, dict(by_name))


def _texts(rng: random.Random) -> Texts:
    domain = TextDomain("", 200)
    more = random_texts(np.random.default_rng(rng.randrange(2**32)), _RANDOM_TEXTS, domain)
    return tuple(dict.fromkeys([*probes(domain), *more]))


def _program(
    rng: random.Random, catalog: _Catalog, texts: Texts, steps: int
) -> tuple[list[Expression], list[Texts]] | None:
    """Steps of different kinds that each change something, and what they make of the texts one after the other."""
    names = sorted(catalog.by_name)
    for _ in range(_TRIES):
        kinds = rng.sample(names, steps)
        program = [rng.choice(catalog.by_name[name]) for name in kinds]
        if rng.random() < _FITTED:
            program[rng.randrange(steps)] = fitted_step(rng)
        values: list[Texts] = [texts]
        for step in program:
            made = evaluate(step, values[-1], texts)
            if made is None or max(map(len, made)) > _FARTHEST:
                break
            if sum(a != b for a, b in zip(made, values[-1])) < _CHANGED * len(texts):
                break
            values.append(made)
        if len(values) == steps + 1 and _says_something(program, values):
            return program, values
    return None


def _says_something(program: Sequence[Expression], values: Sequence[Texts]) -> bool:
    """Whether the outcome differs between texts, and needs each of the steps."""
    if len(set(values[-1])) < _LEAST_OUTPUTS or len(set(values)) < len(values):
        return False
    rests = (_run([*program[:k], *program[k + 1 :]], values[0]) for k in range(len(program)))
    return all(rest is None or sum(a != b for a, b in zip(rest, values[-1])) > 2 for rest in rests)
