"""The fork server behind a pair of pipes: one guest cannot hurt another, and every end has its reason."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.sandboxes import relayed, relayed_guest
from zetetic.sandboxes.contract import run_contract
from zetetic.sandboxes.guest import frames, plain, scratch, wire
from zetetic.sandboxes.relayed import Launch, RelayedServer
from zetetic.sandboxes.served import ServedSandbox
from zetetic.sandboxes.serving import Guest, GuestGone
from zetetic.sandboxes.types import (
    MIB,
    Crashed,
    Level,
    Limits,
    Lost,
    OutputTooLarge,
    Raised,
    Returned,
    SandboxError,
    TimedOut,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="guests need Linux")
LIMITS = Limits(cpu_seconds=5, wall_seconds=10, memory_bytes=256 * MIB, file_bytes=4 * MIB)
ECHO = "def f(x): return x"
SECRET = "s3cret-of-the-host"


def local(wanted: Level = "isolated") -> RelayedServer:
    return RelayedServer(lambda: Launch([sys.executable], environment={}), wanted=wanted)


@pytest.fixture(scope="module", params=["isolated", "confined"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[ServedSandbox]:
    server = RelayedServer(lambda: Launch([sys.executable], environment={"KEY": SECRET}), wanted=request.param)
    with ServedSandbox(server, LIMITS) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[RelayedServer]:
    served = local()
    yield served
    served.close()


def below(process: int) -> list[int]:
    """All descendants of a process, the nearest first."""
    found, parents = [], [process]
    while parents:
        parent = parents.pop(0)
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            children = [int(text) for text in task.read_text().split()]
            found += children
            parents += children
    return found


def relay_of(known: set[int]) -> int:
    """The relay among this process's children, of which `known` are others."""
    return next(p for p in below(os.getpid()) if p not in known)


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def load(guest: Guest, code: str) -> None:
    request = plain.dumps({"code": code, "entry": "f", "seed": 0})
    guest.send(frames.frame(frames.LOAD, bytes(16), request), time.monotonic() + 10)


# A whole sandbox


def test_functions_and_scripts_work_as_without_a_relay(sandbox: ServedSandbox) -> None:
    with sandbox.load(ECHO, "f") as function:
        values = [1.5, "text", [1, (2, 3)], {"a": math.inf}, None]
        assert function.call([(v,) for v in values]) == [Returned(v) for v in values]
        numbers = np.linspace(-1, 1, 20_000)
        assert np.array_equal(function.call_floats(numbers).values, numbers)
    script = "import sys\nprint(open('in.txt').read())\nprint('no', file=sys.stderr)\nopen('out', 'w').write('x')"
    result = sandbox.run(script, {"in.txt": "hello"})
    assert (result.outcome, result.stdout, result.stderr) == (Returned(None), "hello\n", "no\n")
    assert result.usage.memory_bytes > MIB


def test_more_than_the_window_passes_both_ways(sandbox: ServedSandbox) -> None:
    text = "".join(chr(33 + i % 90) for i in range(3 * wire.WINDOW_BYTES))
    with sandbox.load(ECHO, "f", limits=Limits(output_bytes=16 * MIB)) as function:
        assert function.call([(text,)] * 4) == [Returned(text)] * 4


def test_failures_keep_their_types(sandbox: ServedSandbox) -> None:
    code = """
        import os
        def f(x):
            if x == 1: raise KeyError("one")
            if x == 2: os._exit(3)
            if x == 3: return "a" * 3_000_000
            if x == 4:
                while True: pass
            return x
    """
    limits = Limits(wall_seconds=0.5)
    with sandbox.load(textwrap.dedent(code), "f", limits=limits) as function:
        zero, one, two, three, four, five = function.call([(i,) for i in range(6)])
    assert (zero, five) == (Returned(0), Returned(5))
    assert isinstance(one, Raised)
    assert one.type == "KeyError"
    assert two == Crashed("ended its own process with status 3")
    assert three == OutputTooLarge(limits.output_bytes)
    assert four == TimedOut("wall", 0.5)


def test_prints_are_cut_at_their_limit_and_come_before_the_end(sandbox: ServedSandbox) -> None:
    limits = Limits(output_bytes=100_000)
    flood = sandbox.run("while True: print('x' * 999)", limits=limits)
    assert flood.outcome == OutputTooLarge(100_000)
    assert len(flood.stdout) <= 100_000
    little = sandbox.run("print('x' * 100_001)", limits=limits)
    assert little.outcome == OutputTooLarge(100_000)
    dying = sandbox.run("import os; os.write(1, b'last words'); os._exit(7)")
    assert (dying.outcome, dying.stdout) == (Crashed("ended its own process with status 7"), "last words")


