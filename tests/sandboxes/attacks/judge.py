"""Decides from what was seen of one attack which of its clauses were broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MIB = 2**20
MAX_HOST_BYTES = 300 * MIB

STATUS = {
    "Returned": "ok",
    "Raised": "error",
    "Forbidden": "error",
    "BadResult": "unser",
    "OutputTooLarge": "unser",
    "TimedOut": "timeout",
    "Crashed": "killed",
    "OutOfMemory": "killed",
    "Lost": "lost",
}
"""The suite's word for each outcome. A crash may also be called `protocol`; `lost` is never allowed."""


@dataclass(slots=True)
class Evidence:
    """What was seen of one attack, from the host's side."""

    level: str
    kinds: list[str]
    """The outcome of each input, by the name of its type."""
    values: list[Any]
    """What each input gave, None where it failed."""
    inputs: int
    seconds: float
    most_seconds: float
    text: bytes = b""
    """All that came back or was logged: values, messages, tracebacks, prints."""
    again: str = ""
    """The results of a second run, as text; empty if there was none."""
    changes: list[str] = field(default_factory=list)
    hits: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    litter: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    marker: bool = False
    benign: str = ""
    """What was wrong with the harmless job right after; empty if nothing."""
    rss_bytes: int = 0
    disk_bytes: int = 0
    cpu_seconds: float = 0.0

    @property
    def words(self) -> list[str]:
        return [STATUS.get(kind, kind) for kind in self.kinds]


def violations(clauses: tuple[str, ...], seen: Evidence) -> list[str]:
    """What was broken of `clauses`, in words; empty if everything held."""
    broken: list[str] = []
    for clause in clauses:
        if clause.startswith("isolated:"):
            if seen.level != "isolated":
                continue
            clause = clause.removeprefix("isolated:")
        name, value = _split(clause)
        if name not in _CHECKS:
            raise ValueError(f"the clause {clause!r} is none of {', '.join(_CHECKS)}")
        broken += _CHECKS[name](seen, value)
    return broken


def _split(clause: str) -> tuple[str, str]:
    for mark in ("<=", ":"):
        name, found, value = clause.partition(mark)
        if found and name in _CHECKS:
            return name, value
    return clause, ""


def _contained(seen: Evidence, _: str) -> list[str]:
    broken = [f"the canary {name} came out" for name in seen.canaries]
    broken += [f"outside changed: {change}" for change in seen.changes]
    broken += [f"a listener was reached: {hit}" for hit in seen.hits]
    broken += [f"a process is left: {name}" for name in seen.left]
    broken += [f"a file was left at {path}" for path in seen.litter]
    if seen.marker:
        broken.append("the marker file appeared")
    if seen.benign:
        broken.append(f"the harmless job right after: {seen.benign}")
    if len(seen.kinds) != seen.inputs:
        broken.append(f"{seen.inputs} inputs got {len(seen.kinds)} results")
    if "SandboxError" in seen.kinds:
        broken.append("the guest made the sandbox pass for broken")
    if "Lost" in seen.kinds:
        broken.append("the guest ended the sandbox's own server")
    if seen.seconds > seen.most_seconds:
        broken.append(f"it took {seen.seconds:.1f} s, allowed are {seen.most_seconds:.1f} s")
    return broken + _host_rss(seen, f"{MAX_HOST_BYTES // MIB}MB")


def _status(seen: Evidence, value: str) -> list[str]:
    allowed = set(value.split("|"))
    if "protocol" in allowed:
        allowed.add("killed")
    unknown = allowed - {*STATUS.values(), "protocol"}
    if unknown:
        raise ValueError(f"no such status: {', '.join(sorted(unknown))}")
    return [f"the outcome {kind} is none of {value}" for kind in seen.kinds if STATUS.get(kind) not in allowed]


def _no_text(seen: Evidence, value: str) -> list[str]:
    place = seen.text.find(value.encode())
    if place < 0:
        return []
    return [f"the text {value!r} came out: …{seen.text[place : place + 200].decode(errors='replace')!r}…"]


def shown(value: Any) -> str:
    """A text in which 2 differs from 2.0 and numpy's floats from Python's."""
    return repr(value).replace(" ", "")


def _values(seen: Evidence, value: str) -> list[str]:
    if set(seen.kinds) == {"Returned"} and shown(seen.values) == value:
        return []
    return [f"expected {value}, got {seen.kinds} with {shown(seen.values)[:200]}"]


def _not_values(seen: Evidence, value: str) -> list[str]:
    if set(seen.kinds) == {"Returned"} and shown(seen.values) == value:
        return [f"the forged result {value} was believed"]
    return []


def _partial(seen: Evidence, value: str) -> list[str]:
    got = [shown(v) if kind == "Returned" else "err" for kind, v in zip(seen.kinds, seen.values)]
    return [] if f"[{','.join(got)}]" == value else [f"expected {value}, got [{','.join(got)}]"]


def _deterministic(seen: Evidence, _: str) -> list[str]:
    first = shown(seen.values)
    if set(seen.kinds) != {"Returned"}:
        return [f"expected results, got {seen.kinds}"]
    return [] if first == seen.again else [f"not the same twice: {first[:200]} and {seen.again[:200]}"]


def _bytes(text: str) -> int:
    return int(text.removesuffix("MB")) * MIB


def _host_rss(seen: Evidence, value: str) -> list[str]:
    return [f"the host grew by {seen.rss_bytes // MIB} MB"] if seen.rss_bytes > _bytes(value) else []


def _disk(seen: Evidence, value: str) -> list[str]:
    return [f"{seen.disk_bytes // MIB} MB of disk were taken"] if seen.disk_bytes > _bytes(value) else []


def _host_cpu(seen: Evidence, value: str) -> list[str]:
    return [f"the host computed for {seen.cpu_seconds:.1f} s"] if seen.cpu_seconds > float(value) else []


_CHECKS = {
    "contained": _contained,
    "status": _status,
    "no_text": _no_text,
    "values": _values,
    "not_values": _not_values,
    "partial": _partial,
    "deterministic": _deterministic,
    "host_rss": _host_rss,
    "disk": _disk,
    "host_cpu": _host_cpu,
}
