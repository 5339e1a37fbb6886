"""The scientist without a box: only pairs, so every program that survives them, and what would tell two apart."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..tools.black_boxes.types import BlackBox, BlackBoxError, Input, NumericDomain, TextDomain, Value
from ..tools.examples import Examples, ExamplesBox
from ..tools.induction.types import ExceptionRegion, Noise
from .brief import Brief
from .budget import HELD_OUT_LEAST, Budget
from .foretelling import Foretold, Row
from .ground import Ground
from .investigation import Investigation
from .journal import Journal
from .numeric_ground import NumericGround
from .passive_ground import SHOWN, PassiveGround
from .passive_numbers import Numbers
from .passive_search import Found, Searcher
from .passive_texts import Texts
from .string_ground import StringGround
from .types import Inquiry, Observation

ENOUGH_TO_KEEP_ASIDE = 12
"""Pairs from which on every fourth is kept aside for the score."""
EVERY = 4
_ENOUGH_LEFT_OUT = 4
"""Pairs that must have been left out for a score, where time does not last for all."""
SECONDS = 60.0
_TOLD = ("description", "formula", "code", "bits", "evidence")
MEMO = "examples"
"""Under this key a run's journal keeps what a report says of its examples."""


def is_passive(box: BlackBox | None) -> bool:
    """Whether there is nobody to ask behind `box`, only examples."""
    return isinstance(box, ExamplesBox)


def brief_of(box: ExamplesBox, *, seed: int, seconds: float | None, options: dict[str, Any]) -> Brief:
    """What a run on examples sets out to do. Each pair is looked at once; queries and a round are left over, so that
    no run on examples ends for want of them.
    """
    from dataclasses import replace

    count = len(box.examples.pairs)
    budget = Budget(queries=count + 2 * HELD_OUT_LEAST, seconds=seconds or SECONDS, rounds=2)
    brief = Brief.of(box, budget=budget, seed=seed, options=options)
    return brief if box.examples.kind == "numbers" else replace(brief, kind="strings")


def cast(journal: Journal, box: ExamplesBox, budget: Budget | None = None) -> Investigation:
    """The investigation of the examples in `box`, ready to run or resume."""
    domain = journal.brief.domain
    base: Ground
    if isinstance(domain, NumericDomain):
        base = NumericGround(domain)
    else:
        assert isinstance(domain, TextDomain)
        base = StringGround(domain)
    ground = PassiveGround(base)
    return Investigation(box, PassiveScientist(box.examples, ground), journal, budget, ground=ground)


@dataclass(frozen=True)
class Said:
    """A surviving program as a run records it. `bits`: description length of the program and what it leaves."""

    found: Found
    evidence: str
    name: str
    description: str
    formula: str
    code: str
    bits: float
    exceptions: tuple[ExceptionRegion, ...]
    noise: Noise | None

    @classmethod
    def of(cls, found: Found, evidence: str) -> Said:
        words = (found.name, found.description, found.formula, found.code)
        return cls(found, evidence, *words, found.bits, found.exceptions, found.noise)

    def gives(self, input: Input, value: Value | None) -> bool:
        """Whether it says that `input` gives `value`, noise and rounding allowed for."""
        return self.found.gives(input, value)


def searcher_of(examples: Examples, seed: int) -> Searcher:
    """The searcher of these examples' kind."""
    return Numbers(examples, seed) if examples.kind == "numbers" else Texts(examples, seed)


