"""Reading what a command prints: FIND's `(input, output)` pairs, or one value a line.

The inputs are known, so the text is cut at the echoes of the inputs, not at brackets or commas, which outputs
(complex numbers, arrays, texts) may hold themselves. FIND's convention (arXiv:2309.03886):
`Function input - output pairs: (1.5, 3.2) (2, None) `.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .guest import encode
from .types import OutputKind, Reply
from .wire import decode, failure

MARKER = "Function input - output pairs:"
_WRAPPED = re.compile(r"^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\((.*)\)$", re.DOTALL)
_NAMED_ARGUMENT = re.compile(r",\s*[A-Za-z_]\w*=.*$", re.DOTALL)


def read_outputs(stdout: str, arguments: Sequence[str]) -> list[str] | None:
    """The output texts, one for each of the `arguments` as passed; None if they are not all there."""
    _, marker, pairs = stdout.rpartition(MARKER)
    if marker:
        return _read_pairs(pairs, arguments)
    lines = [line for line in (raw.strip() for raw in stdout.splitlines()) if line]
    if len(lines) == len(arguments):
        return lines
    return _read_pairs(stdout, arguments) if stdout.lstrip().startswith("(") else None


def parse_reply(text: str, output: OutputKind, seconds: float) -> Reply:
    """The reply that one output text stands for. `None` is how FIND says that the function raised."""
    if output == "text":
        return decode(encode(text, output, seconds))
    if text in ("None", "", "null"):
        return failure("raised", f"the program answered {text or 'nothing'}", seconds)
    value = _parse_number(_unwrap(text))
    if value is None:
        return failure("wrong_kind", f"expected a number, got the text {text[:40]!r}", seconds)
    return decode(encode(value, "number", seconds))


def _read_pairs(text: str, arguments: Sequence[str]) -> list[str] | None:
    """Cut `text` where each pair begins: `(echo, ` for the first, `) (echo, ` for the others."""
    outputs: list[str] = []
    start = 0
    for i, argument in enumerate(arguments):
        found = _find_pair(text, start, argument, first=i == 0)
        if found is None:
            return None
        if i > 0:
            outputs.append(text[start : found.start()].strip())
        start = found.end()
    last = text[start:].rstrip()
    if not last.endswith(")"):
        return None
    return [*outputs, last[:-1].strip()]


def _find_pair(text: str, start: int, argument: str, *, first: bool) -> re.Match[str] | None:
    """The next place where the pair of `argument` begins; its echo may spell the number in another way."""
    before = r"\s*\(\s*" if first else r"\)\s*\(\s*"
    exact = re.compile(before + re.escape(argument) + r"\s*,\s?")
    match = exact.match(text, start) if first else exact.search(text, start)
    if match is not None:
        return match
    number = _parse_number(argument)
    if number is None:
        return None
    spelt = re.compile(before + r"([^\s,()]+)\s*,\s?")
    for match in spelt.finditer(text, start):
        if _parse_number(match[1]) == number:
            return match
    return None


def _unwrap(text: str) -> str:
    """`3.2` out of `np.float64(3.2)`, `tensor([[3.2]])` or `[3.2]`."""
    wrapped = _WRAPPED.match(text)
    if wrapped:
        text = _NAMED_ARGUMENT.sub("", wrapped[1])
    return text.strip().strip("[]").strip()


def _parse_number(text: str) -> float | complex | bool | None:
    if text in ("True", "False"):
        return text == "True"
    try:
        return float(text)
    except ValueError:
        pass
    text = text.replace(" ", "")
    if text.endswith(("i", "i)")):
        text = text.replace("i)", "j)") if text.endswith(")") else text[:-1] + "j"
    try:
        return complex(text)
    except ValueError:
        return None
