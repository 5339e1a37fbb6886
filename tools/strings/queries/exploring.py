"""Texts that show what no text asked so far has shown: other lengths, other characters, other places of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ...black_boxes.types import TextDomain
from ..branching.branched import Branched
from ..branching.predicates import Predicate
from ..inputs import admits, random_texts
from ..types import Program
from .constants import own_constants
from .pool import ANY, around, mutations, of_length
from .separating import readable_cost

_POOL = 160
_LONGEST = 14
_ENOUGH = 14
"""Texts that are enough for a case."""


def exploring(known: Sequence[str], *, rng: np.random.Generator, most: int = 1, domain: TextDomain = ANY) -> list[str]:
    """`most` fresh texts, each chosen for the traits that texts asked so far have shown least."""
    taken = set(known)
    lengths = [of_length(n, rng) for n in range(1, _LONGEST + 1) for _ in range(2)]
    pool = [*random_texts(rng, _POOL, domain), *lengths, *mutations(known, _POOL // 4, rng)]
    waiting = {t: [*traits(t)] for t in dict.fromkeys(pool) if t not in taken and admits(domain, t)}
    shown = Counter(trait for text in known for trait in traits(text))
    chosen: list[str] = []
    while waiting and len(chosen) < most:
        best = max(waiting, key=lambda t: _novelty(waiting[t], shown) - readable_cost(t))
        shown.update(waiting.pop(best))
        chosen.append(best)
    return chosen


def at_the_edges(
    program: Program, known: Sequence[str], *, rng: np.random.Generator, most: int = 1, domain: TextDomain = ANY
) -> list[str]:
    """At most `most` fresh texts that hold what the program's code names, or have lengths that it names or nearly."""
    taken = set(known)
    pool = [
        t for t in dict.fromkeys(around(*own_constants(program.code()), rng)) if t not in taken and admits(domain, t)
    ]
    return [pool[int(k)] for k in rng.permutation(len(pool))[:most]]


def in_each_case(
    program: Branched, known: Sequence[str], *, rng: np.random.Generator, most: int = 1, domain: TextDomain = ANY
) -> list[str]:
    """At most `most` fresh texts of those cases of a program that hardly a text asked so far has met."""
    met = Counter(program.branch(t)[0] for t in known)
    waiting = {t: program.branch(t)[0] for t in _varied(known, rng, domain)}
    chosen: list[str] = []
    while waiting and len(chosen) < most:
        rarest = min(waiting.values(), key=lambda case: met[case])
        if met[rarest] >= _ENOUGH:
            break
        shown = Counter(trait for t in [*known, *chosen] if program.branch(t)[0] == rarest for trait in traits(t))
        text = max((t for t, case in waiting.items() if case == rarest), key=lambda t: _novelty([*traits(t)], shown))
        met[waiting.pop(text)] += 1
        chosen.append(text)
    return chosen


def meeting(
    conditions: Sequence[Predicate], known: Sequence[str], *, rng: np.random.Generator, most: int, domain: TextDomain
) -> list[str]:
    """At most `most` fresh texts that meet one of `conditions` and few others, as many for each."""
    drawn = _varied(known, rng, domain)
    chosen: dict[str, None] = {}
    for k, condition in enumerate(conditions):
        others = [other for other in conditions if other is not condition]
        fitting = sorted((t for t in drawn if condition(t)), key=lambda t: sum(other(t) for other in others))
        share = (most - len(chosen)) // (len(conditions) - k)
        chosen |= dict.fromkeys([t for t in fitting if t not in chosen][:share])
    return [*chosen]


def _varied(known: Sequence[str], rng: np.random.Generator, domain: TextDomain) -> list[str]:
    """Fresh texts, and each of them in capitals, as a title, and with a digit."""
    drawn = [*random_texts(rng, _POOL, domain), *mutations(known, _POOL // 4, rng)]
    pool = [t for text in drawn for t in (text, text.upper(), text.title(), text + "7") if admits(domain, t)]
    taken = set(known)
    return [t for t in dict.fromkeys(pool) if t not in taken]


def typical(known: Sequence[str], *, rng: np.random.Generator, most: int = 1, domain: TextDomain = ANY) -> list[str]:
    """`most` fresh random texts, as a verifier would draw them."""
    taken = set(known)
    drawn: dict[str, None] = {}
    for _ in range(8):
        for text in random_texts(rng, 2 * most, domain):
            if text not in taken:
                drawn[text] = None
        if len(drawn) >= most:
            break
    return [*drawn][:most]


def resembling(
    odd: Sequence[str], known: Sequence[str], *, rng: np.random.Generator, most: int = 1, domain: TextDomain = ANY
) -> list[str]:
    """At most `most` fresh texts, each of which shares with one of `odd` its length, its first or its last character,
    or all but one edit: which of these makes it odd?
    """
    taken, chosen = set(known), dict[str, None]()
    for k in range(8 * most):
        if not odd or len(chosen) == most:
            break
        text = odd[k % len(odd)]
        other = of_length(len(text) if k // len(odd) % 2 == 0 else int(rng.integers(3, 10)), rng)
        made = (other, text[:1] + other[1:], other[:-1] + text[-1:], *mutations([text], 1, rng))
        fitting = [t for t in made if t not in taken and admits(domain, t)]
        chosen |= {fitting[0 if k % 3 == 0 else int(rng.integers(len(fitting)))]: None} if fitting else {}
    return [*chosen]


def traits(text: str) -> Iterator[tuple[object, ...]]:
    """What a function of texts may look at, as plain keys."""
    yield "length", len(text)
    words = text.split()
    yield "words", min(4, len(words))
    if len(words) > 1:
        yield "twice", len(set(words)) < len(words), words == sorted(words)
    yield "edges", text[:1].isspace(), text[-1:].isspace()
    yield "wide", "  " in text.strip()
    for c in set(text):
        yield "has", c
    if text:
        yield "first", text[0].lower()
        yield "last", text[-1].lower()
        yield "ends", _kind(text[0]), _kind(text[-1]), len(text) % 2
        yield "middle", text[len(text) // 2].lower()
        yield "same ends", text[0] == text[-1]
    yield "kinds", frozenset(map(_kind, text))
    yield "doubled", any(a == b for a, b in pairwise(text)), len(set(text)) == len(text)


def _kind(c: str) -> str:
    if c.lower() in "aeiou":
        return "vowel"
    if c.isalpha():
        return "upper" if c.isupper() else "lower"
    return "digit" if c.isdigit() else "space" if c.isspace() else "mark"


def _novelty(found: Sequence[tuple[object, ...]], shown: Counter[tuple[object, ...]]) -> float:
    """How little of `found` was shown: a trait never seen counts 1, each sight of it halves that. Long texts have more
    traits, so the sum is tempered by how many there are.
    """
    return float(sum(0.5 ** shown[trait] for trait in found) / len(found) ** 0.7)
