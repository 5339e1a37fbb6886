"""Lets one attack loose in a sandbox and writes down everything that can be seen of it from the host."""

from __future__ import annotations

import io
import logging
import os
import time
from pathlib import Path
from typing import Any

from zetetic.sandboxes.types import LoadError, Returned, Sandbox, SandboxError

from . import watch
from .judge import Evidence, shown, violations
from .snippets import Attack, fill
from .stage import CANARIES, Stage

INPUTS = ((1.0,), (2.0,))
PATIENCE_SECONDS = 1.4
"""How long to wait for an attack that strikes after its call came back."""
SLACK_SECONDS = 4.0
PROBE = "import os\ndef f(x):\n    os.kill({SENTINEL}, 0)\n    return 'reached'\n"
DRIVER = """
for _x in (1.0, 2.0):
    try:
        print(ascii(f(_x))[:100000])
    except Exception as _e:
        print(type(_e).__name__, ascii(_e)[:1000])
"""


class Examiner:
    """A host with a sandbox, a stage around it and a log. One attack at a time."""

    def __init__(self, sandbox: Sandbox, log: Path) -> None:
        self.sandbox, self.level = sandbox, sandbox.standing.level
        self._log_file = log
        self._log = io.StringIO()
        logging.getLogger().addHandler(logging.StreamHandler(self._log))
        self.stage = Stage()
        self._bystanders = {self.stage.sentinel.pid}
        error = self._benign()
        if error:
            raise SandboxError(f"a harmless job does not even work: {error}")
        time.sleep(0.3)
        self._idle = len(watch.settled(0, self._bystanders))
        self.left_behind: list[str] = []

    def examine(self, attack: Attack, profile: str) -> dict[str, Any]:
        """The verdict on `attack`: {"violations", "outcomes", "seconds"}."""
        places = self.stage.places(attack.name)
        if attack.dangerous and self._reaches(str(fill(PROBE, places))):
            return {"violations": ["not run: a guest can signal what is outside"], "outcomes": [], "seconds": 0}
        code = fill(attack.code, places)
        log_start = self._log_position()
        before = self.stage.picture()
        with watch.Cost() as cost:
            results, texts = self._script(code) if profile == "script" else self._call(code)
        again = ""
        if "deterministic" in attack.must_hold and profile == "function":
            again = shown([getattr(r, "value", None) for r in self._call(code)[0]])
        if attack.patient:
            time.sleep(PATIENCE_SECONDS)
        benign = self._benign()
        seconds = self.sandbox.limits.wall_seconds
        seen = Evidence(
            level=self.level,
            kinds=[type(result).__name__ for result in results],
            values=[getattr(result, "value", None) for result in results],
            inputs=1 if profile == "script" else len(INPUTS),
            seconds=cost.seconds,
            most_seconds=(3 if profile == "function" else 1) * seconds + SLACK_SECONDS,
            again=again,
            benign=benign,
            rss_bytes=cost.rss_bytes,
            disk_bytes=cost.disk_bytes,
            cpu_seconds=cost.cpu_seconds,
        )
        seen.text = b"\n".join((*texts, self._logged(log_start)))
        self._look_around(attack, seen, before)
        clauses = attack.must_hold if profile == "function" else _of_scripts(attack.must_hold)
        outcomes = [str(result)[:300] if not isinstance(result, Returned) else "ok" for result in results]
        return {"violations": violations(clauses, seen), "outcomes": outcomes, "seconds": round(cost.seconds, 2)}

    def _call(self, code: str) -> tuple[list[Any], list[bytes]]:
        try:
            with self.sandbox.load(code, "f") as loaded:
                results: list[Any] = list(loaded.call(INPUTS))
                texts = [repr(loaded.parameters).encode(errors="surrogatepass"), *_said(loaded.parameters)]
        except LoadError as error:
            results, texts = [error.failure] * len(INPUTS), [str(error).encode(errors="surrogatepass")]
        except SandboxError as error:  # no guest may pass for a sandbox that does not work
            results, texts = [error] * len(INPUTS), [str(error).encode(errors="surrogatepass")]
        return results, [*texts, *(_text(result, code) for result in results)]

    def _script(self, code: str) -> tuple[list[Any], list[bytes]]:
        try:
            done = self.sandbox.run(code + DRIVER)
        except SandboxError as error:
            return [error], [str(error).encode(errors="surrogatepass")]
        printed = (done.stdout + "\n" + done.stderr).encode(errors="surrogatepass")
        return [done.outcome], [_text(done.outcome, code), printed]

    def _benign(self) -> str:
        """What is wrong with a harmless job; empty if it gives what it should."""
        try:
            with self.sandbox.load("import math\ndef f(x): return math.sin(0) + x * 2 + 1", "f") as loaded:
                results = loaded.call(INPUTS)
        except SandboxError as error:
            return str(error)
        good = [Returned(3.0), Returned(5.0)]
        return "" if results == good else f"expected 3.0 and 5.0, got {results}"

    def _reaches(self, probe: str) -> bool:
        return any(isinstance(r, Returned) and r.value == "reached" for r in self._call(probe)[0])

    def _look_around(self, attack: Attack, seen: Evidence, before: dict[str, Any]) -> None:
        after = self.stage.picture()
        seen.changes = [
            f"{Path(name).name}: {before.get(name)} became {after.get(name)}"[:300]
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]
        left = watch.settled(self._idle, self._bystanders)
        if len(left) > self._idle:
            seen.left = [f"{len(left)} instead of {self._idle}: {', '.join(sorted(left.values()))}"]
        seen.hits = list(self.stage.honeypots.hits)
        seen.marker = self.stage.take_marker(attack.name)
        seen.litter = self.stage.litter(attack.name)
        seen.canaries = [canary.decode() for canary in CANARIES if canary in seen.text]
        if seen.changes or seen.hits:
            self.stage.repair()
            self._bystanders = {self.stage.sentinel.pid}

    def late_markers(self) -> list[str]:
        """Attacks whose marker is there now."""
        return sorted(path.name for path in self.stage.markers.iterdir())

    def processes(self) -> list[str]:
        """What runs below this process, the bystander apart."""
        return sorted(watch.settled(0, self._bystanders).values())

    def clear(self) -> None:
        """End what an attack left running; for backends that are known to leave something."""
        watch.kill(set(watch.descendants(os.getpid())) - self._bystanders)

    def _log_position(self) -> int:
        self._log.seek(0, os.SEEK_END)
        return self._log_file.stat().st_size

    def _logged(self, start: int) -> bytes:
        """What was logged since the position `start`, and what appeared on the host's own stdout and stderr."""
        text = self._log.getvalue().encode(errors="surrogatepass")
        self._log.seek(0)
        self._log.truncate()
        with self._log_file.open("rb") as file:
            file.seek(start)
            return text + file.read(16 * 2**20)


