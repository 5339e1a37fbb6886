"""Readable code for what is a matter of meaning: a short list of weighted words, learned from what was asked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST_WORDS = 30
_VOCABULARY = 500
_RIDGES = (3.0, 30.0)
_FOLDS = 5
_LEAST_TEXTS = 20
_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class WordList:
    """`intercept` plus the mean (or, if not `mean`, the sum) of the weights of a text's words."""

    intercept: float
    weights: Mapping[str, float]
    mean: bool

    def predict(self, text: str) -> float:
        words = words_of(text)
        total = sum(self.weights.get(word, 0.0) for word in words)
        return self.intercept + (total / max(1, len(words)) if self.mean else total)


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def word_list_code(texts: Mapping[str, float], phrases: Mapping[str, float]) -> str:
    """Code that defines `explained(text)` as a weighted word list fitted to the responses; empty where it predicts the
    responses to `texts` no better than their mean does, by cross-validation. It needs nothing but `re`.
    """
    best, merit = None, 0.0
    for mean in (True, False):
        for ridge in _RIDGES:
            found = _cross_validated(texts, phrases, mean, ridge)
            if found > merit:
                best, merit = (mean, ridge), found
    if best is None:
        return ""
    return _print(_fit(texts, phrases, *best))


def _cross_validated(texts: Mapping[str, float], phrases: Mapping[str, float], mean: bool, ridge: float) -> float:
    """R² on texts left out in five folds; 0 where there are too few."""
    known = sorted(texts)
    if len(known) < _LEAST_TEXTS:
        return 0.0
    missed = total = 0.0
    centre = float(np.mean([texts[t] for t in known]))
    for fold in range(_FOLDS):
        left_out = known[fold::_FOLDS]
        rest = {t: texts[t] for t in known if t not in set(left_out)}
        fitted = _fit(rest, phrases, mean, ridge)
        missed += sum((texts[t] - fitted.predict(t)) ** 2 for t in left_out)
        total += sum((texts[t] - centre) ** 2 for t in left_out)
    return 1.0 - missed / total if total > 0 else 0.0


def _fit(texts: Mapping[str, float], phrases: Mapping[str, float], mean: bool, ridge: float) -> WordList:
    """Ridge regression on words, texts and phrases weighing the same in all; only the weightiest words are kept."""
    sample = [*texts.items(), *((p, v) for p, v in phrases.items() if p not in texts)]
    words = [words_of(text) for text, _ in sample]
    responses = np.array([value for _, value in sample])
    counted = Counter(word for found in words for word in set(found))
    vocabulary = [word for word, count in counted.most_common(_VOCABULARY) if count >= 2]
    if not vocabulary:
        return WordList(float(np.mean(list(texts.values()))), {}, mean)
    share = np.array([1.0 / len(texts)] * len(texts) + [1.0 / max(1, len(phrases))] * (len(sample) - len(texts)))
    share *= len(sample) / share.sum()
    matrix = _matrix(words, vocabulary, mean)
    weights, intercept = _ridge(matrix, responses, share, ridge * (0.02 if mean else 1.0))
    spread = np.sqrt(np.average((matrix - np.average(matrix, axis=0, weights=share)) ** 2, axis=0, weights=share))
    kept = np.argsort(-np.abs(weights) * spread, kind="stable")[:MOST_WORDS]
    few, intercept = _ridge(matrix[:, kept], responses, share, ridge * (0.02 if mean else 1.0))
    few, intercept = _calibrated(few, matrix[: len(texts)][:, kept], responses[: len(texts)])
    digits = 4 - math.ceil(math.log10(max(1e-12, float(np.max(np.abs(few)))))) if len(few) else 4
    rounded = {vocabulary[k]: round(float(w), digits) for k, w in zip(kept, few)}
    ranked = sorted(rounded.items(), key=lambda item: (-item[1], item[0]))
    return WordList(round(float(intercept), digits + 1), {word: w for word, w in ranked if w}, mean)


def _calibrated(weights: Any, matrix: Any, responses: Any) -> tuple[Any, float]:
    """Weights and intercept on the scale of whole texts, of which phrases may know nothing."""
    scores, level = matrix @ weights, float(np.mean(responses))
    centred = scores - scores.mean()
    power = float(centred @ centred)
    slope = max(0.0, float(centred @ (responses - level)) / power) if power > 0 else 0.0
    return weights * slope, level - slope * float(scores.mean())


def _matrix(words: Sequence[Sequence[str]], vocabulary: Sequence[str], mean: bool) -> Any:
    column = {word: k for k, word in enumerate(vocabulary)}
    matrix = np.zeros((len(words), len(vocabulary)))
    for row, found in enumerate(words):
        for word in found:
            if word in column:
                matrix[row, column[word]] += 1.0 / len(found) if mean else 1.0
    return matrix


def _ridge(matrix: Any, responses: Any, share: Any, penalty: float) -> tuple[Any, float]:
    """Weights and intercept, by weighted least squares in the smaller of the two dimensions."""
    centre, level = np.average(matrix, axis=0, weights=share), float(np.average(responses, weights=share))
    root = np.sqrt(share)[:, None]
    left, right = (matrix - centre) * root, (responses - level) * root[:, 0]
    if left.shape[0] < left.shape[1]:
        weights = left.T @ np.linalg.solve(left @ left.T + penalty * np.eye(left.shape[0]), right)
    else:
        weights = np.linalg.solve(left.T @ left + penalty * np.eye(left.shape[1]), left.T @ right)
    return weights, level - float(centre @ weights)


def _print(fitted: WordList) -> str:
    rows, row = [], "   "
    for word, weight in fitted.weights.items():
        entry = f" {word!r}: {weight!r},"
        if len(row) + len(entry) > 100:
            rows.append(row)
            row = "   "
        row += entry
    listed = "\n".join([*rows, row])
    total = "total / max(1, len(words))" if fitted.mean else "total"
    kind = "mean" if fitted.mean else "sum"
    return (
        f"import re\n\nINTERCEPT = {fitted.intercept!r}\nWEIGHTS = {{\n{listed}\n}}\n\n\n"
        f'def explained(text):\n    """The response, roughly: the {kind} of the weights of the text\'s words."""\n'
        '    words = re.findall(r"[a-z\']+", text.lower())\n'
        "    total = sum(WEIGHTS.get(word, 0.0) for word in words)\n"
        f"    return INTERCEPT + {total}\n"
    )
