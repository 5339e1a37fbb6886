"""Judging highlighted words, for fuzzing scores: by a judge that reads marks, else by the words alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ..scoring.texts import Highlighted
from .types import Floats, Judge


@runtime_checkable
class HighlightJudge(Protocol):
    """A judge that reads << >> in a text."""

    def judge_highlights(self, explanation: str, examples: Sequence[Highlighted]) -> Floats: ...


def judge_highlights(judge: Judge, explanation: str, examples: Sequence[Highlighted]) -> Floats:
    """(examples,) in [0, 1]: are the highlighted words those that the explanation speaks of?

    A judge that cannot read marks is asked about the highlighted words by themselves. That decides topics and words;
    of explanations about a whole text, such as its length, it says nothing.
    """
    if isinstance(judge, HighlightJudge):
        return judge.judge_highlights(explanation, examples)
    degrees: Floats = judge.judge([explanation], [example.highlighted for example in examples])[0]
    return degrees
