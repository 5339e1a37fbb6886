"""What the pairs of a file say of a way to explain them: pairs that were foretold by what other pairs gave."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..tools.black_boxes.types import Value
from ..tools.scoring import Score, as_numbers, bootstrap_r2, errors, r2
from ..tools.strings import exact_match
from .frozen import RELATIVE_TOLERANCE, usable
from .rule import EXACT_SHARE, Performance, clearly_smaller, stands
from .types import Failing, Observation, Verdict
from .verify import repeat_deviation

Way = Literal["kept aside", "left out", "none"]
"""`kept aside`: a quarter of the pairs foretold by the rest. `left out`: each by all others. `none`: nothing was."""
_SHOWN = 16
_CONFIDENCE = 0.95
_NOISE_DEVIATIONS = 5.0


@dataclass(frozen=True, slots=True)
class Row:
    """A pair, what the program of other pairs said of it, and what trivial predictors of those pairs did.

    `noise` is the standard deviation of the noise that the program named.
    """

    observation: Observation
    predicted: Value | None
    rivals: dict[str, Any] = field(default_factory=dict)
    noise: float = 0.0

    @property
    def truth(self) -> Value | None:
        return self.observation.reply.value


@dataclass(frozen=True, slots=True)
class Foretold:
    """Rows, and how many pairs there are in all."""

    way: Way = "none"
    rows: tuple[Row, ...] = ()
    pairs: int = 0

    @property
    def from_pairs(self) -> int:
        """From how many pairs each row was foretold."""
        return self.pairs - (1 if self.way == "left out" else len(self.rows))


def verdict_of(foretold: Foretold, queries: Sequence[Observation], *, seed: int, round: int) -> Verdict:
    """The word on a program found from all pairs, by what the same search foretold from fewer."""
    rows = foretold.rows
    if not rows:
        score = Score(math.nan, math.nan, math.nan, "r2", 0, _CONFIDENCE)
        reason = (
            f"it fits the {foretold.pairs} pairs that it was found from; none was left to test it on, so how it does "
            "on others is not known"
        )
        return Verdict(score, math.nan, 0.0, (), round=round, explains=False, reason=reason)
    return (_on_texts if isinstance(rows[0].predicted or rows[0].truth, str) else _on_numbers)(
        foretold, queries, seed, round
    )


def _on_texts(foretold: Foretold, queries: Sequence[Observation], seed: int, round: int) -> Verdict:
    truth = [_text(row.truth) for row in foretold.rows]
    predicted = [_text(row.predicted) for row in foretold.rows]
    names = foretold.rows[0].rivals
    rivals: dict[str, Sequence[str | None]] = {
        name: [_text(row.rivals[name]) for row in foretold.rows] for name in names
    }
    score = exact_match(truth, predicted, rivals)
    wrong = [row for row, t, p in zip(foretold.rows, truth, predicted) if t != p]
    right = len(foretold.rows) - len(wrong)
    explains = not wrong or (score.beats_baselines and right >= EXACT_SHARE * len(foretold.rows))
    return Verdict(
        score=score,
        agreement=score.value,
        tolerance=0.0,
        failing=tuple(Failing(row.observation, row.predicted) for row in wrong[:_SHOWN]),
        round=round,
        explains=explains,
        reason=f"{_how_many(right, foretold)}{_and_then(foretold)}",
        failed=len(wrong),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _on_numbers(foretold: Foretold, queries: Sequence[Observation], seed: int, round: int) -> Verdict:
    rows = foretold.rows
    truth = as_numbers([usable(row.truth) for row in rows])
    values = as_numbers([usable(row.predicted) for row in rows])
    missed = errors(truth, values)
    claimed = np.array([row.noise for row in rows])
    typical = float(np.median(np.abs(truth)))
    allowed = RELATIVE_TOLERANCE * np.maximum(np.abs(truth), typical) + _NOISE_DEVIATIONS * claimed
    names = rows[0].rivals
    rivals = {name: errors(truth, as_numbers([usable(row.rivals[name]) for row in rows])) for name in names}
    rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xB007, round)))
    low, high = bootstrap_r2(truth, missed, rng, confidence=_CONFIDENCE)
    baselines = {name: r2(truth, error) for name, error in rivals.items()}
    score = Score(r2(truth, missed), low, high, "r2", len(rows), _CONFIDENCE, baselines)
    wrong = [k for k in range(len(rows)) if usable(rows[k].predicted) is None or missed[k] > allowed[k]]
    trial = Performance(
        noise=None,
        score=score,
        truth=truth,
        values=values,
        missed=missed,
        allowed=allowed,
        claimed=claimed,
        rivals=rivals,
        inputs=len(rows),
        wrong=len(wrong),
        misplaced=0,
        misplaced_by_lookup=0,
        repeats=repeat_deviation(queries),
    )
    explains, why = _stands(trial)
    wrong.sort(key=lambda k: -missed[k])
    exact = not np.any(claimed)
    if exact:
        explains = len(wrong) <= (1.0 - EXACT_SHARE) * len(rows)
    said = _how_many(len(rows) - len(wrong), foretold) if exact else why
    return Verdict(
        score=score,
        agreement=1.0 - len(wrong) / len(rows),
        tolerance=float(np.median(allowed)),
        failing=tuple(Failing(rows[k].observation, rows[k].predicted) for k in wrong[:_SHOWN]),
        round=round,
        explains=explains,
        reason=f"{said}{_and_then(foretold)}",
        failed=len(wrong),
    )


def _stands(trial: Performance) -> tuple[bool, str]:
    """For programs with noise, as for a box that can be asked; but a baseline that foretells as well does no harm."""
    explains, why = stands(trial)
    outdone = any(clearly_smaller(rival, trial.missed) for rival in trial.rivals.values())
    if not explains and trial.score.low > 0.0 and not outdone and np.any(trial.claimed):
        best = max(trial.score.baselines, key=lambda name: trial.score.baselines[name])
        return True, f"it foretells pairs as well as the best baseline, {best}, and says how"
    return explains, why.replace("held-out inputs", "foretold pairs").replace("held-out", "foretold")


def _how_many(right: int, foretold: Foretold) -> str:
    count = len(foretold.rows)
    others = f"by what the other {foretold.from_pairs} gave"
    how = "kept aside were" if foretold.way == "kept aside" else "were, left out in turn,"
    if right == count:
        return f"all {count} pairs {how} foretold {others}"
    if foretold.way == "kept aside":
        return f"{count - right} of {count} pairs kept aside came out otherwise than foretold {others}"
    return f"{count - right} of {count} pairs, left out in turn, came out otherwise than foretold {others}"


def _and_then(foretold: Foretold) -> str:
    if foretold.way == "kept aside":
        return f"; what is shown was then found again from all {foretold.pairs}"
    return ""
