"""What a language model did on one function, as Markdown: its words, its tool calls, what they answered, the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...agent import Verdict

if TYPE_CHECKING:
    from ...agent import Event, Journal

_CODE_KEYS = ("code",)


def transcript(journal: Journal, *, title: str) -> str:
    """The whole run, from its journal: nothing in it is made up for the occasion."""
    record = journal.record()
    brief, spend = record.brief, record.spend
    head = [
        f"# {title}",
        f"Black box `{brief.spec}`, run `{journal.run_id}`, by the scientist {brief.scientist}"
        + (f" ({brief.chat})" if brief.chat else "")
        + f": {spend.queries} queries ({spend.held_out} of them held out), {spend.seconds:.1f} s, {spend.tokens} "
        f"tokens, {spend.money:.4f} dollars.",
    ]
    if record.explanation is not None:
        ended = record.explanation
        head.append(f"**It ended as {ended.outcome}:** {ended.description}")
        if ended.score is not None:
            score = ended.score
            head.append(f"{score.metric} {score.value:.4g} ({score.low:.4g} to {score.high:.4g}) on {score.held_out} "
                        f"held-out inputs: {ended.reason}")  # fmt: skip
    body = [part for event in journal.events() for part in _told(event, journal)]
    return "\n\n".join([*head, "## What happened", *body]) + "\n"


def _told(event: Event, journal: Journal) -> Iterator[str]:
    data = event.data
    if event.kind == "resumed":
        yield "*The run was gone on with.*"
    elif event.kind == "stopped":
        yield f"*The run stopped: {data.get('reason', '')}*"
    elif event.kind == "verdict":
        yield _verdict(journal.read(Verdict, event, "verdict"))
    elif event.kind == "note":
        yield from _note(data)


def _note(data: dict[str, Any]) -> Iterator[str]:
    if "reply" in data:
        yield from _reply(data["reply"].get("data", {}), int(data.get("tokens", 0)))
    elif "answered" in data:
        said = data["answered"]
        yield ("Refused:" if said.get("failed") else "Answered:") + "\n" + _fenced(str(said.get("text", "")))
    elif "text" in data:
        yield f"*{data['text']}*"


def _reply(reply: dict[str, Any], tokens: int) -> Iterator[str]:
    yield f"### The model ({tokens} tokens)"
    words = _words(reply.get("content"))
    if words:
        yield words
    for call in reply.get("tool_calls") or []:
        arguments = dict(call.get("args") or {})
        code = {key: arguments.pop(key) for key in _CODE_KEYS if isinstance(arguments.get(key), str)}
        yield f"Calls **{call.get('name')}** `{json.dumps(arguments, ensure_ascii=False)}`"
        for text in code.values():
            yield _fenced(text, "python")
    for call in reply.get("invalid_tool_calls") or []:
        yield f"Calls **{call.get('name')}**, which cannot be read: `{call.get('args')}`"


def _words(content: Any) -> str:
    """The text of a message's content, which providers give as a text or in blocks."""
    if isinstance(content, str):
        return content.strip()
    blocks = [b if isinstance(b, str) else str(b.get("text", "")) for b in content or [] if isinstance(b, str | dict)]
    return "\n".join(filter(None, blocks)).strip()


def _verdict(verdict: Verdict) -> str:
    score = verdict.score
    return (
        f"**The verifier:** it {'stands' if verdict.explains else 'does not stand'}: {verdict.reason} "
        f"({score.metric} {score.value:.4g}, {score.held_out} held-out inputs)"
    )


def _fenced(text: str, language: str = "text") -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.strip()}\n{fence}"
