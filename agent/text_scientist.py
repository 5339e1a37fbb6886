"""The inductive scientist for text modules: SASC's steps (arXiv:2305.09863), tested on texts before the verifier."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from ..tools.judging.types import Judge
from ..tools.sasc.types import Candidate, RankedPhrases
from ..tools.texts import Corpus, ngrams
from .text_candidates import Bench, TextCandidate, constant_candidate
from .text_plan import Plan, plan_for
from .text_verdict import response
from .types import Inquiry, Observation, Verdict

if TYPE_CHECKING:
    from ..models import Embedder

FIRST_LOOK = 48
_WORDLESS_LOOK = 16
_TIMED_TEXTS = 24
_KEEP = 50
_ROUNDS = 2
_FAILING_TEXTS = 6
_RESPONDING = 60
_LEAST_QUERIES = 8
_AS_GOOD = 0.05
"""AUC: a baseline that is less behind than this is worth a verdict of its own."""

Describe = Callable[[RankedPhrases, Any], Sequence[Candidate]]
"""Candidates from ranked phrases; the second argument is a chat model or None."""


@dataclass(frozen=True)
class TextTools:
    """What the scientist works with: `describe` ranked phrases, propose from texts and `responses` (`fit`), give the
    `code` of a description, search for top phrases. They are injected, so that tests need no model.
    """

    judge: Judge
    describe: Describe
    fit: Callable[[Sequence[str], Sequence[float]], Sequence[tuple[str, str]]]
    combine: Callable[[Sequence[TextCandidate], Bench], Sequence[tuple[str, str]]]
    code: Callable[[str, Bench], str]
    embedder: Embedder | None = None


class TextScientist:
    """Look, find the top phrases, describe them, test the descriptions on texts, refine by what they got wrong.

    `corpus` is the half of the texts that the verifier does not draw from.
    """

    name = "inductive"

    def __init__(self, corpus: Corpus, tools: TextTools, *, chat: Any = None) -> None:
        self._corpus = corpus
        self._tools = tools
        self._chat = chat

    def investigate(self, inquiry: Inquiry, *, seed: int) -> None:
        _Study(self._corpus, self._tools, inquiry, seed, self._chat).run()


class _Study:
    """One investigation under way."""

    def __init__(self, corpus: Corpus, tools: TextTools, inquiry: Inquiry, seed: int, chat: Any) -> None:
        self._tools = tools
        self._inquiry = inquiry
        self._chat = chat(inquiry) if chat is not None else None
        self._rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0x7E47,)))
        self._bench = Bench(tools.judge)
        self._responses: dict[str, float] = {}
        self._described: list[tuple[str, str]] = []
        self._candidates: list[TextCandidate] = []
        self._sentences = [str(t) for t in self._rng.permutation(np.array(corpus.texts, dtype=object))]
        self._seed = seed

    def run(self) -> None:
        phrases = self._look()
        if self._inquiry.is_hopeless or not self._responses:
            return
        if self._is_constant():
            value = next(iter(self._responses.values()))
            self._inquiry.conclude(constant_candidate(value, len(self._responses)))
            return
        plan = self._plan()
        self._rank_phrases(phrases, plan)
        self._summarize("top phrases summarized")
        self._ask_texts(plan)
        self._fit_and_test("tested on texts")
        self._refine(plan)
        self._conclude()

    def _ask(self, texts: Sequence[str], why: str) -> dict[str, float]:
        """Finite responses by text; what was answered before is not asked again."""
        fresh = [t for t in dict.fromkeys(texts) if t not in self._responses]
        replies = self._inquiry.ask(fresh, why) if fresh else []
        for text, reply in zip(fresh, replies):
            value = response(Observation(0, text, reply, why, "query", 0, 0.0))
            if value is not None:
                self._responses[text] = value
        return {t: self._responses[t] for t in texts if t in self._responses}

    def _look(self) -> list[str]:
        """Ask a few random phrases; returns all phrases of the corpus, in random order."""
        pool = ngrams(self._sentences[:2000], 3, most=8000, seed=self._seed)
        phrases = [pool[int(k)] for k in self._rng.permutation(len(pool))]
        most = max(4, self._inquiry.queries_left // 4)
        self._ask(phrases[: min(FIRST_LOOK, most)], "phrases: a first look")
        if self._responses and not self._is_constant():
            return phrases
        self._ask(self._sentences[: min(_WORDLESS_LOOK, most)], "texts: a first look")
        self._look_on(phrases)
        return phrases

    def _look_on(self, phrases: Sequence[str]) -> None:
        """While all answers are the same, ask more: what is rare hides from a first look. Half the queries at most."""
        inquiry = self._inquiry
        least = inquiry.queries_left // 2
        waiting = [p for pair in zip_longest(self._sentences, phrases) for p in pair if p is not None]
        waiting = [text for text in waiting if text not in self._responses]
        portion = FIRST_LOOK
        while self._is_constant() and self._responses and waiting and inquiry.queries_left - portion >= least:
            self._ask(waiting[:portion], "texts and phrases: is there any other answer?")
            waiting, portion = waiting[portion:], 2 * portion

    def _is_constant(self) -> bool:
        return len(set(self._responses.values())) < 2

    def _plan(self) -> Plan:
        """How much to ask, by how fast the module answers. The plan is kept: a resumed run has the same."""
        inquiry = self._inquiry
        made = inquiry.remember("plan", lambda: plan_for(inquiry, self._judge_seconds()).as_dict())
        return Plan(**made)

    def _judge_seconds(self) -> float:
        """What a text takes the judge, once it is warm."""
        judge, texts = self._tools.judge, self._sentences[: _TIMED_TEXTS + 1]
        judge.judge(["is about food"], texts[:1])
        begin = time.perf_counter()
        judge.judge(["is about food"], texts[1:])
        return (time.perf_counter() - begin) / max(1, len(texts) - 1)

    def _rank_phrases(self, phrases: Sequence[str], plan: Plan) -> None:
        """The module's top phrases, by successive halving where it is too slow for all of them."""
        from ..tools.sasc import SascError, top_phrases

        def module(asked: Sequence[str]) -> Any:
            found = self._ask(asked, "phrases: searching for the top")
            return np.array([found.get(p, math.nan) for p in asked], dtype=np.float64)

        pool = phrases[: plan.pool]
        looked = {self._responses[p] for p in phrases[:FIRST_LOOK] if p in self._responses}
        if plan.phrases < 2 or len(pool) < 2:
            return
        if len(looked) < 2:
            self._search_texts(plan)
            return
        try:
            top_phrases(module, pool, keep=_KEEP, budget=plan.phrases, rng=self._rng, embedder=self._tools.embedder)
        except SascError:
            return  # no phrase gets a number: texts may

    def _search_texts(self, plan: Plan) -> None:
        """Where phrases at random all get the same: look through whole texts, then ask the phrases of those that get
        more than the usual.
        """
        fresh = [t for t in self._sentences if t not in self._responses]
        self._ask(fresh[: plan.phrases // 2], "texts: looking for some that respond")
        usual = float(np.median(list(self._responses.values())))
        found = [t for t in self._sentences if self._responses.get(t, usual) > usual]
        found.sort(key=lambda t: -self._responses[t])
        if found:
            phrases = ngrams(found[:_RESPONDING], 3, most=max(plan.refining, plan.phrases // 2), seed=self._seed)
            self._ask(phrases, "phrases: of texts that respond")

    def _ranked(self) -> RankedPhrases | None:
        """All phrases answered so far, the highest response first."""
        sentences = set(self._sentences)
        known = {t: v for t, v in self._responses.items() if t not in sentences}
        if not known:
            return None
        order = sorted(known, key=lambda t: (-known[t], t))
        responses = np.array([known[t] for t in order])
        return RankedPhrases(tuple(order), responses, min(_KEEP, len(order)), len(order))

    def _summarize(self, step: str) -> None:
        ranked = self._ranked()
        if ranked is None or ranked.constant:
            return
        self._bench.learn_phrases(dict(zip(ranked.all_phrases, map(float, ranked.all_responses))))
        self._described += [(c.text, c.origin) for c in self._describe(ranked)]
        self._test(step)

    def _describe(self, ranked: RankedPhrases) -> Sequence[Candidate]:
        """Candidates; a chat model that fails is done without from then on, and the journal says so."""
        from ..tools.chat import ChatError

        try:
            return self._tools.describe(ranked, self._chat)
        except ChatError as error:
            reason = str(error)
            self._inquiry.remember("chat failed", lambda: reason)
            self._chat = None
            return self._tools.describe(ranked, None)

    def _test(self, step: str) -> None:
        """Test everything described so far on all that is known, and say so."""
        self._candidates = self._bench.test(self._described)
        if self._candidates:
            self._inquiry.propose(self._candidates, step)

    def _ask_texts(self, plan: Plan) -> None:
        """Ask sentences: half of them at random, half those to which the candidates apply most."""
        count = plan.texts
        fresh = [t for t in self._sentences if t not in self._responses]
        chosen = fresh[: count - count // 2]
        pool = fresh[len(chosen) : len(chosen) + plan.text_pool]
        says = [c.description for c in self._candidates[:6]]
        if says and len(pool) > count // 2:
            degrees = np.asarray(self._tools.judge.judge(says, pool))
            ranks = np.argsort(np.argsort(-degrees, axis=1, kind="stable"), axis=1).min(axis=0)
            pool = [pool[int(k)] for k in np.argsort(ranks, kind="stable")]
        answers = self._ask([*chosen, *pool[: count // 2]], "texts: testing candidates")
        sentences = set(self._sentences)
        self._bench.learn_texts({t: v for t, v in self._responses.items() if t in sentences} | answers)

    def _fit_and_test(self, step: str) -> None:
        texts = self._bench.texts
        if len(texts) >= 8:
            self._described += self._tools.fit(list(texts), list(texts.values()))
        self._test(step)

    def _refine(self, plan: Plan) -> None:
        """Ask the phrases of texts that the leader misses, describe again, and combine what is good."""
        if not self._candidates:
            return
        missed = self._missed(self._candidates[0])
        if missed and self._inquiry.queries_left > _LEAST_QUERIES:
            phrases = ngrams(missed, 3, most=plan.refining, seed=self._seed)
            self._ask(phrases, "phrases: of texts that the leader misses")
            self._summarize("refined by texts that the leader missed")
        self._described += self._tools.combine(self._candidates, self._bench)
        self._test("combined")

    def _missed(self, leader: TextCandidate) -> list[str]:
        """Texts with a high response to which the leader applies least."""
        texts = self._bench.texts
        high = sorted(texts, key=lambda t: -texts[t])[: max(2, len(texts) // 5)]
        return sorted(high, key=lambda t: leader.told.get(t, 0.0))[:_FAILING_TEXTS]

    def _conclude(self) -> None:
        tried: set[str] = set()
        ahead: str | None = None
        for _ in range(_ROUNDS):
            waiting = [c for c in self._candidates if c.description not in tried]
            best = next((c for c in waiting if c.description == ahead), next(iter(waiting), None))
            if best is None or self._inquiry.rounds_left < 1:
                return
            tried.add(best.description)
            verdict = self._inquiry.conclude(replace(best, code=self._tools.code(best.description, self._bench)))
            if verdict.explains or self._inquiry.queries_left < _LEAST_QUERIES or self._inquiry.seconds_left < 1.0:
                return
            ahead = _rival_ahead(verdict)
            if ahead is not None:
                self._described.append((ahead, "a baseline that did as well"))
            self._learn(verdict)

    def _learn(self, verdict: Verdict) -> None:
        """The texts that the verifier found it wrong about are evidence from now on."""
        known = {str(o.input): v for f in verdict.failing if (v := response(o := f.observation)) is not None}
        self._responses.update(known)
        self._bench.learn_texts(known)
        self._test("after a verdict")


def _rival_ahead(verdict: Verdict) -> str | None:
    """What the best baseline said if it did as well: plain words may be all there is to say."""
    rivals = verdict.wording.rivals if verdict.wording is not None else ()
    best = min(rivals, key=lambda r: r.behind.value, default=None)
    return best.says if best is not None and best.behind.value < _AS_GOOD else None
