"""Text tools that go by words alone: no model, deterministic, fast. For tests, and for authors of text modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tools.black_boxes.types import Domain
from ..tools.sasc.types import Candidate, RankedPhrases
from ..tools.texts import Corpus, content_words
from .baseline_wordings import BaselineWordings
from .brief import UNBOUNDED_TEXTS
from .text_candidates import Bench
from .text_code import word_list_code
from .text_ground import TextGround
from .text_scientist import TextScientist, TextTools
from .text_verdict import JudgeStanding
from .wording import Span


class WordJudge:
    """A description applies as far as a text says its content words, in whatever form they begin alike."""

    name = "words alone"

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> NDArray[np.float64]:
        """(explanations, texts): the share of the explanation's content words that a text has."""
        found = [{word.lower() for word in content_words(text)} for text in texts]
        rows = []
        for explanation in explanations:
            wanted = {word.lower() for word in content_words(explanation)}
            rows.append([len(wanted & words) / len(wanted) if wanted else 0.0 for words in found])
        return np.array(rows, dtype=np.float64).reshape(len(explanations), len(texts))


def describe_by_words(ranked: RankedPhrases, chat: Any = None) -> list[Candidate]:
    """The content words that are much more frequent in the top phrases than in the others, the most so first."""
    top, rest = _counts(ranked.phrases), _counts(ranked.all_phrases[ranked.keep :])
    share = max(1, len(ranked.all_phrases) - ranked.keep) / max(1, ranked.keep)
    lift = {word: count - rest[word] / share for word, count in top.items()}
    best = sorted(lift, key=lambda word: (-lift[word], word))[:8]
    return [Candidate(word, "top phrases", lift[word]) for word in best if lift[word] > 0]


def _counts(phrases: Sequence[str]) -> Counter[str]:
    return Counter(word.lower() for phrase in phrases for word in dict.fromkeys(content_words(phrase)))


def word_tools() -> TextTools:
    return TextTools(
        judge=WordJudge(),
        describe=describe_by_words,
        fit=_fit,
        combine=lambda candidates, bench: (),
        code=_code,
    )


def _fit(texts: Sequence[str], responses: Sequence[float]) -> list[tuple[str, str]]:
    answers = np.asarray(responses, dtype=np.float64)
    order = np.argsort(-answers, kind="stable")
    ranked = RankedPhrases(tuple(texts[k] for k in order), answers[order], max(2, len(texts) // 5), len(texts))
    return [(c.text, "top texts") for c in describe_by_words(ranked)]


def _code(description: str, bench: Bench) -> str:
    return word_list_code(bench.texts, bench.all_phrases)


def word_ground(corpus: Corpus, *, seed: int, domain: Domain = UNBOUNDED_TEXTS) -> TextGround:
    """A ground whose judge goes by words, and is never at chance about them."""

    standing = JudgeStanding(Span(1.0, 1.0, 1.0))
    return TextGround(domain, corpus, WordJudge(), standing, BaselineWordings(_baselines), seed=seed)


def _baselines(ranked: RankedPhrases, rng: np.random.Generator) -> list[Candidate]:
    order = rng.permutation(len(ranked.all_phrases))
    shuffled = tuple(ranked.all_phrases[k] for k in order)
    dealt = RankedPhrases(shuffled, ranked.all_responses, ranked.keep, ranked.scored)
    words = [word for word, _ in _counts(ranked.phrases).most_common(1)]
    unranked = [c.text for c in describe_by_words(dealt)[:1]]
    named = (("most frequent word", words), ("no ranking", unranked), ("random phrase", list(shuffled[:1])))
    return [Candidate(said, name) for name, found in named for said in found]


def word_scientist(ground: TextGround) -> TextScientist:
    return TextScientist(ground.discovery, word_tools())
