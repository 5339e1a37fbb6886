"""What a run may spend, and what it has spent."""

from __future__ import annotations

import math
from dataclasses import dataclass

HELD_OUT_MOST = 64
HELD_OUT_LEAST = 8
HELD_OUT_SHARE = 0.15


class BudgetError(ValueError):
    """A budget with which nothing can be done, or one that is spent."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a run. `queries` counts every input asked, held-out ones included; `rounds` counts verdicts.

    `seconds` is the time a run works, over all its restarts (infinity: no limit); `tokens` and `money` (US dollars)
    limit language models, None: no limit.
    """

    queries: int = 400
    seconds: float = 60.0
    rounds: int = 4
    tokens: int | None = None
    money: float | None = None

    def __post_init__(self) -> None:
        for name, unit, least in (("queries", "query", 1), ("rounds", "round", 1), ("tokens", "token", 1)):
            amount = getattr(self, name)
            if amount is None and name == "tokens":
                continue
            if isinstance(amount, bool) or not isinstance(amount, int) or amount < least:
                raise BudgetError(f"a budget needs at least 1 {unit}, got {amount!r}; pass a whole number from 1 up")
        for name, unit in (("seconds", "seconds"), ("money", "dollars")):
            amount = getattr(self, name)
            if amount is None and name == "money":
                continue
            if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not amount > 0:
                raise BudgetError(f"a budget needs more than 0 {unit}, got {amount!r}; pass a positive number")

    @property
    def set_aside(self) -> int:
        """Queries kept for the first verification: 15 %, at least 8 and at most 64; a third of a tiny budget."""
        if self.queries < 3 * HELD_OUT_LEAST:
            return self.queries // 3
        return min(HELD_OUT_MOST, max(HELD_OUT_LEAST, math.ceil(HELD_OUT_SHARE * self.queries)))


@dataclass(frozen=True, slots=True)
class Spend:
    """What a run has spent so far. `queries` includes the `held_out` ones."""

    queries: int = 0
    held_out: int = 0
    seconds: float = 0.0
    rounds: int = 0
    tokens: int = 0
    money: float = 0.0
