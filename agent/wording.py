"""What the verdict on an explanation in words rests on."""

from __future__ import annotations

from dataclasses import dataclass, field

from .codec import UNSAID


@dataclass(frozen=True, slots=True)
class Span:
    """A value with its 95 % interval; NaN where too few texts say nothing of it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rival:
    """A trivial explanation on the same texts. `behind`: by how much the AUC of the explanation exceeds its own
    (paired bootstrap). `alike`: Spearman's correlation of what the two say of the texts.
    """

    name: str
    says: str
    auc: float
    behind: Span
    alike: float


@dataclass(frozen=True, slots=True)
class Wording:
    """The grounds of a verdict on a description that a judge applied to held-out texts.

    `judge_auc`: how well the judge tells right from wrong on its calibration set. `tried`: hypotheses that came up in
    the run, for which `p_value` (permutation test of the AUC) is corrected. `correlation`: Spearman's, of degree with
    response. `effect`: mean response where the description applies minus elsewhere, in standard deviations of the
    module's response over the `corpus`; `applies` counts the held-out texts to which it does. `code_correlation`:
    Spearman's, of what the explanation's code gives with the response; None without code. `withheld`: why there is
    no score. `degrees` pairs the numbers of held-out observations with the judge's degrees.
    """

    judge: str
    judge_auc: Span
    corpus: str
    tried: int
    p_value: float = 1.0
    corrected_p_value: float = 1.0
    correlation: Span | None = None
    effect: Span | None = None
    applies: int = 0
    rivals: tuple[Rival, ...] = ()
    code_correlation: float | None = None
    withheld: str = ""
    degrees: tuple[tuple[int, float], ...] = field(default=(), metadata=UNSAID)
