"""Observations, hypotheses and verdicts in a line each, always with the numbers by which they are cited."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...agent import Hypothesis, Observation, Verdict

PERSON_ASKED = "a person asked"
"""Why an observation was made that a person asked for."""
LONGEST_TEXT = 70
_DIGITS = 8


def value_text(value: Any) -> str:
    """A number, a text in quotes, or `undefined`."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, complex):
        return f"{value.real:.{_DIGITS}g}{value.imag:+.{_DIGITS}g}j"
    if value is None or not math.isfinite(value):
        return "undefined"
    return f"{value:.{_DIGITS}g}"


def quoted(text: str) -> str:
    shown = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    return json.dumps(shown, ensure_ascii=False)


def input_text(input: Any, names: Sequence[str]) -> str:
    if isinstance(input, str):
        return quoted(input)
    labels = list(names) or [f"x{k}" for k in range(1, len(input) + 1)]
    return ", ".join(f"{name}={value:.{_DIGITS}g}" for name, value in zip(labels, input))


def reply_text(o: Observation) -> str:
    failure = o.reply.failure
    return value_text(o.reply.value) if failure is None else f"failed ({failure.kind}: {quoted(failure.message)})"


def observation_line(o: Observation, names: Sequence[str]) -> str:
    """Such as `#12 x=3 -> 10`."""
    return f"#{o.number} {input_text(o.input, names)} -> {reply_text(o)}"


def hypothesis_line(h: Hypothesis) -> str:
    """Such as `h2 live: 3·|x| + 1`."""
    said = " ".join((h.formula or h.description).split())
    standing = h.standing if h.refuted_by is None else f"{h.standing} by #{h.refuted_by}"
    whose = f", {h.origin}" if h.origin.startswith("a person") else ""
    return f"{h.id} {standing}{whose}: {said}"


def verified_text(id: str | None, verdict: Verdict) -> str:
    """The verdict in a few words, for where its figures are told beside."""
    return f"{id or 'the explanation'} is verified: it {'stands' if verdict.explains else 'does not stand'}"


def verdict_lines(id: str | None, verdict: Verdict) -> list[str]:
    """What the verifier says, and what it was wrong on."""
    score = verdict.score
    stands = "stands" if verdict.explains else "does not stand"
    numbers = ", ".join(f"{value_text(v)}" for v in (score.low, score.high))
    lines = [
        f"{id or 'the explanation'} {stands}: {score.metric} {value_text(score.value)} [{numbers}] on {score.held_out} "
        f"held-out inputs; {verdict.reason or 'no more is said'}"
    ]
    if verdict.failed:
        worst = ", ".join(f"#{f.observation.number}" for f in verdict.failing[:8])
        more = "" if verdict.failed <= 8 else f" and {verdict.failed - 8} more"
        lines.append(f"it is wrong on {verdict.failed} of them: {worst}{more}")
    return lines
