"""A synthetic neuron's row of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...plain import Figure
from ...trial import Trial
from ..category import Row
from .data import ConceptFunction
from .language import LanguageTest

if TYPE_CHECKING:
    from ....agent import Explanation


class ConceptRow(Row):
    """One synthetic neuron's results.

    `language`: the share of the `items` of FIND's unit test that a `judge` got right who knew only the description;
    None without items. `unread`: answers of the judge that were none. `oracle`: the same for the true description,
    where it costs nothing to ask. `score` with its interval is the run's own, on held-out inputs: the AUC of the
    description for entities, the share of outputs that the code gives exactly for relations; None where nothing was
    scored. `stands`: whether the verifier let it stand. `box` is what played the neuron.
    """

    concept1: str
    concept2: str | None
    exception: str | None
    box: str
    judge: str
    language: Figure | None
    items: int
    unread: int
    oracle: Figure | None
    metric: str
    score: Figure | None
    low: Figure | None
    high: Figure | None
    held_out: int
    stands: bool


def measure(
    function: ConceptFunction,
    trial: Trial,
    explanation: Explanation | None,
    test: LanguageTest | None,
    *,
    box: str,
    judge: str,
    oracle: float | None = None,
) -> ConceptRow:
    """The row of `function`; without a `test` (there was no description to take it with) no item is right."""
    score = explanation.score if explanation is not None else None
    count = len(function.items)
    language = None if not count else test.share if test is not None else 0.0
    return ConceptRow(
        id=function.id,
        error=trial.error,
        outcome=trial.outcome,
        description=trial.description,
        code=trial.code,
        queries=trial.queries,
        seconds=trial.seconds,
        cpu_seconds=trial.cpu_seconds,
        concept1=function.concept1,
        concept2=function.concept2,
        exception=function.exception,
        box=box,
        judge=judge,
        language=language,
        items=count,
        unread=test.unread if test is not None else 0,
        oracle=oracle,
        metric=score.metric if score is not None else "",
        score=score.value if score is not None else None,
        low=score.low if score is not None else None,
        high=score.high if score is not None else None,
        held_out=score.held_out if score is not None else 0,
        stands=trial.outcome == "explained",
    )
