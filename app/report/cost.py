"""What a run cost: queries by what they were asked for, and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ...agent.types import Observation
from .evidence import HELD_OUT
from .figures import Figure, axis, plotly_text
from .tables import Table, numeric, table, wide

_MAX_REASONS = 12


def reasons(observations: Sequence[Observation]) -> list[tuple[str, int, float]]:
    """Queries and seconds inside the box for every reason, in the order in which the reasons first came up."""
    counts: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for o in observations:
        why = "held out, to verify" if o.purpose == HELD_OUT else o.why or "unstated"
        counts[why] += 1
        seconds[why] += o.reply.seconds  # type: ignore[assignment]
    rows = [(why, n, float(seconds[why])) for why, n in counts.items()]
    if len(rows) <= _MAX_REASONS:
        return rows
    kept = {why for why, _ in counts.most_common(_MAX_REASONS - 1)}
    rest = [r for r in rows if r[0] not in kept]
    return [r for r in rows if r[0] in kept] + [
        (f"{len(rest)} other reasons", sum(r[1] for r in rest), sum(r[2] for r in rest))
    ]


def cost_table(observations: Sequence[Observation], queries: int, seconds: float) -> Table | None:
    """Queries by reason, and the totals of the run."""
    rows: list[tuple[str, ...]] = [(w, str(n), f"{s:.3g}") for w, n, s in reasons(observations)]
    rows.append(("all", str(queries), f"{sum(o.reply.seconds for o in observations):.3g}"))
    columns = [wide("asked for"), numeric("queries"), numeric("seconds in the box")]
    return table(f"The run took {seconds:.3g} seconds", columns, rows)


def cost_figure(observations: Sequence[Observation]) -> Figure | None:
    """A bar for every reason, the first asked on top."""
    rows = reasons(observations)
    if len(rows) < 2:
        return None
    bar: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "x": [n for _, n, _ in rows],
        "y": list(range(len(rows))),
        "text": [str(n) for _, n, _ in rows],
        "textposition": "auto",
        "hoverinfo": "x",
        "marker": {"color": "role:query"},
    }
    names = {"tickmode": "array", "tickvals": bar["y"], "ticktext": [plotly_text(w, 30) for w, _, _ in rows]}
    layout = {
        "xaxis": axis("queries", rangemode="tozero"),
        "yaxis": {"automargin": True, "autorange": "reversed", "zeroline": False, **names},
        "showlegend": False,
    }
    caption = "Queries by what they were asked for."
    alt = f"{caption} " + ", ".join(f"{w}: {n}" for w, n, _ in rows)
    return Figure("cost", "Queries by purpose", caption, alt, [bar], layout, None, height=90 + 30 * len(rows))
