"""One FIND function's row of results, from what a scientist concluded about it."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from ....sandboxes import open_sandbox
from ....tools.scoring import CodeError, predict_all
from ...accuracy import (
    EXACT_NMSE,
    Complexes,
    close_share,
    evaluate,
    nmse,
    noise_allowance,
    rms_error,
)
from ...plain import Figure
from ...trial import Trial
from ..category import Row
from .baselines import Floats, fit_baselines
from .official import HIGH, LOW, OFFICIAL_GRID, SUCCESS_BELOW, succeeds
from .subject import ENDS_WITHIN, Subject

FRESH_POINTS = 1000
ORACLE = "oracle"
"""The true formula with the means of noise and corruption: the best a deterministic explanation can do."""


class Mark(BaseModel):
    """How one predictor did on one function."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    official_nmse: Figure
    official: bool
    fresh_nmse: Figure
    fresh: bool
    exact: bool
    close: Figure


class RowResult(Row):
    """One function's results. What does not apply to it is None; an error fails all that applies.

    `official`: FIND's `mse_indicator`. `fresh`: the same limit, noise-free and off the grid (see `judge`).
    `exact`: noise-free NMSE below 1e-6. `close`: share of fresh inputs within 1e-3 of the truth. `within_noise`: RMS
    error at most 3·σ·sqrt(p/n). `found`: the corruption's interval was named; `found_by_complement`: only its
    complement was. `claims`: exceptions named, as [low, high].
    """

    family: str
    variant: str
    formula: str
    mark: Mark
    visible: bool
    rms: Figure
    allowance: Figure | None
    within_noise: bool | None
    corrupted: bool
    stands_out: bool
    found: bool
    found_by_complement: bool
    claims: tuple[tuple[Figure, Figure], ...]
    baselines: dict[str, Mark]


def measure(subject: Subject, trial: Trial, *, seed: int, foreign: bool = False) -> RowResult:
    """Judge `trial` and the baselines on draws and fresh inputs that depend on `seed` and the function alone.

    `foreign` code, which a language model wrote, runs in a sandbox.
    """
    stream = zlib.crc32(subject.id.encode())
    bench = _Judge(subject, seed=seed * 1_000_003 + stream)
    claims = clip_claims(trial.exceptions)
    mark, rms = bench.judge(_in_sandbox(trial.code) if foreign else _by_code(trial.function()))
    noised = subject.noise_sd > 0
    allowance = noise_allowance(subject.noise_sd, subject.parameters, trial.queries) if noised else None
    baselines = {ORACLE: bench.judge(subject.expected)[0]}
    for name, predict in fit_baselines(lambda xs: subject.draw(xs, bench.seed + 1)).items():
        baselines[name] = bench.judge(predict)[0]
    interval = (subject.corruption.low, subject.corruption.high) if subject.corruption else None
    return RowResult(
        id=subject.id,
        family=subject.family,
        variant=subject.variant,
        error=trial.error,
        outcome=trial.outcome,
        formula=trial.formula,
        description=trial.description,
        code=trial.code,
        queries=trial.queries,
        seconds=trial.seconds,
        cpu_seconds=trial.cpu_seconds,
        tokens=trial.tokens,
        dollars=trial.dollars,
        transcript=trial.transcript,
        mark=mark,
        visible=subject.visible(),
        rms=rms,
        allowance=allowance,
        within_noise=rms <= allowance if allowance is not None else None,
        corrupted=interval is not None,
        stands_out=subject.corruption_stands_out(),
        found=interval is not None and names_interval(claims, interval),
        found_by_complement=interval is not None and names_interval(claims, *complement(interval)),
        claims=claims,
        baselines=baselines,
    )


class _Judge:
    """The draws and fresh inputs that every predictor of one function is held against."""

    def __init__(self, subject: Subject, *, seed: int) -> None:
        self.seed = seed
        self._drawn = subject.draw(OFFICIAL_GRID, seed)
        fresh = np.random.default_rng(seed).uniform(LOW, HIGH, FRESH_POINTS)
        if subject.corruption is not None:
            fresh = fresh[~subject.corruption.covers(fresh, ENDS_WITHIN)]
        self._fresh, self._truth = fresh, subject.truth(fresh)

    def judge(self, predict: Callable[[Floats], Complexes]) -> tuple[Mark, float]:
        """A predictor's marks, and its noise-free RMS error.

        Noise-free figures use 1,000 uniform inputs over [−128, 128], less those inside the corruption or within 1.0
        of its ends, and `Subject.truth`.
        """
        on_grid = predict(OFFICIAL_GRID)
        off_grid = predict(self._fresh)
        fresh_nmse = nmse(self._truth, off_grid)
        mark = Mark(
            official_nmse=nmse(self._drawn, on_grid),
            official=succeeds(self._drawn, on_grid),
            fresh_nmse=fresh_nmse,
            fresh=fresh_nmse < SUCCESS_BELOW,
            exact=fresh_nmse < EXACT_NMSE,
            close=close_share(self._truth, off_grid),
        )
        return mark, rms_error(self._truth, off_grid)


def _by_code(function: Callable[..., Any] | None) -> Callable[[Floats], Complexes]:
    def predict(xs: Floats) -> Complexes:
        if function is None:
            return np.full(len(xs), complex(math.nan, math.nan))
        return evaluate(function, ((float(x),) for x in xs))

    return predict


def _in_sandbox(code: str) -> Callable[[Floats], Complexes]:
    def predict(xs: Floats) -> Complexes:
        undefined = complex(math.nan, math.nan)
        try:
            with open_sandbox() as sandbox:
                said = predict_all(code, [(float(x),) for x in xs], sandbox=sandbox)
        except CodeError:
            said = [None] * len(xs)
        return np.array([undefined if v is None else complex(v) for v in said], dtype=np.complex128)

    return predict


Interval = tuple[float, float]


def clip_claims(claims: Sequence[Interval]) -> tuple[Interval, ...]:
    """Claimed intervals inside [−128, 128]; those wholly outside are dropped."""
    clipped = ((max(low, LOW), min(high, HIGH)) for low, high in claims)
    return tuple((low, high) for low, high in clipped if low <= high)


def names_interval(claims: Sequence[Interval], *wanted: Interval) -> bool:
    """Whether each of `wanted` (at least one) is claimed with both ends within 1.0."""
    return bool(wanted) and all(
        any(abs(low - w_low) <= ENDS_WITHIN and abs(high - w_high) <= ENDS_WITHIN for low, high in claims)
        for w_low, w_high in wanted
    )


def complement(interval: Interval) -> list[Interval]:
    """What is left of [−128, 128] outside `interval`."""
    low, high = interval
    return [(a, b) for a, b in ((LOW, low), (high, HIGH)) if b > a]
