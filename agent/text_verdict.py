"""The verifier of explanations in words: a judge applies them to held-out texts, and the module's responses decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..tools.judging.types import Judge
from ..tools.scoring import CodeError, Score, finite_number, load_explained
from ..tools.scoring.texts import Estimate, ScoringError, TextScore, effect, spearman, text_score, top
from .baseline_wordings import BaselineWording, BaselineWordings
from .frozen import Frozen, usable
from .text_rule import stands_in_words
from .types import Failing, Observation, Verdict
from .wording import Rival, Span, Wording

METRIC = "AUC"
_FAILING_SHOWN = 16
_APPLIES = 0.5


@dataclass(frozen=True, slots=True)
class JudgeStanding:
    """How well a judge did on its calibration set. `withheld`: why its scores are worth nothing, if they are."""

    auc: Span
    withheld: str = ""


class TextVerifier:
    """Gives verdicts on descriptions. `corpus` is its name, `standing` the judge's."""

    def __init__(self, corpus: str, judge: Judge, standing: JudgeStanding, wordings: BaselineWordings) -> None:
        self._corpus = corpus
        self._judge = judge
        self._standing = standing
        self._wordings = wordings

    def verdict(
        self,
        frozen: Frozen,
        held_out: Sequence[Observation],
        queries: Sequence[Observation],
        *,
        seed: int,
        round: int,
        tried: int,
    ) -> Verdict:
        """Score `frozen` on the texts of `held_out` that got a number; the texts it tells wrongly about count as
        failing, the most wrongly first.
        """
        answered = [(o, value) for o in held_out if (value := response(o)) is not None]
        texts = [str(o.input) for o, _ in answered]
        responses = np.array([value for _, value in answered], dtype=np.float64)
        wording = Wording(self._judge.name, self._standing.auc, self._corpus, max(1, tried))
        if len(texts) >= 2 and np.ptp(responses) == 0.0:
            return self._of_a_constant(frozen, responses, wording, round)
        baselines = self._wordings.of(queries, seed)
        degrees = self._degrees(frozen, baselines, texts)
        rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(0xB007, round)))
        score = text_score(
            degrees[0],
            responses,
            judge=self._judge.name,
            tried=wording.tried,
            rng=rng,
            baselines={b.name: row for b, row in zip(baselines, degrees[1:])},
            withheld=self._standing.withheld,
        )
        wording = _grounds(wording, score, baselines, degrees, responses, [o.number for o, _ in answered], rng)
        wording = _with_code(wording, frozen.code, texts, responses)
        explains, reason = stands_in_words(score, wording)
        failing = _failing(degrees[0], responses, answered)
        return Verdict(
            score=_as_score(score, wording, len(texts)),
            agreement=1.0 - len(failing) / len(texts) if texts else math.nan,
            tolerance=0.0,
            failing=tuple(failing[:_FAILING_SHOWN]),
            round=round,
            explains=explains,
            reason=reason,
            failed=len(failing),
            wording=wording,
        )

    def _degrees(self, frozen: Frozen, baselines: Sequence[BaselineWording], texts: Sequence[str]) -> Any:
        says = [frozen.description, *(b.says for b in baselines)]
        return np.asarray(self._judge.judge(says, texts)) if texts else np.zeros((len(says), 0))

    def _of_a_constant(self, frozen: Frozen, responses: Any, wording: Wording, round: int) -> Verdict:
        """A module that answers the same to every held-out text is explained by saying so, and by nothing else."""
        said = _values(frozen.code, ["", "a text"]) if frozen.code else []
        right = bool(said) and all(v == responses[0] for v in said)
        reason = "every held-out text got the same response"
        hit = 1.0 if right else 0.0
        return Verdict(
            score=Score(hit, hit, hit, "share of responses reproduced", len(responses)),
            agreement=hit,
            tolerance=0.0,
            failing=(),
            round=round,
            explains=right,
            reason=reason if right else f"{reason}: there is nothing to explain",
            failed=0 if right else len(responses),
            wording=wording,
        )


def response(o: Observation) -> float | None:
    """The module's response as a real number; None where there is none."""
    value = usable(o.reply.value)
    return float(value) if isinstance(value, (int, float)) else None


def _as_score(score: TextScore, wording: Wording, texts: int) -> Score:
    value = score.value
    if value is None:
        return Score(math.nan, math.nan, math.nan, METRIC, 0)
    baselines = {r.name: r.auc for r in wording.rivals}
    return Score(value.value, value.low, value.high, METRIC, score.held_out, value.confidence, baselines)


def _grounds(
    wording: Wording,
    score: TextScore,
    baselines: Sequence[BaselineWording],
    degrees: Any,
    responses: Any,
    numbers: Sequence[int],
    rng: np.random.Generator,
) -> Wording:
    """`wording` with everything that the degrees and responses say."""
    says = {b.name: (b.says, row) for b, row in zip(baselines, degrees[1:])}
    rivals = tuple(
        Rival(b.name, says[b.name][0], b.value, _span(b.behind), _alike(degrees[0], says[b.name][1]))
        for b in score.baselines
    )
    applies = degrees[0] > _APPLIES
    return Wording(
        judge=wording.judge,
        judge_auc=wording.judge_auc,
        corpus=wording.corpus,
        tried=wording.tried,
        p_value=score.p_value,
        corrected_p_value=score.corrected_p_value,
        correlation=None if score.correlation is None else _span(score.correlation),
        effect=None if score.value is None else _effect(responses, applies, rng),
        applies=int(applies.sum()),
        rivals=rivals,
        withheld=score.withheld,
        degrees=tuple((n, round(float(d), 4)) for n, d in zip(numbers, degrees[0])),
    )


def _span(estimate: Estimate) -> Span:
    return Span(estimate.value, estimate.low, estimate.high)


def _alike(ours: Any, theirs: Any) -> float:
    value = spearman(np.asarray(ours), np.asarray(theirs))
    return 0.0 if math.isnan(value) else float(value)


def _effect(responses: Any, applies: Any, rng: np.random.Generator) -> Span | None:
    try:
        return _span(effect(responses[applies], responses[~applies], float(np.std(responses)), rng))
    except ScoringError:
        return None


def _with_code(wording: Wording, code: str, texts: Sequence[str], responses: Any) -> Wording:
    """`wording` with what the explanation's code is worth on the same texts."""
    from dataclasses import replace

    if not code or len(texts) < 3:
        return wording
    values = np.array([math.nan if v is None else v for v in _values(code, texts)])
    known = np.isfinite(values)
    if known.sum() < 3:
        return replace(wording, code_correlation=0.0)
    return replace(wording, code_correlation=_alike(values[known], responses[known]))


def _values(code: str, texts: Sequence[str]) -> list[float | None]:
    """What the code gives for each text; None where it raises or gives no real number."""
    try:
        function = load_explained(code)
    except CodeError:
        return [None] * len(texts)
    found: list[float | None] = []
    for text in texts:
        try:
            value = finite_number(function(text))
        except Exception:
            value = None
        found.append(float(value) if isinstance(value, (int, float)) else None)
    return found


def _failing(degrees: Any, responses: Any, answered: Sequence[tuple[Observation, float]]) -> list[Failing]:
    """Texts of the module's top share to which the description does not apply, and others to which it does."""
    try:
        positive, _ = top(responses, 0.2)
    except ScoringError:
        return []
    wrong = [int(k) for k in np.flatnonzero((degrees > _APPLIES) != positive)]
    order = sorted(wrong, key=lambda k: (-abs(float(degrees[k]) - float(positive[k])), k))
    return [Failing(answered[k][0], round(float(degrees[k]), 4)) for k in order]
