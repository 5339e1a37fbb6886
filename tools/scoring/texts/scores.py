"""One score of one explanation, whole: what a report shows, and why a score is withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .estimates import Estimate, Floats, ScoringError
from .held_out import TOP_SHARE, difference, held_out

METRIC = "held-out AUC"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The same metric of something trivial on the same texts; `behind`: by how much the explanation exceeds it."""

    name: str
    value: float
    behind: Estimate

    @property
    def beaten(self) -> bool:
        """Whether the whole interval of the paired difference lies above 0."""
        return self.behind.known and self.behind.low > 0


@dataclass(frozen=True, slots=True)
class TextScore:
    """A score that names what it rests on: `judge`, how many `held_out` texts, how many explanations were `tried`.

    `value` is None where the score is withheld, and `withheld` then says why.
    """

    metric: str
    judge: str
    value: Estimate | None
    correlation: Estimate | None
    held_out: int
    tried: int
    p_value: float = 1.0
    corrected_p_value: float = 1.0
    baselines: tuple[Baseline, ...] = ()
    withheld: str = ""

    @property
    def beats_baselines(self) -> bool:
        return self.value is not None and all(b.beaten for b in self.baselines)

    @property
    def significant(self) -> bool:
        """Whether the corrected p-value is below 0.05."""
        return self.value is not None and self.corrected_p_value < 0.05

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.metric}: withheld ({self.withheld})"
        said = f"{self.metric} {self.value}, n = {self.held_out}, judge {self.judge}"
        return f"{said}, p = {self.corrected_p_value:.2g} corrected for {self.tried} tried"


def text_score(
    degrees: Sequence[float] | Floats,
    responses: Sequence[float] | Floats,
    *,
    judge: str,
    tried: int,
    rng: np.random.Generator,
    baselines: Mapping[str, Sequence[float] | Floats] | None = None,
    withheld: str = "",
    top_share: float = TOP_SHARE,
) -> TextScore:
    """Score `degrees` against `responses` beside `baselines` (their degrees on the same texts, by name).

    `withheld` is a judge's reason to say nothing (`Calibration.withheld`); what cannot be scored, such as constant
    responses, is withheld too rather than raised.
    """
    if withheld:
        return TextScore(METRIC, judge, None, None, len(degrees), tried, withheld=withheld)
    try:
        found = held_out(degrees, responses, tried=tried, rng=rng, top_share=top_share)
        behind = difference(degrees, baselines or {}, responses, rng, top_share=top_share)
    except ScoringError as error:
        return TextScore(METRIC, judge, None, None, len(degrees), tried, withheld=str(error))
    return TextScore(
        METRIC,
        judge,
        found.auc,
        found.correlation,
        found.n,
        tried,
        found.p_value,
        found.corrected_p_value,
        tuple(Baseline(name, found.auc.value - gap.value, gap) for name, gap in behind.items()),
    )
