"""FIND's numeric functions: their own success measure and stricter ones, beside baselines and an oracle."""

from .numbers import CATEGORY
from .report import FindReport, report_on
from .table import render

__all__ = ["CATEGORY", "FindReport", "render", "report_on"]