def _said(parameters: Any) -> list[bytes]:
    names = (*parameters.required, *parameters.optional, *parameters.integer) if parameters else ()
    return [name.encode(errors="surrogatepass") for name in names]


def _text(result: Any, code: str) -> bytes:
    """Every text and byte in a result, however deep; of a traceback what is not quoted from `code`."""
    parts = [getattr(result, name) for name in ("value", "message", "reason", "type") if hasattr(result, name)]
    quoted = {line.strip() for line in code.splitlines()}
    parts += [line for line in getattr(result, "traceback", "").splitlines() if line.strip() not in quoted]
    found: list[bytes] = []
    stack: list[Any] = parts
    seen: set[int] = set()
    while stack:
        item = stack.pop()
        if isinstance(item, dict | list | tuple | set | frozenset):
            if id(item) in seen:
                continue
            seen.add(id(item))
        if isinstance(item, bytes | bytearray):
            found.append(bytes(item))
        elif isinstance(item, str):
            found.append(item.encode("utf-8", "surrogatepass"))
        elif isinstance(item, dict):
            stack += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple | set | frozenset):
            stack += item
        elif hasattr(item, "tobytes"):
            found.append(item.tobytes())
    return b"\n".join(found)


def _of_scripts(clauses: tuple[str, ...]) -> tuple[str, ...]:
    """The clauses that make sense for a program: its outcome is its own, and its values are what it prints."""
    other = ("status:", "values:", "not_values:", "partial:", "deterministic")
    return tuple(clause for clause in clauses if not clause.startswith(other))
