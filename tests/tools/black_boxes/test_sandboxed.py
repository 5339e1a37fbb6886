"""Untrusted functions: the same answers as trusted ones, nothing of ours within reach, one clear line otherwise."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zetetic.sandboxes import (
    Crashed,
    Loaded,
    LoadError,
    Lost,
    Parameters,
    Result,
    Returned,
    Sandbox,
    SandboxError,
    Standing,
    TimedOut,
)
from zetetic.tools.black_boxes import BlackBox, BlackBoxError, Interval, NumericDomain, Reply, SpecError, open_box
from zetetic.tools.black_boxes.options import OpenOptions
from zetetic.tools.black_boxes.python import PythonBox
from zetetic.tools.black_boxes.sandboxed import NoSandboxError, SandboxedRunner, shared_sandbox, standing_of
from zetetic.tools.black_boxes.worker import Target

Write = Callable[..., Path]
ONE = NumericDomain((Interval(-10, 10),))


@pytest.fixture(scope="module", autouse=True)
def _sandbox() -> None:
    try:
        shared_sandbox()
    except SandboxError as error:
        pytest.skip(f"no sandbox works here: {error}")


def ask(box: BlackBox, *xs: float) -> list[Reply]:
    return list(box.ask([(x,) for x in xs]))


def kinds(replies: Sequence[Reply]) -> list[str]:
    return [reply.failure.kind if reply.failure else "ok" for reply in replies]


def message(reply: Reply) -> str:
    assert reply.failure is not None
    return reply.failure.message


ANSWERS = """
import numpy as np

def f(x):
    return [
        3, True, np.float32(0.5), np.array(2.5), np.array([[7.0]]), np.int64(3), 1 + 2j, np.complex128(2 + 0j), x,
        float("nan"), np.inf, 10**400, complex(float("nan"), 1),
        "text", None, [1.0], np.array([1.0, 2.0]), b"bytes", object(), {},
    ][int(x)]

def text(x):
    return "é\\n" * int(x) if x < 3 else 3.0
"""


@pytest.mark.parametrize("name", ["f", "text"])
def test_answers_are_those_of_the_trusted_worker(write: Write, name: str) -> None:
    spec = f"python:{write(ANSWERS)}:{name}"
    settings: dict[str, Any] = {"output": "text" if name == "text" else "number"}
    with closing(open_box(spec, **settings)) as trusted, closing(open_box(spec, untrusted=True, **settings)) as box:
        expected, got = ask(trusted, *range(20)), ask(box, *range(20))
        assert box.signature == trusted.signature
        assert box.spec == trusted.spec
    assert [r.value for r in got] == [r.value for r in expected]
    assert [type(r.value) for r in got] == [type(r.value) for r in expected]
    assert kinds(got) == kinds(expected)


FAILURES = """
import os, time, ctypes, socket

def f(x):
    print("noise on standard output", flush=True)
    if x == 1: raise ValueError("two\\nlines")
    if x == 2: time.sleep(60)
    if x == 3: os._exit(7)
    if x == 4: ctypes.string_at(0)
    if x == 5: socket.socket()
    if x == 6: return bytearray(2**34)
    if x == 7: return "a" * 2**23
    if x == 8: return lambda: 0
    if x == 9: os.abort()
    return x