def test_files_are_limited_even_where_they_are_hidden(sandbox: ServedSandbox) -> None:
    plainly = sandbox.run("for i in range(1000): open(str(i), 'wb').write(b'x' * 100_000)")
    deep = """
        import os, time
        for _ in range(40):
            os.mkdir("d" * 250); os.chdir("d" * 250)
        for i in range(1000): open(str(i), "wb").write(b"x" * 100_000)
        time.sleep(5)
    """
    hidden = sandbox.run(textwrap.dedent(deep))
    for result in (plainly, hidden):
        assert isinstance(result.outcome, OutputTooLarge | Raised)
    nested = sandbox.run("import os\nfor _ in range(1500): os.mkdir('d'); os.chdir('d')")
    assert isinstance(nested.outcome, Returned | OutputTooLarge | Raised)
    assert sandbox.run("import os; print(os.listdir())").stdout == "[]\n"


def test_nothing_of_the_environment_travels(sandbox: ServedSandbox) -> None:
    code = """
        import os
        def f(x):
            found = [dict(os.environ)]
            for i in range(1, 60):
                try: found.append(open(f"/proc/{i}/environ", "rb").read())
                except OSError: pass
            return repr(found)
    """
    with sandbox.load(textwrap.dedent(code), "f") as function:
        (result,) = function.call([(0,)])
    assert isinstance(result, Returned)
    assert SECRET not in result.value


def test_threads_share_one_relay(sandbox: ServedSandbox) -> None:
    def work(number: int) -> bool:
        with sandbox.load(f"def f(x): return x + {number}", "f") as function:
            return all(function.call([(i,), (i + 1,)]) == [Returned(i + number), Returned(i + 1 + number)]
                       for i in range(20))  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(24)))


@pytest.mark.slow
@pytest.mark.parametrize("wanted", ["confined", "isolated"])
def test_it_keeps_the_contract_of_every_sandbox(wanted: Level) -> None:
    checks = list(run_contract(lambda limits: ServedSandbox(local(wanted), limits)))
    assert len(checks) > 40
    assert [(check.name, check.detail) for check in checks if not check.passed] == []


# Guests against each other


def test_a_guest_that_floods_holds_up_nobody_and_fills_nothing(server: RelayedServer) -> None:
    flood = server.spawn("function", LIMITS)
    load(flood, "import os\ndef f(x): pass\nwhile True: os.write(3, b'x' * 65536)")
    with ServedSandbox(server, LIMITS, spares=0) as sandbox:
        with sandbox.load(ECHO, "f") as function:
            for i in range(50):
                assert function.call([(i,)]) == [Returned(i)]
        assert not flood.is_stale
        assert len(flood._box.incoming) == wire.WINDOW_BYTES  # type: ignore[attr-defined]
        greeting = frames.frame(frames.READY, frames.NO_NONCE, b"")
        assert flood.receive(len(greeting), time.monotonic() + 5) == greeting
        assert flood.receive(100, time.monotonic() + 5) == b"x" * 100
        assert flood.end().killed


def test_a_guest_that_never_reads_holds_up_nobody(server: RelayedServer) -> None:
    deaf = server.spawn("function", LIMITS)
    load(deaf, "while True: pass")
    late = threading.Thread(target=lambda: outcome.append(_error_of_sending(deaf)))
    outcome: list[BaseException | None] = []
    late.start()
    with ServedSandbox(server, LIMITS, spares=0) as sandbox, sandbox.load(ECHO, "f") as function:
        begin = time.monotonic()
        assert function.call([("y" * 100_000,)] * 5) == [Returned("y" * 100_000)] * 5
        assert time.monotonic() - begin < 1.0
        late.join()
        assert isinstance(outcome[0], TimeoutError)
        assert deaf.end().killed


def _error_of_sending(guest: Guest) -> BaseException | None:
    try:
        guest.send(b"z" * (20 * MIB), time.monotonic() + 1.0)
    except (TimeoutError, GuestGone) as error:
        return error
    return None


def test_what_a_dead_guest_is_sent_is_dropped(server: RelayedServer) -> None:
    guest = server.spawn("function", LIMITS)
    load(guest, "import os; os._exit(5)")
    with pytest.raises(GuestGone):
        guest.send(b"z" * (100 * MIB), time.monotonic() + 5)
    assert guest.is_stale
    assert guest.end().status == 5


def test_a_guest_let_go_is_killed() -> None:
    known = set(below(os.getpid()))
    with ServedSandbox(local("confined"), LIMITS, spares=0) as sandbox:
        _ = sandbox.standing
        relay = relay_of(known)
        assert wait_until(lambda: len(below(relay)) == 1)
        function = sandbox.load(ECHO, "f")
        assert len(below(relay)) == 2
        del function
        assert wait_until(lambda: len(below(relay)) == 1)


# Ends of the relay


