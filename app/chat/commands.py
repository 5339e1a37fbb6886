"""What a person can type: commands with a slash, and everything else as words for the model."""

from __future__ import annotations

import difflib
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...tools.black_boxes import Domain

HELP = (
    ("/query …", "ask the black box: /query 1 2 3, /query 1,2 3,4 (two inputs), /query \"a text\""),
    ("/hypotheses", "what is live, what has fallen, and by which observation"),
    ("/edit H2 \"…\"", "put a hypothesis of yours in the place of one, and have it tested"),
    ("/why [H2|#12]", "which observations speak for and against a hypothesis; why an observation was made"),
    ("/score [H2]", "the verifier's scores so far; with an id, have that hypothesis verified"),
    ("/plot", "the black box and the best hypothesis, drawn"),
    ("/pause, /resume", "hold the scientist between two steps; let it go on"),
    ("/conclude [H2]", "verify the best hypothesis, or the one named, and end the run"),
    ("/undo", "take back your last correction or message"),
    ("/save FILE", "write the conversation as Markdown"),
    ("/help, /quit", "this list; leave (the run can be taken up again)"),
)  # fmt: skip
NAMES = ("query", "hypotheses", "edit", "why", "score", "plot", "pause", "resume", "conclude", "undo", "save", "help",
         "quit")  # fmt: skip
_ID = re.compile(r"^[hH]?(\d+)$")
_NUMBER = re.compile(r"^#(\d+)$")


class CommandMistake(ValueError):
    """A line that cannot be understood. The message says what could be."""


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is one of NAMES, or `say` for words; `rest` is what follows, as typed."""

    name: str
    rest: str = ""


def parse(line: str) -> Command | None:
    """The command of a line; None for an empty one. Raises CommandMistake for a command that there is not."""
    text = line.strip()
    if not text:
        return None
    if not text.startswith("/"):
        return Command("say", text)
    name, _, rest = text[1:].partition(" ")
    if name.lower() in NAMES:
        return Command(name.lower(), rest.strip())
    near = difflib.get_close_matches(name.lower(), NAMES, n=1, cutoff=0.5)
    meant = f"did you mean /{near[0]}?" if near else "/help lists what there is"
    raise CommandMistake(f"expected a command, got /{name}; {meant}")


def hypothesis_id(text: str) -> str:
    """`H2`, `h2` or `2` as `h2`. Raises CommandMistake."""
    found = _ID.match(text.strip())
    if not found:
        raise CommandMistake(f"expected a hypothesis such as h2, got {text!r}; /hypotheses lists them")
    return f"h{int(found[1])}"


def observation_number(text: str) -> int | None:
    """The number of `#12`; None for what is none."""
    found = _NUMBER.match(text.strip())
    return int(found[1]) if found else None


def edit_arguments(rest: str) -> tuple[str, str]:
    """The id and the words of `/edit H2 "…"`; the quotation marks may be left out."""
    id, _, text = rest.partition(" ")
    words = _unquoted(text)
    if not id or not words:
        raise CommandMistake(f'expected /edit H2 "a hypothesis", got /edit {rest}'.rstrip() + "; give both")
    return hypothesis_id(id), words


def query_inputs(rest: str, domain: Domain) -> list[Any]:
    """The inputs of `/query …` as JSON data: texts, or lists of numbers. Raises CommandMistake."""
    from ...tools.black_boxes import NumericDomain

    if not rest:
        raise CommandMistake("expected inputs after /query, got none; such as /query 1 2 3")
    if not isinstance(domain, NumericDomain):
        return _texts(rest)
    arity = domain.arity
    tokens = re.sub(r"\s*,\s*", ",", rest).split()
    if arity == 1:
        tokens = rest.replace(",", " ").split()
    points = [[_float(x, rest) for x in token.strip("()[]").split(",") if x] for token in tokens]
    if arity > 1 and all(len(p) == 1 for p in points) and len(points) == arity:
        points = [[p[0] for p in points]]
    for point in points:
        if len(point) != arity:
            raise CommandMistake(
                f"expected {arity} numbers for each input, got {len(point)}; write them with commas, such as "
                f"/query {','.join(['1'] * arity)}"
            )
    return points


def _texts(rest: str) -> list[str]:
    if rest[0] not in "\"'":
        return [rest]
    try:
        return shlex.split(rest)
    except ValueError as error:
        raise CommandMistake(
            f"expected texts in quotation marks, got {rest!r} ({error}); close the last one"
        ) from error


def _float(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise CommandMistake(f"expected numbers after /query, got {whole!r}; such as /query 1 2.5 -3") from error


def _unquoted(text: str) -> str:
    said = text.strip()
    pairs = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»"}
    if len(said) > 1 and pairs.get(said[0]) == said[-1]:
        said = said[1:-1].strip()
    return said