"""


def test_a_guilty_input_fails_alone(write: Write) -> None:
    with closing(open_box(f"python:{write(FAILURES)}:f", untrusted=True, timeout_seconds=0.7)) as box:
        replies = ask(box, *range(11))
        again = ask(box, 10.0, 1.0, 10.0)
    failed = ["raised", "timed_out", "crashed", "crashed", "raised", "raised", "wrong_kind", "wrong_kind", "crashed"]
    assert kinds(replies) == ["ok", *failed, "ok"]
    assert message(replies[1]) == "ValueError: two lines"
    assert message(replies[2]) == "no answer within 0.7 s"
    assert "SIGSEGV" in message(replies[4])
    assert "forbidden" in message(replies[5])
    assert "memory" in message(replies[6])
    assert all("\n" not in message(reply) for reply in replies[1:10])
    assert [replies[0].value, replies[10].value] == [0.0, 10.0]
    assert kinds(again) == ["ok", "raised", "ok"]


def test_a_hang_among_many_costs_two_time_outs_and_no_answer(write: Write) -> None:
    code = "import time\ndef f(x):\n    if x == 700: time.sleep(60)\n    return x\n"
    with closing(open_box(f"python:{write(code)}:f", untrusted=True, timeout_seconds=1.0)) as box:
        begin = time.monotonic()
        replies = ask(box, *range(1000))
    assert time.monotonic() - begin < 4.0  # its own time-out, and that of the batch it was in
    assert [i for i, reply in enumerate(replies) if reply.failure] == [700]
    assert [r.value for r in replies if r.failure is None] == [float(i) for i in range(1000) if i != 700]


def test_a_function_sees_nothing_of_ours(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "sings")
    path = write("""
        import os, sys
        def seen(x):
            try:
                listed = os.listdir(os.path.dirname(__file__) if "__file__" in globals() else "/home")
            except OSError:
                listed = []
            return f"{os.environ.get('CANARY')} {listed} {'zetetic' in sys.modules}"
    """)
    with closing(open_box(f"python:{path}:seen", untrusted=True, output="text")) as box:
        assert ask(box, 0.0)[0].value == "None [] False"


def test_slow_functions_are_asked_in_arrays_and_give_what_single_calls_give(write: Write) -> None:
    path = write("""
        import time
        import numpy as np
        sizes = []
        def f(x):
            sizes.append(np.ndim(x)); time.sleep(0.003)
            return np.sin(x)
        def ragged(x):
            time.sleep(0.003)
            return [[1], [1, 2]] if np.ndim(x) else float(x)
        def dies(x):
            time.sleep(0.003)
            if np.ndim(x): import os; os._exit(1)
            return x
        def arrays(x): return float(sum(sizes))
    """)
    xs = [i / 7 for i in range(40)]
    for name in ("f", "ragged", "dies"):
        with closing(open_box(f"python:{path}:{name}", untrusted=True, domain=ONE)) as box:
            first, second = ask(box, *xs), ask(box, *xs)
        expected = [float(np.sin(x)) if name == "f" else x for x in xs]
        assert [r.value for r in first] == [r.value for r in second] == pytest.approx(expected)
    with closing(open_box(f"python:{path}:f", untrusted=True, vectorized=True)) as box:
        assert [r.value for r in ask(box, 1.0, 2.0)] == pytest.approx([np.sin(1.0), np.sin(2.0)])


def test_parameters_are_passed_on(write: Write) -> None:
    path = write("""
        def two(mass, speed): return 0.5 * mass * speed**2
        def many(*xs): return sum(xs)
        def counted(n: int, gain: "int", x: float): return n * gain * x
        class Place:
            @staticmethod
            def height(x): return x + 1
    """)
    with closing(open_box(f"python:{path}:two", untrusted=True)) as box:
        assert box.signature.names == ("mass", "speed")
        assert [r.value for r in box.ask([(2.0, 3.0)])] == [9.0]
    with closing(open_box(f"python:{path}:Place.height", untrusted=True)) as box:
        assert ask(box, 1.0)[0].value == 2.0
    for untrusted in (False, True):
        with closing(open_box(f"python:{path}:counted", untrusted=untrusted)) as box:
            assert box.signature.whole == ("n", "gain")
    with pytest.raises(SpecError, match="any number of inputs"):
        open_box(f"python:{path}:many", untrusted=True)


def test_randomness_is_repeatable_but_not_across_restarts(write: Write) -> None:
    path = write("""
        import os, random
        import numpy as np
        def f(x):
            if x > 0: os._exit(0)
            return random.random() + np.random.rand()
    """)

    def draw(seed: int | None) -> list[object]:
        with closing(open_box(f"python:{path}:f", seed=seed, untrusted=True)) as box:
            return [r.value for r in ask(box, 0, 0, 1, 0)]

    first = draw(3)
    assert first == draw(3)
    assert first != draw(4)
    assert first[3] not in first[:2]
    assert draw(None) != draw(None)


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("def f(x): return x", "g", r"no function called 'g'; it has f"),
        ("f = 3", "f", "is a int, not a function"),
        ("def f(x:", "f", "failed to load: SyntaxError"),
        ("raise RuntimeError('no')", "f", "failed to load: RuntimeError: no"),
        (
            "import torch\ndef f(x): return x",
            "f",
            "'torch' .*numpy and the standard library.*--trusted",
        ),
        ("from neighbour import f", "f", "No module named 'neighbour' .*--trusted"),
        ("open('/etc/hostname', 'w')\ndef f(x): return x", "f", "failed to load|denies"),
        ("import socket; socket.socket()\ndef f(x): return x", "f", "needs what the sandbox denies.*--trusted"),
        ("while True: pass", "f", "took more than 1 s.*start_timeout_seconds"),
        ("import os; os._exit(3)", "f", "loading it failed: .*status 3"),
        ("def f(): return 1", "f", "takes no input"),
        ("def f(x, *, unit): return 1", "f", "needs the keyword argument 'unit'"),
        ("# coding: no-such-coding\ndef f(x): return x", "f", "not Python source"),
        ("def f(x): return x\n#" + "x" * 2**20, "f", "larger than 1 MiB"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_line(write: Write, code: str, name: str, expected: str) -> None:
    path = write(code)
    (path.parent / "neighbour.py").write_text("def f(x): return x\n")
    with pytest.raises(SpecError, match=expected) as caught:
        open_box(f"python:{path}:{name}", untrusted=True, timeout_seconds=1.0, start_timeout_seconds=1.0)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("python:math:sin", "installed module.*--trusted"),
        ("command:/bin/echo", "a program cannot be put in a sandbox here; wrap"),
        ("http://127.0.0.1:1/x", "at a URL"),
    ],
)
def test_what_a_sandbox_cannot_take_is_refused(spec: str, expected: str) -> None:
    for settings in ({"untrusted": True}, {"sandbox": "auto"}, {"sandbox_level": "unsafe"}):
        with pytest.raises(SpecError, match=expected):
            open_box(spec, **settings)  # type: ignore[arg-type]


def test_an_opener_that_ignores_the_wish_is_not_believed(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    closed: list[bool] = []

    class Box(PythonBox):
        def close(self) -> None:
            closed.append(True)
            super().close()

    path = write("def f(x): return x")
    target = Target(str(path), None, "f")
    monkeypatch.setattr(
        "zetetic.plugins.PluginGroup.load", lambda *_: lambda rest, options: Box("x:y", target, options)
    )
    with pytest.raises(SpecError, match="run in no sandbox"):
        open_box("odd:x", untrusted=True)
    assert closed == [True]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"sandbox": "teapot"}, r"no sandbox is called 'teapot'; known: auto, .*local"),
        ({"sandbox_level": "high"}, "isolated, confined, unsafe, got 'high'"),
        ({"untrusted": False, "sandbox": "auto"}, "leave out"),
    ],
)
def test_options_that_make_no_sense_are_refused(write: Write, settings: dict[str, Any], expected: str) -> None:
    with pytest.raises(SpecError, match=expected):
        open_box(f"python:{write('def f(x): return x')}:f", **settings)


def test_the_standing_tells_what_is_guaranteed(write: Write) -> None:
    spec = f"python:{write('def f(x): return x')}:f"
    with closing(open_box(spec)) as trusted, closing(open_box(spec, sandbox_level="confined")) as box:
        assert standing_of(trusted) is None
        assert standing_of(box) == shared_sandbox().standing


def test_one_sandbox_serves_all_boxes_and_closing_one_leaves_it_open(write: Write) -> None:
    spec = f"python:{write('def f(x): return x')}:f"
    with closing(open_box(spec, untrusted=True)) as kept:
        open_box(spec, untrusted=True).close()
        assert ask(kept, 1.0)[0].value == 1.0
    assert shared_sandbox() is shared_sandbox()
    with pytest.raises(BlackBoxError, match="closed"):
        ask(kept, 1.0)


def test_a_fork_of_this_process_gets_a_guest_of_its_own(write: Write) -> None:
    path = write("calls = []\ndef f(x):\n    calls.append(x)\n    return len(calls)\n")
    program = (
        "import os\n"
        "from zetetic.tools.black_boxes import open_box\n"
        f"box = open_box('python:{path}:f', untrusted=True)\n"
        "def ask():\n    return [r.value for r in box.ask([(0.0,), (0.0,)])]\n"
        "assert ask() == [1, 2]\n"
        "child = os.fork()\n"
        "got = ask()\n"
        "if child == 0:\n    os._exit(0 if got == [1, 2] else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "assert (got, ask()) == ([3, 4], [5, 6])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_outlives_the_process(write: Write, gone: Callable[[int], bool]) -> None:
    program = (
        "import os\n"
        "from zetetic.tools.black_boxes import open_box\n"
        f"box = open_box('python:{write('def f(x): return x')}:f', untrusted=True)\n"
        "me = os.getpid()\n"
        "print(*open(f'/proc/{me}/task/{me}/children').read().split())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    children = [int(pid) for pid in done.stdout.split()]
    assert children
    assert all(gone(pid) for pid in children)


class FakeLoaded:
    """Answers with a list of results for every call, as it is told."""

    parameters = Parameters(("x",))

    def __init__(self, calls: Iterator[list[Result]]) -> None:
        self._calls = calls

    def call(self, inputs: Sequence[Any], *, deadline_seconds: float | None = None) -> list[Result]:
        return next(self._calls)

    def close(self) -> None: ...


class FakeSandbox:
    standing = Standing("fake", "confined", ("words",))

    def __init__(self, calls: list[list[Result]], *, loads: int = 99) -> None:
        self._calls, self._loads, self.seeds = iter(calls), loads, []

    def load(self, code: str, entry: str, *, seed: int = 0, limits: object = None) -> Loaded:
        self.seeds: list[int] = [*self.seeds, seed]
        if len(self.seeds) > self._loads:
            raise LoadError(Crashed("ended its own process with status 1"))
        return FakeLoaded(self._calls)  # type: ignore[return-value]


def runner(write: Write, sandbox: FakeSandbox) -> SandboxedRunner:
    target = Target(str(write("def f(x): return x")), None, "f", seed=7)
    found = SandboxedRunner(target, OpenOptions(), lambda name, level: sandbox)  # type: ignore[arg-type,return-value]
    found.start()
    return found


def test_what_is_not_the_functions_doing_is_asked_again(write: Write) -> None:
    sandbox = FakeSandbox([[Lost("its server died")], [Lost("its server died")], [Returned(1.0)]])
    assert [r.value for r in runner(write, sandbox).call([[0.0]])] == [1.0]
    assert len(set(sandbox.seeds)) == 3
    with pytest.raises(BlackBoxError, match="keeps dying"):
        list(runner(write, FakeSandbox([[Lost("its server died")]] * 3)).call([[0.0]]))


def test_a_guest_lost_among_several_inputs_costs_no_answer(write: Write) -> None:
    calls: list[list[Result]] = [
        [Returned(0.0)],
        [Returned(1.0), TimedOut("wall", 1.0)],
        [Returned(2.0)],
        [Returned(3.0), Returned(4.0)],
    ]
    sandbox = FakeSandbox(calls)
    assert [r.value for r in runner(write, sandbox).call([[float(i)] for i in range(5)])] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert len(sandbox.seeds) == 2


def test_a_function_that_cannot_be_loaded_again_ends_the_box(write: Write) -> None:
    replies = runner(write, FakeSandbox([[Crashed("died of SIGSEGV", 11)]], loads=1)).call([[0.0], [1.0]])
    assert kinds([next(replies)]) == ["crashed"]
    with pytest.raises(BlackBoxError, match="loaded again"):
        next(replies)


def test_without_a_sandbox_nothing_runs_and_the_ways_out_are_named(write: Write) -> None:
    def none(name: str, level: str) -> Sandbox:
        raise SandboxError("no sandbox works here. local: no Landlock.")

    marker = write("", "marker").with_name("ran")
    target = Target(str(write(f"open({str(marker)!r}, 'w')\ndef f(x): return x")), None, "f")
    with pytest.raises(NoSandboxError, match=r"no Landlock; or run it with --sandbox-level unsafe .* or --trusted"):
        PythonBox("python:x", target, OpenOptions(), lambda t, o: SandboxedRunner(t, o, none))
    with pytest.raises(NoSandboxError) as caught:
        SandboxedRunner(target, OpenOptions(sandbox_level="unsafe"), none).start()
    assert "--sandbox-level unsafe" not in str(caught.value)
    assert not os.path.exists(marker)


def test_a_thousand_cheap_calls_take_well_under_a_second(write: Write) -> None:
    with closing(open_box(f"python:{write('def f(x): return x')}:f", untrusted=True)) as box:
        begin = time.perf_counter()
        assert len(ask(box, *range(1000))) == 1000
        assert time.perf_counter() - begin < 0.5