def test_a_killed_relay_is_told_from_a_guests_death_and_replaced() -> None:
    known = set(below(os.getpid()))
    with ServedSandbox(local(), LIMITS) as sandbox:
        with sandbox.load("import time\ndef f(x): time.sleep(x); return x", "f") as function:
            assert function.call([(0,)]) == [Returned(0)]
            relay = relay_of(known)
            everyone = [relay, *below(relay)]
            threading.Timer(0.2, os.kill, (relay, signal.SIGKILL)).start()
            (result,) = function.call([(5,)])
            assert isinstance(result, Lost)
            assert function.call([(0.5,)]) == [Returned(0.5)]
        assert wait_until(lambda: not any(map(lives, everyone)))
    assert wait_until(lambda: set(below(os.getpid())) <= known)


def test_the_death_of_the_fork_server_is_reported() -> None:
    known = set(below(os.getpid()))
    with ServedSandbox(local(), LIMITS) as sandbox:
        _ = sandbox.standing
        os.kill(below(relay_of(known))[0], signal.SIGKILL)
        outcome = sandbox.run("import time; time.sleep(5)").outcome
        assert outcome == Returned(None) or (isinstance(outcome, Lost) and "fork server ended" in outcome.reason)
        assert sandbox.run("print(1)").stdout == "1\n"


def test_a_wedged_relay_is_not_the_guests_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relayed_guest, "_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(relayed, "_END_SECONDS", 0.3)
    known = set(below(os.getpid()))
    with ServedSandbox(local(), Limits(wall_seconds=0.5)) as sandbox, sandbox.load(ECHO, "f") as function:
        os.kill(relay_of(known), signal.SIGSTOP)
        (lost,) = function.call([(1,)])
        assert isinstance(lost, Lost)
        assert "does not answer" in lost.reason
        assert function.call([(2,)]) == [Returned(2)]
        os.kill(relay_of(known), signal.SIGSTOP)
        (lost,) = function.call([("x" * (8 * MIB),)])
        assert isinstance(lost, Lost)
        assert function.call([(3,)]) == [Returned(3)]


def test_the_hosts_death_takes_everything_along() -> None:
    host = """
        import sys
        from zetetic.sandboxes.relayed import Launch, RelayedServer
        from zetetic.sandboxes.served import ServedSandbox
        from zetetic.sandboxes.types import Limits
        sandbox = ServedSandbox(RelayedServer(lambda: Launch([sys.executable], environment={}), wanted=sys.argv[1]))
        function = sandbox.load("def f(x):\\n    while True: pass", "f", limits=Limits(60, 60))
        print("ready", flush=True)
        function.call([(1,)])
    """
    for wanted in ("isolated", "confined"):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(host), wanted], stdout=subprocess.PIPE, text=True
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.2)
            started = below(process.pid)
            assert len(started) >= 3
            process.kill()
        assert wait_until(lambda p=started: not any(map(lives, p)))


def test_closing_leaves_no_process_descriptor_or_file() -> None:
    known, descriptors = set(below(os.getpid())), len(os.listdir("/proc/self/fd"))
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    where = {"TMPDIR": str(folder)}
    for _ in range(3):
        server = RelayedServer(lambda: Launch([sys.executable], environment=where), wanted="confined")
        with ServedSandbox(server, LIMITS) as sandbox:
            assert sandbox.run("open('a', 'w').write('b')").outcome == Returned(None)
            with sandbox.load(ECHO, "f") as function:
                assert function.call([(1,)]) == [Returned(1)]
        sandbox.close()
        with pytest.raises(SandboxError, match="closed"):
            sandbox.load(ECHO, "f")
    assert set(below(os.getpid())) <= known
    assert len(os.listdir("/proc/self/fd")) == descriptors
    folder.rmdir()  # it is empty


def test_a_forked_copy_starts_its_own(server: RelayedServer) -> None:
    with ServedSandbox(server, LIMITS) as sandbox, sandbox.load(ECHO, "f") as function:
        assert function.call([(1,)]) == [Returned(1)]
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                with ServedSandbox(server, LIMITS) as own, own.load(ECHO, "f") as other:
                    os.write(writer, repr(other.call([(2,)])).encode())
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            assert pipe.read().decode() == repr([Returned(2)])
        os.waitpid(child, 0)
        assert function.call([(3,)]) == [Returned(3)]


# What cannot start


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["/nonexistent/python"], "did not start: /nonexistent/python: No such file"),
        (["/bin/sh", "-c", "echo no such place >&2; exit 4"], "did not start.*no such place"),
        (["/bin/sh", "-c", "echo Welcome, friend; sleep 60"], "spoke out of turn"),
        (["/bin/sh", "-c", "exec 2>&-; cat >/dev/null"], r"no answer within 0\.5 s"),
        (["/bin/sh", "-c", "sleep 60"], r"no answer within 0\.5 s"),
    ],
)
def test_a_command_that_is_no_relay_is_refused_with_its_last_words(
    command: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relayed, "_START_SECONDS", 0.5)
    monkeypatch.setattr(relayed, "_END_SECONDS", 0.1)
    begin = time.process_time()
    server = RelayedServer(command)
    with pytest.raises(SandboxError, match=said):
        _ = server.standing
    server.close()
    assert time.process_time() - begin < 0.2


