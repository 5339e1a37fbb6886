"""Measuring: six explanations a module, scored on samples of a large pool whose own values are the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...tools.judging import Judge
from ...tools.scoring.texts import Estimate, ScoringError, auc, effect, estimate_auc, held_out, spearman, top
from .modules import Module
from .report import CoverageFigures, ModuleFigures

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A module's responses to the pool, and the degrees of its six explanations there; row 0 is the correct one's."""

    module: Module
    half: str
    responses: Floats
    degrees: Floats

    @property
    def explanations(self) -> tuple[str, ...]:
        return (self.module.correct, *self.module.wrong)


def judged(module: Module, half: str, pool: Sequence[str], judge: Judge) -> Judged:
    """Ask module and judge about every text of the pool."""
    responses = np.array([module.respond(text) for text in pool])
    return Judged(module, half, responses, judge.judge((module.correct, *module.wrong), pool))


def ranking(found: Judged, sample: int, repeats: int, rng: np.random.Generator) -> ModuleFigures:
    """How often the correct explanation's held-out AUC lies above all wrong ones', in one sample and in `repeats`."""
    positive, _ = top(found.responses)
    pool = [auc(degrees, positive) for degrees in found.degrees]
    draws = [_draw(found, sample, rng) for _ in range(repeats)]
    firsts, aucs = [], []
    for rows in draws:
        inside, _ = top(found.responses[rows])
        values = [auc(degrees[rows], inside) for degrees in found.degrees]
        firsts.append(values[0] > max(values[1:]))
        aucs.append(values)
    scored = held_out(found.degrees[0][draws[0]], found.responses[draws[0]], tried=len(found.degrees), rng=rng)
    rival = int(np.argmax(aucs[0][1:]))
    return ModuleFigures(
        module=found.module.name,
        kind=found.module.kind,
        half=found.half,
        correct=found.module.correct,
        positives=float(positive.mean()),
        auc=scored.auc.value,
        low=scored.auc.low,
        high=scored.auc.high,
        corrected_p_value=scored.corrected_p_value,
        rival=found.module.wrong[rival],
        rival_auc=aucs[0][1 + rival],
        first=firsts[0],
        first_share=float(np.mean(firsts)),
        first_in_pool=pool[0] > max(pool[1:]),
    )


def coverage(found: Sequence[Judged], sample: int, repeats: int, rng: np.random.Generator) -> list[CoverageFigures]:
    """How often the intervals of fresh samples hold the pool's own value: for correct and for wrong explanations."""
    tallies = {name: _Tally(name) for name in ("held-out AUC", "rank correlation", "effect in standard deviations")}
    for one in found:
        positive, _ = top(one.responses)
        spread = float(one.responses.std())
        for turn in range(repeats):
            degrees = one.degrees[0 if turn % 2 == 0 else 1 + turn // 2 % 5]
            rows = _draw(one, sample, rng)
            truths = (
                auc(degrees, positive),
                spearman(degrees, one.responses),
                _effect_value(degrees, one.responses, spread),
            )
            scored = held_out(degrees[rows], one.responses[rows], tried=1, rng=rng)
            estimates = (scored.auc, scored.correlation, _effect(degrees[rows], one.responses[rows], spread, rng))
            for tally, truth, estimate in zip(tallies.values(), truths, estimates):
                tally.add(truth, estimate)
    return [tally.figures() for tally in tallies.values()]


class _Tally:
    """Intervals counted: those that hold the truth, those that lie above or below it, those that are not known."""

    def __init__(self, name: str) -> None:
        self._name, self._rows = name, list[tuple[float, Estimate]]()

    def add(self, truth: float, estimate: Estimate | None) -> None:
        self._rows.append((truth, estimate or Estimate(np.nan, np.nan, np.nan)))

    def figures(self) -> CoverageFigures:
        known = [(t, e) for t, e in self._rows if e.known and np.isfinite(t)]
        inner = [(t, e) for t, e in known if self._name != "held-out AUC" or 0.001 < t < 0.999]
        return CoverageFigures(
            metric=self._name,
            intervals=len(known),
            unknown=len(self._rows) - len(known),
            covered=_share(known),
            inner_intervals=len(inner),
            inner_covered=_share(inner),
            above=sum(e.low > t + 1e-9 for t, e in inner),
            below=sum(e.high < t - 1e-9 for t, e in inner),
            width=float(np.mean([e.high - e.low for _, e in inner])) if inner else float("nan"),
        )


def _share(rows: Sequence[tuple[float, Estimate]]) -> float:
    held = [e.low - 1e-9 <= t <= e.high + 1e-9 for t, e in rows]
    return float(np.mean(held)) if held else float("nan")


def _draw(found: Judged, sample: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Rows of the pool, drawn with replacement until both classes are there, as a held-out part is drawn anew."""
    while True:
        rows = rng.integers(0, len(found.responses), sample)
        if np.ptp(found.responses[rows]) > 0:
            return rows


def _effect_value(degrees: Floats, responses: Floats, spread: float) -> float:
    inside = degrees > 0.5
    if not inside.any() or inside.all():
        return float("nan")
    return float(responses[inside].mean() - responses[~inside].mean()) / spread


def _effect(degrees: Floats, responses: Floats, spread: float, rng: np.random.Generator) -> Estimate | None:
    inside = degrees > 0.5
    try:
        return effect(responses[inside], responses[~inside], spread, rng)
    except ScoringError:
        return None


def simulated_coverage(
    draw: Callable[[np.random.Generator], tuple[Floats, NDArray[np.bool_]]],
    truth: float,
    rng: np.random.Generator,
    repeats: int,
) -> float:
    """The share of AUC intervals that hold `truth` when (degrees, positive) are drawn anew each time."""
    estimates = [estimate_auc(*draw(rng), rng) for _ in range(repeats)]
    return _share([(truth, e) for e in estimates if e.known])
