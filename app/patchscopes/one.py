"""The page of one Patchscope, or of several with the same target: verdict, heatmaps, controls, what was said."""

from __future__ import annotations

from collections.abc import Sequence

from ...tools.patchscope.comparison import Comparison, Estimate, interval_text
from ...tools.patchscope.outcomes import Patchscope, Reading, saying
from ...tools.patchscope.scope import per_source_layer
from ..report.figures import Figure
from ..report.tables import Column, Table, numeric, table, wide
from .layout import Page, Section
from .plots import Series, curves, heatmap


def patchscope_page(results: Sequence[Patchscope]) -> Page:
    """A page for `results`, which share target, controls and models."""
    first = results[0]
    badge, tone = standing(first.comparisons)
    if tone == "good" and any(r.target.unpatched.hit for r in results):
        badge, tone = "Right without a patch", "warn"
    sources = first.source if len(results) == 1 else f"{len(results)} sources"
    return Page(
        title=f"Patchscope: {sources}",
        headline=f"What the hidden states of {first.source_model} say in {first.target.prompt!r}",
        badge=badge,
        tone=tone,
        lead=(first.verdict, *dict.fromkeys(note for r in results for note in r.notes)),
        sections=(
            *(section for n, r in enumerate(results) for section in _readings(r, n, single=len(results) == 1)),
            _controls(first),
        ),
        facts=_facts(results),
    )


def standing(comparisons: Sequence[Comparison]) -> tuple[str, str]:
    """(badge, tone): does the target do better than every control?"""
    decisive = [c for c in comparisons if c.metric != "surprisal"]
    if not decisive:
        return "No controls", "warn"
    if all(c.target_value == 0 and c.control_value == 0 for c in decisive):
        return "Nothing is shown", "warn"
    if all(c.target_does_better for c in decisive):
        return "Better than every control", "good"
    if any(c.difference.known and c.difference.high < 0 for c in decisive):
        return "A control does better", "bad"
    return "A control does as well", "warn"


def _readings(result: Patchscope, number: int, *, single: bool) -> list[Section]:
    where = f"{result.source!r}, read at {result.source_token!r}"
    heading = "Source layer by target layer" if single else where
    sections = []
    if not result.target.diagonal and len(result.target.cells) > 1:
        figures = [_map(result, result.target, f"map{number}", "The target")]
        figures += [_map(result, c, f"map{number}c{i}", f"Control {i + 1}") for i, c in enumerate(result.controls)]
        sections.append(Section(heading, (f"{where}.",) if single else (), tuple(figures)))
    by_layer = _by_layer(result, number)
    said = tuple(t for t in (_said(result),) if t is not None)
    sections.append(
        Section("By source layer" if single else f"By source layer: {result.source!r}", (), by_layer, tables=said)
    )
    return sections


def _map(result: Patchscope, reading: Reading, id: str, name: str) -> Figure:
    traces, layout = heatmap(reading, repr(result.reference.text), described=result.seeks_answers)
    right = f"right in {reading.precision:.2f} of {len(reading.cells)} cells"
    bare = reading.unpatched
    if result.seeks_answers:
        colour = f"A ring where the continuation has {result.reference.words}: {right}."
    else:
        colour = (
            f"Colour: probability that the next token is {result.reference.words}; a ring where it is the likeliest: "
            f"{right}."
        )
    more = "" if bare.continuation is None else " and the continuation"
    return Figure(
        id,
        f"{name}: {reading.prompt}",
        f"{colour} Unpatched, this prompt goes on with {saying(bare)!r}. Hover or tap for the likeliest tokens{more}.",
        f"Heatmap of source layers by target layers of {reading.prompt!r}: {right}.",
        traces,
        layout,
        height=max(260, min(560, 90 + 17 * len(reading.source_layers))),
    )


def _by_layer(result: Patchscope, number: int) -> tuple[Figure, ...]:
    """The share that is right, or how surprising the reference is, by source layer."""
    layers = list(result.target.source_layers)
    if len(layers) < 2:
        return ()
    what = result.reference.text
    metric, title, axis_title, sense = ("surprisal", f"Surprisal of {what!r}", "surprisal (nats)", "lower is better")
    if result.seeks_answers:
        metric, title, axis_title, sense = ("right", f"Continuations with {what!r}", "share", "higher is better")
    series = [
        Series(name, per_source_layer(reading, metric).tolist(), slot=2 + place)
        for place, (name, reading) in enumerate([("target", result.target), *_named(result.controls)])
    ]
    traces, layout = curves(layers, series, axis_title)
    over = "" if result.target.diagonal else "Mean over target layers; "
    caption = f"{over}{sense}. A target that brings out something of its own stands apart from every control."
    alt = f"{title} by source layer for the target and its controls."
    return (Figure(f"layers{number}", title, caption[0].upper() + caption[1:], alt, traces, layout, height=400),)


def _named(controls: Sequence[Reading]) -> list[tuple[str, Reading]]:
    return [(repr(control.prompt), control) for control in controls]


def _said(result: Patchscope) -> Table | None:
    """What the target said from each source layer, beside the controls: continuations, or likeliest tokens."""
    described = result.target.cells[0].continuation is not None
    columns = [numeric("source layer"), *([] if result.target.diagonal else [numeric("target layer")])]
    columns += [wide("target"), *(wide(f"control {i + 1}") for i in range(len(result.controls)))]
    rows = []
    for number, cell in enumerate(result.target.cells):
        if not described and not result.target.diagonal and cell.source_layer != cell.target_layer:
            continue
        layers = [str(cell.source_layer), *([] if result.target.diagonal else [str(cell.target_layer)])]
        shown = [cell, *(c.cells[number] for c in result.controls)]
        rows.append((*layers, *(repr(c.tokens[0].text) if c.continuation is None else c.continuation for c in shown)))
    what = "What was said" if described else "The likeliest next token where both layers are the same"
    return table(f"{what}; controls: " + "; ".join(repr(c.prompt) for c in result.controls), columns, rows[:400])


def _controls(result: Patchscope) -> Section:
    columns = [
        wide("control"), Column("measure"), numeric("target"), numeric("control"), Column("target better by"),
        numeric("units"),
    ]  # fmt: skip
    rows = [
        (
            c.control, c.metric, f"{c.target_value:.3f}", f"{c.control_value:.3f}", gap_text(c.difference),
            f"{c.count} {c.units}",
        )
        for c in result.comparisons
    ]  # fmt: skip
    found = table("Target and controls", columns, rows)
    return Section(
        "Against the controls",
        (
            "The same hidden states were put into each. Differences are oriented so that more is better for the "
            "target; intervals are 95 % percentile bootstraps.",
        ),
        tables=() if found is None else (found,),
    )


def gap_text(difference: Estimate) -> str:
    """A difference with its interval."""
    return interval_text(difference)


def _facts(results: Sequence[Patchscope]) -> tuple[tuple[str, str], ...]:
    first = results[0]
    model = (
        first.source_model
        if first.source_model == first.target_model
        else (f"{first.source_model} into {first.target_model}")
    )
    return (
        ("Model", model),
        *(("Source", f"{r.source!r} at position {r.source_position} ({r.source_token!r})") for r in results),
        ("Target", f"{first.target.prompt!r} at position {first.target.position} ({first.target.token!r})"),
        ("Right is", first.reference.words),
        ("Method", "Patchscopes (arXiv:2401.06102); layers count block outputs from 0, -1 is the embedding"),
    )
