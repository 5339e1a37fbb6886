"""FIND's functions of texts: their own measures and stricter ones, beside trivial baselines."""

from .report import StringReport, report_on
from .table import render
from .texts import CATEGORY

__all__ = ["CATEGORY", "StringReport", "render", "report_on"]
