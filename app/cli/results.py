"""An explanation as JSON for scripts and as text for people."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from .examples import example_facts

if TYPE_CHECKING:
    from ...agent import Explanation, Span, Wording
    from ...tools.black_boxes import Domain
    from ...tools.scoring import Score

TITLES = {
    "explained": ("Explained", "green"),
    "not_better_than_baseline": ("No explanation beats the baselines", "yellow"),
    "failed": ("The black box failed", "red"),
    "out_of_budget": ("The budget was spent before anything could be concluded", "yellow"),
    "interrupted": ("Interrupted", "yellow"),
}


def finite(value: Any) -> Any:
    """`value` with every number that strict JSON cannot carry (NaN, infinities) replaced by null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, complex):
        return {"re": finite(value.real), "im": finite(value.imag)}
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def write_json(value: Any) -> None:
    """Print `value` as one strict JSON object on stdout."""
    text = json.dumps(finite(value), allow_nan=False, ensure_ascii=False, indent=2)
    try:
        print(text, flush=True)
    except UnicodeEncodeError:
        print(json.dumps(finite(value), allow_nan=False, indent=2), flush=True)


def domain_json(domain: Domain) -> Any:
    """The intervals of a numeric domain; other domains as their fields."""
    if hasattr(domain, "inputs"):
        return [asdict(interval) for interval in domain.inputs]
    return asdict(domain)


def _clip(end: float, low: float, high: float) -> float:
    return min(max(end, low), high)


def exceptions_json(explanation: Explanation) -> list[dict[str, Any]]:
    """The exceptions, with open ends put at the ends of the domain."""
    from ...tools.black_boxes import NumericDomain

    domain = explanation.domain
    low, high = -math.inf, math.inf
    if isinstance(domain, NumericDomain) and domain.arity == 1:
        low, high = domain.inputs[0].low, domain.inputs[0].high
    return [
        {"low": _clip(e.low, low, high), "high": _clip(e.high, low, high), "description": e.description}
        for e in explanation.exceptions
    ]


