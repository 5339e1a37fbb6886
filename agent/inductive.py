"""The inductive scientist: no language model, only induction, and going round again with what it got wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..tools.black_boxes.types import NumericDomain, Point, Reply
from ..tools.induction import induce
from ..tools.induction.types import Candidate, Laboratory
from ..tools.scoring import predict_all
from .frozen import usable
from .types import Inquiry, Observation, Verdict

_GOOD_ENOUGH = 1.0 - 1e-9
_LEAST_QUERIES = 8
_LEAST_SECONDS = 1.0


class InductiveScientist:
    """Induce, conclude with the best candidate; while held-out inputs fail and the budget lasts, go round again."""

    name = "inductive"

    def investigate(self, inquiry: Inquiry, *, seed: int) -> None:
        ranked = _induce(_laboratory(inquiry), seed)
        while ranked:
            verdict = inquiry.conclude(ranked[0])
            if not self._worth_another_round(inquiry, verdict):
                return
            ranked = [c for c in _induce(SecondLook(inquiry), seed) if learned_from(c.code, verdict)]

    @staticmethod
    def _worth_another_round(inquiry: Inquiry, verdict: Verdict) -> bool:
        """Whether the explanation failed somewhere, and there is the means to do something about it."""
        wrong = verdict.failed > 0 and not (verdict.explains and verdict.score.value >= _GOOD_ENOUGH)
        means = inquiry.queries_left >= _LEAST_QUERIES and inquiry.seconds_left >= _LEAST_SECONDS
        return wrong and means and inquiry.rounds_left > 0


def _induce(laboratory: Laboratory, seed: int) -> list[Candidate]:
    """The engine's candidates; that a trial fit overflows or divides by zero is no news to anybody."""
    with np.errstate(all="ignore"):
        return induce(laboratory, seed=seed)


def learned_from(code: str, verdict: Verdict) -> bool:
    """Whether `code` comes closer than the failed explanation did on at least half of the inputs it failed on."""
    predicted = predict_all(
        code, [f.observation.input for f in verdict.failing if isinstance(f.observation.input, tuple)]
    )
    closer = [_miss(p, f.observation) < _miss(f.predicted, f.observation) for p, f in zip(predicted, verdict.failing)]
    return sum(closer) * 2 >= len(closer)


def _miss(predicted: float | complex | str | None, observation: Observation) -> float:
    """Distance from the reply; 0 where both are undefined, infinite where one is."""
    truth, guess = usable(observation.reply.value), usable(predicted)
    if truth is None or guess is None:
        return 0.0 if truth is guess else math.inf
    return abs(truth - guess)


class SecondLook:
    """A laboratory for a later round: what is known is answered from memory, each reply as often as it was given.

    It is a `RememberingLaboratory`: `known` holds all earlier answers, the held-out inputs that failed included.
    """

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._memory: dict[Point, list[Reply]] = {}
        self._known = [(o.input, o.reply) for o in inquiry.observations() if not isinstance(o.input, str)]
        for point, reply in self._known:
            self._memory.setdefault(point, []).append(reply)
        self._given: Counter[Point] = Counter()

    @property
    def domain(self) -> NumericDomain:
        return _numeric(self._inquiry)

    @property
    def queries_left(self) -> int:
        return self._inquiry.queries_left

    @property
    def seconds_left(self) -> float:
        return self._inquiry.seconds_left

    def known(self) -> Sequence[tuple[Point, Reply]]:
        """Every answered input of earlier rounds, in order of asking."""
        return self._known

    def ask(self, points: Sequence[Point], why: str) -> list[Reply]:
        """Replies from memory where there are any left, else from the box; shorter when the budget ran out."""
        plan = [self._recall(tuple(float(x) for x in p)) for p in points]
        asked = iter(self._inquiry.ask([p for p, recalled in zip(points, plan) if recalled is None], why))
        replies: list[Reply] = []
        for recalled in plan:
            reply = recalled if recalled is not None else next(asked, None)
            if reply is None:
                break
            replies.append(reply)
        return replies

    def propose(self, ranked: Sequence[Candidate], step: str) -> None:
        self._inquiry.propose(ranked, step)

    def _recall(self, point: Point) -> Reply | None:
        earlier = self._memory.get(point, [])
        index = self._given[point]
        if index >= len(earlier):
            return None
        self._given[point] += 1
        return earlier[index]


def _numeric(inquiry: Inquiry) -> NumericDomain:
    domain = inquiry.domain
    if not isinstance(domain, NumericDomain):
        raise TypeError(f"induction works on numeric domains, got {type(domain).__name__}")
    return domain


def _laboratory(inquiry: Inquiry) -> Any:
    """`inquiry` as the engine sees it; its domain is checked to be numeric."""
    _numeric(inquiry)
    return inquiry
