"""`python -m zetetic.benchmarks.sandbox`: what running code in a sandbox costs, beside a plain subprocess.

The plain way to run code that nobody vouches for is a new `python -I` that imports numpy, runs the code and prints
what it returns. It is timed in turns with the sandboxes, so that what else the machine does touches both alike.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import BenchmarkError
from .front import console, ended
from .memory import added_by, resident_bytes

if TYPE_CHECKING:
    from rich.table import Table

    from ..sandboxes import Sandbox

INPUTS = 1000
"""In a warm batch."""
BARS = {"fresh": 12.0, "idle": 80.0, "json": 200_000.0, "floats": 1_000_000.0}
"""What this machine's own sandbox should reach: times faster than the plain way, or inputs a second."""
_MODULES = {"local": "local", "wasm": "wasm", "docker": "docker"}
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "local": ("local", {}),
    "local, confined": ("local", {"strongest": "confined"}),
    "wasm": ("wasm", {}),
    "docker": ("docker", {}),
}
"""What is measured: a name, the backend, and how it is opened."""
_IDLE_GUESTS = 8
_CALM_SECONDS = 0.1
"""A guest that waits ready-made is given this long to get ready, or longer where a fresh one takes its time."""
_PLAIN = """
import json, sys
import numpy
namespace = {}
exec(sys.argv[1], namespace)
print(json.dumps(namespace["f"](1.0)))
"""
_codes = (f"import numpy as np\nGAIN = {number}\n\ndef f(x):\n    return GAIN * x + 1.0\n" for number in range(10**9))


@dataclass
class Measured:
    """One sandbox. Seconds are medians; memory is None where it cannot be seen."""

    name: str
    level: str
    layers: tuple[str, ...]
    start_seconds: float
    fresh_seconds: float = 0.0
    idle_seconds: float = 0.0
    call_seconds: float = 0.0
    json_per_second: float = 0.0
    floats_per_second: float = 0.0
    server_bytes: int | None = None
    idle_guest_bytes: int | None = None


@dataclass
class Times:
    """Every single timing of one sandbox."""

    fresh: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    call: list[float] = field(default_factory=list)
    json: list[float] = field(default_factory=list)
    floats: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """All of a run. `left_out` says why a backend was not measured."""

    plain_seconds: float
    measured: list[Measured]
    left_out: dict[str, str]

    def bars(self, one: Measured) -> dict[str, float]:
        """What `one` reached of `BARS`."""
        return {
            "fresh": self.plain_seconds / one.fresh_seconds,
            "idle": self.plain_seconds / one.idle_seconds,
            "json": one.json_per_second,
            "floats": one.floats_per_second,
        }

    @property
    def missed(self) -> list[str]:
        """Bars that the first sandbox measured (the default one, unless others were asked for) did not reach."""
        return [name for name, reached in self.bars(self.measured[0]).items() if reached < BARS[name]]


def run(names: list[str], rounds: int, tell: Callable[[str], None]) -> Report:
    """Measure the kinds called `names` that work here, in `rounds` rounds. BenchmarkError if none does."""
    from ..sandboxes import SandboxError

    measured: list[tuple[Measured, Times]] = []
    plain: list[float] = []
    left_out: dict[str, str] = {}
    for name in names:
        tell(f"starting {name}")
        try:
            with _opened(name, spares=0) as (cold, start_seconds), _opened(name, spares=1) as (warm, _):
                one = Measured(name, cold.standing.level, cold.standing.layers, start_seconds)
                times = Times()
                for number in range(1, rounds + 1):
                    tell(f"{name}: round {number} of {rounds}")
                    plain.append(_plain_seconds())
                    _one_round(cold, warm, times)
            _settle(one, times)
            one.server_bytes, one.idle_guest_bytes = _memory(name)
        except SandboxError as error:
            left_out[name] = str(error)
            continue
        measured.append((one, times))
    if not measured:
        raise BenchmarkError("no sandbox works here: " + "; ".join(f"{n}: {why}" for n, why in left_out.items()))
    return Report(statistics.median(plain), [one for one, _ in measured], left_out)


@contextmanager
def _opened(name: str, *, spares: int) -> Iterator[tuple[Sandbox, float]]:
    """A sandbox of the kind `name` and the seconds it took to start, with numpy imported."""
    backend, settings = _KINDS[name]
    module = importlib.import_module(f"..sandboxes.{_MODULES[backend]}", __package__)
    began = time.perf_counter()
    with module.open_sandbox(level="confined", spares=spares, **settings) as sandbox:
        _ = sandbox.standing
        yield sandbox, time.perf_counter() - began


def _plain_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", _PLAIN, next(_codes)], check=True, capture_output=True, timeout=120)
    return time.perf_counter() - began


def _one_round(cold: Sandbox, warm: Sandbox, times: Times) -> None:
    for _ in range(4):
        times.fresh.append(sum(_job_seconds(cold)))
    calm = max(_CALM_SECONDS, 5 * times.fresh[-1])
    for number in range(3):
        time.sleep(calm)
        seconds, _ = _job_seconds(warm)
        if times.idle or number:  # the very first one finds no guest waiting
            times.idle.append(seconds)
    _batches(cold, times)