class PassiveScientist:
    """Look at all pairs, foretell some of them from others, then conclude with what all of them give."""

    name = "inductive"

    def __init__(self, examples: Examples, ground: PassiveGround) -> None:
        self._examples = examples
        self._ground = ground

    def investigate(self, inquiry: Inquiry, *, seed: int) -> None:
        known = inquiry.remember("digest", lambda: self._examples.digest)
        if known != self._examples.digest:
            raise BlackBoxError(
                f"{self._examples.path} holds other pairs than when the run was begun; put them back, or begin a new "
                "run"
            )
        search = searcher_of(self._examples, seed)
        rows = search.testable
        aside = kept_aside(rows, search, seed) if len(rows) >= ENOUGH_TO_KEEP_ASIDE else []
        if aside:
            ranked, foretold = self._with_pairs_aside(inquiry, search, aside)
        else:
            ranked, foretold = self._each_left_out(inquiry, search)
        self._remember(inquiry, search, ranked, foretold)
        if ranked:
            self._ground.rest_on(foretold)
            inquiry.conclude(ranked[0])

    def _with_pairs_aside(
        self, inquiry: Inquiry, search: Searcher, aside: Sequence[int]
    ) -> tuple[list[Said], Foretold]:
        """Programs from all pairs, and every fourth pair foretold by the rest before it was looked at."""
        others = [k for k in range(search.count) if k not in set(aside)]
        self._look_at(inquiry, others, "pairs to find a program from")
        first = search.find(others, 0.4 * inquiry.seconds_left, keep=search.sketched)
        inquiry.propose(_said(first, search, others), f"from {len(others)} pairs, {len(aside)} kept aside")
        seen = self._look_at(inquiry, aside, "kept aside: foretold by what the others gave")
        foretold = Foretold("kept aside", _rows(search, first[:1], others, aside, seen), search.count)
        everything = range(search.count)
        ranked = _said(search.find(everything, 0.8 * inquiry.seconds_left, before=first), search, everything)
        inquiry.propose(ranked, f"from all {search.count} pairs")
        return ranked, foretold

    def _each_left_out(self, inquiry: Inquiry, search: Searcher) -> tuple[list[Said], Foretold]:
        """Programs from all pairs, and each pair foretold by the others as long as the time lasts."""
        everything = range(search.count)
        seen = self._look_at(inquiry, everything, "pairs to find a program from")
        begin = time.monotonic()
        ranked = _said(search.find(everything, 0.4 * inquiry.seconds_left), search, everything)
        took = time.monotonic() - begin
        inquiry.propose(ranked, f"from all {search.count} pairs")
        rows: list[Row] = []
        testable = search.testable if ranked and search.count > 2 else ()
        for position, k in enumerate(testable):
            left = inquiry.seconds_left / (len(testable) - position)
            if left < min(0.5 * took, 1.0):
                break
            others = [j for j in everything if j != k]
            rows += _rows(search, search.find(others, left, keep=1), others, [k], [seen[k]])
        enough = len(rows) >= min(_ENOUGH_LEFT_OUT, len(testable)) and rows
        return ranked, Foretold("left out" if enough else "none", tuple(rows) if enough else (), search.count)

    def _look_at(self, inquiry: Inquiry, rows: Sequence[int], why: str) -> list[Observation]:
        """The pairs with these numbers, as observations of the run in the same order."""
        inquiry.ask([self._examples.pairs[k][0] for k in rows], why)
        return [o for o in inquiry.observations() if o.purpose == "query"][-len(rows) :]

    def _remember(self, inquiry: Inquiry, search: Searcher, ranked: Sequence[Said], foretold: Foretold) -> None:
        """What a report says beside the programs: plain data, made once in a run."""
        inquiry.remember(MEMO, lambda: self._account(search, ranked, foretold))

    def _account(self, search: Searcher, ranked: Sequence[Said], foretold: Foretold) -> dict[str, Any]:
        doubtful = self._examples.contradictions
        return {
            "pairs": search.count,
            "duplicates": self._examples.duplicates,
            "contradictions": [{"input": c.input, "answers": list(c.answers)} for c in doubtful],
            "way": foretold.way,
            "tested": len(foretold.rows),
            "survivors": [
                {name: getattr(s, name) for name in ("description", "formula", "code", "bits", "evidence")}
                for s in ranked
            ],
            "separating": search.separating([s.found for s in ranked]),
            "notes": search.notes(bool(ranked)),
        }


def kept_aside(rows: Sequence[int], search: Searcher, seed: int) -> list[int]:
    """The pairs of every fourth input in order of size (length of texts, size of numbers), from a place that the seed
    draws. Pairs with the same input stay together.
    """
    inputs = dict.fromkeys(search.input_of(k) for k in sorted(rows, key=lambda k: (search.size_of(k), k)))
    start = int(np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xA51DE,))).integers(EVERY))
    chosen = set(list(inputs)[start::EVERY])
    return [k for k in rows if search.input_of(k) in chosen]


def _said(found: Sequence[Found], search: Searcher, rows: Sequence[int]) -> list[Said]:
    return [Said.of(f, search.fit(f, rows)) for f in found[:SHOWN]]


def _rows(
    search: Searcher, found: Sequence[Found], others: Sequence[int], tested: Sequence[int], seen: Sequence[Observation]
) -> tuple[Row, ...]:
    """The tested pairs beside what the first program, if there is one, and the baselines of the others say."""
    inputs = [search.input_of(k) for k in tested]
    predicted = found[0].predict(inputs) if found else [None] * len(inputs)
    noise = found[0].noise.scale if found and found[0].noise else 0.0
    rivals = search.baselines(others, inputs)
    return tuple(
        Row(observation, guess, {name: said[j] for name, said in rivals.items()}, noise)
        for j, (observation, guess) in enumerate(zip(seen, predicted))
    )
