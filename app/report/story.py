"""How the hypotheses rose and fell: ranks by step, and what refuted each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...agent.record import RunRecord
from ...agent.types import Hypothesis, Observation
from .figures import Figure, axis, line, number, plotly_text, point_text
from .tables import Column, Row, Table, numeric, table, wide

_SHOWN_ROWS = 12
_MAX_LINES = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hypothesis stood at one step: its rank from 1, and its description length in bits."""

    step: int
    rank: int
    bits: float


@dataclass(frozen=True, slots=True)
class Trail:
    """A hypothesis and everywhere it stood."""

    hypothesis: Hypothesis
    places: tuple[Place, ...]

    @property
    def best_rank(self) -> int:
        return min((p.rank for p in self.places), default=99)

    @property
    def last_step(self) -> int:
        return max((p.step for p in self.places), default=0)


@dataclass(frozen=True, slots=True)
class Story:
    """The steps by name, in order, and the trails of all hypotheses, the most telling first."""

    steps: tuple[str, ...]
    trails: tuple[Trail, ...]


def tell(run: RunRecord) -> Story:
    """The trails of a run: the concluded one, then those still live, then those that lived longest and ranked best."""
    places: dict[str, list[Place]] = {id: [] for id in run.hypotheses}
    for step in run.steps:
        for rank, h in enumerate(step.ranked, 1):
            places[h.id].append(Place(step.number, rank, h.bits))
    trails = [Trail(h, tuple(places[id])) for id, h in run.hypotheses.items()]
    order = {"concluded": 0, "live": 1}
    trails.sort(key=lambda t: (order.get(t.hypothesis.standing, 2), -t.last_step, t.best_rank, t.hypothesis.bits))
    return Story(tuple(s.step for s in run.steps), tuple(trails))


def story_figures(story: Story) -> list[Figure]:
    """Ranks by step, and the description length of the leader; nothing where nothing rose or fell."""
    trails = [t for t in story.trails if t.places][:_MAX_LINES]
    if len(story.steps) < 2 or len(trails) < 2:
        return []
    return [_rank_figure(story, trails), *_bits_figure(story, trails)]


def _role(trail: Trail) -> str:
    return {"concluded": "fit", "live": "query"}.get(trail.hypothesis.standing, "faint")


def _rank_figure(story: Story, trails: Sequence[Trail]) -> Figure:
    traces: list[dict[str, Any]] = []
    legend_shown: set[str] = set()
    for t in reversed(trails):
        h = t.hypothesis
        ranks: dict[int, Place] = {p.step: p for p in t.places}
        span = range(min(ranks), max(ranks) + 1)
        role = _role(t)
        group = {"fit": "concluded", "query": "still live"}.get(role, "refuted or revised")
        trace = line(list(span), [ranks[s].rank if s in ranks else float("nan") for s in span], name=group, role=role)
        texts = [
            f"{h.name}: rank {p.rank}, {number(p.bits)} bits. {h.formula}" if (p := ranks.get(s)) else "" for s in span
        ]
        trace |= {"mode": "lines+markers", "text": [plotly_text(x) for x in texts], "hoverinfo": "text"}
        trace |= {"legendgroup": group, "showlegend": group not in legend_shown, "marker": _end_markers(t, len(span))}
        trace["line"] = {"color": f"role:{role}", "width": 3 if role == "fit" else 1.5}
        legend_shown.add(group)
        traces.append(trace)
    worst = max(p.rank for t in trails for p in t.places)
    layout = {
        "xaxis": _step_axis(story),
        "yaxis": axis("rank", range=[worst + 0.5, 0.5], dtick=1, zeroline=False),
    }
    caption = "Rank 1 is the best at that step; a cross marks where a hypothesis was refuted."
    alt = f"{caption} {len(trails)} hypotheses over {len(story.steps)} steps."
    return Figure("ranks", "Rank by step", caption, alt, traces, layout, None, height=130 + 32 * worst)


