"""The sandbox benchmark measures what it says, and says what it could not measure."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from zetetic.benchmarks import sandbox
from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.memory import added_by, resident_bytes
from zetetic.sandboxes import SandboxError, local


def one(**figures: float) -> sandbox.Measured:
    found = sandbox.Measured("local", "isolated", ("walls",), 0.2, 0.01, 0.001, 0.0001, 3e5, 2e6)
    for name, value in figures.items():
        setattr(found, name, value)
    return found


def test_bars_are_ratios_to_the_plain_way_and_missed_ones_are_named() -> None:
    report = sandbox.Report(0.13, [one()], {})
    assert report.bars(one()) == pytest.approx({"fresh": 13.0, "idle": 130.0, "json": 3e5, "floats": 2e6})
    assert report.missed == []
    slow = one(fresh_seconds=0.02, floats_per_second=9e5)
    assert sandbox.Report(0.13, [slow, one()], {}).missed == ["fresh", "floats"]


def test_it_measures_the_sandbox_of_this_machine(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        local.open_sandbox().close()
    except SandboxError as error:
        pytest.skip(f"no local sandbox here: {error}")
    code = sandbox.main(["--backend", "local", "--rounds", "1", "--json"])
    said = json.loads(capsys.readouterr().out)
    (found,) = said["measured"]
    assert code == int(bool(said["missed"]))
    assert found["level"] in ("isolated", "confined")
    assert 0 < found["call_seconds"] < found["fresh_seconds"] < said["plain_seconds"]
    assert found["floats_per_second"] > found["json_per_second"] > 1000


def test_what_does_not_work_here_is_left_out_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise SandboxError("it needs Linux")

    monkeypatch.setattr(local, "open_sandbox", refuse)
    with pytest.raises(BenchmarkError, match="local: it needs Linux"):
        sandbox.run(["local"], 1, lambda text: None)
    assert sandbox.main(["--backend", "local", "--rounds", "1"]) == 2
    assert "it needs Linux" in capsys.readouterr().err


def test_memory_of_what_we_started_is_seen() -> None:
    with added_by() as own:
        program = "b = bytearray(60_000_000); print(len(b), flush=True); input()"
        child = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        assert own() == {child.pid}
        held = resident_bytes(own())
        child.communicate(b"\n")
    assert held is None or 60e6 < held < 120e6
    assert resident_bytes(set()) is None
    assert os.getpid() not in own()
