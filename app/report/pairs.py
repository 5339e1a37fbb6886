"""The page of a run on examples alone: programs that survive the pairs, what was foretold, what to ask next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...agent.record import RunRecord
from ...tools.scoring.types import Score
from .figures import number
from .standing import as_sentence, metric_name, metric_symbol, score_number, score_text
from .tables import Column, Table, numeric, table, wide

MEMO = "examples"
"""Where a run's journal keeps what is said of its examples (see `agent.passive`)."""
_MOST_DOUBTS = 8


def pair_parts(run: RunRecord, tiles: Sequence[Any], failing: Table | None) -> dict[str, Any]:
    """The parts of a page that are other ones for a run that had nobody to ask.

    `tiles` and `failing` are those of a run on a box: what speaks there of held-out inputs speaks here of pairs.
    """
    account: Mapping[str, Any] = run.memos[MEMO]
    ended = run.explanation
    status = "Explained" if ended is not None and ended.outcome == "explained" else "Not shown to hold beyond its pairs"
    score = ended.score if ended else None
    wrong = None if failing is None else replace(failing, caption="Pairs that came out otherwise than foretold")
    return {
        "status": status,
        "title": f"{status}: {run.brief.spec}",
        "status_sentence": as_sentence(ended.reason) if ended and ended.reason else "",
        "tiles": _tiles(tiles, account),
        "scoring": _scoring(score, account),
        "score_plot": None,
        "score_table": _beside_baselines(score),
        "failing": wrong,
        "rivals": survivors_table(account),
    }


def facts_of_pairs(run: RunRecord) -> list[tuple[str, str]]:
    """What is to be known of the file's pairs beside."""
    account: Mapping[str, Any] = run.memos[MEMO]
    facts = [("Note", as_sentence(note)) for note in account["notes"]]
    if account["duplicates"]:
        facts.append(("Repeated pairs", f"{account['duplicates']}, dropped"))
    for doubt in account["contradictions"][:_MOST_DOUBTS]:
        facts.append(("Contradiction", f"{shown(doubt['input'])}: {', '.join(shown(a) for a in doubt['answers'])}"))
    return facts


def survivors_table(account: Mapping[str, Any]) -> Table | None:
    """Every program that survives, best first."""
    columns = [numeric("#"), wide("program"), numeric("bits"), Column("fit")]
    rows = [
        (str(rank), s["formula"] or s["description"], f"{s['bits']:.0f}", s["evidence"])
        for rank, s in enumerate(account["survivors"], start=1)
    ]
    return table("The programs that the pairs leave, the shortest description first", columns, rows)


def _tiles(tiles: Sequence[Any], account: Mapping[str, Any]) -> list[Any]:
    """The score and the seconds of `tiles`; the tile of queries becomes that of pairs."""
    tested = {
        "kept aside": f"{account['tested']} of them kept aside for the score",
        "left out": "each left out once for the score",
        "none": "none of them tested",
    }[account["way"]]
    kept = []
    for tile in tiles:
        if tile.name.startswith("Held-out"):
            kept.append(replace(tile, name=tile.name.replace("Held-out", "Foretold")))
        elif tile.name == "Queries":
            kept.append(replace(tile, name="Pairs", value=str(account["pairs"]), note=tested))
            alike = len(account["survivors"])
            kept.append(replace(tile, name="Survivors", value=str(alike), note="programs that agree with the pairs"))
        elif tile.name == "Seconds":
            kept.append(tile)
    return kept


def _scoring(score: Score | None, account: Mapping[str, Any]) -> list[str]:
    said = []
    if account["way"] == "kept aside":
        said.append(
            f"There is nobody to ask, so {account['tested']} of the {account['pairs']} pairs were kept aside, every "
            "fourth in order of size; what the others gave had to foretell them. The program shown was then found "
            "again from all pairs, so these no longer test it."
        )
    elif account["way"] == "left out":
        said.append(
            f"There is nobody to ask and there are few pairs, so each of the {account['tested']} was left out in turn, "
            "and what the others gave had to foretell it."
        )
    else:
        said.append(
            "There is nobody to ask, and no pair was left to test anything on: how well the program does on other "
            "inputs is not known."
        )
    if score is not None:
        best = max(score.baselines.items(), key=lambda b: b[1], default=None)
        beside = f"; the best baseline, {best[0]}, reaches {number(best[1])}" if best is not None else ""
        said.append(f"The score on these pairs, {metric_name(score.metric)}, is {score_text(score)}{beside}.")
    if account["separating"]:
        said.append(f"To tell two of the surviving programs apart, {separating_text(account)}.")
    return said


def _beside_baselines(score: Score | None) -> Table | None:
    if score is None:
        return None
    rows = [("explanation", score.value), *sorted(score.baselines.items(), key=lambda b: -b[1])]
    columns = [Column("predictor"), numeric(f"{metric_symbol(score.metric)} on foretold pairs")]
    return table("The explanation beside trivial predictors", columns, [(n, score_number(v)) for n, v in rows])


def separating_text(account: Mapping[str, Any]) -> str:
    """The input that tells the first program from another, and what both say of it."""
    apart = account["separating"]
    rank = {2: "the second", 3: "the third"}.get(apart["rank"], f"number {apart['rank']}")
    return f"ask {shown(apart['input'])}: the first says {shown(apart['first'])}, {rank} says {shown(apart['other'])}"


def shown(value: Any) -> str:
    """An input or an answer as it is typed."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return ", ".join(f"{v:.10g}" for v in value) if isinstance(value, list | tuple) else f"{value:.6g}"