def _end_markers(trail: Trail, n: int) -> dict[str, Any]:
    role = _role(trail)
    refuted = trail.hypothesis.standing == "refuted"
    symbols = ["circle"] * (n - 1) + ["x" if refuted else "circle"]
    colors = [f"role:{role}"] * (n - 1) + ["role:bad" if refuted else f"role:{role}"]
    return {"symbol": symbols, "size": [6] * (n - 1) + [9 if refuted else 6], "color": colors}


def _step_axis(story: Story) -> dict[str, Any]:
    n = len(story.steps)
    every = max(1, -(-n // 12))
    return axis("step", tickmode="array", tickvals=list(range(1, n + 1, every)), range=[0.5, n + 0.5], zeroline=False)


def _bits_figure(story: Story, trails: Sequence[Trail]) -> list[Figure]:
    leaders: dict[int, tuple[Trail, Place]] = {}
    for t in trails:
        for p in t.places:
            if p.rank == 1:
                leaders[p.step] = (t, p)
    if len(leaders) < 2:
        return []
    steps = sorted(leaders)
    bits = [leaders[s][1].bits for s in steps]
    trace = line(steps, bits, name="bits", role="fit", shape="hv")
    texts = [
        f"step {s} ({story.steps[s - 1]}): {leaders[s][0].hypothesis.name}, {number(leaders[s][1].bits)} bits"
        for s in steps
    ]
    trace |= {"mode": "lines+markers", "text": [plotly_text(x) for x in texts], "hoverinfo": "text"}
    trace["marker"] = {"size": 6, "color": "role:fit"}
    caption = (
        "Description length of the leading hypothesis: program and residuals in bits, lower is better. "
        "It grows where new answers come in that have to be described too."
    )
    layout = {"xaxis": _step_axis(story), "yaxis": axis("bits"), "showlegend": False}
    return [Figure("bits", "The leader's description length", caption, caption, [trace], layout, None, height=260)]


def hypothesis_tables(
    story: Story, names: Sequence[str], observations: dict[int, Observation]
) -> tuple[Table | None, Table | None]:
    """The most telling hypotheses, and the others."""
    columns = [wide("hypothesis"), wide("formula"), numeric("bits"), Column("steps"), wide("what became of it")]
    rows = _rows(story, names, observations)
    shown, others = rows[:_SHOWN_ROWS], rows[_SHOWN_ROWS:]
    count = len(story.trails)
    caption = f"{count} hypotheses, the concluded and the longest-lived first" if count > 1 else "The only hypothesis"
    return table(caption, columns, shown), table("The other hypotheses", columns, others)


def _rows(story: Story, names: Sequence[str], observations: dict[int, Observation]) -> list[Row]:
    """A row for each hypothesis; those that differ only in digits that are not shown share the row of the first."""
    alike: dict[tuple[str, ...], list[Trail]] = {}
    for t in story.trails:
        h = t.hypothesis
        alike.setdefault((h.name, h.formula or h.id, h.standing, str(h.refuted_by)), []).append(t)
    return [_row(group[0], len(group) - 1, story, names, observations) for group in alike.values()]


def _row(trail: Trail, others: int, story: Story, names: Sequence[str], observations: dict[int, Observation]) -> Row:
    h = trail.hypothesis
    steps = [p.step for p in trail.places]
    when = "" if not steps else f"{min(steps)}" if min(steps) == max(steps) else f"{min(steps)}–{max(steps)}"
    name = h.name + (f" (and {others} alike)" if others else "")
    return Row((name, h.formula, number(h.bits), when, _fate(h, names, observations)), h.standing)


def _fate(h: Hypothesis, names: Sequence[str], observations: dict[int, Observation]) -> str:
    if h.refuted_by is None:
        return {"concluded": "concluded", "live": "still live at the end", "revised": "revised into another"}.get(
            h.standing, h.standing
        )
    word = "revised after" if h.standing == "revised" else "refuted by"
    o = observations.get(h.refuted_by)
    if o is None:
        return f"{word} #{h.refuted_by}"
    got = number(o.reply.value) if o.reply.value is not None else "no value"
    return f"{word} #{o.number}: {point_text(names, o.input)} gave {got}"
