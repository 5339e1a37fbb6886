"""Finding the top phrases of a slow module: successive halving over groups of phrases of like meaning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, comb, log2

import numpy as np
from numpy.typing import NDArray

from .types import Floats

Ask = Callable[[Sequence[int]], Floats]
FINAL_SHARE = 0.5
"""Of the budget: what is kept to ask the groups that are left in full."""
LEAST_SAMPLES = 4
"""Phrases of each group that the first round asks at least, which bounds the number of groups."""
MOST_GROUPS = 256


@dataclass(frozen=True, slots=True)
class Searched:
    """How a search went. `groups` were sampled `first_samples` deep at first; `survivors` were asked to the end."""

    groups: int
    first_samples: int
    survivors: int
    rounds: int

    def miss_probability(self, size: int, good: int) -> float:
        """At most how likely a group of `size` phrases, `good` of them good, was lost. See `search`."""
        return miss_probability(size, good, self.first_samples)


def miss_probability(size: int, good: int, samples: int) -> float:
    """The probability that `samples` of a group's `size` phrases, drawn without replacement, miss all `good` ones."""
    return comb(size - good, samples) / comb(size, samples) if samples <= size - good else 0.0


def search(ask: Ask, vectors: NDArray[np.float32], *, budget: int, keep: int, rng: np.random.Generator) -> Searched:
    """Spend `budget` questions on the phrases with the given unit `vectors`, most of them where responses are high.

    Phrases are grouped by meaning. Every group is sampled; the better half of the groups, by the highest response seen
    in each, is sampled deeper, and so on (successive halving, Jamieson and Talwalkar, arXiv:1502.07943); when what is
    left fits the budget, it is asked in full.

    Guarantee. Call a phrase good if its response is at least t, for any t such that no more than `survivors` groups
    hold good phrases. A group with g good ones among its n is never dropped once one of them was sampled, for no more
    than `survivors` groups can rank above it; hence it is lost with probability at most C(n−g, m) / C(n, m)
    ≤ (1 − g/n)^m, m being the `first_samples`. For a noisy module whose noise is within ±b with probability 1 − δ over
    all questions asked, the same holds, plus δ, if no more than `survivors` groups hold phrases of t − 2b or more
    before noise. Nothing is assumed of how responses and meaning relate: where they do not, g/n is small and the bound
    says so.
    """
    total = len(vectors)
    groups = group(vectors, _how_many(total, budget, keep), rng)
    queues = [list(rng.permutation(members)) for members in groups]
    best = np.full(len(queues), -np.inf)
    taken = np.zeros(len(queues), dtype=int)
    alive = list(range(len(queues)))
    left, rounds = budget, 0
    planned = max(1, ceil(log2(max(2, len(queues)))) - 1)
    first = 0
    while True:
        rest = sum(len(queues[g]) - int(taken[g]) for g in alive)
        if rounds and (rest <= left or len(alive) == 1 or rounds >= planned):
            break
        share = max(1, int(budget * (1 - FINAL_SHARE) / planned) // len(alive))
        numbers, owners = _next(queues, taken, alive, share, left)
        if not numbers:
            break
        _note(best, owners, ask(numbers))
        left -= len(numbers)
        first = first or int(min((taken[g] for g in alive if taken[g] < len(queues[g])), default=taken.max()))
        rounds += 1
        alive = sorted(alive, key=lambda g: -best[g])[: max(1, ceil(len(alive) / 2))]
    dropped = sorted(set(range(len(queues))) - set(alive), key=lambda g: -best[g])
    _finish(ask, queues, taken, [*alive, *dropped], left)
    return Searched(len(queues), first, len(alive), rounds)


def _how_many(total: int, budget: int, keep: int) -> int:
    """Groups: as many as the first round can sample `LEAST_SAMPLES` deep, and of about `keep` phrases or more."""
    for groups in range(min(MOST_GROUPS, max(2, total // max(4, keep // 4))), 1, -1):
        rounds = max(1, ceil(log2(groups)) - 1)
        if groups * LEAST_SAMPLES * rounds <= budget * (1 - FINAL_SHARE):
            return groups
    return 2


def group(vectors: NDArray[np.float32], groups: int, rng: np.random.Generator) -> list[NDArray[np.intp]]:
    """Rows of like meaning together, by k-means; no group is empty."""
    from sklearn.cluster import MiniBatchKMeans

    if groups >= len(vectors):
        return [np.array([i]) for i in range(len(vectors))]
    seed = int(rng.integers(2**31))
    means = MiniBatchKMeans(groups, random_state=seed, n_init=1, batch_size=1024, max_iter=30)
    labels = means.fit_predict(np.asarray(vectors, dtype=np.float32))
    return [np.flatnonzero(labels == label) for label in np.unique(labels)]


def _next(
    queues: Sequence[list[int]], taken: NDArray[np.int_], alive: Sequence[int], share: int, left: int
) -> tuple[list[int], list[int]]:
    """The next phrases to ask, `share` of each group as far as it has them and the budget lasts, and their groups."""
    numbers: list[int] = []
    owners: list[int] = []
    for step in range(share):
        for g in alive:
            at = int(taken[g])
            if step < share and at < len(queues[g]) and len(numbers) < left:
                numbers.append(int(queues[g][at]))
                owners.append(g)
                taken[g] += 1
    return numbers, owners


def _note(best: Floats, owners: Sequence[int], answers: Floats) -> None:
    """Keep the highest response of each group; a phrase without a response says nothing."""
    sound = np.isfinite(answers)
    np.maximum.at(best, np.asarray(owners)[sound], answers[sound])


def _finish(ask: Ask, queues: Sequence[list[int]], taken: NDArray[np.int_], order: Sequence[int], left: int) -> None:
    """Ask what is left of the groups in that order, as far as the budget lasts."""
    numbers = [int(i) for g in order for i in queues[g][int(taken[g]) :]][:left]
    if numbers:
        ask(numbers)