def _job_seconds(sandbox: Sandbox) -> tuple[float, float]:
    """New code, one input: seconds until the answer is there, and those it takes to let the function go."""
    code = next(_codes)
    began = time.perf_counter()
    function = sandbox.load(code, "f")
    function.call([(1.0,)])
    answered = time.perf_counter()
    function.close()
    return answered - began, time.perf_counter() - answered


def _batches(sandbox: Sandbox, times: Times) -> None:
    import numpy as np

    inputs = [(0.37 * i,) for i in range(INPUTS)]
    array = np.array(inputs)
    with sandbox.load(next(_codes), "f") as function:
        function.call(inputs)
        function.call_floats(array)
        for _ in range(5):
            times.json.append(_seconds(lambda: function.call(inputs)))
            times.floats.append(_seconds(lambda: function.call_floats(array)))
            times.call.append(_seconds(lambda: function.call(inputs[:1])))


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _settle(one: Measured, times: Times) -> None:
    one.fresh_seconds = statistics.median(times.fresh)
    one.idle_seconds = statistics.median(times.idle)
    one.call_seconds = statistics.median(times.call)
    one.json_per_second = INPUTS / statistics.median(times.json)
    one.floats_per_second = INPUTS / statistics.median(times.floats)


def _memory(name: str) -> tuple[int | None, int | None]:
    """Bytes of a sandbox without guests, and what each guest that waits adds; None where nothing can be seen."""

    def with_spares(count: int) -> int | None:
        with added_by() as own, _opened(name, spares=count) as (sandbox, _):
            if count:
                sandbox.load(next(_codes), "f").close()  # fills up the spares
            time.sleep(1.0)
            return resident_bytes(own())

    none, some = with_spares(0), with_spares(_IDLE_GUESTS)
    if none is None or some is None:
        return none, None
    return none, max(0, some - none) // _IDLE_GUESTS


def render(report: Report) -> Table:
    """A row for each figure, a column for each sandbox, the bar beside it."""
    from rich.table import Table

    table = Table("what", "bar", *(f"{one.name} ({one.level})" for one in report.measured))
    rows: list[tuple[str, str, Callable[[Measured], str]]] = [
        ("fresh job: new code, one input", "", lambda m: _time(m.fresh_seconds)),
        ("  times faster than plain", ">= 12", lambda m: f"{report.bars(m)['fresh']:.1f}"),
        ("idle worker: load and first call", "", lambda m: _time(m.idle_seconds)),
        ("  times faster than plain", ">= 80", lambda m: f"{report.bars(m)['idle']:.1f}"),
        (f"{INPUTS} inputs, JSON: a second", ">= 200,000", lambda m: f"{m.json_per_second:,.0f}"),
        (f"{INPUTS} inputs, floats: a second", ">= 1,000,000", lambda m: f"{m.floats_per_second:,.0f}"),
        ("warm call, one input", "", lambda m: _time(m.call_seconds)),
        ("start, numpy imported", "", lambda m: _time(m.start_seconds)),
        ("memory without guests", "", lambda m: _megabytes(m.server_bytes)),
        ("memory of an idle worker", "", lambda m: _megabytes(m.idle_guest_bytes)),
    ]
    for what, bar, figure in rows:
        table.add_row(what, bar, *map(figure, report.measured))
    table.caption = f"plain subprocess with numpy: {_time(report.plain_seconds)} a job"
    return table


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.2f} ms"


def _megabytes(count: int | None) -> str:
    return "unknown" if count is None else f"{count / 1e6:.1f} MB"


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; exit code 1 when the first sandbox misses a bar."""
    parser = argparse.ArgumentParser(prog="python -m zetetic.benchmarks.sandbox", description=__doc__)
    parser.add_argument("--backend", choices=[*_KINDS], action="append", help="measure this one (all that work)")
    parser.add_argument("--rounds", type=int, default=15, help="each times everything a few times (15)")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    given = parser.parse_args(arguments)
    if given.rounds < 1:
        parser.error(f"--rounds must be at least 1, got {given.rounds}")

    def run_and_print() -> int:
        from rich.text import Text

        errors = console(sys.stderr)
        with errors.status("starting") as status:
            report = run(given.backend or [*_KINDS], given.rounds, lambda text: status.update(Text(text)))
        if given.json:
            print(json.dumps(as_json(report), indent=2))
            return int(bool(report.missed))
        out = console(sys.stdout)
        out.print(render(report))
        for name, why in report.left_out.items():
            out.print(Text(f"left out: {name}: {why}"))
        if report.missed:
            out.print(Text(f"{report.measured[0].name} misses: {', '.join(report.missed)}", style="red"))
        return int(bool(report.missed))

    return ended(run_and_print)


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON data."""
    measured = [asdict(one) | {"bars": report.bars(one)} for one in report.measured]
    return {
        "plain_seconds": report.plain_seconds,
        "bars": BARS,
        "missed": report.missed,
        "measured": measured,
        "left_out": report.left_out,
    }


if __name__ == "__main__":
    sys.exit(main())
