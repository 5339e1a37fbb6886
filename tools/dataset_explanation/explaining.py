"""The whole way from texts to differences: propose on one half, measure on the other, correct, merge, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..scoring.texts import benjamini_hochberg, holm
from .candidates import RULE, Candidate, applies
from .measuring import effects, measure, measure_gap, permutation_p_values, strength
from .merging import merge
from .proposing import propose, screened
from .showing import examples_of
from .splitting import Halves, halve
from .telling import sentence_of, summary_of
from .together import together
from .types import DatasetExplanation, Difference, Floats, Rejected, Target, TextData, Together

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from ..chat import Chat
    from ..judging.types import Judge

ALPHA = 0.05
MOST_TEXTS = 2_000
"""Texts that are looked at; more are sampled."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Setup:
    """What an explanation of texts rests on. `judge_at_chance`: the judge failed its calibration."""

    embedder: Embedder
    judge: Judge
    judge_at_chance: bool = False
    chat: Chat | None = None
    top: int = 5
    most_texts: int = MOST_TEXTS
    seed: int = 0
    say: Say = lambda stage: None


@dataclass(frozen=True, slots=True)
class Tested:
    """A candidate with its degrees on both halves, the direction that discovery fixed, and its held-out measures."""

    candidate: Candidate
    discovery: Floats
    held_out: Floats
    sign: float
    effect: float = 0.0
    p_value: float = 1.0
    holm: float = 1.0
    fdr: float = 1.0
    strength: float = 0.0
    fault: str = ""


def explain_texts(data: TextData, setup: Setup) -> DatasetExplanation:
    """What tells the groups (or high numbers from low ones) apart. The same data and seed give the same explanation.

    Candidates are proposed, oriented and cut on the discovery half alone; p-values, intervals, shares and ranks come
    from the held-out half alone, corrected for every candidate that was tested on it. Raises `DatasetError`.
    """
    rng = np.random.default_rng(setup.seed)
    data = sampled(data, setup.most_texts, rng)
    halves = halve(data.texts, data.target, rng)
    texts, target = [data.texts[i] for i in halves.discovery], data.target.at(halves.discovery)
    setup.say("looking for differences")
    proposed, rejected = propose(texts, target, setup)
    kept, screened_out = screened(proposed, texts, target)
    held_texts, held_target = [data.texts[i] for i in halves.held_out], data.target.at(halves.held_out)
    setup.say("measuring them on held-out texts")
    tested = _test(kept, target, held_texts, held_target, rng)
    standing = [one for one in tested if not one.fault]
    groups = merge(standing, held_target, setup.top)
    rejected += screened_out + [_reject(one, one.fault) for one in tested if one.fault]
    rejected += [_reject(g[0], "holds as well, and is weaker than what is reported") for g in groups[setup.top :]]
    groups = groups[: setup.top]
    found = tuple(_difference(group, held_texts, held_target, rng) for group in groups)
    setup.say("comparing with a probe of embeddings")
    overall = together([g[0] for g in groups], texts, held_texts, target, held_target, setup.embedder, rng)
    return _explanation(data, halves, found, rejected, tested, overall, setup)


def _explanation(
    data: TextData,
    halves: Halves,
    found: tuple[Difference, ...],
    rejected: list[Rejected],
    tested: Sequence[Tested],
    overall: Together,
    setup: Setup,
) -> DatasetExplanation:
    target = data.target
    judges = tuple(dict.fromkeys(one.candidate.judge for one in tested if one.candidate.judge != RULE))
    return DatasetExplanation(
        target=target.name,
        kind=target.kind,
        a=target.a,
        b=target.b,
        differences=found,
        rejected=tuple(rejected),
        tested=len(tested),
        together=overall,
        discovery=len(halves.discovery),
        held_out=len(halves.held_out),
        sizes=(inside := int(target.at(halves.held_out).high.sum()), len(halves.held_out) - inside),
        judges=judges,
        summary=summary_of(found, overall, target, len(tested), len(halves.held_out)),
        notes=(*data.notes, *halves.notes),
        seed=setup.seed,
    )


def sampled(data: TextData, most: int, rng: np.random.Generator) -> TextData:
    """At most `most` texts, as many of either group as can be."""
    target = data.target
    if len(target) <= most:
        return data
    sides = [np.flatnonzero(target.high), np.flatnonzero(~target.high)]
    small = min(len(side) for side in sides)
    room = max(most // 2, most - small)
    kept = np.sort(np.concatenate([rng.permutation(side)[:room] for side in sides]))
    note = f"{len(kept)} of {len(target)} texts were looked at, drawn at random"
    return TextData(tuple(data.texts[i] for i in kept), target.at(kept), (*data.notes, note))


def _test(
    kept: Sequence[tuple[Candidate, Floats]],
    target: Target,
    texts: Sequence[str],
    held: Target,
    rng: np.random.Generator,
) -> list[Tested]:
    """Every candidate on the held-out half, with corrected p-values."""
    if not kept:
        return []
    degrees = np.stack([candidate.degrees(texts) for candidate, _ in kept], axis=1)
    p_values = permutation_p_values(degrees, held, rng)
    found, signs = effects(degrees, held), np.sign([effects(own[:, None], target)[0] for _, own in kept])
    strengths = strength(degrees, held, signs)
    faults = [_fault(degrees[:, k], held, *row, rng) for k, row in enumerate(zip(signs, found, holm(p_values)))]
    stepped, discoveries = holm(p_values), benjamini_hochberg(p_values)
    return [
        Tested(
            candidate, own, degrees[:, k], float(signs[k]), float(found[k]), float(p_values[k]), float(stepped[k]),
            float(discoveries[k]), float(strengths[k]), faults[k],
        )
        for k, (candidate, own) in enumerate(kept)
    ]  # fmt: skip


def _difference(group: Sequence[Tested], texts: Sequence[str], target: Target, rng: np.random.Generator) -> Difference:
    one = group[0]
    found = measure(one.held_out, applies(one.held_out), target, rng)
    more_in = target.a if one.sign > 0 else target.b
    return Difference(
        phrase=one.candidate.phrase,
        source=one.candidate.source,
        judge=one.candidate.judge,
        more_in=more_in,
        share_a=found.share_a,
        share_b=found.share_b,
        gap=found.gap,
        auc=found.auc,
        correlation=found.correlation,
        p_value=one.p_value,
        holm=one.holm,
        fdr=one.fdr,
        sentence=sentence_of(one.candidate.phrase, found, one.holm, target, favours_a=one.sign > 0),
        also=tuple(dict.fromkeys(other.candidate.phrase for other in group[1:])),
        examples=examples_of(one.candidate, one.held_out, applies(one.held_out), texts, target),
    )


def _fault(
    degrees: Floats, held: Target, sign: float, effect: float, corrected: float, rng: np.random.Generator
) -> str:
    """Why a candidate is not reported; empty for one that is."""
    if effect * sign <= 0:
        return "goes the other way on held-out texts, or no way"
    if corrected >= ALPHA:
        return f"may be chance: corrected p = {corrected:.2g}"
    gap = measure_gap(applies(degrees), held, rng)
    if (gap.low if sign > 0 else -gap.high) <= 0:
        return "applies to about as many texts of both"
    return ""


def _reject(one: Tested, reason: str) -> Rejected:
    return Rejected(one.candidate.phrase, one.candidate.source, reason, (one.effect + 1) / 2, one.holm)
