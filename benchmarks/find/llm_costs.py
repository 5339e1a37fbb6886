"""What chat models cost on a function: read from what its run kept, so that it holds over restarts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .category import Cost, Row, Task
from .options import FindOptions

if TYPE_CHECKING:
    from ...agent import Journal
    from ...agent.llm import Prices

JOURNAL = "journal.sqlite"
"""The investigation's own store, in the folder that a task keeps."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of one reply."""

    input: int
    output: int
    estimated: bool = False


def with_costs(row: Row, task: Task) -> Row:
    """`row` with what chat models cost, and the transcript; the same row where none took part."""
    costs = costs_of(task)
    transcript = _write_transcript(task) if (task.kept / JOURNAL).is_file() else None
    if not costs and transcript is None:
        return row
    known = [cost.dollars for cost in costs if cost.dollars is not None]
    return row.model_copy(
        update={
            "costs": costs,
            "tokens": sum(cost.input_tokens + cost.output_tokens for cost in costs),
            "dollars": sum(known) if known else None,
            "transcript": transcript,
        }
    )


def costs_of(task: Task) -> tuple[Cost, ...]:
    """What each chat model has cost on the task so far, the scientist first. Roles that cost nothing are left out."""
    from ...agent.llm import Prices
    from .llm_chats import kept_spending

    options, prices = task.options, Prices.load()
    found = []
    if options.investigator.model is not None:
        spent = list(_spent_by_scientist(task.kept / JOURNAL))
        found.append(_cost("scientist", options.investigator.model, spent, prices))
    for who, model in (("box", options.box_model), ("judge", options.judge)):
        if model is not None:
            spent = [Spent(i, o) for i, o in kept_spending(task.kept, who)]
            found.append(_cost(who, model, spent, prices))
    return tuple(cost for cost in found if cost.calls)


def discard(options: FindOptions, key: str) -> None:
    """Let go of what a task kept, and of the folder of all of them once it is empty."""
    shutil.rmtree(options.runs / key, ignore_errors=True)
    if options.runs.is_dir() and not any(options.runs.iterdir()):
        options.runs.rmdir()


def _cost(who: str, model: str, spent: Sequence[Spent], prices: Prices) -> Cost:
    from ...agent.llm.accounts import Usage

    price = prices.of(model)
    read, written = sum(s.input for s in spent), sum(s.output for s in spent)
    return Cost(
        who=who,
        model=model,
        calls=len(spent),
        input_tokens=read,
        output_tokens=written,
        dollars=None if price is None else Usage(read, written).dollars(price),
        estimated=any(s.estimated for s in spent),
    )


def _spent_by_scientist(store: Path) -> Iterator[Spent]:
    """The tokens of each reply that the journal holds."""
    if not store.is_file():
        return
    with opened(store) as journal:
        for event in journal.events() if journal is not None else ():
            if event.kind == "note" and event.data.get("what") == "model":
                yield _spent(event.data)


def _spent(note: dict[str, Any]) -> Spent:
    """The provider's figures of a reply; where they are not there, all counts as read but the reply's own length."""
    reply = (note.get("reply") or {}).get("data", {})
    said, total = reply.get("usage_metadata") or {}, int(note["tokens"])
    if note.get("counted") and "output_tokens" in said:
        written = int(said["output_tokens"])
        return Spent(total - written, written)
    written = min(total, round(len(str(reply.get("content", ""))) / 3.5))
    return Spent(total - written, written, estimated=True)


class opened:
    """The one journal of a task's store, for reading; None where no run has begun."""

    def __init__(self, store: Path) -> None:
        from ...agent import Store

        self._store = Store.open(store, read_only=True)

    def __enter__(self) -> Journal | None:
        runs = self._store.runs()
        return self._store.journal(runs[0].id) if runs else None

    def __exit__(self, *_: object) -> None:
        self._store.close()


def _write_transcript(task: Task) -> str | None:
    from .llm_transcript import transcript

    with opened(task.kept / JOURNAL) as journal:
        if journal is None:
            return None
        text = transcript(journal, title=f"{task.options.category} {task.id}")
    path = task.options.transcripts_folder / f"{task.options.category}-{task.id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)
