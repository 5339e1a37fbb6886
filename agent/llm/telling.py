"""How inputs, answers and verdicts are told to a language model: as data, short, and the same every time."""

from __future__ import annotations

import json
import math
from typing import Any

from ...tools.black_boxes.types import Domain, Input, NumericDomain, Signature
from ..types import Observation, Verdict

MOST_CHARACTERS = 400
"""Of a text that a black box gave; the rest is left out."""
_DIGITS = 10
_FAILING = 6


class Teller:
    """Reads the model's inputs and tells it what came of them.

    Texts are written as JSON strings, quotes and all: whatever they say, they are data.
    """

    def __init__(self, signature: Signature, domain: Domain) -> None:
        self._domain = domain
        self.names = signature.names or ("x",)

    @property
    def expected(self) -> str:
        """What an input looks like."""
        if isinstance(self._domain, NumericDomain):
            if self._domain.arity == 1:
                return "pass numbers, such as [0, 1.5, -3]"
            return f"pass lists of {self._domain.arity} numbers, such as [{[1.0] * self._domain.arity}]"
        return 'pass texts, such as ["a text", "another"]'

    @property
    def domain(self) -> str:
        """Where inputs live, in words."""
        if not isinstance(self._domain, NumericDomain):
            return "texts"
        parts = []
        for name, interval in zip(self.names, self._domain.inputs):
            kind = "whole numbers" if interval.integer else "numbers"
            parts.append(f"{name}: {kind} from {interval.low:g} to {interval.high:g}")
        return "; ".join(parts) + ("" if self._domain.stated else " (a guess: nobody said where inputs live)")

    def read(self, said: Any) -> Any:
        """The model's way of writing an input as the inquiry takes it. Raises ValueError or TypeError."""
        if not isinstance(self._domain, NumericDomain):
            if not isinstance(said, str):
                raise TypeError(f"expected a text, got {said!r}")
            return said
        if isinstance(said, str):
            said = json.loads(said)
        values = said if isinstance(said, list | tuple) else [said]
        return tuple(float(v) for v in values)

    def observation(self, o: Observation) -> str:
        return f"#{o.number} {self.input(o.input)} -> {self.reply(o)}"

    def input(self, value: Input) -> str:
        if isinstance(value, str):
            return _quoted(value)
        return ", ".join(f"{n}={_number(x)}" for n, x in zip(self.names, value))

    def reply(self, o: Observation) -> str:
        if o.reply.failure is not None:
            return f"failed ({o.reply.failure.kind}: {_quoted(o.reply.failure.message, 160)})"
        return self.value(o.reply.value)

    def value(self, value: Any) -> str:
        if isinstance(value, str):
            return _quoted(value)
        if isinstance(value, complex):
            return f"{_number(value.real)}{value.imag:+.{_DIGITS}g}j"
        if value is None or not math.isfinite(value):
            return "undefined"
        return _number(float(value))

    def plain(self, o: Observation) -> dict[str, Any]:
        """An observation for the model's own scripts: a single number stands for itself; null where it failed."""
        given: Any = o.input if isinstance(o.input, str) or len(o.input) > 1 else o.input[0]
        value = o.reply.value
        if isinstance(value, complex):
            value = None
        if isinstance(value, float) and not math.isfinite(value):
            value = None
        return {"number": o.number, "input": given, "output": value}

    def verdict(self, id: str, verdict: Verdict, rounds_left: int) -> str:
        score = verdict.score
        lines = [
            f"The verifier drew {score.held_out} fresh inputs. {id} "
            + ("stands" if verdict.explains else "does not stand")
            + f": {verdict.reason}.",
            f"{score.metric} {score.value:.4g} ({score.low:.4g} to {score.high:.4g})"
            + "".join(f"; baseline {name} {value:.4g}" for name, value in score.baselines.items()),
        ]
        if verdict.failed:
            how = "wrong" if verdict.wording is None else "wrong about the rank of the response"
            lines.append(f"It was {how} on {verdict.failed} of them; the worst, which you may use from now on:")
            lines += [
                f"{self.observation(f.observation)}, {id} says {self.value(f.predicted)}"
                for f in verdict.failing[:_FAILING]
            ]
        if verdict.explains and not verdict.failed:
            lines.append("Nothing is left to mend: say your closing words.")
        elif rounds_left:
            lines.append(f"You may mend it and conclude again ({rounds_left} left), or say your closing words.")
        else:
            lines.append("That was the last verification: say your closing words.")
        return "\n".join(lines)


def _quoted(text: str, most: int = MOST_CHARACTERS) -> str:
    shown = text if len(text) <= most else text[:most] + f"… ({len(text)} characters)"
    return json.dumps(shown, ensure_ascii=False)


def _number(x: float) -> str:
    return f"{x:.{_DIGITS}g}"
