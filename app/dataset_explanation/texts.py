"""Differences between texts as sections of a page: shares with intervals, examples, what was rejected."""

from __future__ import annotations

import math
from typing import Any

from ...tools.dataset_explanation import DatasetExplanation, Difference, Example
from ...tools.dataset_explanation.candidates import RULE
from ...tools.dataset_explanation.telling import flipped, interval, p_text, percent, points
from ..patchscopes.layout import Section
from ..report.figures import Figure, axis, plain_numbers, plotly_text
from ..report.tables import Column, Table, numeric, table, wide

SHOWN_LETTERS = 700


def text_sections(found: DatasetExplanation) -> tuple[Section, ...]:
    """What was found, how much of the difference it is, the texts that show it, and what was not reported."""
    sections = []
    if found.differences:
        sections.append(Section("Shares", (), (_shares(found),), _kept(_measures(found))))
    sections.append(Section("How much of the difference this is", _together_words(found), (_together(found),)))
    sections += [_examples(number, one) for number, one in enumerate(found.differences, 1)]
    sections.append(Section("Tried and not reported", _rejected_words(found), (), _kept(_rejected(found))))
    return tuple(sections)


def _kept(found: Table | None) -> tuple[Table, ...]:
    return () if found is None else (found,)


def _sides(found: DatasetExplanation) -> tuple[str, str]:
    if found.kind == "groups":
        return found.a, found.b
    return f"{found.target} above the median", f"{found.target} below"


