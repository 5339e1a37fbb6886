"""SASC's steps and question features as a language model uses them on one text module."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...tools.judging.types import Judge
from ...tools.texts import Corpus, ngrams
from ..frozen import usable
from .workbench import Mistake, Workbench

if TYPE_CHECKING:
    from ...models import Embedder
    from ...tools.qa_emb import Answerer
    from ...tools.sasc import RankedPhrases

POOL = 6000
"""Phrases of the corpus that a search looks through."""
_KEPT = 30
_MOST_TEXTS = 20
_MOST_QUESTIONS = 20
_MOST_WORDS = 3
_LEAST_TEXTS = 10
_STREAM = 0x7A1D


@dataclass(frozen=True)
class TextAids:
    """What the steps stand on. `corpus` holds the texts that a scientist may see, none that is held out.

    `answerer` opens who answers yes/no questions.
    """

    corpus: Corpus
    embedder: Embedder
    judge: Judge
    answerer: Callable[[], Answerer]


class TextSteps:
    """The steps, each answering in text, on the inquiry of `bench`."""

    def __init__(self, bench: Workbench, aids: TextAids, *, seed: int) -> None:
        self._bench, self._aids, self._seed = bench, aids, seed

    def top_phrases(self, max_queries: int) -> str:
        """Search the corpus for the short phrases to which the module responds most."""
        from ...tools.sasc import SascError, top_phrases

        bench = self._bench
        if bench.inquiry.queries_left < 2 or max_queries < 2:
            raise Mistake("top_phrases needs at least 2 queries; conclude with what is known")
        rng = self._rng("phrases")
        pool = ngrams(self._aids.corpus.texts, _MOST_WORDS, most=POOL, seed=self._seed)
        budget = min(max_queries, bench.inquiry.queries_left, len(pool))
        try:
            ranked = top_phrases(self._ask, pool, keep=_KEPT, budget=budget, rng=rng, embedder=self._aids.embedder)
        except SascError as error:
            raise Mistake(str(error)) from error
        lines = [f"{bench.teller.value(p)} -> {bench.teller.value(float(v))}" for p, v in _pairs(ranked)]
        spread = float(np.std(ranked.all_responses))
        said = f"Of {ranked.scored} phrases (standard deviation {spread:.4g}), the top {len(lines)}:"
        return "\n".join([said, *lines, bench.budget_line()])

    def summarize(self, n: int) -> str:
        """What the phrases asked so far have in common, by the embedded generator."""
        from ...tools.sasc import summarize

        ranked = self._known_phrases()
        found = summarize(ranked, embedder=self._aids.embedder, n=max(1, min(n, 10)))
        if not found:
            return "Nothing stands out in the phrases asked so far."
        lines = [f"{c.text} (fit {c.fit:.2f}; {c.origin})" for c in found]
        return "\n".join(["Suggestions, none of them a hypothesis until you write it down:", *lines])

    def synthesize(self, description: str, n: int) -> str:
        """Texts of the corpus to which `description` applies and others to which it does not, alike in length."""
        with_concept, without_concept = self._texts(description, n)
        quoted = self._bench.teller.value
        lines = ["Applies:", *map(quoted, with_concept), "Does not apply:", *map(quoted, without_concept)]
        return "\n".join(lines)

    def score(self, id: str, n: int) -> str:
        """Ask the module about texts to which hypothesis `id` applies and does not: the effect on its response.

        This is held-in evidence; the verifier's score on held-out texts is another matter.
        """
        from ...tools.scoring.texts import ScoringError, effect

        description = self._bench.describe(id)
        with_concept, without_concept = self._texts(description, n)
        inside, outside = self._ask(with_concept), self._ask(without_concept)
        try:
            found = effect(inside, outside, self._spread(), self._rng("score"))
        except ScoringError as error:
            raise Mistake(str(error)) from error
        told = self._bench.teller.value
        shown = [f"  {told(t)} -> {told(float(v))}" for t, v in zip(with_concept, inside)]
        shown += ["Does not apply:", *(f"  {told(t)} -> {told(float(v))}" for t, v in zip(without_concept, outside))]
        said = f"{id}: effect {found.value:.2f} standard deviations ({found.low:.2f} to {found.high:.2f}). Applies:"
        return "\n".join([said, *shown, self._bench.check(id), self._bench.budget_line()])

    def qa_features(self, questions: Sequence[str]) -> str:
        """Which yes/no questions go with the response, over all texts asked so far."""
        from scipy.stats import spearmanr

        from ...tools.qa_emb import QAError

        if not 1 <= len(questions) <= _MOST_QUESTIONS:
            raise Mistake(f"expected 1 to {_MOST_QUESTIONS} questions, got {len(questions)}")
        scored = [o for o in self._bench.inquiry.observations() if usable(o.reply.value) is not None and o.input]
        if len(scored) < 8:
            raise Mistake(f"too few texts are known to compare with ({len(scored)}); query some first")
        try:
            answerer = self._aids.answerer()
            answers = answerer.answer(list(questions), [str(o.input) for o in scored])
        except QAError as error:
            raise Mistake(str(error)) from error
        responses = [o.reply.number for o in scored]
        fits = [float(np.nan_to_num(spearmanr(column, responses).statistic)) for column in np.asarray(answers).T]
        order = sorted(range(len(questions)), key=lambda i: -abs(fits[i]))
        lines = [f"{fits[i]:+.2f}  {questions[i]}" for i in order]
        return "\n".join([f"Rank correlation with the response on {len(scored)} texts (by {answerer.name}):", *lines])

    def _ask(self, texts: Sequence[str]) -> Any:
        """Responses to `texts`, NaN where none came; what is known is not asked again."""
        inquiry = self._bench.inquiry
        known = {str(o.input): o.reply.number for o in inquiry.observations()}
        fresh = [t for t in dict.fromkeys(texts) if t not in known]
        for text, reply in zip(fresh, inquiry.ask(fresh, "phrases and texts of the corpus") if fresh else []):
            known[text] = reply.number
        return np.array([known.get(t, math.nan) for t in texts], dtype=np.float64)

    def _spread(self) -> float:
        """The standard deviation of the response over whole texts, where enough are known; else over all inputs."""
        known = [o for o in self._bench.inquiry.observations() if usable(o.reply.value) is not None]
        texts = [o.reply.number for o in known if len(str(o.input).split()) > _MOST_WORDS]
        numbers = texts if len(texts) >= _LEAST_TEXTS else [o.reply.number for o in known]
        return float(np.std(numbers)) if numbers else math.nan

    def _known_phrases(self) -> RankedPhrases:
        from ...tools.sasc import RankedPhrases

        known = {
            str(o.input): o.reply.number
            for o in self._bench.inquiry.observations()
            if usable(o.reply.value) is not None and len(str(o.input).split()) <= _MOST_WORDS
        }
        if len(known) < _KEPT:
            raise Mistake(f"only {len(known)} phrases of up to 3 words are known; call top_phrases first")
        order = sorted(known, key=lambda t: (-known[t], t))
        return RankedPhrases(tuple(order), np.array([known[t] for t in order]), _KEPT, len(order))

    def _texts(self, description: str, n: int) -> tuple[list[str], list[str]]:
        from ...tools.sasc import SascError, synthesize

        if not description.strip():
            raise Mistake('expected a description that completes "The text …", got none')
        n = max(2, min(n, _MOST_TEXTS))
        try:
            found = synthesize(
                description, corpus=self._aids.corpus, judge=self._aids.judge, n=n, rng=self._rng("texts")
            )
        except SascError as error:
            raise Mistake(str(error)) from error
        return list(found.with_concept), list(found.without_concept)

    def _rng(self, purpose: str) -> np.random.Generator:
        return np.random.default_rng([self._seed, _STREAM, len(purpose)])


def _pairs(ranked: RankedPhrases) -> list[tuple[str, float]]:
    return list(zip(ranked.phrases, map(float, ranked.responses)))
