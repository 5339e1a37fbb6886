"""A table's transparent model as sections of a page: curves, categories, rules, and the models beside it."""

from __future__ import annotations

from typing import Any

from ...tools.dataset_explanation import TableExplanation
from ...tools.dataset_explanation.tables import Curve, Effect, Level
from ...tools.dataset_explanation.tables.wording import short
from ..patchscopes.layout import Section
from ..report.figures import Figure, axis, plain_numbers, plotly_text
from ..report.tables import Column, Table, numeric, table, wide


def table_sections(found: TableExplanation) -> tuple[Section, ...]:
    """Effects as plots, the tree's rules, the scores of all models, and what has no effect."""
    sections = []
    if found.effects:
        figures = tuple(_figure(found, number, one) for number, one in enumerate(found.effects))
        said = "Each plot shows the target's mean if all rows had the value, all else as it is; bands are 95 %."
        sections.append(Section("Effects", (said,), figures))
    if found.rules:
        sections.append(Section("Rules", (), (), _kept(_rules(found))))
    none = f"No effect shown: {', '.join(found.without_effect)}."
    words = (none,) if found.without_effect else ()
    sections.append(Section("Models compared", words, (_scores(found),), _kept(_score_table(found))))
    return tuple(sections)


def _kept(found: Table | None) -> tuple[Table, ...]:
    return () if found is None else (found,)


def _scale(found: TableExplanation) -> float:
    return 1.0 if found.kind == "number" else 100.0


def _axis_name(found: TableExplanation) -> str:
    return found.target if found.kind == "number" else f"share of {found.a} (%)"


def _figure(found: TableExplanation, number: int, one: Effect) -> Figure:
    if one.curve is not None:
        traces, layout = _curve(found, one.feature, one.curve)
    else:
        traces, layout = _levels(found, one.levels)
    return Figure(f"effect{number}", one.feature, one.sentence, one.sentence, traces, layout, height=320)


def _curve(found: TableExplanation, name: str, curve: Curve) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    scale = _scale(found)
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": plain_numbers([*curve.x, *reversed(curve.x)], 7),
        "y": plain_numbers([scale * v for v in (*curve.high, *reversed(curve.low))], 6),
        "fill": "toself",
        "fillcolor": "role:b3",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": plain_numbers(curve.x, 7),
        "y": plain_numbers([scale * v for v in curve.y], 6),
        "line": {"color": "role:s3", "width": 2.5},
        "hovertemplate": "%{x:.4g}: %{y:.4g}<extra></extra>",
        "showlegend": False,
    }
    return [band, line], {"xaxis": axis(name), "yaxis": axis(_axis_name(found))}


def _levels(found: TableExplanation, levels: tuple[Level, ...]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    scale = _scale(found)
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [plotly_text(level.name, 24) for level in levels],
        "y": plain_numbers([scale * level.value for level in levels], 6),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": plain_numbers([scale * (o.difference.high - o.difference.value) for o in levels], 6),
            "arrayminus": plain_numbers([scale * (o.difference.value - o.difference.low) for o in levels], 6),
            "color": "role:s3",
        },
        "marker": {"color": "role:s3", "size": 11},
        "text": [f"{short(scale * level.value)}, {level.rows} rows" for level in levels],
        "hovertemplate": "%{x}: %{text}<extra></extra>",
        "showlegend": False,
    }
    layout = {"xaxis": {"type": "category", "automargin": True}, "yaxis": axis(_axis_name(found))}
    return [dots], layout


def _rules(found: TableExplanation) -> Table | None:
    scale, unit = _scale(found), "" if found.kind == "number" else " %"
    columns = [wide("where"), numeric("predicted"), numeric("training rows"), numeric("held-out mean"), numeric("rows")]
    rows = [
        (
            " and ".join(rule.conditions) or "everywhere", f"{short(scale * rule.prediction)}{unit}", str(rule.rows),
            f"{short(scale * rule.held_out_mean)}{unit}" if rule.held_out_rows else "", str(rule.held_out_rows),
        )
        for rule in found.rules
    ]  # fmt: skip
    return table(f"The tree's leaves: {_axis_name(found)}", columns, rows)


def _scores(found: TableExplanation) -> Figure:
    ordered = list(found.scores)[::-1]
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "showlegend": False,
            "y": [one.name for one in ordered],
            "x": plain_numbers([one.held_out.value for one in ordered], 5),
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": plain_numbers([max(0.0, one.held_out.high - one.held_out.value) for one in ordered], 5),
                "arrayminus": plain_numbers([max(0.0, one.held_out.value - one.held_out.low) for one in ordered], 5),
                "color": "role:s1",
            },
            "marker": {
                "color": ["role:s3" if one.name == found.form else "role:s1" for one in ordered],
                "size": [13 if one.name == found.form else 9 for one in ordered],
            },
            "hovertemplate": "%{y}: %{x:.3f}<extra></extra>",
        }
    ]
    layout = {"xaxis": axis(f"held-out {found.metric}"), "yaxis": {"automargin": True, "ticksuffix": "  "}}
    alt = "; ".join(f"{one.name} {one.held_out}" for one in found.scores)
    caption = f"The {found.form} model is told: the simplest that is as good as any transparent one."
    return Figure("scores", "Held-out scores", caption, alt, traces, layout, height=280)


def _score_table(found: TableExplanation) -> Table | None:
    columns = [Column("model"), Column("can be read"), numeric("cross-validated"), Column("held out")]
    rows = [
        (one.name, "yes" if one.transparent else "no", f"{one.cross_validated:.3f}", str(one.held_out))
        for one in found.scores
    ]
    return table(f"{found.metric} of every model; intervals at 95 %", columns, rows)
