"""Judges: does an explanation in words apply to a text?"""

from .types import Judge

__all__ = ["Judge"]
