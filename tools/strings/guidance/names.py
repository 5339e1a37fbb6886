"""What a kind of step is called in the network's weights."""

from __future__ import annotations

from ..operations.expressions import Call, EachWord, Expression


def named(step: Expression) -> str:
    """The kind of a step: its function, and whether it is done to each word."""
    if isinstance(step, EachWord):
        return f"each {named(step.step)}"
    return step.word.name if isinstance(step, Call) else type(step).__name__


def named_last(step: Expression, *, telling: bool) -> str:
    """The kind of a last step that is undone; `telling`: the texts show that it was at work."""
    return f"{'telling' if telling else 'last'} {named(step)}"
