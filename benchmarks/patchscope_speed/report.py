"""The table, the verdicts, and the same as JSON."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from .measure import BOUND_BAR, MEMORY_BAR_BYTES, Measurement, Outcome, What

if TYPE_CHECKING:
    from rich.table import Table

_NAMES: dict[What, str] = {"grid": "grid, next token", "describe": "describing"}


def rows_of(found: Measurement, *, with_bars: bool) -> list[dict[str, Any]]:
    """One row a comparison: what, way, ours and theirs in seconds, ratio, bar, whether it is met."""
    rows = [_outcome_row(outcome) for outcome in found.outcomes]
    for what, bound in found.bounds.items():
        rows.append(
            {
                "what": _NAMES[what],
                "way": f"floating-point bound: {bound.operations / 1e9:.0f} G operations at "
                f"{statistics.median(bound.rates) / 1e9:.0f} G/s",
                "ours": statistics.median(bound.ours),
                "theirs": bound.seconds,
                "ratio": bound.ratio,
                "ratios": bound.ratios,
                "bar": f"≤ {BOUND_BAR:g}" if what == "grid" else None,
                "met": bound.ratio <= BOUND_BAR if what == "grid" else None,
                "share": None,
                "agreement": None,
            }
        )
    rows.append(
        {
            "what": "peak memory",
            "way": "both of the above",
            "ours": found.peak_bytes,
            "theirs": None,
            "ratio": None,
            "ratios": [],
            "bar": f"< {MEMORY_BAR_BYTES / 1e9:g} GB",
            "met": found.peak_bytes < MEMORY_BAR_BYTES,
            "share": None,
            "agreement": None,
        }
    )
    return rows if with_bars else [{**row, "bar": None, "met": None} for row in rows]


def disagreements(found: Measurement) -> list[str]:
    """The contests in which some answers differed from ours."""
    return [
        f"{o.contest.title} ({_NAMES[o.contest.what]}): {o.compared - o.agreed} of {o.compared} answers differ"
        for o in found.outcomes
        if o.agreed < o.compared
    ]


def render(rows: list[dict[str, Any]], title: str) -> Table:
    """The table that people read."""
    from rich.table import Table

    table = Table(
        "what", "way", "ours", "theirs", "times", "bar", "", title=title, caption=_CAPTION, title_style="bold"
    )
    for row in rows:
        memory = row["theirs"] is None
        scaled = "" if row["share"] in (None, 1.0) else "*"
        table.add_row(
            row["what"],
            row["way"],
            f"{row['ours'] / 1e9:.2f} GB" if memory else _seconds(row["ours"]),
            "" if memory else _seconds(row["theirs"]) + scaled,
            "" if memory else f"{row['ratio']:.2f}",
            row["bar"] or "",
            {True: "met", False: "missed", None: ""}[row["met"]],
        )
    return table


_CAPTION = (
    "medians of paired runs; CPU seconds of the process on a CPU, elapsed ones on a GPU; the source's states are "
    "given; times: theirs over ours, for a bound ours over it; * scaled up from a sample"
)


def _outcome_row(outcome: Outcome) -> dict[str, Any]:
    bar = outcome.contest.bar
    return {
        "what": _NAMES[outcome.contest.what],
        "way": outcome.contest.title,
        "ours": statistics.median(outcome.ours),
        "theirs": statistics.median(outcome.theirs),
        "ratio": outcome.ratio,
        "ratios": outcome.ratios,
        "bar": None if bar is None else f"≥ {bar:g}",
        "met": None if bar is None else outcome.ratio >= bar,
        "share": outcome.measured / outcome.total,
        "agreement": outcome.agreement,
    }


def _seconds(value: float) -> str:
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s" if value < 100 else f"{value:.0f} s"
