"""Letting a scientist loose on one function of FIND, whoever it is: the one place that knows them all."""

from __future__ import annotations

from ...tools.black_boxes import BlackBox
from ...tools.black_boxes.types import Domain
from ..errors import BenchmarkError
from ..trial import Trial, explain_box
from .category import Task


def investigate(box: BlackBox, domain: Domain, task: Task) -> Trial:
    """A whole investigation of `box` by the task's investigator. Raises what ends an investigation."""
    investigator = task.options.investigator
    if investigator.kind != "inductive":
        raise BenchmarkError(f"expected the scientist inductive, got {investigator.name}; leave --scientist out")
    return explain_box(box, domain, task.effort, task.scratch)
