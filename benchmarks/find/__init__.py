"""FIND (arXiv:2309.03886) as a benchmark of scientists: a category each for numeric functions, strings, ….

>>> report = run_find(FindOptions(data=Path("numeric.jsonl"), jobs=8))
>>> Console().print(render(report))

How a category is added: `category.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BenchmarkError
from .categories import category_names, category_of
from .category import Report, Row
from .options import FindOptions, Investigator
from .run import run_find

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["BenchmarkError", "FindOptions", "Investigator", "Report", "Row", "category_names", "render", "run_find"]


def render(report: Report) -> RenderableType:
    """The report as tables for the terminal; with what chat models cost, where any took part."""
    from .llm_table import with_costs_table

    return with_costs_table(category_of(report.category).render(report), report)
