"""Running the benchmark: one pool, one judge, forty modules."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...tools.judging import Judge, calibrate
from . import measure
from .first import FIRST
from .fresh import FRESH
from .pool import texts
from .report import TextModulesReport


@dataclass(frozen=True, slots=True)
class Options:
    """`pool`: texts in all; `sample`: held-out texts a score; `repeats`: samples a module."""

    pool: int = 2000
    sample: int = 400
    repeats: int = 20
    seed: int = 0
    half: str | None = None


def run(options: Options, judge: Judge, progress: Callable[[str], None] = lambda _: None) -> TextModulesReport:
    """Measure all modules with `judge`."""
    begin = time.monotonic()
    pool = texts(options.pool, options.seed)
    rng = np.random.default_rng(options.seed)
    chosen = [(half, m) for half, modules in (("first", FIRST), ("fresh", FRESH)) for m in modules]
    found = []
    for half, module in chosen:
        if options.half in (None, half):
            progress(f"{module.name} ({half})")
            found.append(measure.judged(module, half, pool, judge))
    progress("coverage of the intervals")
    return TextModulesReport(
        judge=judge.name,
        judge_auc=calibrate(judge).auc.value,
        pool=options.pool,
        sample=options.sample,
        repeats=options.repeats,
        modules=[measure.ranking(one, options.sample, options.repeats, rng) for one in found],
        coverage=measure.coverage(found, options.sample, options.repeats, rng),
        seconds=time.monotonic() - begin,
    )
