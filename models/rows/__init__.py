"""Many patched continuations of one target prompt at once."""

from __future__ import annotations

from .choosing import Method, PatchedTargets
from .target import PatchedTarget, Reduce, TopTokens

__all__ = ["Method", "PatchedTarget", "PatchedTargets", "Reduce", "TopTokens"]
