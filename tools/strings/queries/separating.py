"""Texts on which surviving programs disagree most."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from ...black_boxes.types import TextDomain
from ..inputs import admits
from .pool import ANY, candidates

Answerer = Callable[[str], str | None]
_READABLE_LENGTH = 12
_LEAST = 1e-9


def separating(
    programs: Sequence[Answerer],
    known: Sequence[str],
    *,
    rng: np.random.Generator,
    most: int = 1,
    domain: TextDomain = ANY,
    among: Sequence[str] | None = None,
) -> list[str]:
    """At most `most` texts, none of them in `known`, on which `programs` (the best first) disagree most.

    Chosen one after the other, each for what it tells beyond those before it; readable ones where several tell as much.
    Empty where the programs agree on all that was tried: `among`, or random texts, neighbours of known ones, and
    texts that hold what the programs' codes name.
    """
    pool = candidates(programs, known, rng=rng) if among is None else [t for t in among if t not in set(known)]
    pool = [t for t in pool if admits(domain, t)]
    answers = {text: tuple(_answer(p, text) for p in programs) for text in pool}
    split = {text: said for text, said in answers.items() if len(set(said)) > 1}
    weights = [1.0 / (1 + k) for k in range(len(programs))]
    groups: list[list[int]] = [list(range(len(programs)))]
    chosen: list[str] = []
    while split and len(chosen) < most:
        gains = {text: _entropy(_refine(groups, said), weights) - readable_cost(text) for text, said in split.items()}
        best = max(gains, key=lambda text: gains[text])
        refined = _refine(groups, split[best])
        if len(refined) == len(groups):
            break
        groups = refined
        chosen.append(best)
        del split[best]
    return chosen


def readable_cost(text: str) -> float:
    """A little for each thing that makes a text hard to read, never more than what telling programs apart is worth."""
    odd = sum(not (c.isalnum() or c == " ") for c in text) + sum(ord(c) > 127 for c in text)
    long = max(0, len(text) - _READABLE_LENGTH)
    return min(0.05, 0.002 * long + 0.004 * odd + (0.004 if text != text.strip() else 0.0) + 0.0002 * len(text))


def _refine(groups: Sequence[Sequence[int]], said: Sequence[str | None]) -> list[list[int]]:
    """The groups of programs that answer alike, told apart by one more answer."""
    refined: list[list[int]] = []
    for group in groups:
        parts: dict[str | None, list[int]] = defaultdict(list)
        for k in group:
            parts[said[k]].append(k)
        refined += parts.values()
    return refined


def _entropy(groups: Sequence[Sequence[int]], weights: Sequence[float]) -> float:
    shares = np.array([sum(weights[k] for k in group) for group in groups]) / sum(weights)
    return float(-np.sum(shares * np.log2(np.maximum(shares, _LEAST)))) if len(shares) else math.nan


def _answer(program: Answerer, text: str) -> str | None:
    try:
        return program(text)
    except Exception:
        return None
