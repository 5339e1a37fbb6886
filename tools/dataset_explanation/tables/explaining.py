"""From a table to a transparent model in words: compare forms by cross-validation, pick the simplest of the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ...scoring.texts import Estimate, holm
from ..types import Feature, Floats, Kind, TableData, Target
from .design import Design, take_all
from .models import Additive, Model, Wrapped, fit_additive, fit_boosted, fit_linear, fit_mean, fit_terms, fit_tree
from .rules import rules_of
from .scores import estimate_score, importance, score
from .shapes import refits, shapes
from .types import Effect, Form, ModelScore, Rule, TableExplanation
from .wording import category_sentence, importance_text, numeric_sentence

Fit = Callable[[Sequence[Feature], Floats, Kind], Model]
Rows = NDArray[np.intp]
MOST_ROWS = 20_000
HELD_OUT = 0.3
REPEATS = 2
"""How often the rows are dealt into folds."""
HAIR = 0.005
"""A lead in R² or AUC that is not worth a less simple model, however sure it is."""
ALPHA = 0.05
FORMS: dict[Form, Fit] = {"linear": fit_linear, "tree": fit_tree, "additive": fit_additive}
"""The simplest first."""


MOST_BEHIND = 0.015
"""A simpler model further behind is not told, whatever the standard error."""


def explain_table(
    data: TableData, *, seed: int = 0, say: Callable[[str], None] = lambda stage: None
) -> TableExplanation:
    """A transparent model of the table, its effects in words, its held-out score beside baselines and a ceiling.

    30 % of the rows are held out; rows that are alike in everything stay together. The same data and seed give the same
    explanation.
    """
    rng = np.random.default_rng(seed)
    data, train, held = _split(data, rng)
    kind, y = data.target.kind, data.target.values
    known, asked = take_all(data.features, train), take_all(data.features, held)
    say("comparing models by cross-validation")
    scores, fitted = _compare(known, y[train], asked, y[held], kind, rng)
    form = _simplest(scores)
    model, own = fitted[form], next(s for s in scores if s.name == form)
    say("measuring effects on held-out rows")
    effects, without, rules = _effects(model, known, y[train], asked, data.target.at(held), rng)
    floor = 0.5 if kind == "groups" else 0.0
    found = own.held_out.known and own.held_out.low > floor
    return TableExplanation(
        target=data.target.name,
        kind=kind,
        a=data.target.a,
        b=data.target.b,
        form=form,
        metric=_metric(kind),
        score=own.held_out,
        scores=scores,
        effects=effects if found else (),
        rules=rules if found else (),
        without_effect=without,
        training=len(train),
        held_out=len(held),
        summary=_summary(data.target, form, scores, without, len(held), found),
        found=found,
        notes=data.notes,
        seed=seed,
    )


def _metric(kind: Kind) -> Literal["R²", "AUC"]:
    return "AUC" if kind == "groups" else "R²"


def _split(data: TableData, rng: np.random.Generator) -> tuple[TableData, Rows, Rows]:
    """(data, training rows, held-out rows), sampled if there are very many; equal rows are on one side."""
    note = []
    rows = np.arange(len(data))
    if len(data) > MOST_ROWS:
        rows = np.sort(rng.permutation(len(data))[:MOST_ROWS])
        note.append(f"{MOST_ROWS} of {len(data)} rows were looked at, drawn at random")
    features, target = take_all(data.features, rows), data.target.at(rows)
    columns = [f.numbers if f.numbers is not None else f.categories for f in features]
    keys = [tuple(map(str, cells)) for cells in zip(*[c for c in columns if c is not None], target.values)]
    homes: dict[tuple[str, ...], list[int]] = {}
    for row, key in enumerate(keys):
        homes.setdefault(key, []).append(row)
    held: list[int] = []
    for side in (True, False):
        own = [g for g in homes.values() if bool(target.high[g[0]]) is side]
        wanted = HELD_OUT * sum(map(len, own))
        taken: list[int] = []
        for number in rng.permutation(len(own)):
            if len(taken) < wanted:
                taken.extend(own[number])
        held.extend(taken)
    outside = np.setdiff1d(np.arange(len(rows)), held)
    return TableData(tuple(features), target, (*data.notes, *note)), outside, np.sort(np.array(held, np.intp))


def _compare(
    known: list[Feature], y: Floats, asked: list[Feature], held: Floats, kind: Kind, rng: np.random.Generator
) -> tuple[tuple[ModelScore, ...], dict[str, Model]]:
    """Every model by cross-validation on the training rows and, fitted on all of them, on the held-out rows."""
    fits: dict[str, Fit] = {"mean": fit_mean, **{str(f): fit for f, fit in FORMS.items()}, "boosted": fit_boosted}
    folds = [fold for _ in range(REPEATS) for fold in _folds(y, kind, rng)]
    marks = {name: _cross_validated(fit, known, y, kind, folds) for name, fit in fits.items()}
    fitted = {name: fit(known, y, kind) for name, fit in fits.items()}
    best = max(FORMS, key=lambda name: float(marks[name].mean()))
    scores = []
    for name, own in marks.items():
        behind = marks[best] - own
        error = float(behind.std(ddof=1) / np.sqrt(len(folds) / REPEATS))
        estimate = estimate_score(held, fitted[name].predict(asked), kind, rng)
        scores.append(ModelScore(name, name in FORMS, float(own.mean()), float(behind.mean()), error, estimate))
    return tuple(scores), fitted


def _cross_validated(fit: Fit, known: list[Feature], y: Floats, kind: Kind, folds: Sequence[Rows]) -> Floats:
    """The score on each fold of a model fitted on the other rows."""
    marks = []
    for fold in folds:
        rest = np.setdiff1d(np.arange(len(y)), fold)
        model = fit(take_all(known, rest), y[rest], kind)
        marks.append(score(y[fold], model.predict(take_all(known, fold)), kind))
    return np.array(marks)


def _folds(y: Floats, kind: Kind, rng: np.random.Generator) -> list[Rows]:
    """Five folds (fewer where a group is small), each with its share of both groups."""
    high = y > (0.5 if kind == "groups" else np.median(y))
    least = int(min(high.sum(), (~high).sum())) if kind == "groups" else len(y) // 4
    count = max(2, min(5, least))
    place = np.empty(len(y), np.intp)
    for side in (high, ~high):
        rows = rng.permutation(np.flatnonzero(side))
        place[rows] = np.arange(len(rows)) % count
    return [np.flatnonzero(place == fold) for fold in range(count)]


def _simplest(scores: Sequence[ModelScore]) -> Form:
    """The first transparent form that is behind the best one by a hair, or by a standard error that is small."""
    chosen = next(s for s in scores if s.transparent and s.behind <= max(HAIR, min(MOST_BEHIND, s.standard_error)))
    return next(form for form in FORMS if form == chosen.name)


def _effects(
    model: Model,
    known: Sequence[Feature],
    y: Floats,
    asked: Sequence[Feature],
    held: Target,
    rng: np.random.Generator,
) -> tuple[tuple[Effect, ...], tuple[str, ...], tuple[Rule, ...]]:
    """(effects, features without one, rules): features count whose loss costs held-out score, corrected for all."""
    predicted = model.predict(asked)
    lost = [
        importance(held.values, predicted, _without(model, known, y, asked, k), held.kind, rng)
        for k in range(len(known))
    ]
    corrected = holm([p for _, p in lost])
    order = sorted(range(len(known)), key=lambda k: -lost[k][0].value)
    counted = [k for k in order if corrected[k] < ALPHA]
    without = tuple(known[k].name for k in order if k not in counted)
    if isinstance(model, Wrapped):
        return (), without, rules_of(model, asked, held.values)
    assert isinstance(model, Additive)
    drawn = shapes(model.design, known, refits(model, known, y, rng))
    effects = []
    for k in counted:
        segments, levels, curve = drawn[k]
        said = (
            numeric_sentence(known[k].name, segments, held)
            if segments
            else category_sentence(known[k].name, levels, held)
        )
        sentence = f"{said[0].upper()}{said[1:]}; {importance_text(lost[k][0], _metric(held.kind))}."
        effects.append(
            Effect(known[k].name, sentence, lost[k][0], lost[k][1], float(corrected[k]), segments, levels, curve)
        )
    return tuple(effects), without, ()


def _without(model: Model, known: Sequence[Feature], y: Floats, asked: Sequence[Feature], number: int) -> Floats:
    """What a model of the same form, fitted without one feature, predicts for the held-out rows."""
    left = [feature for k, feature in enumerate(known) if k != number]
    there = [feature for k, feature in enumerate(asked) if k != number]
    if not left:
        return np.full(len(model.predict(asked)), float(y.mean()))
    if isinstance(model, Wrapped):
        return fit_tree(left, y, model.kind).predict(there)
    assert isinstance(model, Additive)
    design = Design.of([term for k, term in enumerate(model.design.terms) if k != number])
    return fit_terms(left, y, model.kind, design, strength=model.strength).predict(there)


def _summary(
    target: Target, form: Form, scores: Sequence[ModelScore], without: Sequence[str], held: int, found: bool
) -> str:
    by_name = {s.name: s for s in scores}
    metric = _metric(target.kind)
    what = target.name if target.kind == "number" else f"{target.a} against {target.b}"
    named = {"linear": "A linear model", "tree": "A small decision tree", "additive": "An additive model"}[form]
    score_text = _interval(by_name[form].held_out)
    if not found:
        return f"Nothing in the columns tells {what}: the best transparent model has held-out {metric} {score_text}."
    others = ", ".join(
        f"{label} {by_name[name].held_out.value:.2f}"
        for name, label in (("mean", "the mean"), ("linear", "linear"), ("additive", "additive"), ("tree", "tree"))
        if name != form
    )
    ceiling = by_name["boosted"].held_out
    said = (
        f"{named} tells {what} with held-out {metric} {score_text}, on {held} rows ({others}; a full boosted model "
        f"{_interval(ceiling)})."
    )
    if ceiling.known and ceiling.low > by_name[form].held_out.high:
        said += " The boosted model sees more: features act together in ways that are not told here."
    return said + (f" No effect shown: {', '.join(without)}." if without and form != "tree" else "")


def _interval(estimate: Estimate) -> str:
    return str(estimate)
