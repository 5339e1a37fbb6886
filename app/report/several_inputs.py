"""Plots for a box with several inputs: predicted against observed, a map, slices, residuals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...tools.black_boxes.types import Interval
from .axes import choose_scale, spans_decades
from .curve import Function, evaluate, trace_curve
from .evidence import Evidence
from .figures import Figure, axis, input_axis, line, markers, number, plain_numbers, point_text
from .one_input import noise_band, residual_caption, residual_traces, sighting_text

_MAX_SLICES = 6
_MAP_CELLS = 60
_SLICE_SHARES = ((0.2, "dot"), (0.45, "solid"), (0.7, "dash"))
"""How far along their intervals the other inputs are held; off the middle, where poles and symmetries like to sit."""


def several_input_figures(evidence: Evidence) -> list[Figure]:
    """What can be shown of a function of several inputs; without code, only the answers by input."""
    if evidence.function is None:
        return [_answers_figure(evidence, i) for i in range(min(evidence.domain.arity, _MAX_SLICES))]
    figures = []
    if evidence.residuals:
        figures.append(_agreement_figure(evidence))
    if evidence.domain.arity == 2:
        figures.append(_map_figure(evidence, evidence.function))
    figures += [_slice_figure(evidence, evidence.function, i) for i in range(min(evidence.domain.arity, _MAX_SLICES))]
    if evidence.residuals:
        figures.append(_residual_figure(evidence))
    return figures


def at_share(interval: Interval, share: float) -> float:
    """The input that lies `share` of the way along its interval, by decades where it spans many."""
    if spans_decades(interval.low, interval.high):
        return interval.snap(interval.low * (interval.high / interval.low) ** share)
    return interval.snap(interval.low + share * interval.width)


def _agreement_figure(evidence: Evidence) -> Figure:
    traces = []
    ends: list[float] = []
    for held_out, name, role, symbol in (
        (False, "queries", "query", "circle"),
        (True, "held-out inputs", "held", "diamond-open"),
    ):
        group = [s for s, _ in evidence.residuals if s.held_out == held_out]
        if group:
            x, y = [s.predicted.real for s in group], [s.value.real for s in group]
            ends += [*x, *y]
            texts = [sighting_text(evidence.names, s) for s in group]
            traces.append(markers(x, y, texts, name=name, role=role, symbol=symbol))
    scale = choose_scale(np.array(ends))
    diagonal = [scale.low, scale.high] if scale.kind in {"clip", "linear"} else [min(ends), max(ends)]
    traces.insert(0, line(diagonal, diagonal, name="equal", role="fit", dash="dot"))
    logarithmic = scale.kind == "log"
    layout: dict[str, Any] = {
        "xaxis": axis("explained", type="log" if logarithmic else "linear"),
        "yaxis": axis("observed"),
    }
    if not logarithmic:
        layout["xaxis"]["range"] = [scale.low, scale.high]
    caption = "Every answer against what the explanation says: a perfect explanation puts all of them on the line."
    return Figure("agreement", "Predicted against observed", caption, caption, traces, layout, scale, height=440)


def _map_figure(evidence: Evidence, function: Function) -> Figure:
    first, second = evidence.domain.inputs
    xs = [at_share(first, t) for t in np.linspace(0, 1, _MAP_CELLS)]
    ys = [at_share(second, t) for t in np.linspace(0, 1, _MAP_CELLS)]
    z = [[evaluate(function, (x, y)).real for x in xs] for y in ys]
    scale = choose_scale(np.array(z, dtype=float).ravel())
    heat = {
        "type": "heatmap",
        "x": xs,
        "y": ys,
        "z": [plain_numbers(row) for row in z],
        "colorscale": "Viridis",
        "zmin": scale.low,
        "zmax": scale.high,
        "colorbar": {"thickness": 12, "title": {"text": ""}},
        "hovertemplate": "%{x:.6g}, %{y:.6g} → %{z:.6g}<extra></extra>",
        "name": "explanation",
        "showscale": True,
    }
    seen = evidence.sightings
    texts = [sighting_text(evidence.names, s) for s in seen]
    dots = markers(
        [s.point[0] for s in seen],
        [s.point[1] for s in seen],
        texts,
        name="answers",
        role="dot",
        symbol="circle-open",
        size=5,
    )
    layout = {"xaxis": input_axis(evidence.names[0], first), "yaxis": input_axis(evidence.names[1], second)}
    caption = "What the explanation says over both inputs, by colour; circles mark where the box was asked."
    return Figure("map", "Map of the explanation", caption, caption, [heat, dots], layout, None, height=440)


def _slice_figure(evidence: Evidence, function: Function, index: int) -> Figure:
    """The explanation along one input, for three settings of the others."""
    inputs = evidence.domain.inputs
    traces, values = [], []
    for share, dash in _SLICE_SHARES:
        fixed = [at_share(i, share) for i in inputs]

        def along(x: float, fixed: list[float] = fixed) -> complex:
            return evaluate(function, (*fixed[:index], x, *fixed[index + 1 :]))

        curve = trace_curve(along, inputs[index], grid=400)
        y = [v.real for v in curve.y]
        others = [n for k, n in enumerate(evidence.names) if k != index]
        label = point_text(others, [v for k, v in enumerate(fixed) if k != index])
        traces.append(line(curve.x, y, name=label, role="fit", dash=dash))
        values += [v.real for v in curve.plain]
    name = evidence.names[index]
    layout = {"xaxis": input_axis(name, inputs[index]), "yaxis": axis("value")}
    caption = f"What the explanation says along {name}, for three settings of the other inputs."
    alt = f"{caption} Values run from {number(min(_finite(values)))} to {number(max(_finite(values)))}."
    scale = choose_scale(np.array(values, dtype=float))
    return Figure(f"slice-{index + 1}", f"Slices along {name}", caption, alt, traces, layout, scale, height=300)


def _finite(values: list[float]) -> list[float]:
    return [v for v in values if math.isfinite(v)] or [math.nan]


def _residual_figure(evidence: Evidence) -> Figure:
    traces, values = residual_traces(evidence, lambda s: s.predicted.real)
    layout: dict[str, Any] = {"xaxis": axis("explained"), "yaxis": axis("observed − explained"), **noise_band(evidence)}
    predicted = choose_scale(np.array([s.predicted.real for s, _ in evidence.residuals]))
    if predicted.kind == "log":
        layout["xaxis"]["type"] = "log"
    elif predicted.kind != "linear":
        layout["xaxis"]["range"] = [predicted.low, predicted.high]
    caption = residual_caption(evidence, values)
    return Figure("residuals", "Residuals", caption, caption, traces, layout, choose_scale(values), height=300)


def _answers_figure(evidence: Evidence, index: int) -> Figure:
    seen, name = evidence.sightings, evidence.names[index]
    texts = [sighting_text(evidence.names, s) for s in seen]
    x, y = [s.point[index] for s in seen], [s.value.real for s in seen]
    interval = evidence.domain.inputs[index]
    layout = {"xaxis": input_axis(name, interval), "yaxis": axis("value")}
    caption = f"What the box answered, by {name}; there is no code to compare it with."
    return Figure(
        f"answers-{index + 1}",
        f"Answers by {name}",
        caption,
        caption,
        [markers(x, y, texts, name="answers", role="query", symbol="circle")],
        layout,
        choose_scale(np.array(y, dtype=float)),
        height=300,
    )
