"""Whoever dies (the host, the fork server, a guest) and whatever runs out: a typed outcome, and the next job works."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attacks import watch
from attacks.as_user import why_not
from attacks.backends import BACKENDS, Backend
from attacks.client import launch

from zetetic.sandboxes.local import open_sandbox
from zetetic.sandboxes.types import MIB, Crashed, Level, Limits, LoadError, Lost, Returned, Sandbox, SandboxError

LIMITS = Limits(cpu_seconds=20.0, wall_seconds=20.0, memory_bytes=256 * MIB)
SLEEPER = "import time\ndef f(x):\n    time.sleep(x)\n    return x"
EVERY = [pytest.param(b, id=b.name, marks=pytest.mark.slow if b.slow else []) for b in BACKENDS]


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zetetic-dying-") as folder:
        yield Path(folder)


@pytest.fixture
def below() -> Callable[[], dict[int, str]]:
    """The processes below this one that were not there when the test began."""
    before = set(watch.descendants(os.getpid()))
    return lambda: {pid: name for pid, name in watch.descendants(os.getpid()).items() if pid not in before}


@pytest.fixture(params=["isolated", "confined"])
def sandbox(request: pytest.FixtureRequest, below: Any) -> Iterator[Sandbox]:
    level: Level = request.param
    try:
        opened = open_sandbox(LIMITS, level=level, strongest=level)
        _ = opened.standing
    except SandboxError as reason:
        pytest.skip(str(reason))
    with opened:
        yield opened


def start(backend: Backend, scene: str, home: Path, *before: str) -> subprocess.Popen[str]:
    if backend.as_user and why_not():
        pytest.skip(why_not())
    command, environment = launch(backend, "attacks.dying", home, scene)
    return subprocess.Popen(
        [*before, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
        env=environment,
    )


def play(backend: Backend, scene: str, home: Path, *before: str) -> dict[str, Any]:
    """Everything that the scene said; what it repeats, it says of later."""
    with start(backend, scene, home, *before) as process:
        printed, errors = process.communicate(timeout=120)
    if "expected a sandbox of level" in errors:
        pytest.skip(errors.strip().splitlines()[-1])
    assert process.returncode == 0, errors[-3000:]
    assert errors == ""
    said: dict[str, Any] = {}
    for line in printed.splitlines():
        for name, what in json.loads(line).items():
            said[f"later {name}" if name in said else name] = what
    assert not [what for what in said.values() if "NOT TYPED" in str(what)], said
    return said


def all_gone(pids: list[int], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(is_running(pid) for pid in pids)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize("backend", EVERY)
def test_nothing_outlives_a_host_that_is_killed(backend: Backend, home: Path) -> None:
    with start(backend, "spin", home) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            pytest.skip(process.communicate()[1].strip().splitlines()[-1])
        pids = json.loads(line)["processes"]
        time.sleep(0.1)  # the guest spins by now
        assert len(pids) >= 2
        process.kill()
    assert all_gone(pids)


@pytest.mark.parametrize("backend", EVERY)
def test_nothing_outlives_a_host_that_ends_without_closing(backend: Backend, home: Path) -> None:
    pids = play(backend, "forget", home)["processes"]
    assert len(pids) >= 2
    assert all_gone(pids)


@pytest.mark.parametrize("backend", EVERY)
def test_a_forked_copy_of_the_host_has_a_sandbox_of_its_own(backend: Backend, home: Path) -> None:
    said = play(backend, "fork", home)
    answers = {name: what for name, what in said.items() if name not in ("left", "loaded", "later loaded")}
    assert set(answers.values()) == {"[Returned(value=42.0)]"}
    assert said["loaded"] == said["later loaded"] == "[Returned(value=2.0)]"
    assert said["left"] == {}


@pytest.mark.parametrize("backend", EVERY)
def test_running_out_of_descriptors_is_said_and_passes(backend: Backend, home: Path) -> None:
    said = play(backend, "starve_descriptors", home)
    for name in ("opening", "loading", "program"):
        assert said[name].startswith("SandboxError: "), said
    assert said["again"] == "[Returned(value=42.0)]"
    assert said["later program"] == "1\n"
    assert said["left"] == {}


@pytest.mark.parametrize("backend", EVERY)
def test_a_full_disk_is_said_and_passes(backend: Backend, home: Path) -> None:
    """Temporary files live on a file system of two megabytes, in a mount namespace of the test's own."""
    if os.getuid() != 0 or not shutil.which("unshare"):
        pytest.skip("only root can mount a small file system")
    owner = "uid=1000,gid=1000," if backend.as_user else ""
    mount = f'mount -t tmpfs -o {owner}size=2m,mode=755 tmpfs {home} && cd {home} && exec "$@"'
    said = play(backend, "full_disk", home, "unshare", "-m", "--propagation", "private", "sh", "-c", mount, "sh")
    assert said["function"] == said["later function"] == "[Returned(value=42.0)]"
    assert said["again"] == "written\n"
    assert said["left"] == {}
    assert said["files"] == []


