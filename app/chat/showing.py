"""What happens in a run, in lines for a person: a pure fold of the journal's events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ...agent.codec import restore
from ...agent.types import Explanation, Hypothesis, Observation, Verdict
from .wording import PERSON_ASKED, hypothesis_line, observation_line, quoted, value_text, verdict_lines

if TYPE_CHECKING:
    from rich.text import Text

    from ...agent import Event

Kind = Literal[
    "person", "answer", "model", "tool", "observations", "hypotheses", "verdict", "ending", "remark", "error"
]
SHOWN_OBSERVATIONS = 4
_NEW_SHOWN = 3
_ARGUMENT_CHARACTERS = 160
OUTCOMES = {
    "explained": "explained",
    "not_better_than_baseline": "no explanation beats the baselines",
    "interrupted": "interrupted",
    "out_of_budget": "the budget was spent before anything could be concluded",
    "failed": "the black box failed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, and what kind of thing it was. `text` may hold several lines; `drawing` is the same in
    colours, where there are any.
    """

    kind: Kind
    text: str
    drawing: Text | None = None


Tell = Callable[[Line], None]


class Narrator:
    """Tells events as lines. Observations of one asking are told together, once the next thing happens."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._asked: list[Observation] = []
        self._why = ""
        self._known: set[str] = set()
        self._best = ""

    def take(self, event: Event) -> list[Line]:
        """The lines to tell now that `event` has happened."""
        if event.kind == "observation":
            return self._observe(restore(Observation, event.data["observation"]))
        told = self._tell(event)
        if not told and event.kind == "note":
            return []
        return [*self.flush(), *told]

    def flush(self) -> list[Line]:
        """What was asked and is not told yet."""
        asked, self._asked = self._asked, []
        if not asked:
            return []
        goes_on, self._why = asked[0].why == self._why, asked[0].why
        return [Line("observations", asked_text(asked, self._names, goes_on=goes_on))]

    @property
    def waiting(self) -> int:
        """How many observations have not been told yet."""
        return len(self._asked)

    def _observe(self, o: Observation) -> list[Line]:
        if o.why == PERSON_ASKED:
            return self.flush()  # the answer to the person shows it
        told = self.flush() if self._asked and self._asked[-1].why != o.why else []
        self._asked.append(o)
        return told

    def _tell(self, event: Event) -> list[Line]:
        data = event.data
        if event.kind == "hypotheses":
            return self._rise_and_fall(data)
        if event.kind == "verdict":
            return [Line("verdict", "\n".join(verdict_lines(data["hypothesis"], restore(Verdict, data["verdict"]))))]
        if event.kind == "concluded":
            return [Line("ending", ending_text(restore(Explanation, data["explanation"])))]
        if event.kind == "stopped" and data.get("cause") != "interrupted":
            return [Line("error", f"the run stopped: {data['reason']}")]
        if event.kind == "note":
            return list(_noted(data))
        return []

    def _rise_and_fall(self, data: dict[str, Any]) -> list[Line]:
        ranked = restore(tuple[Hypothesis, ...], data["ranked"])
        fresh = [h for h in ranked if h.id not in self._known]
        self._known.update(h.id for h in ranked)
        best = ranked[0].id if ranked else ""
        lines = [hypothesis_line(h) + (" (best)" if h.id == best else "") for h in fresh[:_NEW_SHOWN]]
        if len(fresh) > _NEW_SHOWN:
            lines.append(f"and {len(fresh) - _NEW_SHOWN} more")
        if best and best != self._best and best not in {h.id for h in fresh}:
            lines.append(f"{best} is the best now")
        self._best = best
        lines += [
            f"{d['id']} {d['standing']}" + (f" by #{d['refuted_by']}" if d["refuted_by"] is not None else "")
            for d in data["dropped"][:_NEW_SHOWN]
        ]
        return [Line("hypotheses", "\n".join(lines))] if lines else []


def asked_text(asked: Sequence[Observation], names: Sequence[str], *, goes_on: bool = False) -> str:
    """Such as `asked #1 to #9, a spread: #1 x=-50 -> 151; …`; why is left out where it was said before (`goes_on`)."""
    first, last = asked[0], asked[-1]
    which = f"#{first.number}" if first is last else f"#{first.number} to #{last.number}"
    if first.purpose == "held_out":
        return f"held out {which}" + ("" if goes_on else f": {first.why}")
    shown = "; ".join(observation_line(o, names) for o in asked[:SHOWN_OBSERVATIONS])
    more = "; …" if len(asked) > SHOWN_OBSERVATIONS else ""
    why = "" if goes_on else f", {first.why}"
    return f"asked {which}{why}: {shown}{more}"


def ending_text(explanation: Explanation) -> str:
    """How a run ended, in a few lines."""
    score = explanation.score
    scored = f"; {score.metric} {value_text(score.value)} on {score.held_out} held-out inputs" if score else ""
    return f"concluded, {OUTCOMES[explanation.outcome]}: {explanation.description}{scored}"


def _noted(data: dict[str, Any]) -> Iterator[Line]:
    if "person" in data:
        yield Line("person", step_text(data["person"]["command"], data["person"]["arguments"]))
    elif "person_answer" in data:
        said = data["person_answer"]
        yield Line("error" if said["failed"] else "answer", said["text"])
    elif "reply" in data:
        text = reply_words(data["reply"])
        if text:
            yield Line("model", text)
    elif "tool" in data and not str(data["tool"]["id"]).startswith("person_"):
        yield Line("tool", call_text(data["tool"]["name"], data["tool"]["arguments"]))
    elif "answered" in data and not str(data["answered"]["id"]).startswith("person_"):
        if data["answered"]["failed"]:
            yield Line("tool", f"refused: {data['answered']['text']}")
    elif "text" in data:
        yield Line("remark", str(data["text"]))


def reply_words(message: dict[str, Any]) -> str:
    """The words of a model's message as LangChain writes it down; its tool calls are told when they are made."""
    content = message.get("data", {}).get("content", "")
    if isinstance(content, str):
        return content.strip()
    parts = [p if isinstance(p, str) else p.get("text", "") for p in content if isinstance(p, str | dict)]
    return "".join(parts).strip()


def call_text(name: str, arguments: dict[str, Any]) -> str:
    """A tool call in a line."""
    said = ", ".join(f"{key}={_shortened(value)}" for key, value in arguments.items())
    return f"{name}({said})"


def step_text(command: str, arguments: dict[str, Any]) -> str:
    """A person's step as they might have typed it."""
    if command == "say":
        return str(arguments["text"])
    if command == "query":
        inputs = arguments["inputs"]
        return "/query " + " ".join(quoted(i) if isinstance(i, str) else ",".join(f"{x:g}" for x in i) for i in inputs)
    if command == "edit":
        return f'/edit {arguments["id"]} "{arguments["text"]}"'
    if command == "again":
        return "/resume"
    if command == "undo":
        return "/undo"
    return f"/{command} {arguments.get('id') or ''}".rstrip()


def _shortened(value: Any) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _ARGUMENT_CHARACTERS else f"{text[:_ARGUMENT_CHARACTERS]}…"
