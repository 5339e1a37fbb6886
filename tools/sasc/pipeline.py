"""SASC whole (summarize and score, arXiv:2305.09863): from a text module to scored explanations in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from .ranking import responses, top_phrases
from .rivals import WORD_COUNT, baselines
from .summarizing import summarize
from .synthesizing import retrieve, synthesize
from .types import Candidate, Floats, Module, RankedPhrases, Synthetic

if TYPE_CHECKING:
    from ...models import Embedder
    from ..chat import Chat
    from ..judging import Judge
    from ..scoring.texts import Estimate, TextScore
    from ..texts import Corpus

MOST_PHRASES = 5000
Outcome = Literal["explained", "no better than baseline", "withheld", "constant"]


@dataclass(frozen=True)
class Scored:
    """An explanation with its scores on held-out texts, and what finding out took.

    `effect`: standard deviations of the module's response by which texts with the concept move it; None where the
    module answers no such text. `score`: does it tell, on all held-out texts, where the module responds?
    """

    candidate: Candidate
    effect: Estimate | None
    score: TextScore
    synthetic: Synthetic
    module_calls: int
    chat_calls: int

    @property
    def text(self) -> str:
        return self.candidate.text


@dataclass(frozen=True)
class SascResult:
    """What came out. `explanations` are ordered best first; their order was fixed before held-out texts were read,
    but for a chat model's, which are ordered by their effect on texts that it wrote.

    `tried` counts the explanations scored, and corrects their p-values; `module_calls` the texts the module was asked.
    """

    outcome: Outcome
    explanations: tuple[Scored, ...]
    baselines: tuple[Scored, ...]
    ranked: RankedPhrases
    held_out: int
    tried: int
    module_calls: int
    chat_calls: int
    notes: tuple[str, ...] = field(default=())

    @property
    def best(self) -> Scored | None:
        return self.explanations[0] if self.explanations else None


@dataclass(frozen=True)
class HeldOutTexts:
    """Texts that no step before scoring saw, and the module's responses to them (NaN: none)."""

    corpus: Corpus
    responses: Floats

    @property
    def spread(self) -> float:
        """The standard deviation of the module's response over the texts; 0 where it answers none."""
        known = self.responses[np.isfinite(self.responses)]
        return float(known.std()) if len(known) else 0.0


def sasc(
    module: Module,
    corpus: Corpus,
    *,
    embedder: Embedder,
    judge: Judge | None = None,
    chat: Chat | None = None,
    n: int = 5,
    keep: int = 50,
    budget: int | None = None,
    most_phrases: int = MOST_PHRASES,
    texts: int = 20,
    withheld: str = "",
    seed: int = 0,
) -> SascResult:
    """Explain `module` in words: rank phrases of one half of `corpus`, summarize the top ones, score on the other half.

    `judge` says whether an explanation applies to a text (None: by the embedder); `withheld` is its calibration's
    reason not to be believed. `budget` limits the phrases that the module is asked (`top_phrases`). `texts` with and
    without the concept give each effect.

    >>> found = sasc(module, default_corpus(), embedder=load_embedder())
    >>> found.best.text, found.best.score
    """
    rng = np.random.default_rng(seed)
    counted = Counted(module)
    chat_before = chat.usage.calls if chat is not None else 0
    for_phrases, held_out = corpus.split(seed)
    ranked = rank(counted, for_phrases, keep=keep, budget=budget, most=most_phrases, rng=rng, embedder=embedder)
    notes: tuple[str, ...] = ()
    if ranked.constant:  # perhaps what it responds to, such as punctuation, is in no phrase
        ranked = top_phrases(counted, for_phrases.texts, keep=keep, budget=budget, rng=rng, embedder=embedder)
        notes = ("every phrase got the same response: whole texts were ranked instead",)
    if ranked.constant:
        return _constant(ranked, len(held_out), counted.calls)
    candidates = summarize(ranked, embedder=embedder, chat=chat, n=n)
    if judge is None:
        from ..judging import EmbeddedJudge

        judge = EmbeddedJudge(embedder)
    seen = HeldOutTexts(held_out, responses(counted, held_out.texts))
    rivals = [score(c, seen, judge, tried=1, n=texts, withheld=withheld) for c in baselines(ranked, embedder, rng)]
    others = {rival.candidate.origin: rival.text for rival in rivals}
    scoring = partial(score, seen=seen, judge=judge, n=texts, withheld=withheld, seed=seed, module=counted, chat=chat)
    found = [scoring(candidate, tried=len(candidates), baselines=others) for candidate in candidates]
    if chat is not None:
        found.sort(key=lambda s: -(s.effect.value if s.effect is not None else -np.inf))
    chat_calls = chat.usage.calls - chat_before if chat is not None else 0
    return SascResult(
        _outcome(found),
        tuple(found),
        tuple(rivals),
        ranked,
        len(held_out),
        len(candidates),
        counted.calls,
        chat_calls,
        notes,
    )


