"""Guests that may have threads: as many as allowed, still no processes, and all of them end with the guest."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from attacks import watch

from zetetic.sandboxes.local import open_sandbox
from zetetic.sandboxes.types import MIB, Level, Limits, Returned, Sandbox, SandboxError

LIMITS = Limits(cpu_seconds=5.0, wall_seconds=5.0, memory_bytes=512 * MIB, processes=4)


@pytest.fixture(params=["isolated", "confined"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    level: Level = request.param
    try:
        opened = open_sandbox(LIMITS, level=level, strongest=level)
        _ = opened.standing
    except SandboxError as reason:
        pytest.skip(str(reason))
    with opened:
        yield opened


def answer(sandbox: Sandbox, code: str) -> object:
    with sandbox.load(code, "f") as loaded:
        (result,) = loaded.call([(1.0,)])
    return result


def test_threads_work_up_to_the_limit(sandbox: Sandbox) -> None:
    code = (
        "import threading\n"
        "def f(x):\n"
        "    sums = []\n"
        "    threads = [threading.Thread(target=lambda k=k: sums.append(sum(range(k, 100, 3)))) for k in range(3)]\n"
        "    for thread in threads: thread.start()\n"
        "    for thread in threads: thread.join()\n"
        "    return sum(sums)"
    )
    assert answer(sandbox, code) == Returned(4950)


def test_no_more_threads_than_allowed(sandbox: Sandbox) -> None:
    """The limit counts the guest itself. Where a level cannot keep it, its standing says so."""
    code = (
        "import threading\n"
        "def f(x):\n"
        "    stop, n = threading.Event(), 1\n"
        "    try:\n"
        "        for n in range(1, 60): threading.Thread(target=stop.wait, args=(3,), daemon=True).start()\n"
        "    except Exception: pass\n"
        "    stop.set()\n"
        "    return n\n"
    )
    result = answer(sandbox, code)
    assert isinstance(result, Returned)
    told = any("thread" in note for note in sandbox.standing.notes)
    assert result.value <= LIMITS.processes or (sandbox.standing.level == "confined" and told)


@pytest.mark.parametrize("call", ["os.fork()", "os.posix_spawn('/bin/true', ['true'], {})", "os.forkpty()"])
def test_a_thread_starts_no_process_either(sandbox: Sandbox, call: str) -> None:
    code = (
        "import os, threading\n"
        "def f(x):\n"
        "    said = []\n"
        "    def attempt():\n"
        f"        try: said.append({call})\n"
        "        except OSError as error: said.append('refused')\n"
        "    thread = threading.Thread(target=attempt)\n"
        "    thread.start()\n"
        "    thread.join()\n"
        "    return said"
    )
    assert answer(sandbox, code) == Returned(["refused"])


def test_threads_that_spin_on_end_with_the_guest(sandbox: Sandbox) -> None:
    code = (
        "import threading\n"
        "def spin():\n"
        "    while True: pass\n"
        "def f(x):\n"
        "    for _ in range(3): threading.Thread(target=spin, daemon=True).start()\n"
        "    return x"
    )
    before = answer(sandbox, "def f(x): return x")
    assert before == Returned(1.0)
    time.sleep(0.3)
    idle = len(watch.descendants(os.getpid()))
    for _ in range(3):
        assert answer(sandbox, code) == Returned(1.0)
    assert len(watch.settled(idle, set())) <= idle


def test_a_program_may_have_threads_too(sandbox: Sandbox) -> None:
    done = sandbox.run("import threading\nt = threading.Thread(target=print, args=('there',))\nt.start()\nt.join()")
    assert done.outcome == Returned()
    assert done.stdout == "there\n"
