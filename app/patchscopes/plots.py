"""Heatmaps of layers by layers, and curves by layer with bands. Plain plotly JSON; colours by role."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...tools.patchscope.outcomes import Cell, Reading
from ..report.figures import axis, plain_numbers, plotly_text

SHADES = ("heat0", "heat1", "heat2", "heat3")
SERIES = ("s1", "s2", "s3", "s4", "s5", "s6")
"""Roles of lines; each has a band of its own (`b1` …) in the page's style sheet."""
DASHES = ("longdash", "dash", "solid", "dot", "dashdot", "longdashdot")


@dataclass(frozen=True)
class Series:
    """A line over layers, with a band where `low` and `high` are given. `slot`: which colour and dash, from 0."""

    name: str
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    slot: int | None = None


def heatmap(reading: Reading, reference: str, *, described: bool) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(traces, layout): the reference's probability in each cell, or where `described` whether the continuation has it;
    a ring where it is right; what is said on hover.
    """
    low, high = reading.source_layers, reading.target_layers
    rows = [[reading[a, b] for b in high] for a in low]
    shades = [[i / (len(SHADES) - 1), f"role:{shade}"] for i, shade in enumerate(SHADES)]
    tiles = {
        "type": "heatmap",
        "x": list(high),
        "y": list(low),
        "z": [plain_numbers([float(c.hit) if described else math.exp(-c.surprisal) for c in row], 4) for row in rows],
        "text": [[cell_text(c) for c in row] for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "zmin": 0,
        "zmax": 1,
        "colorscale": shades,
        "xgap": 1,
        "ygap": 1,
        "showscale": not described,
        "colorbar": {
            "title": {"text": plotly_text(f"probability of {reference}", 40), "side": "right"},
            "thickness": 12,
            "outlinewidth": 0,
        },
    }
    right = [c for row in rows for c in row if c.hit]
    rings = {
        "type": "scatter",
        "mode": "markers",
        "x": [c.target_layer for c in right],
        "y": [c.source_layer for c in right],
        "marker": {"symbol": "circle-open", "size": 7, "color": "role:ring", "line": {"width": 1.5}},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    layout = {
        "xaxis": axis("target layer", showgrid=False),
        "yaxis": axis("source layer", showgrid=False, autorange=True),
        "dragmode": False,
    }
    return [tiles, rings], layout


def cell_text(cell: Cell) -> str:
    """What a cell says, for its hover label."""
    lines = [f"<b>layer {cell.source_layer} → layer {cell.target_layer}</b>"]
    if cell.continuation is not None:
        lines += _wrapped(cell.continuation)
    for token in cell.tokens:
        lines.append(f"{_share(math.exp(token.log_probability)):>6}  {plotly_text(repr(token.text), 40)}")
    lines.append(f"reference: {_share(math.exp(-cell.surprisal))}, {cell.surprisal:.2f} nats")
    return "<br>".join(lines)


def _wrapped(text: str, width: int = 46) -> list[str]:
    import textwrap

    lines = textwrap.wrap(repr(text)[1:-1], width) or [""]
    return [plotly_text(line) for line in lines[:6]]


def _share(value: float) -> str:
    return f"{100 * value:.3g} %" if value >= 1e-4 else "< 0.01 %"


def curves(layers: Sequence[int], series: Sequence[Series], title: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(traces, layout): a line for each of `series` over source layers, told apart by dash as well as by colour."""
    traces: list[dict[str, Any]] = []
    for number, one in enumerate(series):
        slot = (number if one.slot is None else one.slot) % len(SERIES)
        role, band = SERIES[slot], f"b{slot + 1}"
        if len(one.low) and all(math.isfinite(v) for v in (*one.low, *one.high)):
            traces += _band(layers, one, f"role:{band}")
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers" if len(layers) < 12 else "lines",
                "name": plotly_text(one.name, 42),
                "x": list(layers),
                "y": plain_numbers(one.values, 5),
                "line": {"color": f"role:{role}", "width": 2, "dash": DASHES[slot]},
                "marker": {"color": f"role:{role}", "size": 6},
                "hovertemplate": f"{plotly_text(one.name, 42)}: %{{y:.3f}}<extra>layer %{{x}}</extra>",
                "legendgroup": str(number),
            }
        )
    layout = {
        "xaxis": axis("source layer"),
        "yaxis": axis(title, rangemode="tozero"),
        "legend": {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top", "bgcolor": "rgba(0,0,0,0)"},
        "hovermode": "closest",
    }
    return traces, layout


def _band(layers: Sequence[int], one: Series, fill: str) -> list[dict[str, Any]]:
    around = [*layers, *reversed(layers)]
    edge = [*one.high, *reversed(one.low)]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": around,
            "y": plain_numbers(edge, 5),
            "fill": "toself",
            "fillcolor": fill,
            "line": {"width": 0},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
