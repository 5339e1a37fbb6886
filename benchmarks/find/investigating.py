"""Letting a scientist loose on one function of FIND, whoever it is: the one place that knows them all."""

from __future__ import annotations

from ...tools.black_boxes import BlackBox
from ...tools.black_boxes.types import Domain
from ..trial import Trial, explain_box
from .category import Task


def investigate(box: BlackBox, domain: Domain, task: Task) -> Trial:
    """A whole investigation of `box` by the task's investigator. Raises what ends an investigation."""
    if task.options.investigator.kind == "llm":
        from .llm import investigate_by_model

        return investigate_by_model(box, domain, task)
    return explain_box(box, domain, task.effort, task.scratch)
