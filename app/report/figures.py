"""Figures as plain plotly JSON: no plotly import, colours by role, texts already made safe for plotly's markup."""

from __future__ import annotations

import cmath
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...tools.black_boxes.types import Interval
from .axes import Scale, padded, spans_decades


@dataclass(frozen=True, slots=True)
class Figure:
    """One plot and what a reader who cannot see it is told. `scale` is the axis its first y values are drawn on."""

    id: str
    title: str
    caption: str
    alt: str
    traces: list[dict[str, Any]]
    layout: dict[str, Any] = field(default_factory=dict)
    scale: Scale | None = None
    height: int = 380

    def as_dict(self) -> dict[str, Any]:
        scale = self.scale.as_dict() if self.scale else None
        return {"id": self.id, "data": self.traces, "layout": self.layout, "scale": scale, "height": self.height}


def number(value: float | complex | str | None) -> str:
    """A value as people read it: six significant digits, complex numbers as a+bi, texts quoted."""
    if value is None:
        return "undefined"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, complex):
        if value.imag == 0 or not cmath.isfinite(value):
            return number(value.real)
        return f"{value.real:.6g}{value.imag:+.6g}i"
    return "undefined" if math.isnan(value) else f"{value:.6g}"


def point_text(names: Sequence[str], point: Iterable[float] | str) -> str:
    """An input by name, such as `x = 3.5, y = -2`."""
    if isinstance(point, str):
        return number(point)
    return ", ".join(f"{name} = {number(x)}" for name, x in zip(names, point))


def plotly_text(text: str, limit: int = 160) -> str:
    """`text` for plotly labels, which read a little HTML and `%{…}`: shown as it stands, and cut if long."""
    text = " ".join(text.split())
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "%\u200b{")


def plain_numbers(values: Iterable[float], digits: int = 10) -> list[float | None]:
    """Numbers for strict JSON, to as many significant digits as a plot can use: what is not finite becomes a gap."""
    return [float(f"{v:.{digits}g}") if math.isfinite(v) else None for v in values]


def embed_json(data: Any) -> str:
    """`data` as JSON that is safe inside a <script> element, whatever text it holds."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"), ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def markers(
    x: Sequence[float], y: Sequence[float], texts: Sequence[str], *, name: str, role: str, symbol: str, size: int = 7
) -> dict[str, Any]:
    """A scatter of points with a hover text each."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": plain_numbers(x),
        "y": plain_numbers(y),
        "text": [plotly_text(t) for t in texts],
        "hoverinfo": "text",
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": f"role:{role}",
            "opacity": 0.85,
            "line": {"width": 1.2, "color": f"role:{role}"},
        },
    }


def line(x: Sequence[float], y: Sequence[float], *, name: str, role: str, **style: Any) -> dict[str, Any]:
    """A line with gaps where y is not finite. `style` goes to plotly's line."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": plain_numbers(x, 14),
        "y": plain_numbers(y, 7),
        "connectgaps": False,
        "line": {"color": f"role:{role}", "width": 2, **style},
        "hoverinfo": "skip",
    }


def input_axis(title: str, interval: Interval) -> dict[str, Any]:
    """An axis over all of `interval`, logarithmic where it spans many sizes."""
    if not spans_decades(interval.low, interval.high):
        return axis(title, type="linear", range=list(padded(interval.low, interval.high, 0.02)))
    low, high = math.log10(interval.low), math.log10(interval.high)
    return axis(title, type="log", range=list(padded(low, high, 0.02)), dtick=max(1, math.ceil((high - low) / 7)))


def axis(title: str, **more: Any) -> dict[str, Any]:
    return {"title": {"text": plotly_text(title, 60), "standoff": 8}, "automargin": True, **more}
