"""`zetetic explain --examples FILE`: only pairs, and no box to ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..failures import bad_input

if TYPE_CHECKING:
    from ...agent import Explanation, Store
    from ...tools.scoring import Score
    from .driving import Sitting

_OTHERS_SHOWN = 6
"""Programs that a terminal shows; the report and the JSON hold all that survive, twelve at most."""
EXAMPLES_PANEL = "Examples, and no box to ask"

ExamplesOption = Annotated[
    Path | None,
    typer.Option(
        "--examples",
        metavar="FILE",
        help="Pairs of input and output instead of SPEC: a .csv or .tsv with a header, or a .jsonl of objects or of "
        "lists [input, output].",
        rich_help_panel=EXAMPLES_PANEL,
    ),
]
ColumnOption = Annotated[
    str | None,
    typer.Option(
        "--output-column",
        metavar="NAME",
        help="The column that is the output. Default: the one called output, y or value, else the last.",
        rich_help_panel=EXAMPLES_PANEL,
    ),
]


def check_examples(context: typer.Context, spec: str | None, examples: Path | None, column: str | None) -> None:
    """Refuse what does not fit together: SPEC and a file of pairs, or what only a box that can be asked needs."""
    if spec is None and examples is None:
        raise bad_input("expected SPEC (python:FILE.py:NAME …) or --examples FILE, got neither; see zetetic explain -h")
    if examples is None:
        if column is not None:
            raise bad_input("expected --examples FILE with --output-column, got none; add it, or leave the column out")
        return
    if spec is not None:
        raise bad_input(f"expected SPEC or --examples, got both ({spec} and {examples}); leave one out")
    for name in _OF_A_BOX:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = "--" + name.replace("_", "-")
            raise bad_input(f"expected no {option} with --examples, got one: there is no box to ask; leave it out")


_OF_A_BOX = (
    "domain", "integer", "corpus", "chat", "timeout", "batch_size", "token_variable", "single", "untrusted", "sandbox",
    "sandbox_level", "budget_queries", "budget_rounds", "scientist", "model", "base_url", "budget_tokens",
    "budget_money", "hint", "tool", "mcp",
)  # fmt: skip


@dataclass(frozen=True)
class ExamplesWish:
    """What the user said of the pairs: where they are, the output's column, and what is a text though it looks like a
    number.
    """

    path: Path
    column: str | None = None
    texts: bool = False
    gives_text: bool = False


def begin_examples(store: Store, wish: ExamplesWish, *, seed: int, seconds: float | None) -> Sitting:
    """The first sitting of a run on examples."""
    from ...agent.passive import brief_of
    from ...tools.examples import ExamplesBox, ExamplesError, read_examples
    from .driving import Sitting

    try:
        examples = read_examples(wish.path, output_column=wish.column, texts=wish.texts, gives_text=wish.gives_text)
    except ExamplesError as error:
        raise bad_input(str(error)) from error
    box = ExamplesBox(examples)
    options = {"seed": seed} | ({"output": "text"} if wish.gives_text else {})
    brief = brief_of(box, seed=seed, seconds=seconds, options=options)
    remarks = (
        (f"{examples.duplicates} pairs repeat an earlier one and were dropped",)
        if examples.duplicates > 1
        else ("one pair repeats an earlier one and was dropped",)
        if examples.duplicates
        else ()
    )
    return Sitting(store.create(brief), box, remarks=remarks)


def separating_line(account: Mapping[str, Any]) -> str:
    """The input that would tell the first two programs apart, in words; empty where there is none."""
    apart = account.get("separating")
    if not apart:
        return ""
    rank = {2: "the second", 3: "the third"}.get(apart["rank"], f"number {apart['rank']}")
    asked = apart["input"]
    point = json.dumps(asked, ensure_ascii=False) if isinstance(asked, str) else ", ".join(f"{v:.10g}" for v in asked)
    return f"ask {point}: the first says {_said(apart['first'])}, {rank} says {_said(apart['other'])}"


def _said(answer: Any) -> str:
    if answer is None:
        return "nothing"
    return json.dumps(answer, ensure_ascii=False) if isinstance(answer, str) else f"{answer:.6g}"


def example_facts(explanation: Explanation, account: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is said of a run on examples, as label and text."""
    rows = [("formula", explanation.formula)] if explanation.formula else []
    rows.append(("pairs", _pairs_text(account)))
    if explanation.score is not None:
        rows.append(("score", _score_text(explanation.score, account)))
        beside = ", ".join(f"{name} {value:.4g}" for name, value in explanation.score.baselines.items())
        rows.append(("baselines", beside or "none"))
    if explanation.reason:
        stands = "stands" if explanation.outcome == "explained" else "does not stand"
        rows.append(("verdict", f"{stands}: {explanation.reason}"))
    if explanation.noise is not None:
        noise = f"{explanation.noise.kind}, standard deviation {explanation.noise.scale:.3g}"
        rows.append(("noise", noise))
    rows += _survivors(account)
    rows += [("note", note) for note in account["notes"]]
    return [*rows, ("cost", f"{explanation.seconds:.1f} s"), ("run", explanation.run_id)]


def _score_text(score: Score, account: Mapping[str, Any]) -> str:
    metric = {"r2": "R²"}.get(score.metric, score.metric)
    tested = {
        "kept aside": "pairs kept aside, by what the others gave",
        "left out": "pairs, each left out and foretold by all others",
    }[account["way"]]
    return (
        f"{metric} {score.value:.4g}  (95 % interval {score.low:.4g} to {score.high:.4g}, on {score.held_out} {tested})"
    )


def _survivors(account: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The other programs that the pairs leave, and what would tell the first two apart."""
    survivors = account["survivors"]
    if len(survivors) < 2:
        return [("others", "none survives the pairs")] if survivors else []
    rows = [("best", f"{survivors[0]['bits']:.0f} bits; {survivors[0]['evidence']}")]
    for rank, other in enumerate(survivors[1:_OTHERS_SHOWN], start=2):
        says = other["formula"] or other["description"]
        rows.append((f"{rank}.", f"{says}  ({other['bits']:.0f} bits; {other['evidence']})"))
    more = len(survivors) - _OTHERS_SHOWN
    if more > 0:
        rows.append(("more", f"{more} in the report and with --json"))
    line = separating_line(account)
    return [*rows, ("ask next", line or "the programs agree on every input that was tried")]


def _pairs_text(account: Mapping[str, Any]) -> str:
    tested = {
        "kept aside": f"{account['tested']} of them kept aside for the score",
        "left out": "each left out once for the score",
        "none": "none of them tested",
    }[account["way"]]
    return f"{account['pairs']}, {tested}"
