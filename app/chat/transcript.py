"""A run and the conversation about it as Markdown, every statement with the observations that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...agent import replay_state
from ..files import write_whole
from .evidence import visible
from .showing import Line, Narrator, ending_text
from .wording import hypothesis_line, observation_line

if TYPE_CHECKING:
    from ...agent import Event, Journal, RunRecord

HEADINGS = {
    "person": "**You:** ",
    "answer": "",
    "model": "**Model:** ",
    "tool": "Tool: ",
    "observations": "",
    "hypotheses": "",
    "verdict": "**Verdict:** ",
    "ending": "**Ending:** ",
    "remark": "Remark: ",
    "error": "Refused: ",
}
_SPEECH = ("person", "model")


class TranscriptError(Exception):
    """A transcript that could not be written. The message says where and what to do."""


def transcript(journal: Journal) -> str:
    """The whole run so far."""
    events = list(journal.events())
    record = replay_state(events, run_id=journal.run_id)
    parts = [f"# {record.brief.spec}", _head(record), "## What happened", *_told(events, record.brief.names)]
    if record.hypotheses:
        parts += ["## Hypotheses", "\n".join(f"- {_plain(hypothesis_line(h))}" for h in record.hypotheses.values())]
    shown = visible(record)
    parts += ["## Observations", "\n".join(f"- {_plain(observation_line(o, record.brief.names))}" for o in shown)]
    hidden = len(record.observations) - len(shown)
    if hidden:
        parts.append(f"{hidden} held-out observations are not shown while the run has not concluded.")
    return "\n\n".join(parts) + "\n"


def save(journal: Journal, path: Path) -> Path:
    """Write the transcript, whole or not at all; where it is. Raises `TranscriptError`."""
    place = path.expanduser()
    try:
        write_whole(transcript(journal), place)
    except OSError as error:
        said = error.strerror or str(error)
        raise TranscriptError(f"cannot write {place} ({said}); pass a file in a folder you may write to") from error
    return place


def _head(record: RunRecord) -> str:
    explanation = record.explanation
    spent = f"{record.spend.queries} of {record.budget.queries} queries, {record.spend.seconds:.1f} s"
    if record.spend.tokens:
        spent += f", {record.spend.tokens} tokens, {record.spend.money:.4f} dollars"
    lines = [f"Run `{record.run_id}`, by the {record.brief.scientist} scientist; {spent}."]
    if explanation is None:
        lines.append("It has not concluded yet.")
    else:
        lines.append(_plain(ending_text(explanation)) + ".")
        if explanation.code:
            lines.append(f"```python\n{explanation.code.strip()}\n```")
    return "\n\n".join(lines)


def _told(events: Iterable[Event], names: tuple[str, ...]) -> Iterator[str]:
    narrator = Narrator(names)
    for event in events:
        for line in narrator.take(event):
            yield _paragraph(line)
    for line in narrator.flush():
        yield _paragraph(line)


def _paragraph(line: Line) -> str:
    text = line.text.strip() if line.kind in _SPEECH else _plain(line.text)
    return HEADINGS[line.kind] + text.replace("\n", "  \n")


def _plain(text: str) -> str:
    """Text of ours that Markdown leaves as it is: no emphasis out of `*` and `_`, no heading out of `#`."""
    escaped = text
    for mark in "\\*_`<":
        escaped = escaped.replace(mark, f"\\{mark}")
    return "\n".join(f"\\{row}" if row.startswith("#") else row for row in escaped.split("\n"))
