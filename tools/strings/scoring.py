"""How well predicted texts match: the share that is exactly right, and trivial predictors beside it."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

from ...sandboxes.types import LoadError, Lost, Returned, Sandbox, SandboxError
from ..scoring.runnable import CodeError, finite_number, load_explained
from ..scoring.types import Score
from .types import Gives

Predictor: TypeAlias = Callable[[str], str | None]
METRIC = "exact match"
_Z = 1.959964


def as_text(value: object, gives: Gives = "text") -> str | None:
    """What came back as the text that predictions are compared with; None for what is no text, or no number.

    Of a function that gives numbers: "3" for 3 and 3.0, otherwise as Python writes the number.
    """
    if gives == "text":
        return value if isinstance(value, str) else None
    number = None if isinstance(value, str) else finite_number(value)
    if not isinstance(number, float):
        return None
    return str(int(number)) if number.is_integer() else repr(number)


def predict_texts(
    code: str, inputs: Sequence[str], *, sandbox: Sandbox | None = None, gives: Gives = "text"
) -> list[str | None]:
    """What `code`, which defines `explained(text)`, answers to each text; None where it raises or gives no text.

    Numbers come as `as_text` writes them. Code that we did not print ourselves belongs in a `sandbox`. Raises
    `CodeError`.
    """
    if sandbox is None:
        function = load_explained(code)

        def call(text: str) -> str | None:
            try:
                return as_text(function(text), gives)
            except Exception:
                return None

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [call(text) for text in inputs]
    try:
        with sandbox.load(code, "explained") as function_inside:
            results = function_inside.call([(text,) for text in inputs])
    except LoadError as error:
        raise CodeError(f"the explanation's code does not run: {error.failure}") from error
    lost = next((r for r in results if isinstance(r, Lost)), None)
    if lost is not None:
        raise SandboxError(f"the sandbox was lost while the explanation's code ran: {lost}")
    return [as_text(r.value, gives) if isinstance(r, Returned) else None for r in results]


def exact_match(
    truth: Sequence[str | None], predicted: Sequence[str | None], baselines: dict[str, Sequence[str | None]]
) -> Score:
    """The share of texts that are exactly right, with its Wilson interval (95 %), beside that of `baselines`.

    None in `truth` is an input on which the box fails: None is right there.
    """
    right = sum(t == p for t, p in zip(truth, predicted, strict=True))
    low, high = wilson(right, len(truth))
    others = {name: _share(truth, says) for name, says in baselines.items()}
    return Score(right / len(truth) if truth else 0.0, low, high, METRIC, len(truth), baselines=others)


def wilson(right: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share of `right` in `count`; (0, 1) for nothing."""
    if not count:
        return 0.0, 1.0
    share = right / count
    centre = share + _Z**2 / (2 * count)
    spread = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    scale = 1 + _Z**2 / count
    return min(share, max(0.0, (centre - spread) / scale)), max(share, min(1.0, (centre + spread) / scale))


def fit_baselines(known: Sequence[tuple[str, str | None]]) -> dict[str, Predictor]:
    """Trivial predictors from answered queries: `identity`, `constant` (the commonest answer), `nearest` (the answer to
    the query most alike).
    """
    answers = dict(known)
    common = Counter(answers.values()).most_common(1)
    constant = common[0][0] if common else None

    def nearest(text: str) -> str | None:
        if not answers:
            return None
        return answers[max(answers, key=lambda other: SequenceMatcher(None, text, other, autojunk=False).ratio())]

    return {"identity": lambda text: text, "constant": lambda text: constant, "nearest": nearest}


def _share(truth: Sequence[str | None], predicted: Sequence[str | None]) -> float:
    return sum(t == p for t, p in zip(truth, predicted, strict=True)) / len(truth) if truth else 0.0
