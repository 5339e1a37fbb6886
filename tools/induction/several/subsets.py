"""Which few columns of a dictionary add up exactly to a target: exhaustive search over small subsets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..types import Floats

CANDIDATES_PER_SIZE = 12


def best_subsets(columns: Floats, target: Floats, *, most: int) -> Iterator[tuple[int, ...]]:
    """Subsets of up to `most` (<= 3) columns, best first within a size.

    `columns` (n, N) and `target` are finite and centred. Collinear pairs are left out.
    Cost: N² for pairs, N³ for triples.
    """
    norms = np.linalg.norm(columns, axis=0)
    unit = columns / np.where(norms > 0, norms, 1)
    length = float(np.linalg.norm(target))
    if length == 0:
        return
    aim = target / length
    correlation = unit.T @ aim
    for i in np.argsort(-np.abs(correlation))[:CANDIDATES_PER_SIZE]:
        yield (int(i),)
    if most >= 2:
        yield from _pairs(unit, aim)
    if most >= 3:
        yield from _triples(unit, aim)


def _pairs(unit: Floats, aim: Floats) -> Iterator[tuple[int, ...]]:
    gains = _pair_gains(unit, aim)
    for flat in _largest(gains, CANDIDATES_PER_SIZE):
        i, j = divmod(int(flat), gains.shape[1])
        yield (i, j)


def _pair_gains(unit: Floats, aim: Floats) -> Floats:
    """Explained square of every pair of unit columns (upper triangle; -1 elsewhere)."""
    gram = unit.T @ unit
    c = unit.T @ aim
    free = 1 - gram**2
    with np.errstate(all="ignore"):
        gains = (c[:, None] ** 2 + c[None, :] ** 2 - 2 * gram * c[:, None] * c[None, :]) / free
    gains[(free < 1e-11) | ~np.isfinite(gains)] = -1
    return np.asarray(np.triu(gains, 1) + np.tril(np.full_like(gains, -1)))


def _triples(unit: Floats, aim: Floats) -> Iterator[tuple[int, ...]]:
    found: list[tuple[float, tuple[int, ...]]] = []
    for k in range(unit.shape[1] - 2):
        q = unit[:, k]
        rest = unit[:, k + 1 :]
        rest = rest - np.outer(q, q @ rest)
        norms = np.linalg.norm(rest, axis=0)
        rest = rest / np.where(norms > 1e-6, norms, np.inf)
        left = aim - q * (q @ aim)
        gains = _pair_gains(rest, left)
        base = float((q @ aim) ** 2)
        for flat in _largest(gains, 3):
            i, j = divmod(int(flat), gains.shape[1])
            found.append((base + float(gains[i, j]), (k, k + 1 + i, k + 1 + j)))
    for _, subset in sorted(found, reverse=True)[:CANDIDATES_PER_SIZE]:
        yield subset


def _largest(gains: Floats, n: int) -> NDArray[np.intp]:
    flat = gains.ravel()
    if len(flat) <= n:
        return np.argsort(-flat)
    top = np.argpartition(-flat, n)[:n]
    return top[np.argsort(-flat[top])]


def solve(columns: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Least squares on scaled columns: coefficients and residuals."""
    scale = np.linalg.norm(columns, axis=0)
    scale = np.where(scale > 0, scale, 1)
    weights, *_ = np.linalg.lstsq(columns / scale, target, rcond=None)
    return weights / scale, target - (columns / scale) @ weights
