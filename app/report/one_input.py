"""Plots for a box with one input: the function and its fit, closer looks, residuals."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...tools.black_boxes.types import Interval
from ...tools.induction.types import ExceptionRegion
from .axes import choose_scale, spans_decades
from .curve import Curve, evaluate, trace_curve
from .evidence import Evidence, Sighting
from .figures import Figure, axis, input_axis, line, markers, number, point_text

_DENSE_TURNS = 90
"""A line that turns more often than this over the domain is also shown over a window narrow enough to follow it."""
_JAGGED_TURNS = 10
"""Values at whole numbers that turn more often than this are not joined by lines."""
_NARROW = 0.04
"""An exception narrower than this share of the domain gets a closer look."""
_MAX_LOOKS = 3


def clipped_exceptions(evidence: Evidence) -> list[ExceptionRegion]:
    """The named exceptions with open ends put at the ends of the domain; those outside it are left out."""
    if evidence.explanation is None or evidence.domain.arity != 1:
        return []
    (i,) = evidence.domain.inputs
    found = []
    for e in evidence.explanation.exceptions:
        low = i.low if math.isnan(e.low) else max(e.low, i.low)
        high = i.high if math.isnan(e.high) else min(e.high, i.high)
        if low <= high:
            found.append(ExceptionRegion(low, high, e.description))
    return found


def one_input_figures(evidence: Evidence) -> list[Figure]:
    """The function and fit over the whole domain, then wherever that is too coarse to see, then the residuals."""
    (interval,) = evidence.domain.inputs
    figures = [_fit_figure(evidence, interval, "fit", "Function and fit")]
    for n, window in enumerate(_windows(evidence, interval), 1):
        title = f"A closer look: {number(window.low)} to {number(window.high)}"
        figures.append(_fit_figure(evidence, window, f"fit-closer-{n}", title))
    if evidence.residuals:
        figures.append(_residual_figure(evidence, interval))
    return figures


def _curve(evidence: Evidence, interval: Interval) -> Curve | None:
    function = evidence.function
    if function is None:
        return None
    marks = [s.point[0] for s in evidence.sightings if interval.low <= s.point[0] <= interval.high]
    for e in clipped_exceptions(evidence):
        marks += [e.low, e.high]
    return trace_curve(lambda x: evaluate(function, (x,)), interval, marks)


def _windows(evidence: Evidence, interval: Interval) -> list[Interval]:
    """Windows for narrow exceptions, and one where a dense function can be followed turn by turn."""
    if interval.integer and interval.width <= 400:
        return []
    windows = []
    for e in clipped_exceptions(evidence):
        if e.high - e.low < _NARROW * interval.width:
            half = max(3 * (e.high - e.low), 1e-6 * interval.width)
            middle = (e.low + e.high) / 2
            windows.append((middle - half, middle + half))
    if evidence.function is not None and (dense := _dense_window(evidence, interval)):
        windows.append(dense)
    cut = [_window(interval, low, high) for low, high in windows[:_MAX_LOOKS]]
    return [w for w in cut if w is not None]


def _window(interval: Interval, low: float, high: float) -> Interval | None:
    """[low, high] as a part of `interval`, of whole numbers where it is; None where nothing is left."""
    if interval.integer:
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, interval.low), min(high, interval.high)
    if high - low < (2 if interval.integer else 1e-300):
        return None
    return Interval(low, high, interval.integer)


def _dense_window(evidence: Evidence, interval: Interval) -> tuple[float, float] | None:
    function = evidence.function
    assert function is not None
    middle, width = (interval.low + interval.high) / 2, interval.width
    for _ in range(12):
        window = _window(interval, middle - width / 2, middle + width / 2)
        if window is None:
            return None
        curve = trace_curve(lambda x: evaluate(function, (x,)), window, grid=600)
        if curve.turns <= _DENSE_TURNS:
            break
        width /= 4
    return None if window is None or width == interval.width else (window.low, window.high)


def _fit_figure(evidence: Evidence, interval: Interval, name: str, title: str) -> Figure:
    curve = _curve(evidence, interval)
    seen = [s for s in evidence.sightings if interval.low <= s.point[0] <= interval.high]
    drawn, dots = _curve_traces(curve, evidence, interval), _sighting_traces(evidence, seen)
    dense = curve is not None and curve.turns > _DENSE_TURNS
    traces = [*drawn, *dots] if dense else [*dots, *drawn]  # what covers least goes on top
    values = _axis_values(curve, seen)
    traces += _failure_traces(evidence, interval)
    scale = choose_scale(values)
    regions = [e for e in clipped_exceptions(evidence) if e.high >= interval.low and e.low <= interval.high]
    logarithmic = spans_decades(interval.low, interval.high)
    layout: dict[str, Any] = {
        "xaxis": input_axis(evidence.names[0], interval),
        "yaxis": axis("value"),
        "yaxis2": {"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
        **_shading(regions, interval, logarithmic),
    }
    return Figure(
        name,
        title,
        _fit_caption(evidence, curve, scale.kind, values, regions),
        _fit_alt(evidence, seen),
        traces,
        layout,
        scale,
        height=440 if name == "fit" else 340,
    )


def _axis_values(curve: Curve | None, seen: Sequence[Sighting]) -> np.ndarray[Any, Any]:
    drawn = [s.value for s in seen] + list(curve.plain if curve else ())
    imaginary = [v.imag for v in drawn if abs(v.imag) > 1e-9 * abs(v)]
    return np.array([v.real for v in drawn] + imaginary, dtype=float)


def _curve_traces(curve: Curve | None, evidence: Evidence, interval: Interval) -> list[dict[str, Any]]:
    if curve is None:
        return []
    real = [v.real for v in curve.y]
    trace = line(curve.x, real, name="explanation", role="fit")
    if interval.integer:
        marker = {"size": 10, "symbol": "square-open", "color": "role:fit", "line": {"width": 1.5}}
        trace |= {"mode": "markers" if curve.turns > _JAGGED_TURNS else "lines+markers", "marker": marker}
        trace["line"] = {**trace["line"], "width": 1, "dash": "dot"}
    if not (curve.is_complex or evidence.is_complex):
        return [trace]
    trace["name"] = "explanation, real part"
    imaginary = [v.imag if cmath.isfinite(v) and abs(v.imag) > 1e-9 * abs(v) else math.nan for v in curve.y]
    return [trace, line(curve.x, imaginary, name="explanation, imaginary part", role="fit", dash="dash")]


def _sighting_traces(evidence: Evidence, seen: Sequence[Sighting]) -> list[dict[str, Any]]:
    traces = []
    for held_out, name, role, symbol in (
        (False, "queries", "query", "circle"),
        (True, "held-out inputs", "held", "diamond-open"),
    ):
        group = [s for s in seen if s.held_out == held_out]
        if not group:
            continue
        x = [s.point[0] for s in group]
        texts = [sighting_text(evidence.names, s) for s in group]
        traces.append(markers(x, [s.value.real for s in group], texts, name=name, role=role, symbol=symbol))
        y = [s.value.imag if abs(s.value.imag) > 1e-9 * abs(s.value) else math.nan for s in group]
        if not all(map(math.isnan, y)):
            part = f"{name}, imaginary part"
            traces.append(markers(x, y, texts, name=part, role=role, symbol="cross-thin-open", size=8))
    return traces


def _failure_traces(evidence: Evidence, interval: Interval) -> list[dict[str, Any]]:
    failed = [o for o in evidence.failed if interval.low <= float(o.input[0]) <= interval.high]
    if not failed:
        return []
    texts = [
        f"#{o.number} {point_text(evidence.names, o.input)}: {o.reply.failure.message if o.reply.failure else '?'}"
        for o in failed
    ]
    x = [float(o.input[0]) for o in failed]
    trace = markers(x, [0.03] * len(x), texts, name="no answer", role="bad", symbol="x-thin-open", size=9)
    return [{**trace, "yaxis": "y2", "meta": "rug"}]


def _shading(regions: Sequence[ExceptionRegion], interval: Interval, logarithmic: bool) -> dict[str, Any]:
    """Shaded bands with short labels E1, E2…; the caption says what each is."""
    shapes, notes = [], []
    for n, e in enumerate(regions, 1):
        low, high = max(e.low, interval.low), min(e.high, interval.high)
        band = {"type": "rect", "xref": "x", "yref": "paper", "x0": low, "x1": high, "y0": 0, "y1": 1, "layer": "below"}
        shapes.append(
            {**band, "fillcolor": "role:exception", "line": {"width": 1, "color": "role:exceptionline", "dash": "dot"}}
        )
        at = math.sqrt(low * high) if logarithmic else (low + high) / 2
        place = {"x": math.log10(at) if logarithmic else at, "xref": "x", "y": 1.0, "yref": "paper"}
        label = {"text": f"E{n}", "showarrow": False, "yanchor": "top", "font": {"color": "role:exceptionink"}}
        notes.append({**place, **label})
    return {"shapes": shapes, "annotations": notes}


def sighting_text(names: Sequence[str], s: Sighting) -> str:
    kind = "held out" if s.held_out else s.why
    return f"#{s.number} {point_text(names, s.point)} → {number(s.value)} (explained: {number(s.predicted)}; {kind})"


def _fit_caption(
    evidence: Evidence, curve: Curve | None, kind: str, values: np.ndarray[Any, Any], regions: Sequence[ExceptionRegion]
) -> str:
    parts = ["What the box answered, and what the explanation says." if curve else "What the box answered."]
    parts += [f"E{n}: {number(e.low)} to {number(e.high)}, {e.description}." for n, e in enumerate(regions, 1)]
    if evidence.failed:
        parts.append(f"{len(evidence.failed)} inputs got no number; crosses at the foot mark where.")
    if kind == "clip":
        scale = choose_scale(values)
        beyond = sum(not scale.low <= v <= scale.high for s in evidence.sightings for v in (s.value.real,))
        parts.append(f"The axis is cut at the outliers (answers beyond it: {beyond}); “all” shows everything.")
    elif kind in {"log", "symlog"}:
        both = ", on both sides of zero" if kind == "symlog" else ""
        parts.append(f"The values span many sizes, so the axis is logarithmic{both}.")
    return " ".join(parts)


def _fit_alt(evidence: Evidence, seen: Sequence[Sighting]) -> str:
    said = evidence.explanation.formula if evidence.explanation else "no explanation yet"
    values = [s.value.real for s in seen]
    spread = f" with values from {number(min(values))} to {number(max(values))}" if values else ""
    return f"{len(seen)} answers plotted over {evidence.names[0]}{spread}, and the curve of the explanation: {said}"


def _residual_figure(evidence: Evidence, interval: Interval) -> Figure:
    traces, values = residual_traces(evidence, lambda s: s.point[0])
    logarithmic = spans_decades(interval.low, interval.high)
    layout: dict[str, Any] = {
        "xaxis": input_axis(evidence.names[0], interval),
        "yaxis": axis("observed − explained"),
        **noise_band(evidence),
    }
    regions = clipped_exceptions(evidence)
    layout["shapes"] = layout.get("shapes", []) + _shading(regions, interval, logarithmic)["shapes"]
    return Figure(
        "residuals",
        "Residuals",
        residual_caption(evidence, values),
        residual_caption(evidence, values),
        traces,
        layout,
        choose_scale(values),
        height=300,
    )


def residual_traces(evidence: Evidence, place: Any) -> tuple[list[dict[str, Any]], np.ndarray[Any, Any]]:
    """Scatter of residuals of queries and held-out inputs, at x = `place(sighting)`; and the residuals themselves."""
    traces = []
    for held_out, name, role, symbol in (
        (False, "queries", "query", "circle"),
        (True, "held-out inputs", "held", "diamond-open"),
    ):
        rows = [(s, r) for s, r in evidence.residuals if s.held_out == held_out]
        if rows:
            texts = [f"{sighting_text(evidence.names, s)} residual {number(r)}" for s, r in rows]
            x, y = [place(s) for s, _ in rows], [r for _, r in rows]
            traces.append(markers(x, y, texts, name=name, role=role, symbol=symbol, size=6))
    return traces, np.array([r for _, r in evidence.residuals], dtype=float)


def noise_band(evidence: Evidence) -> dict[str, Any]:
    """A band of two standard deviations on both sides of zero, if the explanation names noise."""
    noise = evidence.explanation.noise if evidence.explanation else None
    if noise is None or not noise.scale > 0:
        return {}
    band = {"type": "rect", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "layer": "below", "line": {"width": 0}}
    return {"shapes": [{**band, "y0": -2 * noise.scale, "y1": 2 * noise.scale, "fillcolor": "role:band"}]}


def residual_caption(evidence: Evidence, values: np.ndarray[Any, Any]) -> str:
    noise = evidence.explanation.noise if evidence.explanation else None
    sizes = np.abs(values)
    half, most = number(float(np.median(sizes))), number(float(sizes.max()))
    if not sizes.any():
        return f"All {values.size} residuals are exactly 0."
    worst = f"Half of the {values.size} residuals are at most {half} in size, all at most {most}."
    if sizes.max() <= 1e-12 * max(abs(s.value) for s in evidence.sightings):
        worst += " That is rounding error."
    if noise is not None and noise.scale > 0:
        return f"{worst} The band is two standard deviations of the noise ({number(noise.scale)}) on both sides."
    return worst
