"""Two halves: one to find differences in, one held out to measure them on. Texts that are nearly alike are never on
both, and are never counted twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..texts import content_words
from .errors import DatasetError
from .types import Target

Rows = NDArray[np.intp]
ALIKE = 0.7
"""The share of three-word runs in common (Jaccard) from which two texts count as the same."""
_COMMON_RUN = 50
"""Runs of words in more texts than this are boilerplate; they do not make two texts alike on their own."""
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Halves:
    """Rows to find differences in, and rows to measure them on. `notes` say what was left out of the latter."""

    discovery: Rows
    held_out: Rows
    notes: tuple[str, ...]


def halve(texts: Sequence[str], target: Target, rng: np.random.Generator) -> Halves:
    """Split by groups of texts that are nearly alike; both halves have about as many of either group.

    Only the first of several texts that are alike is held out. Texts in both groups are not held out at all, since
    they tell nothing apart. Raises `DatasetError` where too little is left to hold out.
    """
    groups = alike(texts)
    high = target.high
    shared = [g for g in groups if target.kind == "groups" and 0 < high[g].sum() < len(g)]
    rest = [g for g in groups if not (target.kind == "groups" and 0 < high[g].sum() < len(g))]
    discovery = [row for g in shared for row in g]
    held: list[int] = []
    repeats = 0
    for side in (True, False):
        own = [g for g in rest if bool(high[g[0]]) is side]
        order = rng.permutation(len(own))
        for place, number in enumerate(order):
            group = own[number]
            if place % 2:
                discovery.extend(group)
            else:
                held.append(group[0])
                repeats += len(group) - 1
    notes = []
    if shared:
        notes.append(f"{sum(map(len, shared))} texts that are (nearly) the same in both groups were not held out")
    if repeats:
        notes.append(f"{repeats} texts that (nearly) repeat another one were not held out")
    found = Halves(np.sort(np.array(discovery, np.intp)), np.sort(np.array(held, np.intp)), tuple(notes))
    _check(found, target)
    return found


def _check(halves: Halves, target: Target) -> None:
    for half, name in ((halves.discovery, "to find differences in"), (halves.held_out, "to hold out")):
        inside = target.high[half] if len(half) else np.zeros(0, bool)
        for group, count in ((target.a, int(inside.sum())), (target.b, int((~inside).sum()))):
            if count < _LEAST:
                raise DatasetError(
                    f"expected at least {_LEAST} different texts of {group} {name}, got {count} after "
                    "(near-)duplicates were put together; add texts that differ"
                )


def alike(texts: Sequence[str]) -> list[list[int]]:
    """Rows grouped by near-equality: the same content words, or most runs of three words in common."""
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    words = [content_words(text) for text in texts]
    first: dict[tuple[str, ...], int] = {}
    for row, (text, own) in enumerate(zip(texts, words)):
        key = tuple(own) or ("", " ".join(text.split()))
        parent[root(row)] = root(first.setdefault(key, row))
    runs = [{tuple(own[i : i + 3]) for i in range(len(own) - 2)} for own in words]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, own_runs in enumerate(runs):
        for run in own_runs:
            holders[run].append(row)
    common: Counter[tuple[int, int]] = Counter()
    for rows in holders.values():
        if 1 < len(rows) <= _COMMON_RUN:
            common.update((i, j) for k, i in enumerate(rows) for j in rows[k + 1 :])
    for (i, j), count in common.items():
        if count >= ALIKE * (len(runs[i]) + len(runs[j]) - count):
            parent[root(i)] = root(j)
    found: dict[int, list[int]] = defaultdict(list)
    for row in range(len(texts)):
        found[root(row)].append(row)
    return list(found.values())
