"""One task in one setting: rank, summarize by every method, see who named the keyword, score on held-out texts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ...tools.sasc import RankedPhrases, summarize, top_phrases
from ...tools.sasc.rivals import most_frequent_word
from ...tools.texts import Corpus, ngrams
from .options import Setting
from .tasks import Task

if TYPE_CHECKING:
    from ...models import Embedder
    from ...tools.chat import Chat
    from ...tools.judging import Judge

EMBEDDED, PHRASES_ALONE, WORD_COUNT = "embedded", "embedded, no topic bank", "most frequent word"
NOISE_TIMES, NOISE_TOP = 3.0, 100
"""The noisy setting adds noise of 3 × the standard deviation of the top 100 responses, as published."""
Floats = NDArray[np.float64]


class Answer(BaseModel):
    """What one method said of one task, and how good it was.

    `rank`: of the true keyword among all tasks' keywords, by similarity in meaning to the explanation, 1 the nearest.
    `auc`: held-out, does the explanation tell the texts of the module's top fifth (None: cannot be scored).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: int
    keyword: str
    setting: Setting
    method: str
    explanation: str
    others: list[str]
    right: bool
    rank: int
    auc: float | None
    module_calls: int
    chat_calls: int
    seconds: float


class Bench:
    """What all trials share: models, all keywords, limits."""

    def __init__(
        self, embedder: Embedder, judge: Judge, chat: Chat | None, keywords: Sequence[str], *, phrases: int,
        budget: int | None, held_out: int, seed: int,
    ) -> None:  # fmt: skip
        self.embedder, self.judge, self.chat = embedder, judge, chat
        self.keywords = list(dict.fromkeys(keywords))
        self.phrases, self.budget, self.held_out, self.seed = phrases, budget, held_out, seed

    def run(self, task: Task, setting: Setting, corpus: Corpus) -> list[Answer]:
        """Every method's answer. Noise is on the phrases' responses alone; scores are against the module itself."""
        start = time.perf_counter()
        rng = np.random.default_rng([self.seed, task.number, len(setting)])
        for_phrases, rest = corpus.split(self.seed)
        phrases = ngrams(for_phrases.texts, most=self.phrases, seed=self.seed)
        responses = self._responses(task.keyword, phrases)
        if setting == "noisy":
            responses = responses + rng.normal(0.0, NOISE_TIMES * np.sort(responses)[-NOISE_TOP:].std(), len(responses))
        answers = dict(zip(phrases, responses))
        ranked = top_phrases(
            lambda asked: np.array([answers[p] for p in asked]), phrases, budget=self.budget, rng=rng,
            embedder=self.embedder,
        )  # fmt: skip
        ranking_seconds = time.perf_counter() - start
        chosen = np.sort(rng.permutation(len(rest))[: self.held_out])
        texts = [rest.texts[i] for i in chosen]
        truth = self._responses(task.keyword, texts)
        return [
            self._answer(task, setting, method, ranked, texts, truth, ranking_seconds) for method in self._methods()
        ]

    def _methods(self) -> list[str]:
        return [EMBEDDED, PHRASES_ALONE, WORD_COUNT, *([f"chat {self.chat.name}"] if self.chat is not None else [])]

    def _responses(self, keyword: str, texts: Sequence[str]) -> Floats:
        return np.asarray(self.embedder.encode(texts) @ self.embedder.encode([keyword])[0], dtype=np.float64)

    def _answer(
        self, task: Task, setting: Setting, method: str, ranked: RankedPhrases, texts: Sequence[str], truth: Floats,
        seconds: float,
    ) -> Answer:  # fmt: skip
        start = time.perf_counter()
        said, calls = self._said(method, ranked)
        seconds += time.perf_counter() - start
        return Answer(
            task=task.number,
            keyword=task.keyword,
            setting=setting,
            method=method,
            explanation=said[0] if said else "",
            others=said[1:],
            right=bool(said) and task.accepts(said[0]),
            rank=self._rank(task.keyword, said[0]) if said else len(self.keywords),
            auc=self._auc(said[0], texts, truth) if said else None,
            module_calls=ranked.scored,
            chat_calls=calls,
            seconds=seconds,
        )

    def _said(self, method: str, ranked: RankedPhrases) -> tuple[list[str], int]:
        """The explanations, best first, and how many chat calls they took."""
        if method == WORD_COUNT:
            word = most_frequent_word(ranked.phrases)
            return ([word] if word else []), 0
        options: dict[str, Any] = {"topics": ()} if method == PHRASES_ALONE else {}
        if method.startswith("chat ") and self.chat is not None:
            before = self.chat.usage.calls
            found = summarize(ranked, embedder=self.embedder, chat=self.chat)
            return [c.text for c in found], self.chat.usage.calls - before
        return [c.text for c in summarize(ranked, embedder=self.embedder, **options)], 0

    def _rank(self, keyword: str, explanation: str) -> int:
        likeness = self.embedder.encode(self.keywords) @ self.embedder.encode([explanation])[0]
        return 1 + int((likeness > likeness[self.keywords.index(keyword)]).sum())

    def _auc(self, explanation: str, texts: Sequence[str], truth: Floats) -> float | None:
        from ...tools.concepts import ConceptError
        from ...tools.scoring.texts import ScoringError, auc, top

        try:
            positive, _ = top(truth)
            return auc(np.asarray(self.judge.judge([explanation], texts)[0], dtype=np.float64), positive)
        except (ScoringError, ConceptError):
            return None
