"""A score: a value with an interval, what was measured, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """`value` of `metric` on `held_out` fresh inputs, with a `confidence` interval [low, high].

    `baselines` holds the same metric, on the same inputs, of trivial predictors by name. `repeated` of the inputs
    had been queries before: more than 0 only where a domain of whole numbers holds too few fresh ones.
    """

    value: float
    low: float
    high: float
    metric: str
    held_out: int
    confidence: float = 0.95
    baselines: dict[str, float] = field(default_factory=dict)
    repeated: int = 0

    @property
    def beats_baselines(self) -> bool:
        """Whether the lower end of the interval lies above every baseline."""
        return all(self.low > b for b in self.baselines.values())
