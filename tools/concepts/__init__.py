"""Concepts: what a text may be like, said in words and decided by code."""

from .types import Concept

__all__ = ["Concept"]
