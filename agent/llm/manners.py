"""What a hypothesis says of inputs, and when an answer agrees with it, by the kind of box."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ...tools.black_boxes.types import Domain, NumericDomain, Signature
from ..frozen import Frozen, tolerance_at, usable
from ..types import Observation

if TYPE_CHECKING:
    from ...sandboxes.types import Sandbox
    from ...tools.judging.types import Judge

Kind = Literal["numbers", "texts", "strings"]
"""Numbers to a number, texts to a number (text modules), texts to texts."""
_LEAST_SCALE = 1e-9


class Manner(Protocol):
    """How hypotheses about one kind of box are put to the test. `needs_code`: words alone predict nothing."""

    kind: Kind
    needs_code: bool

    def predict(self, description: str, code: str, inputs: Sequence[Any]) -> list[Any]:
        """What the hypothesis says of each input; None (or NaN) where nothing."""
        ...

    def agrees(self, candidate: Any, o: Observation, predicted: Any) -> bool:
        """Whether an answer is what `candidate` predicted, within the noise that it names."""
        ...


def manner_of(
    signature: Signature, domain: Domain, sandbox: Callable[[], Sandbox], judge: Judge | None = None
) -> Manner:
    """The manner of a box. `judge` says to which texts a description applies."""
    if isinstance(domain, NumericDomain):
        return Numbers(sandbox)
    return Strings(sandbox) if signature.output == "text" else Texts(judge)


class Numbers:
    """Code that gives a number."""

    kind: Kind = "numbers"
    needs_code = True

    def __init__(self, sandbox: Callable[[], Sandbox]) -> None:
        self._sandbox = sandbox

    def predict(self, description: str, code: str, inputs: Sequence[Any]) -> list[Any]:
        from ...tools.scoring import predict_all

        points = [tuple(float(x) for x in point) for point in inputs]
        found = predict_all(code, points, sandbox=self._sandbox())
        return [math.nan if v is None or isinstance(v, complex) else float(v) for v in found]

    def agrees(self, candidate: Any, o: Observation, predicted: Any) -> bool:
        truth = usable(o.reply.value)
        if truth is None or not math.isfinite(predicted):
            return truth is None and not math.isfinite(predicted)
        assert isinstance(o.input, tuple)
        allowed = tolerance_at(Frozen.of(candidate), o.input, max(abs(truth), _LEAST_SCALE))
        return bool(abs(truth - predicted) <= allowed)


class Strings:
    """Code that gives a text."""

    kind: Kind = "strings"
    needs_code = True

    def __init__(self, sandbox: Callable[[], Sandbox]) -> None:
        self._sandbox = sandbox

    def predict(self, description: str, code: str, inputs: Sequence[Any]) -> list[Any]:
        from ...tools.strings import predict_texts

        return list(predict_texts(code, [str(i) for i in inputs], sandbox=self._sandbox()))

    def agrees(self, candidate: Any, o: Observation, predicted: Any) -> bool:
        return bool((o.reply.value if isinstance(o.reply.value, str) else None) == predicted)


class Texts:
    """Words that apply to a text more or less, as a judge says. Nothing agrees or disagrees: responses are ranked."""

    kind: Kind = "texts"
    needs_code = False

    def __init__(self, judge: Judge | None) -> None:
        self._judge = judge

    @property
    def judge(self) -> str:
        """What the judge is called."""
        return self._judge.name if self._judge is not None else "nobody"

    def predict(self, description: str, code: str, inputs: Sequence[Any]) -> list[Any]:
        if self._judge is None:
            return [math.nan] * len(inputs)
        return [float(d) for d in self._judge.judge([description], [str(i) for i in inputs])[0]]

    def agrees(self, candidate: Any, o: Observation, predicted: Any) -> bool:
        return (o.reply.failure is None) == math.isfinite(predicted)
