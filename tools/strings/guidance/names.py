"""What a kind of step is called in the network's weights."""

from __future__ import annotations

from ..operations.expressions import Call, EachWord, Expression


def named(step: Expression, *, last: bool = False) -> str:
    """The kind of a step: its function, and whether it is done to each word; `last` marks a last step undone."""
    prefix = "last " if last else ""
    if isinstance(step, EachWord):
        return f"{prefix}each {named(step.step)}"
    return prefix + (step.word.name if isinstance(step, Call) else type(step).__name__)
