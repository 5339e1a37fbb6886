"""Forty synthetic text modules of known truth: does the held-out score put the correct explanation first, and does its
interval cover what it says?"""

from __future__ import annotations

from .first import FIRST
from .fresh import FRESH
from .modules import Module

__all__ = ["FIRST", "FRESH", "Module"]
