"""The page of the Patchscopes benchmark: curves by layer with bands, differences, tasks."""

from __future__ import annotations

from ...benchmarks.patchscopes.report import (
    AttributesReport,
    MethodFigures,
    NextTokenReport,
    PatchscopesReport,
    TaskFigures,
)
from ...benchmarks.patchscopes.table import halves
from ...tools.patchscope.comparison import Estimate
from ..report.figures import Figure
from ..report.tables import Column, numeric, table, wide
from .layout import Page, Section
from .plots import Series, curves


def bench_page(report: PatchscopesReport) -> Page:
    """A page for the parts that were run."""
    sections: list[Section] = []
    lead: list[str] = []
    badge, tone = "Measured", "good"
    if report.next_token is not None:
        lead.append(report.next_token.verdict)
        sections += _next_token(report.next_token)
        met = report.next_token.bar_met
        badge, tone = ("Bar met", "good") if met else ("Bar missed", "bad")
    if report.attributes is not None:
        lead.append(report.attributes.verdict)
        sections += _attributes(report.attributes)
    found = report.next_token or report.attributes
    return Page(
        title="Patchscopes benchmark",
        headline=f"What Patchscopes read out of {found.model if found else 'no model'}",
        badge=badge,
        tone=tone,
        lead=tuple(lead),
        sections=tuple(sections),
        facts=_facts(report),
    )


def _next_token(report: NextTokenReport) -> list[Section]:
    about = (
        f"{report.positions} positions in plain text of {report.origins} origins that ships with Python. Bands are "
        "95 % bootstraps over origins."
    )
    figures = []
    for id, title, axis_title, which in (
        ("precision", "Precision@1", "share of positions", "precision"),
        ("surprisal", "Surprisal of the model's own token", "nats", "surprisal"),
    ):
        series = [
            Series(_named(m), getattr(m, which).mean, getattr(m, which).low, getattr(m, which).high)
            for m in report.methods
        ]
        traces, layout = curves(report.layers, series, axis_title)
        means = ", ".join(f"{m.name} {getattr(m, f'mean_{which}').value:.2f}" for m in report.methods)
        figures.append(
            Figure(id, title, f"Mean over layers: {means}.", f"{title} by layer.", traces, layout, height=470)
        )
    columns = [
        wide("method"),
        Column("kind"),
        numeric("precision@1"),
        numeric("surprisal"),
        numeric("identity less it"),
        numeric("lower, upper half"),
    ]
    gaps = {d.other: (gap(d.precision), halves(d)) for d in report.differences}
    rows = [
        (m.name, m.kind, ranged(m.mean_precision), ranged(m.mean_surprisal), *gaps.get(m.name, ("", "")))
        for m in report.methods
    ]
    found = table("Means over layers", columns, rows)
    met = "met" if report.bar_met else "missed"
    bar = f"The bar, token identity above the logit lens by {report.bar:.2f} or more, is {met}."
    return [Section("Next token from every layer", (about, bar), tuple(figures), () if found is None else (found,))]


def _named(method: MethodFigures) -> str:
    return f"control: {method.name}" if method.kind == "control" else method.name


def _attributes(report: AttributesReport) -> list[Section]:
    if report.overall is None:
        return []
    about = (
        "A subject's hidden state goes to the x of a question about it; right is a continuation with the attribute. "
        "“Some l*” is right at some target layer, an oracle; “chosen l*” is one target layer chosen on other subjects. "
        "“Other subject” patches the same question with another subject's state. The probe never saw the subject."
    )
    columns = [
        wide("task"), numeric("examples"), numeric("some l* (oracle)"), numeric("chosen l*"),
        numeric("less other subject"), numeric("less unrelated target"), numeric("probe"), numeric("asked directly"),
        numeric("unpatched"),
    ]  # fmt: skip
    rows = [_task_row(t) for t in [*report.tasks, report.overall]]
    found = table("Means over source layers", columns, rows)
    return [
        Section("Attribute extraction", (about,), (_task_figure(report.overall),), () if found is None else (found,)),
    ]


def _task_figure(task: TaskFigures) -> Figure:
    layers = [f.layer for f in task.by_layer]
    names = {
        "chosen_patched": "chosen l*",
        "some_patched": "some l* (oracle)",
        "chosen_swapped": "other subject, chosen l*",
        "chosen_unrelated": "unrelated target, chosen l*",
        "some_swapped": "other subject, some l* (oracle)",
        "probe": "linear probe",
    }
    slots = (2, 1, 3, 4, 5, 0)
    series = [
        Series(name, [getattr(f, field) for f in task.by_layer], slot=slot)
        for slot, (field, name) in zip(slots, names.items())
    ]
    traces, layout = curves(layers, series, "share right")
    asked = f"Asked directly: {task.direct:.2f}; unpatched: {task.unpatched:.2f}."
    caption = f"All {task.examples} examples of all tasks. {asked}"
    return Figure(
        "attributes",
        "Right answers by source layer",
        caption,
        "Right answers by source layer.",
        traces,
        layout,
        height=470,
    )


def _task_row(task: TaskFigures) -> tuple[str, ...]:
    return (
        task.task,
        str(task.examples),
        ranged(task.mean_some_patched),
        ranged(task.mean_chosen_patched),
        gap(task.patched_less_swapped),
        gap(task.patched_less_unrelated),
        ranged(task.mean_probe),
        f"{task.direct:.2f}",
        f"{task.unpatched:.2f}",
    )


def ranged(value: Estimate) -> str:
    """`0.43 (0.40 to 0.47)`."""
    return f"{value.value:.2f} ({value.low:.2f} to {value.high:.2f})" if value.known else f"{value.value:.2f}"


def gap(value: Estimate) -> str:
    """`+0.12 (+0.05 to +0.20)`."""
    return f"{value.value:+.2f} ({value.low:+.2f} to {value.high:+.2f})" if value.known else f"{value.value:+.2f}"


def _facts(report: PatchscopesReport) -> tuple[tuple[str, str], ...]:
    from ... import __version__

    facts = [("Version", f"zetetic {__version__}")]
    if report.attributes is not None:
        a = report.attributes
        facts.append(("Source layers", ", ".join(map(str, a.source_layers))))
        facts.append(("Target layers", ", ".join(map(str, a.target_layers))))
        facts.append(("Tokens of a continuation", str(a.max_new_tokens)))
    return (*facts, ("Method", "Patchscopes, sections 4.1 and 4.2 (arXiv:2401.06102)"))
