"""A small decision tree as rules, each leaf checked on held-out rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..types import Feature, Floats
from .models import Wrapped, column_names
from .types import Rule
from .wording import short


def rules_of(tree: Wrapped, features: Sequence[Feature], y: Floats) -> tuple[Rule, ...]:
    """Every leaf, the highest prediction first; `features` and `y` are the held-out rows."""
    inner: Any = tree.model.tree_
    names = column_names(tree.design)
    reached = tree.model.apply(tree.design.matrix(features))
    found: list[Rule] = []

    def walk(node: int, bounds: dict[int, tuple[float, float]]) -> None:
        left, right = int(inner.children_left[node]), int(inner.children_right[node])
        if left == right:
            held = y[reached == node]
            shares = inner.value[node][0]
            said = float(shares[0]) if tree.kind == "number" else float(shares[1] / shares.sum())
            mean = float(held.mean()) if len(held) else float("nan")
            conditions = tuple(_condition(*names[column], *pair) for column, pair in bounds.items())
            found.append(Rule(conditions, said, int(inner.n_node_samples[node]), mean, len(held)))
            return
        column, threshold = int(inner.feature[node]), float(inner.threshold[node])
        low, high = bounds.get(column, (-np.inf, np.inf))
        walk(left, {**bounds, column: (low, min(high, threshold))})
        walk(right, {**bounds, column: (max(low, threshold), high)})

    walk(0, {})
    return tuple(sorted(found, key=lambda rule: -rule.prediction))


def _condition(feature: str, level: str | None, low: float, high: float) -> str:
    if level is not None:
        return f"{feature} is {level}" if low > -np.inf else f"{feature} is not {level}"
    if low == -np.inf:
        return f"{feature} ≤ {short(high, 4)}"
    return f"{feature} > {short(low, 4)}" if high == np.inf else f"{short(low, 4)} < {feature} ≤ {short(high, 4)}"
