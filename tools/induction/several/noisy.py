"""Boxes with noise: its size from repeats, and regression over the same dictionaries, without exact tests."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..types import Floats, Noise
from .constants import polish, rms
from .dictionary import distinct_columns, terms_for
from .expressions import Expr, add, constants, evaluate, mul, number, power, size, variable
from .inner import inner_families
from .outers import Outer, admitted, inner_error
from .problem import Source
from .programs import NODE_BITS, residual_bits
from .subsets import best_subsets, solve

REPEATS, PLACES = 3, 3
MOST_POINTS = 280
KEPT = 8
CONSTANT_BITS = 10.0


def measure_noise(source: Source, seed: int) -> Noise | None:
    """The standard deviation of repeated answers, pooled over a few places; None if answers repeat exactly."""
    rng = np.random.default_rng(seed + 41)
    points = source.domain.sample(rng, PLACES)
    first = _repeats(source, points, 2, "see whether answers repeat")
    if not first or all(len(set(group)) == 1 for group in first):
        return None
    more = _repeats(source, source.domain.sample(rng, 2 * PLACES), REPEATS, "measure the noise")
    groups = [np.array(g) for g in (*first, *more) if len(g) > 1]
    squares = sum(float(np.sum((g - g.mean()) ** 2)) for g in groups)
    return Noise("normal", float(np.sqrt(squares / sum(len(g) - 1 for g in groups))))


def _repeats(source: Source, points: list[tuple[float, ...]], times: int, why: str) -> list[list[float]]:
    """Answers grouped by point; real ones only. The first answer of each is remembered."""
    if source.laboratory.queries_left < 4 * times * len(points):
        return []
    asked = [p for p in points for _ in range(times)]
    replies = source.laboratory.ask(asked, why)
    source.purse -= len(replies)
    groups: dict[tuple[float, ...], list[float]] = {}
    for point, reply in zip(asked, replies):
        source.known.setdefault(point, reply.number)
        if np.isfinite(reply.number):
            groups.setdefault(point, []).append(reply.number)
    return list(groups.values())


def fit_noisy(source: Source, sigma: float, seed: int) -> Iterator[Expr]:
    """Expressions worth weighing, polished on the data; most of the budget is spent on random points."""
    x, y = source.data()
    wanted = min(MOST_POINTS, int(0.85 * source.purse)) - len(y)
    if wanted > 0 and sigma:
        points = source.domain.sample(np.random.default_rng(seed + 43), wanted)
        source.values(np.array(points), "average the noise out")
        x, y = source.data()
    if len(y) < 3 * x.shape[1] + 6:
        return
    found: list[tuple[float, Expr]] = []
    expressions = (*_power_laws(x, y), *_forward(x, y), *_sums(x, y, sigma), *inner_families(source, x, y))
    for expr in expressions:
        source.check_clock()
        polished = polish(expr, x, y, rounds=6)
        error = rms(polished, x, y)
        if np.isfinite(error):
            bits = NODE_BITS * size(polished) + CONSTANT_BITS * len(constants(polished))
            found.append((bits + residual_bits(error, y, sigma), polished))
    found.sort(key=lambda item: item[0])
    yield from (expr for _, expr in found[:KEPT])


def _power_laws(x: Floats, y: Floats) -> Iterator[Expr]:
    """A product of powers from logarithms, with exponents rounded to halves and as fitted."""
    good = (y > 0) if np.sum(y > 0) >= np.sum(y < 0) else (y < 0)
    if np.any(x <= 0) or good.sum() < 0.8 * len(y):
        return
    size = np.abs(y[good])
    heavy = size / np.max(size)
    columns = np.column_stack([np.ones(good.sum()), np.log(x[good])]) * heavy[:, None]
    weights, _ = solve(columns, np.log(size) * heavy)
    for step in (1.0, 2.0, 1e9):
        exponents = np.round(weights[1:] * step) / step
        law = mul(*(power(variable(i), float(p)) for i, p in enumerate(exponents)))
        base = evaluate(law, x)
        yield mul(number(float(base @ y / (base @ base))), law)


def _forward(x: Floats, y: Floats) -> Iterator[Expr]:
    """Sums of up to eight terms, grown one at a time while the description shortens, plain terms first."""
    dictionary = terms_for(x.shape[1])
    for terms in ([t for t in dictionary if size(t) <= 3], dictionary):
        matrix = np.column_stack([evaluate(t, x) for t in terms])
        usable = distinct_columns(matrix)
        kept, columns = [terms[i] for i in usable], matrix[:, usable]
        chosen: list[int] = []
        best = len(y) * np.log(np.sum((y - y.mean()) ** 2))
        for _ in range(8):
            scores = [_score(columns[:, [*chosen, k]], y) if k not in chosen else np.inf for k in range(len(kept))]
            k = int(np.argmin(scores))
            if scores[k] > best - 2 * np.log(len(y)):
                break
            best, chosen = scores[k], [*chosen, k]
            weights, _ = solve(np.column_stack([columns[:, chosen], np.ones(len(y))]), y)
            parts = [mul(number(w), kept[i]) for i, w in zip(chosen, weights)]
            yield add(*parts, number(float(weights[-1])))
            yield add(*parts)


def _score(columns: Floats, y: Floats) -> float:
    """n log RSS with a constant: comparable between sums of one size."""
    _, residuals = solve(np.column_stack([columns, np.ones(len(y))]), y)
    return float(len(y) * np.log(np.sum(residuals**2) + 1e-300))


def _sums(x: Floats, y: Floats, sigma: float) -> Iterator[Expr]:
    """The best few short sums under every outer function, residuals weighted by what noise does to them."""
    terms = terms_for(x.shape[1])
    matrix = np.column_stack([evaluate(t, x) for t in terms])
    usable = distinct_columns(matrix)
    terms, matrix = [terms[i] for i in usable], matrix[:, usable]
    found: list[tuple[float, Expr]] = []
    most = 3 if len(terms) <= 130 else 2
    for outer in admitted(y):
        weight = 1 / (inner_error(outer, y, sigma or 1e-3 * float(np.std(y))) + 1e-300)
        weight = np.minimum(weight / np.median(weight), 30.0)
        found += _weighted_sums(outer, terms, matrix, x, y, weight, most)
    found.sort(key=lambda item: item[0])
    yield from (expr for _, expr in found[:24])


def _weighted_sums(
    outer: Outer, terms: list[Expr], matrix: Floats, x: Floats, y: Floats, weight: Floats, most: int
) -> list[tuple[float, Expr]]:
    inner = outer.undo(y) * weight
    ones = weight / np.linalg.norm(weight)
    columns = matrix * weight[:, None]
    centred = columns - np.outer(ones, ones @ columns)
    found = []
    for subset in best_subsets(centred, inner - ones * (ones @ inner), most=most):
        for constant in (False, True):
            chosen = np.column_stack([columns[:, list(subset)], *([weight] if constant else [])])
            weights, _ = solve(chosen, inner)
            parts = [mul(number(w), terms[i]) for i, w in zip(subset, weights)]
            expr = outer.wrap(add(*parts, number(float(weights[-1]) if constant else 0.0)))
            error = rms(expr, x, y)
            if np.isfinite(error):
                penalty = 1 + 0.5 * (len(subset) + constant) * np.log(len(y)) / len(y)
                found.append((error * penalty, expr))
    return sorted(found, key=lambda item: item[0])[:4]