def _shares(found: DatasetExplanation) -> Figure:
    """Two bars a difference; the gap's interval stands on the longer one."""
    names = [plotly_text(f"{n}. {d.phrase}", 60) for n, d in enumerate(found.differences, 1)][::-1]
    ordered = list(found.differences)[::-1]
    traces: list[dict[str, Any]] = []
    for label, role, shares, size in (
        (_sides(found)[1], "s1", [d.share_b for d in ordered], found.sizes[1]),
        (_sides(found)[0], "s3", [d.share_a for d in ordered], found.sizes[0]),
    ):
        values = plain_numbers([100 * s for s in shares], 4)
        ends = [wilson(share, size) for share in shares]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": plotly_text(label, 40),
                "y": names,
                "x": values,
                "marker": {"color": f"role:{role}"},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": plain_numbers([100 * (high - s) for (_, high), s in zip(ends, shares)], 4),
                    "arrayminus": plain_numbers([100 * (s - low) for (low, _), s in zip(ends, shares)], 4),
                    "color": "role:ink",
                    "thickness": 1.3,
                    "width": 4,
                },
                "hovertemplate": "%{x:.0f} %<extra>%{fullData.name}</extra>",
            }
        )
    layout = {
        "xaxis": axis("share of held-out texts (%)", range=[0, 100]),
        "yaxis": {"automargin": True, "ticksuffix": "  "},
        "barmode": "group",
        "bargap": 0.35,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "reversed"},
    }
    alt = "; ".join(one.sentence for one in found.differences)
    caption = "To what share of the held-out texts each phrase applies, with 95 % intervals (Wilson)."
    height = 130 + 74 * len(found.differences)
    return Figure("shares", "To how many texts each applies", caption, alt, traces, layout, height=height)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of n texts."""
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _measures(found: DatasetExplanation) -> Table | None:
    number = found.kind == "number"
    columns = [
        numeric(""), wide("a text …"), Column("more often in"), *(numeric(side) for side in _sides(found)),
        Column("difference (points)"), Column("correlation" if number else "AUC"), Column("p, corrected"),
        Column("how"),
    ]  # fmt: skip
    rows = []
    for place, one in enumerate(found.differences, 1):
        auc = one.auc if one.more_in == found.a else flipped(one.auc)
        effect = interval(auc) if one.correlation is None else interval(one.correlation, sign=True)
        gap = points(one.gap).replace(" points,", ",")
        rows.append(
            (
                str(place), one.phrase, one.more_in, percent(one.share_a), percent(one.share_b),
                _unbroken(gap), _unbroken(effect), p_text(one.holm).removeprefix("corrected p "),
                "counted" if one.judge == RULE else "judged",
            )
        )  # fmt: skip
    return table("Measured on held-out texts, intervals at 95 %", columns, rows)


def _unbroken(text: str) -> str:
    """The text with spaces that lines are not broken at."""
    return text.replace(" ", "\u00a0")


def _together(found: DatasetExplanation) -> Figure:
    overall = found.together
    shown = [("the differences together", overall.differences, "s3"), ("a probe of embeddings", overall.probe, "s1")]
    rows = [(name, one, role) for name, one, role in shown if one is not None]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "showlegend": False,
            "y": [name],
            "x": plain_numbers([one.value], 4),
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": plain_numbers([one.high - one.value], 4),
                "arrayminus": plain_numbers([one.value - one.low], 4),
                "color": f"role:{role}",
            },
            "marker": {"color": f"role:{role}", "size": 11},
            "hovertemplate": "%{x:.2f}<extra></extra>",
        }
        for name, one, role in rows
    ]
    line = {"type": "line", "x0": overall.chance, "x1": overall.chance, "yref": "paper", "y0": 0, "y1": 1}
    low = min([overall.chance - 0.05, *(one.low for _, one, _ in rows if one.known)])
    layout = {
        "xaxis": axis(f"{overall.metric} on held-out texts", range=[low, 1.02]),
        "yaxis": {"automargin": True, "ticksuffix": "  ", "range": [-0.6, len(rows) - 0.4]},
        "shapes": [{**line, "line": {"color": "role:faint", "dash": "dot", "width": 1.5}}],
    }
    alt = "; ".join(f"{name} {interval(one)}" for name, one, _ in rows)
    return Figure("together", "All together", "Dotted: chance.", alt, traces, layout, height=190)


def _together_words(found: DatasetExplanation) -> tuple[str, ...]:
    share = found.together.explained
    said = (
        "Both were fitted on the discovery half. The probe sees the embedding of the whole text and can say nothing in "
        "words; it is what could be had."
    )
    if share is None or not found.differences:
        return (said,)
    return (said, f"The differences have {100 * share:.0f} % of the probe's lead over chance.")


def _examples(number: int, one: Difference) -> Section:
    rows = [(example.group, highlighted(example)) for example in one.examples]
    shown = table("Held-out texts that show it, and one of the other side", [Column("from"), wide("text")], rows)
    also = f"The same texts are told apart by: {'; '.join(one.also[:12])}." if one.also else ""
    return Section(f"{number}. A text {one.phrase}", (also,) if also else (), (), _kept(shown))


def highlighted(example: Example) -> str:
    """The text, cut if long, with what shows the difference marked; safe as HTML."""
    from markupsafe import Markup, escape

    text, end = example.text, min(len(example.text), SHOWN_LETTERS)
    found = Markup("")
    place = 0
    for start, stop in sorted(example.spans):
        if start < place or stop > end:
            continue
        found += escape(text[place:start]) + Markup('<mark class="l3">') + escape(text[start:stop]) + Markup("</mark>")
        place = stop
    return found + escape(text[place:end]) + ("…" if end < len(text) else "")


def _rejected_words(found: DatasetExplanation) -> tuple[str, ...]:
    if not found.rejected:
        return ("Every candidate is reported.",)
    return (
        "What was screened out on the discovery half was never tested on the held-out half and costs no correction.",
    )


def _rejected(found: DatasetExplanation) -> Table | None:
    columns = [wide("a text …"), Column("from"), wide("why not"), numeric("held-out AUC"), numeric("p, corrected")]
    rows = [
        (
            one.phrase, one.source, one.reason, "" if one.auc is None else f"{one.auc:.2f}",
            "" if one.holm is None else f"{one.holm:.2g}",
        )
        for one in sorted(found.rejected, key=lambda r: (r.holm is None, r.holm or 0.0))
    ]  # fmt: skip
    return table("Candidates that are not reported", columns, rows)
