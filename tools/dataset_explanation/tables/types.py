"""What a table's explanation is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ...scoring.texts import Estimate
from ..types import Kind

Form = Literal["linear", "tree", "additive"]
"""Transparent models, the simplest first."""


@dataclass(frozen=True, slots=True)
class ModelScore:
    """A model's score: R² of a number, AUC of two groups. `cross_validated` is on the training rows, `behind` how far
    it is behind the best transparent model there, fold by fold, with the standard error of that; `held_out` is on rows
    that no model was fitted on or chosen by.
    """

    name: str
    transparent: bool
    cross_validated: float
    behind: float
    standard_error: float
    held_out: Estimate


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a numeric feature over which the target changes at one rate. `slope` is per unit of the feature, in
    units of the target (for groups: of probability, 0 to 1).
    """

    start: float
    end: float
    from_value: float
    to_value: float
    slope: Estimate
    flat: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A category, the target's mean where all rows had it, and how many rows do."""

    name: str
    value: float
    difference: Estimate
    rows: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The shape of an effect as plain data: the target's mean at `x` with a 95 % bootstrap band."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """How the target goes with one feature, all others staying as they are.

    `importance`: how much of the held-out score is lost by a model fitted without the feature; `p_value` says whether
    the loss may be chance, `holm` corrects it for all features.
    """

    feature: str
    sentence: str
    importance: Estimate
    p_value: float
    holm: float
    segments: tuple[Segment, ...] = ()
    levels: tuple[Level, ...] = ()
    curve: Curve | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A leaf of the tree: its conditions, what it predicts, and the mean of its `held_out_rows` held-out rows."""

    conditions: tuple[str, ...]
    prediction: float
    rows: int
    held_out_mean: float
    held_out_rows: int


@dataclass(frozen=True, slots=True)
class TableExplanation:
    """A transparent model of a table in words. `form` is the simplest that is as good as any by cross-validation."""

    target: str
    kind: Kind
    a: str
    b: str
    form: Form
    metric: Literal["R²", "AUC"]
    score: Estimate
    scores: tuple[ModelScore, ...]
    effects: tuple[Effect, ...]
    rules: tuple[Rule, ...]
    without_effect: tuple[str, ...]
    training: int
    held_out: int
    summary: str
    found: bool
    notes: tuple[str, ...] = field(default=())
    seed: int = 0

    def __str__(self) -> str:
        lines = [self.summary]
        lines += [f"{number}. {one.sentence}" for number, one in enumerate(self.effects, 1)]
        lines += [f"- {rule_text(rule, self.kind)}" for rule in self.rules]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def rule_text(rule: Rule, kind: Kind) -> str:
    """A leaf as a sentence."""
    where = " and ".join(rule.conditions) or "everywhere"
    said, seen = (
        (f"{100 * rule.prediction:.0f} %", f"{100 * rule.held_out_mean:.0f} %")
        if kind == "groups"
        else (f"{rule.prediction:.4g}", f"{rule.held_out_mean:.4g}")
    )
    held = f"held-out rows: {seen}, {rule.held_out_rows} of them" if rule.held_out_rows else "no held-out row there"
    return f"Where {where}: {said} ({held})"
