"""Scores measured on inputs that were never used to find an explanation."""

from .types import Score

__all__ = ["Score"]