def _constant(ranked: RankedPhrases, held_out: int, calls: int) -> SascResult:
    note = f"the module answers {float(ranked.responses[0]):g} to every phrase and text: there is nothing to explain"
    return SascResult("constant", (), (), ranked, held_out, 0, calls, 0, (note,))


def rank(
    module: Module,
    corpus: Corpus,
    *,
    keep: int,
    budget: int | None,
    most: int,
    rng: np.random.Generator,
    embedder: Embedder,
) -> RankedPhrases:
    """The phrases of `corpus`, at most `most`, by the module's response."""
    from ..texts import ngrams

    phrases = ngrams(corpus.texts, most=most, seed=int(rng.integers(2**31)))
    return top_phrases(module, phrases, keep=keep, budget=budget, rng=rng, embedder=embedder)


def score(
    candidate: Candidate,
    seen: HeldOutTexts,
    judge: Judge,
    *,
    tried: int,
    n: int = 20,
    withheld: str = "",
    baselines: Mapping[str, str] | None = None,
    module: Module | None = None,
    chat: Chat | None = None,
    seed: int = 0,
) -> Scored:
    """The effect and the held-out score of one explanation, beside `baselines` (explanations by name).

    The effect is on texts a `chat` model writes, which `module` is then asked; without one, on held-out texts that the
    judge picks, whose responses are known. `tried` explanations correct the p-value.
    """
    from ..scoring.texts import text_score

    rng = np.random.default_rng(seed)
    rivals = baselines or {}
    degrees = np.asarray(judge.judge([candidate.text, *rivals.values()], seen.corpus.texts), dtype=np.float64)
    calls = 0
    if chat is not None and module is not None:
        synthetic = synthesize(candidate.text, corpus=seen.corpus, judge=judge, chat=chat, n=n)
        with_ = responses(module, synthetic.with_concept)
        without = responses(module, synthetic.without_concept)
        calls = len(with_) + len(without)
    else:
        source = f"{seen.corpus.name}, {judge.name}"
        synthetic = retrieve(seen.corpus.texts, degrees[0], n=n, rng=rng, source=source)
        answers = dict(zip(seen.corpus.texts, seen.responses))
        with_ = np.array([answers[text] for text in synthetic.with_concept])
        without = np.array([answers[text] for text in synthetic.without_concept])
    found = text_score(
        degrees[0],
        seen.responses,
        judge=judge.name,
        tried=tried,
        rng=rng,
        baselines=dict(zip(rivals, degrees[1:])),
        withheld=withheld,
    )
    return Scored(candidate, _effect(with_, without, seen.spread, rng), found, synthetic, calls, 2 if calls else 0)


def _effect(with_: Floats, without: Floats, spread: float, rng: np.random.Generator) -> Estimate | None:
    from ..scoring.texts import ScoringError, effect

    try:
        return effect(with_, without, spread, rng)
    except ScoringError:
        return None


def _outcome(found: Sequence[Scored]) -> Outcome:
    """What is to be said of the first explanation.

    It must tell more than what no ranking and a random phrase give; the most frequent word is a method of its own,
    often right, so it must only not tell more than the explanation.
    """
    if not found:
        return "no better than baseline"
    best = found[0].score
    if best.value is None:
        return "withheld"
    stands = all(b.behind.high >= 0 if b.name == WORD_COUNT else b.beaten for b in best.baselines)
    return "explained" if best.significant and stands else "no better than baseline"


class Counted:
    """A module that counts the texts it is asked."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self.calls = 0

    def __call__(self, texts: Sequence[str]) -> Floats:
        self.calls += len(texts)
        return self._module(texts)