def test_a_package_missing_over_there_is_named() -> None:
    server = RelayedServer([sys.executable], packages=("no_such_package_at_all",))
    with pytest.raises(SandboxError, match=r"no_such_package_at_all.*pip install"):
        _ = server.standing
    server.close()


def test_less_than_was_asked_for_is_refused() -> None:
    server = RelayedServer([sys.executable], wanted="unsafe", least="confined")
    with pytest.raises(SandboxError, match="expected a sandbox of level confined, and relay gives unsafe"):
        _ = server.standing
    server.close()
    with ServedSandbox(RelayedServer([sys.executable], wanted="unsafe", least="unsafe")) as sandbox:
        assert sandbox.standing.level == "unsafe"
        assert sandbox.run("print(1)").stdout == "1\n"


HOSTILE = """
import json, os, struct, sys, time
def say(kind, number, payload): os.write(1, struct.pack("<BII", kind, number, len(payload)) + payload)
def take(n):
    while n: n -= len(os.read(0, n))
size = int(os.read(0, 8)); take(size)
say(17, 0, json.dumps({"level": "isolated", "layers": [], "notes": [], "trouble": ""}).encode())
while True:
    kind, number, length = struct.unpack("<BII", os.read(0, 9)); data = os.read(0, length) if length else b""
    if kind == 2: ATTACK
"""


@pytest.mark.parametrize(
    "attack",
    [
        "[say(33, number, b'x' * 65536) for _ in range(1000)]",
        "[say(20, number, b'x' * 65536) for _ in range(1000)]",
        "os.write(1, struct.pack('<BII', 33, number, 2**32 - 1) + bytes(100))",
        "say(23, number, b'[' * 60000)",
        "say(23, number, json.dumps({'status': 'zero'}).encode())",
        "say(34, number, b'')",
        "say(99, number, b'')",
        "say(18, 0, b'\\\\xff' * 5000)",
    ],
)
def test_a_relay_gone_bad_costs_the_host_nothing(attack: str) -> None:
    script = HOSTILE.replace("ATTACK", attack)
    server = RelayedServer(["/bin/sh", "-c", f'exec "{sys.executable}" -c "$0"', script])
    with ServedSandbox(server, Limits(wall_seconds=5), spares=0) as sandbox:
        outcome = sandbox.run("print(1)").outcome
        assert isinstance(outcome, Lost) or outcome == Crashed("spoke out of turn: no greeting")


# Parts


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 2**32 - 1), st.binary(max_size=300))), st.data())
def test_frames_survive_any_cut(sent: list[tuple[int, int, bytes]], data: st.DataObject) -> None:
    stream = b"".join(wire.pack(*frame) for frame in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    unpacker = wire.Unpacker()
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)])]
    assert [frame for piece in pieces for frame in unpacker.feed(piece)] == sent


def test_a_frame_that_is_too_long_is_none() -> None:
    with pytest.raises(wire.Garbled, match="most"):
        list(wire.Unpacker().feed(wire.HEADER.pack(wire.DATA, 1, wire.MAX_PAYLOAD + 1)))


def test_a_scratch_folder_is_measured_and_removed_however_it_is_nested(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "file").write_bytes(b"x" * 10_000)
    (top / "shut").mkdir()
    (top / "shut" / "in").write_text("x")
    (top / "shut").chmod(0)
    (top / "link").symlink_to(tmp_path)
    assert not scratch.holds_more(str(top), 100_000) or os.geteuid() != 0
    assert scratch.holds_more(str(top), 10_000)
    here = os.getcwd()
    os.chdir(top)
    try:
        for _ in range(1500):
            os.mkdir("d" * 9)
            os.chdir("d" * 9)
    finally:
        os.chdir(here)
    assert scratch.holds_more(str(top), 10**12)
    scratch.remove(str(top))
    assert [p.name for p in tmp_path.iterdir()] == []
    scratch.remove(str(top))
    assert not scratch.holds_more(str(top), 0)


def test_the_bundle_is_the_whole_guest_package() -> None:
    folder = Path(relayed.__file__).parent / "guest"
    assert {"relay.py", "carrier.py", "zygote.py", "wire.py"} <= {p.name for p in folder.glob("*.py")}
    assert not [p for p in folder.iterdir() if p.is_dir() and p.name != "__pycache__"]
    assert json.dumps({p.name: p.read_text() for p in folder.glob("*.py")}).isascii()
