"""The figures of the SASC benchmark, beside what was published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from .options import SETTINGS, Setting
from .trial import EMBEDDED, WORD_COUNT, Answer

_STRICT = ConfigDict(extra="forbid", frozen=True)
BARS: dict[Setting, float] = {"default": 0.85, "noisy": 0.70, "restricted": 0.40}
PUBLISHED: dict[Setting, float] = {"default": 0.883, "noisy": 0.679, "restricted": 0.667}
"""Accuracy of SASC with a large language model on 54 such modules (arXiv:2305.09863, table 1)."""
REMARK = (
    "Published figures are of SASC with another embedder as the module, a large language model as the summarizer, and "
    "54 tasks: they do not compare directly. Here the module and the generator share an embedder, which favours the "
    "generator."
)


class Row(BaseModel):
    """One method in one setting: means over tasks. `accuracy_low`, `_high`: 95 % Wilson interval."""

    model_config = _STRICT

    setting: Setting
    method: str
    tasks: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    mean_rank: float
    rank_one: float
    auc: float | None
    module_calls: float
    chat_calls: float
    seconds: float


class SascReport(BaseModel):
    """All rows, all answers, and whether the bars are met on these tasks."""

    model_config = _STRICT

    rows: list[Row]
    answers: list[Answer]
    published: dict[Setting, float]
    bars: dict[Setting, bool]
    beats_word_count: dict[Setting, bool]
    remark: str


def report(answers: Sequence[Answer]) -> SascReport:
    """Add up `answers`."""
    rows = []
    for setting in SETTINGS:
        for method in dict.fromkeys(a.method for a in answers):
            here = [a for a in answers if a.setting == setting and a.method == method]
            if here:
                rows.append(_row(setting, method, here))
    ours = {row.setting: row.accuracy for row in rows if row.method == EMBEDDED}
    counted = {row.setting: row.accuracy for row in rows if row.method == WORD_COUNT}
    return SascReport(
        rows=rows,
        answers=list(answers),
        published={setting: PUBLISHED[setting] for setting in ours},
        bars={setting: value >= BARS[setting] for setting, value in ours.items()},
        beats_word_count={setting: value >= counted[setting] for setting, value in ours.items()},
        remark=REMARK,
    )


def _row(setting: Setting, method: str, here: Sequence[Answer]) -> Row:
    right = sum(a.right for a in here)
    low, high = wilson(right, len(here))
    aucs = [a.auc for a in here if a.auc is not None]
    return Row(
        setting=setting,
        method=method,
        tasks=len(here),
        accuracy=right / len(here),
        accuracy_low=low,
        accuracy_high=high,
        mean_rank=float(np.mean([a.rank for a in here])),
        rank_one=float(np.mean([a.rank == 1 for a in here])),
        auc=float(np.mean(aucs)) if aucs else None,
        module_calls=float(np.mean([a.module_calls for a in here])),
        chat_calls=float(np.mean([a.chat_calls for a in here])),
        seconds=float(np.mean([a.seconds for a in here])),
    )


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z, share = 1.959964, right / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return max(0.0, centre - half), min(1.0, centre + half)