def explanation_json(
    explanation: Explanation, report: Path | None, account: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The fixed interface for scripts: `zetetic explain --json` prints exactly this.

    `account`: what a run on examples says of them.
    """
    score = explanation.score
    noise = explanation.noise
    return {
        "description": explanation.description,
        "code": explanation.code,
        "exceptions": exceptions_json(explanation),
        "noise": None if noise is None else {"kind": noise.kind, "scale": noise.scale},
        "score": None
        if score is None
        else {
            "value": score.value,
            "low": score.low,
            "high": score.high,
            "metric": score.metric,
            "held_out": score.held_out,
        },
        "queries": explanation.queries,
        "seconds": round(explanation.seconds, 3),
        "run_id": explanation.run_id,
        "formula": explanation.formula,
        "outcome": explanation.outcome,
        "round": explanation.round,
        "reason": explanation.reason,
        "baselines": {} if score is None else score.baselines,
        "domain": domain_json(explanation.domain),
        "report": None if report is None else str(report),
        **({} if explanation.wording is None else {"wording": asdict(explanation.wording)}),
        **({} if account is None else {"examples": dict(account)}),
    }


def figure(value: float) -> str:
    """A score as people read it: four digits, but never 1 for what is only nearly 1."""
    if not math.isfinite(value):
        return "undefined"
    text = f"{value:.4f}"
    if text == "1.0000" and value < 1:
        return f"1 - {1 - value:.1g}"
    return text if abs(value) < 1e4 else f"{value:.3g}"


def score_line(score: Score) -> str:
    share = f"{score.confidence:.0%}".replace("%", " %")
    fresh = "never used to find it"
    if not score.held_out:
        return "none"
    if score.repeated:
        fresh = f"of which {score.repeated} had been asked before: the domain holds too few others"
    return (
        f"{score.metric} {figure(score.value)}  ({share} interval {figure(score.low)} to {figure(score.high)}, "
        f"on {score.held_out} inputs {fresh})"
    )


def facts(explanation: Explanation) -> list[tuple[str, str]]:
    """What is said beside description and code, as label and text."""
    from ...tools.black_boxes import TextDomain

    rows: list[tuple[str, str]] = []
    if explanation.formula:
        rows.append(("formula", explanation.formula))
    if explanation.wording is not None and explanation.score is not None:
        return [*rows, *wording_facts(explanation, explanation.score, explanation.wording), *_cost_facts(explanation)]
    if explanation.score is not None:
        rows.append(("score", score_line(explanation.score)))
        beside = ", ".join(f"{name} {figure(value)}" for name, value in explanation.score.baselines.items())
        rows.append(("baselines", beside or "none"))
    if explanation.reason:
        rows.append(("verdict", _verdict_text(explanation)))
    for exception in exceptions_json(explanation):
        where = f"{exception['low']:.6g} to {exception['high']:.6g}"
        rows.append(("exception", f"{where}: {exception['description']}"))
    noise = explanation.noise
    if noise is not None:
        rows.append(("noise", f"{noise.kind}, standard deviation {noise.scale:.3g}"))
    elif not isinstance(explanation.domain, TextDomain):
        rows.append(("noise", "none found"))
    return [*rows, *_cost_facts(explanation)]


def _cost_facts(explanation: Explanation) -> list[tuple[str, str]]:
    return [
        ("cost", f"{explanation.queries} queries, {explanation.seconds:.1f} s"),
        ("run", explanation.run_id),
    ]


def wording_facts(explanation: Explanation, score: Score, wording: Wording) -> list[tuple[str, str]]:
    """What is said of an explanation in words: its score, what moves with it, what it beats, what it rests on."""
    rows = [("score", f"withheld: {wording.withheld}" if wording.withheld else score_line(score))]
    if wording.effect is not None:
        texts = f"on the {wording.applies} texts to which it applies"
        rows.append(("effect", f"{span_text(wording.effect, signed=True)} standard deviations {texts}"))
    if wording.correlation is not None:
        rows.append(("rank corr.", span_text(wording.correlation)))
        rows.append(("p", f"{wording.corrected_p_value:.2g}, corrected for {wording.tried} hypotheses tried"))
    for rival in wording.rivals:
        rows.append(("baseline", f"{score.metric} {figure(rival.auc)}  {rival.name}: {rival.says}"))
    if explanation.reason:
        rows.append(("verdict", _verdict_text(explanation)))
    if explanation.code and wording.code_correlation is not None:
        rows.append(("code", f"rank correlation {figure(wording.code_correlation)} with the responses held out"))
    judge = f"{wording.judge}, AUC {span_text(wording.judge_auc)} on its calibration set"
    return [*rows, ("judge", judge), ("corpus", wording.corpus)]


def span_text(span: Span, *, signed: bool = False) -> str:
    """Such as `0.62 (0.53 to 0.70)`; the value alone where there is no interval."""
    sign = "+" if signed else ""
    value = f"{span.value:{sign}.2f}"
    if not (math.isfinite(span.low) and math.isfinite(span.high)):
        return value
    return f"{value} ({span.low:{sign}.2f} to {span.high:{sign}.2f})"


def _verdict_text(explanation: Explanation) -> str:
    said = f"round {explanation.round}: " if (explanation.round or 1) > 1 else ""
    return said + explanation.reason


def show_explanation(
    console: Console, explanation: Explanation, report: Path | None, account: Mapping[str, Any] | None = None
) -> None:
    """Print the explanation: a panel on a terminal, plain lines elsewhere. Code stays copyable in both.

    `account`: what a run on examples says of them.
    """
    told = facts(explanation) if account is None else example_facts(explanation, account)
    rows = told + ([] if report is None else [("report", str(report))])
    title, colour = TITLES[explanation.outcome]
    if account is not None and explanation.outcome == "not_better_than_baseline":
        title = "Not shown to hold beyond its pairs"
    if not console.is_terminal:
        _show_plainly(console, title, explanation, rows)
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, Text(text))
    parts: list[RenderableType] = [Text(explanation.description, style="bold"), "", table]
    console.print(Panel(Group(*parts), title=title, title_align="left", border_style=colour, padding=(1, 2)))
    if explanation.code:
        console.print(Syntax(explanation.code.strip(), "python", background_color="default", word_wrap=True))


def _show_plainly(console: Console, title: str, explanation: Explanation, rows: list[tuple[str, str]]) -> None:
    lines = [f"{title}: {explanation.description}"]
    lines += [f"{label + ':':11} {text}" for label, text in rows]
    if explanation.code:
        lines += ["", explanation.code.strip()]
    console.print("\n".join(lines), soft_wrap=True, markup=False, highlight=False, emoji=False)
