"""A function of texts' row of results, from what a scientist concluded about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from ....sandboxes import open_sandbox
from ....tools.black_boxes.find_strings import StringFunction
from ....tools.scoring import CodeError
from ....tools.strings import fit_baselines, predict_texts
from ...plain import Figure
from ...trial import Trial
from ..category import Row
from .subject import HeardBox, fresh_texts, is_composed

ASKED_AGAIN = 40
"""Fresh texts that are asked twice, to see whether a function throws dice."""
_WRONG_SHOWN = 6

Predict = Callable[[Sequence[str]], list[str | None]]


class StringMark(BaseModel):
    """How one predictor did on one function.

    `official`: FIND's string indicator, the share of its test inputs whose published output is given exactly (None
    where there are none); `fresh`: the same share of 200 fresh texts; `exact`: all of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    official: Figure | None
    fresh: Figure
    exact: bool


class Miss(BaseModel):
    """A fresh text on which the explanation is wrong; None stands for no text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    given: str | None
    predicted: str | None


class StringRow(Row):
    """One function's results. `families`, `exception` are what the data says, nothing of published sets.

    `language`: the share of the items of FIND's unit test that a judge got right who knew only the description; None
    without a judge. `unread`: answers of the judge that were none. `misses`: some of the fresh texts that are wrong.
    """

    families: tuple[str, ...]
    composed: bool
    exception: str | None
    stochastic: bool
    mark: StringMark
    misses: tuple[Miss, ...]
    baselines: dict[str, StringMark]
    language: Figure | None = None
    unread: int = 0


def measure(function: StringFunction, box: HeardBox, trial: Trial, *, seed: int, foreign: bool) -> StringRow:
    """Judge `trial`, and baselines that know the same answers, on the test inputs and on fresh texts.

    `foreign` code, which a language model wrote, runs in a sandbox.
    """
    texts = fresh_texts(function.id, seed, {text for text, _ in box.pairs})
    truth = box.answers(texts)
    again = box.answers(texts[:ASKED_AGAIN])
    stochastic = again != truth[:ASKED_AGAIN] if function.stochastic is None else function.stochastic
    bench = _Bench(_test_pairs(function, box), texts, truth)
    predicted, mark = bench.judge(_by_code(trial.code, foreign))
    wrong = [Miss(text=x, given=y, predicted=p) for x, y, p in zip(texts, truth, predicted) if y != p]
    trivial = fit_baselines(box.pairs)
    return _row(
        function,
        trial,
        stochastic=stochastic,
        mark=mark,
        misses=tuple(wrong[:_WRONG_SHOWN]),
        baselines={name: bench.judge(_one_by_one(says))[1] for name, says in trivial.items()},
    )


def failed_row(function: StringFunction, trial: Trial) -> StringRow:
    """The row of a function whose worker was lost: nothing is asked again, nothing is right."""
    nothing = StringMark(official=0.0 if function.items or function.test_inputs else None, fresh=0.0, exact=False)
    return _row(function, trial, stochastic=bool(function.stochastic), mark=nothing, misses=(), baselines={})


def _test_pairs(function: StringFunction, box: HeardBox) -> list[tuple[str, str | None]]:
    """FIND's test inputs with their published outputs; where only inputs are published, with the function's own."""
    if function.items:
        return [item.pair for item in function.items]
    return list(zip(function.test_inputs, box.answers(function.test_inputs)))


class _Bench:
    """What every predictor of one function is held against."""

    def __init__(
        self, pairs: Sequence[tuple[str, str | None]], texts: Sequence[str], truth: Sequence[str | None]
    ) -> None:
        self._pairs = pairs
        self._texts, self._truth = texts, truth

    def judge(self, predict: Predict) -> tuple[list[str | None], StringMark]:
        """What it says of the fresh texts, and its marks."""
        said = predict([text for text, _ in self._pairs])
        predicted = predict(self._texts)
        right = sum(a == b for a, b in zip(predicted, self._truth))
        hits = sum(a == output for a, (_, output) in zip(said, self._pairs))
        mark = StringMark(
            official=hits / len(self._pairs) if self._pairs else None,
            fresh=right / len(self._texts) if self._texts else 0.0,
            exact=bool(self._texts) and right == len(self._texts),
        )
        return predicted, mark


def _by_code(code: str, foreign: bool) -> Predict:
    def predict(texts: Sequence[str]) -> list[str | None]:
        try:
            if not foreign:
                return predict_texts(code, texts)
            with open_sandbox() as sandbox:
                return predict_texts(code, texts, sandbox=sandbox)
        except CodeError:
            return [_NO_CODE] * len(texts)

    return predict


def _one_by_one(says: Callable[[str], str | None]) -> Predict:
    return lambda texts: [says(text) for text in texts]


_NO_CODE = "\0no explanation"
"""What is predicted without code that runs: right nowhere, not even where the function fails."""


def _row(
    function: StringFunction,
    trial: Trial,
    *,
    stochastic: bool,
    mark: StringMark,
    misses: tuple[Miss, ...],
    baselines: dict[str, StringMark],
) -> StringRow:
    return StringRow(
        id=function.id,
        error=trial.error,
        outcome=trial.outcome,
        description=trial.description,
        code=trial.code,
        queries=trial.queries,
        seconds=trial.seconds,
        cpu_seconds=trial.cpu_seconds,
        families=function.families,
        composed=is_composed(function),
        exception=function.exception,
        stochastic=stochastic,
        mark=mark,
        misses=misses,
        baselines=baselines,
    )
