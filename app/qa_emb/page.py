"""The page of `zetetic qa-embed`: coefficients with intervals, the score beside its baselines, telling texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..patchscopes.layout import Page, Section
from ..report.figures import Figure, axis, plain_numbers, plotly_text
from ..report.tables import Column, numeric, table, wide

if TYPE_CHECKING:
    from .outcome import Outcome

COMMAND = "qa-embed"
TELLING_TEXTS = 3
TEXT_LENGTH = 240
ROW_HEIGHT = 34


def qa_page(outcome: Outcome, target: str | None) -> Page:
    """A page for an outcome, with a target or without."""
    count = f"{len(outcome.rows.texts)} texts × {len(outcome.questions)} questions"
    facts = (
        ("Texts", str(len(outcome.rows.texts))), ("Questions", str(len(outcome.questions))),
        ("Answered by", outcome.answerer), ("Method", "QA-Emb (arXiv:2405.16714)"),
        *(("Note", note) for note in outcome.notes),
    )  # fmt: skip
    if outcome.fit is None or outcome.score is None:
        return Page(
            "Features from questions", count, "Answered", "good", (), (_answers(outcome),), facts, COMMAND
        )  # fmt: skip
    good = outcome.score.beats_baselines
    badge = "Predicts texts it has not seen" if good else "No better than the simple baselines"
    return Page(
        title=f"What goes with {target}",
        headline=f"What goes with {target}",
        badge=badge,
        tone="good" if good else "warn",
        lead=(outcome.sentence or "", _score(outcome)),
        sections=tuple(s for s in (_coefficients(outcome), _telling(outcome), _answers(outcome)) if s is not None),
        facts=facts,
        command=COMMAND,
    )


def _score(outcome: Outcome) -> str:
    score = outcome.score
    assert score is not None
    beside = ", ".join(f"{name} {value:.3f}" for name, value in score.baselines.items())
    return (
        f"On texts that were held out: {score.metric} {score.value:.3f} (95 % interval {score.low:.3f} to "
        f"{score.high:.3f}, {score.texts} different texts). Baselines on the same texts: {beside}."
    )


def _coefficients(outcome: Outcome) -> Section | None:
    fit = outcome.fit
    assert fit is not None
    if not fit.coefficients:
        return None
    unit = "target" if fit.kind == "regression" else "log-odds"
    traces, layout = coefficient_plot(outcome, f"change of the {unit} a standard deviation of the answer")
    how = (
        f"Intervals are 95 % bootstraps over texts in which the choosing was done again ({fit.resamples} times); a "
        "hollow point's interval holds 0."
    )
    figure = Figure(
        "coefficients", "The chosen questions", how, "Coefficients of the chosen questions with their intervals.",
        traces, layout, height=110 + ROW_HEIGHT * len(fit.coefficients),
    )  # fmt: skip
    columns = [wide("question"), numeric(f"change of {unit}"), Column("95 % interval"), numeric("kept")]
    rows = [
        (c.question, f"{c.value:+.3g}", f"{c.low:+.3g} to {c.high:+.3g}", f"{c.kept:.0%}") for c in fit.coefficients
    ]
    found = table("Chosen questions", columns, rows)
    return Section("The model", (), (figure,), () if found is None else (found,))


def coefficient_plot(outcome: Outcome, title: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(traces, layout): a point and its interval for each chosen question, the strongest on top."""
    assert outcome.fit is not None
    shown = list(reversed(outcome.fit.coefficients))
    names = [plotly_text(c.question, 64) for c in shown]
    traces = []
    for known, label in ((True, "sign known"), (False, "interval holds 0")):
        some = [(n, c) for n, c in zip(names, shown) if c.known == known]
        if not some:
            continue
        values = [c.value for _, c in some]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": label,
                "x": plain_numbers(values, 5),
                "y": [name for name, _ in some],
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": plain_numbers([max(0.0, c.high - c.value) for _, c in some], 5),
                    "arrayminus": plain_numbers([max(0.0, c.value - c.low) for _, c in some], 5),
                    "color": "role:query" if known else "role:faint",
                    "thickness": 1.6,
                },
                "marker": {
                    "size": 9,
                    "symbol": "circle" if known else "circle-open",
                    "color": "role:query" if known else "role:faint",
                },
                "hovertemplate": "%{y}<br>%{x:.3f}<extra></extra>",
            }
        )
    layout = {
        "xaxis": axis(title, zeroline=True),
        "yaxis": axis("", categoryorder="array", categoryarray=names, showgrid=False),
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
        "hovermode": "closest",
    }
    return traces, layout


def _telling(outcome: Outcome) -> Section | None:
    """For each chosen question the texts with the most certain yes and no."""
    fit = outcome.fit
    assert fit is not None
    rows = []
    for c in fit.coefficients:
        column = outcome.features[:, outcome.questions.index(c.question)]
        order = np.argsort(column, kind="stable")
        for word, some in (("yes", order[::-1][:TELLING_TEXTS]), ("no", order[:TELLING_TEXTS])):
            rows += [(c.question, word, f"{column[i]:.2f}", _short(outcome.rows.texts[i])) for i in some]
    columns = [wide("question"), Column("answer"), numeric("probability of yes"), wide("text")]
    found = table("The most certain answers", columns, rows)
    about = "What each chosen question's yes and no look like among these texts: check that they mean what they say."
    return None if found is None else Section("What the answers look like", (about,), (), (found,))


def _answers(outcome: Outcome) -> Section:
    """Every question with its mean and spread."""
    order = np.argsort(-outcome.features.std(axis=0), kind="stable")
    rows = [
        (outcome.questions[i], f"{outcome.features[:, i].mean():.2f}", f"{outcome.features[:, i].std():.2f}")
        for i in order
    ]
    found = table(
        "All questions, the most varied first", [wide("question"), numeric("mean"), numeric("deviation")], rows
    )
    return Section("Answers", (), (), () if found is None else (found,))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
