"""FIND's numeric functions (arXiv:2309.03886) as a benchmark of the inductive scientist.

>>> report = run_find(FindOptions(data=Path("numeric.jsonl"), jobs=8))
>>> Console().print(render(report))
"""

from ..errors import BenchmarkError
from .options import FindOptions
from .report import FindReport, report_on
from .run import run_find
from .table import render

__all__ = ["BenchmarkError", "FindOptions", "FindReport", "render", "report_on", "run_find"]
