"""The ground of text modules: texts of a corpus, descriptions that a judge applies, AUC on texts held out."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from typing import Any

import numpy as np

from ..tools.black_boxes.types import BlackBox, Domain, DomainError, Input, TokenLevel
from ..tools.judging.types import Judge
from ..tools.texts import Corpus
from .baseline_wordings import BaselineWordings
from .budget import HELD_OUT_LEAST, Budget
from .conclusion import Conclusion, standing_first
from .frozen import Frozen
from .hopeless import is_hopeless, nothing_usable
from .text_verdict import JudgeStanding, TextVerifier, response
from .types import Observation, Verdict
from .verify import held_out_stream

HELD_OUT_MOST = 320
HELD_OUT_SHARE = 0.2
POOL = 1000
"""Held-out texts that are looked through for those to which a description applies."""
SHOWN = 24
_PORTION, _PORTION_CHARACTERS = 128, 4000
ILLUSTRATED = 6
_MOST_TOKENS = 400
_PER_TEXT = 20
"""Characters that the start of a text costs, as it were."""


class TextGround:
    """Texts, explained by descriptions.

    `corpus` is split by `seed`: the scientist works on `discovery`; texts of the other half are drawn to verify, and it
    never sees them. `judge`, as good as `standing` says, applies descriptions to texts.
    """

    shown = SHOWN
    overrun = 0.4

    def __init__(
        self,
        domain: Domain,
        corpus: Corpus,
        judge: Judge,
        standing: JudgeStanding,
        wordings: BaselineWordings,
        *,
        seed: int,
    ) -> None:
        self._domain = domain
        self._judge = judge
        self._wordings = wordings
        self.discovery, self._held_out = corpus.split(seed)
        self._verifier = TextVerifier(corpus.name, judge, standing, wordings)

    @property
    def domain(self) -> Domain:
        return self._domain

    def batches(self, inputs: Sequence[Input]) -> list[Sequence[Input]]:
        """Portions of a few dozen texts, or more phrases: modules compute many at once before they answer the first."""
        portions: list[list[Input]] = []
        size = 0
        for text in inputs:
            size += len(text)
            if not portions or size > _PORTION_CHARACTERS or len(portions[-1]) == _PORTION:
                portions.append([])
                size = len(text)
            portions[-1].append(text)
        return [*portions]

    def admit(self, input: Any) -> str:
        if not isinstance(input, str):
            raise DomainError(f"expected a text, got {type(input).__name__}; ask text modules with texts")
        return input

    def set_aside(self, budget: Budget) -> int:
        """A fifth of the queries, at least 8 and at most 320; a third of a tiny budget."""
        if budget.queries < 3 * HELD_OUT_LEAST:
            return budget.queries // 3
        return min(HELD_OUT_MOST, max(HELD_OUT_LEAST, round(HELD_OUT_SHARE * budget.queries)))

    def seconds_each(self, observations: Sequence[Observation]) -> float:
        """By characters: the phrases asked first are much shorter than the texts held out."""
        asked = sum(len(o.input) + _PER_TEXT for o in observations)
        typical = float(np.mean([len(t) for t in self._held_out.texts])) + _PER_TEXT
        return sum(o.reply.seconds for o in observations) / asked * typical

    def draw(
        self, frozen: Frozen, count: int, taken: Set[Input], queries: Sequence[Observation], *, seed: int, round: int
    ) -> list[Input]:
        """Half of them at random; the others are, of a few hundred more, those to which the description (a quarter) and
        the baselines (a quarter) apply most: what is rare would hardly be met otherwise. Responses have no say in it.
        """
        rng = held_out_stream(seed, round)
        fresh = [t for t in dict.fromkeys(self._held_out.texts) if t not in taken]
        fresh = [fresh[k] for k in rng.permutation(len(fresh))]
        drawn = fresh[: count - count // 2]
        pool = fresh[len(drawn) : len(drawn) + POOL]
        says = [frozen.description, *(w.says for w in self._wordings.of(queries, seed))]
        if len(pool) > count // 2:
            degrees = np.asarray(self._judge.judge(says, pool))
            orders = [list(np.argsort(-row, kind="stable")) for row in degrees]
            shares = _shares(count // 2, len(orders))
            chosen: dict[int, None] = {}
            for order, share in zip(orders, shares):
                chosen.update(dict.fromkeys([int(k) for k in order if int(k) not in chosen][:share]))
            pool = [pool[k] for k in chosen]
        mixed = drawn + pool
        return [mixed[k] for k in rng.permutation(len(mixed))]

    def repeat(self, count: int, *, seed: int, round: int) -> list[Input]:
        return []

    def judge(
        self,
        frozen: Frozen,
        held_out: Sequence[Observation],
        queries: Sequence[Observation],
        *,
        seed: int,
        round: int,
        tried: int,
    ) -> Verdict:
        return self._verifier.verdict(frozen, held_out, queries, seed=seed, round=round, tried=tried)

    def better(self, earlier: Conclusion, later: Conclusion) -> bool:
        """Standing comes first; else the earlier AUC's interval must lie above the later AUC."""
        stands = standing_first(earlier.verdict, later.verdict)
        if stands is not None:
            return stands
        return earlier.verdict.score.low > later.verdict.score.value

    def identity(self, explanation: Any) -> str:
        return str(explanation.description)

    def refuting(self, candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None:
        """The text that it tells most wrongly about, by rank, among those asked since."""
        recent = [o for o in observations[since:] or observations if response(o) is not None]
        told = [(o, d) for o in recent if (d := candidate.degree_of(str(o.input))) is not None]
        if len(told) < 2:
            return None
        from scipy.stats import rankdata

        gap = np.abs(rankdata([d for _, d in told]) - rankdata([response(o) for o, _ in told]))
        return told[int(np.argmax(gap))][0].number

    def trouble(self, observations: Sequence[Observation]) -> str | None:
        return nothing_usable(observations)

    def is_hopeless(self, observations: Sequence[Observation]) -> bool:
        return is_hopeless(observations)

    def illustrate(self, box: BlackBox, held_out: Sequence[Observation]) -> list[dict[str, Any]] | None:
        """Where in a text the module responds, for the held-out texts with the highest responses."""
        if not isinstance(box, TokenLevel):
            return None
        answered = [(value, o) for o in held_out if (value := response(o)) is not None]
        answered.sort(key=lambda pair: (-pair[0], pair[1].number))
        shown = []
        for _, o in answered[:ILLUSTRATED]:
            values = [v for v in box.token_values(str(o.input)) if math.isfinite(v.value)]
            tokens = [[v.start, v.end, round(v.value, 6)] for v in values[:_MOST_TOKENS]]
            shown.append({"number": o.number, "tokens": tokens})
        return shown


def _shares(count: int, descriptions: int) -> list[int]:
    """How many of `count` texts are chosen for each description: half for the first, the rest for the others."""
    others = descriptions - 1
    first = count if not others else count - count // 2
    return [first, *(((count - first) * (k + 1)) // others - ((count - first) * k) // others for k in range(others))]
