"""The figures of the benchmark and its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from rich.console import Group

BAR = 0.9
_STRICT = ConfigDict(extra="forbid", frozen=True)


class ModuleFigures(BaseModel):
    """One module. `first`: in the first sample the correct explanation's AUC lies above all five wrong ones'.

    `first_share` is over all samples; `first_in_pool` on the whole pool; `rival` the best of the wrong ones.
    """

    model_config = _STRICT

    module: str
    kind: str
    half: str
    correct: str
    positives: float
    auc: float
    low: float
    high: float
    corrected_p_value: float
    rival: str
    rival_auc: float
    first: bool
    first_share: float
    first_in_pool: bool


class CoverageFigures(BaseModel):
    """One metric. `inner_*` leaves out AUCs whose truth is 0 or 1, which any one-sided interval covers."""

    model_config = _STRICT

    metric: str
    intervals: int
    unknown: int
    covered: float
    inner_intervals: int
    inner_covered: float
    above: int
    below: int
    width: float


class TextModulesReport(BaseModel):
    """All modules, the share that the score ranks rightly by half, and the coverage of the intervals."""

    model_config = _STRICT

    judge: str
    judge_auc: float
    pool: int
    sample: int
    repeats: int
    modules: list[ModuleFigures]
    coverage: list[CoverageFigures]
    seconds: float

    def share(self, half: str | None = None) -> float:
        """The share of modules (of a half) whose correct explanation comes first in the first sample."""
        rows = [m.first for m in self.modules if half in (None, m.half)]
        return sum(rows) / len(rows)

    @property
    def bar_met(self) -> bool:
        return self.share() >= BAR


def render_report(report: TextModulesReport) -> Group:
    """Tables for a terminal."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    modules = Table("module", "kind", "AUC of the correct", "best wrong", "first", "in samples", "p", title="Modules")
    for m in report.modules:
        modules.add_row(
            m.module,
            m.kind,
            f"{m.auc:.3f} ({m.low:.3f}–{m.high:.3f})",
            f"{m.rival_auc:.3f} {m.rival}",
            "yes" if m.first else "NO",
            f"{m.first_share:.0%}",
            f"{m.corrected_p_value:.2g}",
        )
    covered = Table(
        "metric", "intervals", "covered", "truth not 0 or 1", "above", "below", "width", title="95 % intervals"
    )
    for c in report.coverage:
        covered.add_row(
            c.metric,
            str(c.intervals),
            f"{c.covered:.1%}",
            f"{c.inner_covered:.1%} of {c.inner_intervals}",
            str(c.above),
            str(c.below),
            f"{c.width:.3f}",
        )
    halves = ", ".join(f"{half} {report.share(half):.0%}" for half in dict.fromkeys(m.half for m in report.modules))
    bar = f"bar {BAR:.0%}: {'met' if report.bar_met else 'missed'}"
    said = (
        f"The correct explanation comes first in {report.share():.0%} of {len(report.modules)} modules ({halves}; "
        f"{bar}), {report.sample} held-out texts each; judge {report.judge} (AUC {report.judge_auc:.2f} on pairs of "
        f"known truth); {report.seconds:.0f} s."
    )
    return Group(modules, covered, Text(said))
