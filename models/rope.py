"""Rotary positions that depend on how long the text is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def length_border(config: Any) -> int | None:
    """The length up to which a text counts as short where short and long texts get different rotary positions.

    LongRoPE (arXiv:2402.13753) has two sets of frequencies. Texts on either side of the border must not share a
    batch, and the beginning of a long one must not be run as a short one. None where there is no such border.
    """
    ropes = getattr(config, "rope_parameters", None) or {}
    for rope in [r for r in ropes.values() if isinstance(r, Mapping)] or [ropes]:
        if rope.get("rope_type") == "longrope":
            return int(rope["original_max_position_embeddings"])
    return None


def splits_badly(border: int | None, at: int, length: int) -> bool:
    """Whether the first `at` tokens alone get other rotary positions than as part of a text of `length` tokens."""
    return border is not None and 0 < at <= border < length
