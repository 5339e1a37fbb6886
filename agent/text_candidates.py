"""Candidate descriptions of a text module, and the bench on which they are tested."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..tools.induction.types import ExceptionRegion, Noise
from ..tools.judging.types import Judge
from ..tools.scoring.texts import ScoringError, auc, spearman, top

TOP_SHARE = 0.2
BITS_A_WORD = 8.0
"""What a word of a description costs: a common word is one of a few hundred."""
_PHRASES_LOOKED_AT = 200
_TEXTS_WEIGHT = 0.75


@dataclass(frozen=True, slots=True)
class TextCandidate:
    """A description that may say when a text module responds.

    `auc`: on texts the scientist asked, against the module's top share; `phrase_auc` the same on phrases (0.5 where
    nothing is known). `bits`: description length of words and ranks of responses, lower is better. `told` holds the
    judge's degrees of the texts it was tested on.
    """

    description: str
    origin: str
    auc: float = 0.5
    phrase_auc: float = 0.5
    correlation: float = 0.0
    texts: int = 0
    code: str = ""
    told: Mapping[str, float] = field(default_factory=dict)

    formula = ""
    exceptions: tuple[ExceptionRegion, ...] = ()
    noise: Noise | None = None

    @property
    def name(self) -> str:
        return self.description

    @property
    def merit(self) -> float:
        """How good it is on what was asked, 0.5 being chance: candidates are ranked by it."""
        return _TEXTS_WEIGHT * self.auc + (1.0 - _TEXTS_WEIGHT) * self.phrase_auc

    @property
    def bits(self) -> float:
        told = min(0.999, abs(self.correlation)) if self.correlation > 0 else 0.0
        saved = -0.5 * self.texts * math.log2(1.0 - told * told)
        return round(BITS_A_WORD * len(self.description.split()) - saved, 1)

    @property
    def evidence(self) -> str:
        return f"{self.origin}: AUC {self.auc:.2f} on {self.texts} texts, {self.phrase_auc:.2f} on phrases"

    def degree_of(self, text: str) -> float | None:
        return self.told.get(text)


class Bench:
    """Tests descriptions on texts and phrases whose responses the scientist knows. No held-out text comes here."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._texts: dict[str, float] = {}
        self._phrases: dict[str, float] = {}
        self._all_phrases: dict[str, float] = {}

    @property
    def all_phrases(self) -> dict[str, float]:
        """Responses by phrase, of all that were answered."""
        return self._all_phrases

    @property
    def texts(self) -> dict[str, float]:
        """Responses by text."""
        return self._texts

    @property
    def phrases(self) -> dict[str, float]:
        """Responses by phrase: of those that were answered, the top ones and an even choice of the others."""
        return self._phrases

    def learn_texts(self, responses: Mapping[str, float]) -> None:
        self._texts.update(responses)

    def learn_phrases(self, responses: Mapping[str, float]) -> None:
        """Keep the top quarter of what can be looked at, and an even choice down the ranks for the rest."""
        self._all_phrases = dict(responses)
        ranked = sorted(responses, key=lambda p: (-responses[p], p))
        first = ranked[: _PHRASES_LOOKED_AT // 4]
        rest = ranked[len(first) :]
        step = max(1, len(rest) // (_PHRASES_LOOKED_AT - len(first)))
        self._phrases = {p: responses[p] for p in [*first, *rest[::step]]}

    def test(self, described: Sequence[tuple[str, str]]) -> list[TextCandidate]:
        """Candidates of the (description, origin) pairs, each description once, the best first."""
        origins = dict(reversed(list(described)))
        says = list(dict.fromkeys(d for d, _ in described))
        texts, phrases = list(self._texts), list(self._phrases)
        if not says:
            return []
        degrees = np.asarray(self._judge.judge(says, [*texts, *phrases]), dtype=np.float64)
        return self.rank([self._candidate(d, origins[d], row, texts, phrases) for d, row in zip(says, degrees)])

    def _candidate(
        self, description: str, origin: str, degrees: Any, texts: Sequence[str], phrases: Sequence[str]
    ) -> TextCandidate:
        on_texts, on_phrases = degrees[: len(texts)], degrees[len(texts) :]
        responses = np.array([self._texts[t] for t in texts])
        correlation = spearman(on_texts, responses) if len(texts) > 2 else 0.0
        return TextCandidate(
            description,
            origin,
            auc=rounded_auc(on_texts, responses),
            phrase_auc=rounded_auc(on_phrases, np.array([self._phrases[p] for p in phrases])),
            correlation=0.0 if math.isnan(correlation) else round(float(correlation), 4),
            texts=len(texts),
            told={t: round(float(d), 4) for t, d in zip(texts, on_texts)},
        )

    @staticmethod
    def rank(candidates: Sequence[TextCandidate]) -> list[TextCandidate]:
        """The best first; of those equally good the shorter, each description once."""
        ranked = sorted(candidates, key=lambda c: (-round(c.merit, 3), len(c.description), c.description))
        once = {c.description: c for c in reversed(ranked)}
        return sorted(once.values(), key=ranked.index)


def rounded_auc(degrees: Any, responses: Any) -> float:
    """AUC against the module's top share, to four digits; 0.5 where nothing can be told."""
    try:
        positive, _ = top(responses, TOP_SHARE)
    except (ScoringError, ValueError):
        return 0.5
    return round(float(auc(degrees, positive)), 4)


def constant_candidate(value: float, texts: int) -> TextCandidate:
    """What is to be said of a module that answers the same to everything."""
    code = f'def explained(text):\n    """The response is the same whatever the text."""\n    return {value!r}\n'
    said = f"The response is always {value:.6g}, whatever the text"
    return replace(TextCandidate(said, "first look"), code=code, texts=texts)
