"""Straight-line programs that agree with pairs of texts: enumerated from the input, fitted to the wanted outputs."""

from .straight import straight

__all__ = ["straight"]