@pytest.mark.parametrize("nearest", [True, False], ids=["outer", "inner"])
def test_the_fork_server_is_killed_during_a_call(sandbox: Sandbox, below: Any, nearest: bool) -> None:
    with sandbox.load(SLEEPER, "f") as loaded:
        tree = below()
        own = [pid for pid in tree if parent_of(pid) == os.getpid()]
        servers = own if nearest else [pid for pid in tree if parent_of(pid) in own]
        threading.Timer(0.3, lambda: os.kill(servers[0], signal.SIGKILL)).start()
        begin = time.monotonic()
        (result,) = loaded.call([(10.0,)])
        assert isinstance(result, Lost | Crashed), result
        assert time.monotonic() - begin < 8
        assert loaded.call([(0.0,)]) == [Returned(0.0)]
    assert answers(sandbox)
    assert sandbox.run("print('here')").stdout == "here\n"
    sandbox.close()
    assert all_gone(list(tree))
    assert all_gone(list(below()))


def parent_of(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def answers(sandbox: Sandbox) -> bool:
    with sandbox.load("def f(x): return 2 * x", "f") as loaded:
        return loaded.call([(21.0,)]) == [Returned(42.0)]


def test_the_fork_server_is_killed_between_calls(sandbox: Sandbox, below: Any) -> None:
    for _ in range(3):
        with sandbox.load("def f(x): return x", "f") as loaded:
            for pid in below():
                if parent_of(pid) == os.getpid():
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
            (result,) = loaded.call([(1.0,)])
            assert isinstance(result, Returned | Lost)
        assert answers(sandbox)


def leaves(tree: dict[int, str]) -> list[int]:
    parents = {parent_of(pid) for pid in tree}
    return [pid for pid in tree if pid not in parents and is_running(pid)]


def test_guests_are_killed_at_any_moment(sandbox: Sandbox, below: Any) -> None:
    """Each input is answered or said to have crashed; none is lost, none is doubled, and the next job works."""
    rng, struck = random.Random(11), 0
    code = "import time\ndef f(x):\n    time.sleep(0.004)\n    return x"
    for _ in range(25):
        delay = rng.uniform(0.0, 0.06)

        victims: list[int] = []

        def strike(delay: float = delay, victims: list[int] = victims) -> None:
            time.sleep(delay)
            victims += leaves(below())[-2:]
            for pid in victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

        striker = threading.Thread(target=strike)
        striker.start()
        try:
            with sandbox.load(code, "f") as loaded:
                results = loaded.call([(float(n),) for n in range(12)])
        except LoadError as error:
            results = [error.failure] * 12
        finally:
            striker.join()
        struck += len(victims)
        assert all_gone(victims)
        assert len(results) == 12
        for number, result in enumerate(results):
            assert result == Returned(float(number)) or isinstance(result, Crashed | Lost), results
        assert answers(sandbox)
    assert struck


def test_an_interrupted_call_leaves_no_guest_and_the_sandbox_usable(sandbox: Sandbox, below: Any) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    assert answers(sandbox)
    time.sleep(0.3)
    idle = len(below())
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for _ in range(5):
            with sandbox.load(SLEEPER, "f") as loaded:
                signal.setitimer(signal.ITIMER_REAL, 0.1)
                with pytest.raises(KeyboardInterrupt):
                    loaded.call([(10.0,)])
                assert loaded.call([(0.0,)]) == [Returned(0.0)]
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with pytest.raises(KeyboardInterrupt):
                sandbox.run("import time\ntime.sleep(10)")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert answers(sandbox)
    deadline = time.monotonic() + 3
    while len(below()) > idle and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(below()) <= idle


@pytest.mark.slow
def test_a_fork_server_that_is_stopped_is_given_up(sandbox: Sandbox, below: Any) -> None:
    with sandbox.load(
        "def f(x):\n    while True: pass", "f", limits=Limits(wall_seconds=1.0, cpu_seconds=50)
    ) as loaded:
        for pid in below():
            if pid not in leaves(below()):
                os.kill(pid, signal.SIGSTOP)
        begin = time.monotonic()
        (result,) = loaded.call([(1.0,)])
        assert not isinstance(result, Returned)
        assert time.monotonic() - begin < 40
    assert answers(sandbox)
    tree = list(below())
    sandbox.close()
    assert all_gone(tree)


def test_a_sandbox_closed_by_another_thread_during_a_call(sandbox: Sandbox, below: Any) -> None:
    with sandbox.load(SLEEPER, "f") as loaded:
        threading.Timer(0.2, sandbox.close).start()
        try:
            (result,) = loaded.call([(10.0,)])
        except SandboxError:
            result = Lost("closed")
        assert isinstance(result, Lost | Crashed)
    assert all_gone(list(below()))
