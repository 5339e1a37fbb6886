"""How much a program costs to say beside what it leaves of the pairs: one measure for exact and for noisy ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..induction.rules import BITS_PER_NODE
from ..induction.several.constants import number_bits
from ..induction.types import Floats

EXACT = 1e-9
"""Share of the spread of the answers that rounding may leave: what is smaller counts as nothing."""
SWITCH_BITS = 12.0


def floor_of(y: Floats) -> float:
    """The size of a residual that counts as nothing."""
    spread = float(np.std(y))
    return EXACT * spread + 1e-14 * float(np.max(np.abs(y), initial=0.0)) + 1e-300


@np.errstate(all="ignore")
def left_bits(predicted: Floats, y: Floats) -> float:
    """Bits to say what `predicted` leaves of `y`, each answer down to the floor; huge where it says nothing."""
    squares = (predicted - y) ** 2
    if not np.all(np.isfinite(squares)):
        return 1e12
    floor = floor_of(y)
    return 0.5 * len(y) * math.log2(max(float(np.mean(squares)), floor**2) / floor**2)


def constant_bits(values: Sequence[float], n: int, exact: bool) -> float:
    """Bits for constants: short decimals are cheap, and noisy answers cannot ask for more than their own precision."""
    limit = math.inf if exact else 0.5 * math.log2(max(n, 2)) + 4.0
    return sum(min(number_bits(v), limit) for v in values)


def form_bits(nodes: int, values: Sequence[float], n: int, exact: bool) -> float:
    """Bits for an expression of `nodes` nodes with these constants."""
    return BITS_PER_NODE * nodes + constant_bits(values, n, exact)


def is_exact(predicted: Floats, y: Floats) -> bool:
    """Whether every answer is given but for rounding."""
    with np.errstate(all="ignore"):
        missed = np.abs(predicted - y)
    return bool(np.all(missed <= 10 * floor_of(y) + 1e-7 * EXACT * np.abs(y)))
