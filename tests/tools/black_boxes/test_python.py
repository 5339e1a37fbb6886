"""Python functions in a child process: every kind of answer, every way to fail, nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from zetetic.tools.black_boxes import (
    BlackBox,
    BlackBoxError,
    Interval,
    NumericDomain,
    Reply,
    SpecError,
    TextDomain,
    open_box,
)

Write = Callable[..., Path]
ONE = NumericDomain((Interval(-10, 10),))


def ask(box: BlackBox, *xs: float) -> list[Reply]:
    return list(box.ask([(x,) for x in xs]))


def kinds(replies: Sequence[Reply]) -> list[str]:
    return [reply.failure.kind if reply.failure else "ok" for reply in replies]


def test_answers_in_order_with_a_spec_that_reopens_the_box(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("def double(x):\n    return 2 * x\n")
    monkeypatch.chdir(path.parent)
    with closing(open_box("python:box.py:double")) as box:
        assert [r.value for r in ask(box, 1.0, -0.5, 1e300)] == [2.0, -1.0, 2e300]
        assert box.signature.names == ("x",)
        monkeypatch.chdir("/")
        with closing(open_box(box.spec)) as again:
            assert [r.value for r in ask(again, 4.0)] == [8.0]


KINDS = """
import fractions, math
import numpy as np

def f(x):
    return [
        3, True, np.float32(0.5), np.array(2.5), np.array([[7.0]]), fractions.Fraction(1, 4), np.int64(3),
        1 + 2j, np.complex128(2 + 0j),
        float("nan"), np.inf, 10**400, complex(float("nan"), 1),
        "text", None, [1.0], np.array([1.0, 2.0]), b"bytes", object(), {},
    ][int(x)]
"""


def test_every_kind_of_answer(write: Write) -> None:
    with closing(open_box(f"python:{write(KINDS)}:f", integer=True)) as box:
        replies = ask(box, *range(20))
    assert [r.value for r in replies[:9]] == [3.0, 1.0, 0.5, 2.5, 7.0, 0.25, 3.0, 1 + 2j, 2.0]
    assert [type(r.value) for r in replies[:9]] == [float] * 7 + [complex, float]
    assert kinds(replies[9:13]) == ["not_finite"] * 4
    assert kinds(replies[13:]) == ["wrong_kind"] * 7
    assert replies[13].failure is not None
    assert "'text'" in replies[13].failure.message


FAILURES = """
import os, sys, time, ctypes

def f(x):
    print("noise on standard output", flush=True)
    os.write(1, b'["n", 666.0, 0.0]\\n')
    if x == 1: raise ValueError("two\\nlines")
    if x == 2: time.sleep(60)
    if x == 3: os._exit(7)
    if x == 4: ctypes.string_at(0)
    if x == 5: sys.exit("bye")
    if x == 6: raise KeyboardInterrupt
    if x == 7: return "seven"
    if x == 8: os.kill(os.getpid(), 9)
    return x
"""


def test_a_guilty_input_fails_alone(write: Write) -> None:
    with closing(open_box(f"python:{write(FAILURES)}:f", timeout_seconds=1.0)) as box:
        replies = ask(box, *range(10))
        again = ask(box, 9.0, 1.0, 9.0)
    assert kinds(replies) == [
        *("ok", "raised", "timed_out", "crashed", "crashed", "raised", "raised", "wrong_kind", "crashed", "ok")
    ]
    messages = [reply.failure.message if reply.failure else "" for reply in replies]
    assert messages[1] == "ValueError: two lines"
    assert "1 s" in messages[2]
    assert "status 7" in messages[3]
    assert "SIGSEGV" in messages[4]
    assert "SIGKILL" in messages[8]
    assert all("\n" not in message for message in messages)
    assert [replies[0].value, replies[9].value] == [0.0, 9.0]
    assert kinds(again) == ["ok", "raised", "ok"]


def test_a_hang_in_c_that_holds_the_interpreter_is_killed(write: Write) -> None:
    code = """
    def f(x):
        if x > 0:
            import re
            re.match(r"(a+)+$", "a" * 60 + "b")
        return x
    """
    with closing(open_box(f"python:{write(code)}:f", timeout_seconds=0.5)) as box:
        assert kinds(ask(box, -1, 1, -2)) == ["ok", "timed_out", "ok"]


def test_replies_are_handed_over_as_they_come(write: Write) -> None:
    path = write("import time\ndef f(x):\n    time.sleep(x)\n    return x\n")
    with closing(open_box(f"python:{path}:f", timeout_seconds=5.0)) as box:
        begin = time.monotonic()
        replies = box.ask([(0.0,), (3.0,)])
        assert next(replies).value == 0.0
        assert time.monotonic() - begin < 2
        replies.close()  # type: ignore[attr-defined]
        assert [r.value for r in ask(box, 0.0)] == [0.0]  # the abandoned reply is not taken for this one


def test_an_unread_batch_is_not_mixed_with_the_next(write: Write) -> None:
    with closing(open_box(f"python:{write('def f(x): return x')}:f")) as box:
        unread = box.ask([(1.0,), (2.0,)])
        next(unread)
        with pytest.raises(BlackBoxError, match="not read yet"):
            next(iter(box.ask([(3.0,)])))
        assert [r.value for r in unread] == [2.0]


def test_inputs_and_names_come_from_the_signature(write: Write) -> None:
    path = write("""
        def two(mass, speed, *, unit=1.0): return 0.5 * mass * speed**2 * unit
        def optional(x, scale=3.0): return x * scale
        def only_optional(x=1.0, y=2.0): return x + y
        def many(*xs): return sum(xs)
        def kind(n): return 1.0 if type(n) is int else 0.0
    """)
    square = NumericDomain((Interval(0, 1), Interval(0, 1)))

    def names(name: str, domain: NumericDomain | None = None) -> tuple[str, ...]:
        with closing(open_box(f"python:{path}:{name}", domain=domain)) as box:
            return box.signature.names

    assert names("two") == ("mass", "speed")
    assert names("optional") == ("x",)
    assert names("optional", square) == ("x", "scale")
    assert names("only_optional") == ("x",)
    assert names("many", square) == ("x1", "x2")
    with closing(open_box(f"python:{path}:two", domain=square)) as box:
        assert [r.value for r in box.ask([(2.0, 3.0)])] == [9.0]
    mixed = NumericDomain((Interval(0, 5, integer=True),))
    with closing(open_box(f"python:{path}:kind", domain=mixed)) as box:
        assert [r.value for r in ask(box, 3.0)] == [1.0]
    with closing(open_box(f"python:{path}:kind", domain=ONE)) as box:
        assert [r.value for r in ask(box, 3.0)] == [0.0]


def test_texts_in_and_out(write: Write) -> None:
    path = write("def f(s): return s[::-1]\ndef g(s): return len(s)\n")
    domain = TextDomain("ab", 5)
    with closing(open_box(f"python:{path}:f", domain=domain, output="text")) as box:
        assert [r.value for r in box.ask(["abc", "é\n\"'"])] == ["cba", "'\"\né"]
    with closing(open_box(f"python:{path}:g", domain=domain)) as box:
        assert [r.value for r in box.ask(["abc"])] == [3.0]


def test_a_file_sees_its_neighbours_and_a_module_its_folder(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("FACTOR = 3.0\n", "a b/neighbour.py")
    path = write("import neighbour\nimport types, http.client\ndef f(x): return x * neighbour.FACTOR\n", "a b/x.py")
    monkeypatch.chdir("/")
    with closing(open_box(f"python:{path}:f")) as box:
        assert [r.value for r in ask(box, 2.0)] == [6.0]
    monkeypatch.chdir(path.parent)
    with closing(open_box("python:x:f")) as box:
        assert [r.value for r in ask(box, 2.0)] == [6.0]
    with closing(open_box("python:os.path:getsize")) as box:
        assert kinds(ask(box, -1.5)) == ["raised"]


@pytest.mark.parametrize(
    ("code", "spec", "expected"),
    [
        (None, "python:{folder}/missing.py:f", r"no file .*missing\.py"),
        ("def f(x): pass", "python:{folder}/box.py:g", r"no function called 'g'; it has f"),
        ("", "python:{folder}/box.py:g", "it has no functions"),
        ("f = 3", "python:{folder}/box.py:f", "a int, not a function"),
        ("1 / 0", "python:{folder}/box.py:f", "ZeroDivisionError: division by zero"),
        ("import no_such_thing", "python:{folder}/box.py:f", "No module named 'no_such_thing'; install"),
        ("def f(x:", "python:{folder}/box.py:f", "SyntaxError"),
        ("raise SystemExit(3)", "python:{folder}/box.py:f", "SystemExit"),
        ("import os; os._exit(3)", "python:{folder}/box.py:f", "status 3"),
        ("import time; time.sleep(60)", "python:{folder}/box.py:f", "more than 3 s"),
        ("def f(): pass", "python:{folder}/box.py:f", "takes no input"),
        ("def f(x, *, k): pass", "python:{folder}/box.py:f", "keyword argument 'k'"),
        ("def f(a, b): pass", "python:{folder}/box.py:f", r"takes 2 inputs \(a, b\), the domain has 1"),
        ("async def f(x): pass", "python:{folder}/box.py:f", "async"),
        (None, "python:no_such_module_at_all:f", "no module no_such_module_at_all"),
        (None, "python:box.py", "path.py:name"),
        (None, r"python:C:\folder\box.py:f", r"no file C:\\folder\\box.py"),
        (None, "python:box.py:not a name", "not the name of a function"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_line(write: Write, code: str | None, spec: str, expected: str) -> None:
    folder = write(code or "", "box.py" if code is not None else "other.py").parent
    with pytest.raises(SpecError, match=expected) as caught:
        open_box(spec.format(folder=folder), domain=ONE, start_timeout_seconds=3.0)
    assert "\n" not in str(caught.value)


def test_any_number_of_inputs_needs_a_domain(write: Write) -> None:
    with pytest.raises(SpecError, match="any number of inputs"):
        open_box(f"python:{write('def f(*xs): return 1.0')}:f")


def test_a_function_that_cannot_be_started_again_ends_the_box(write: Write) -> None:
    path = write("import os\ndef f(x):\n    os._exit(1)\n")
    with closing(open_box(f"python:{path}:f")) as box:
        path.unlink()
        replies = box.ask([(1.0,), (2.0,)])
        assert kinds([next(replies)]) == ["crashed"]
        with pytest.raises(BlackBoxError, match="started again"):
            next(replies)


def test_seed_makes_randomness_repeatable_but_not_across_restarts(write: Write) -> None:
    path = write("""
        import os, random
        import numpy as np
        def f(x):
            if x > 0: os._exit(0)
            return random.random() + np.random.rand()
    """)

    def draw(seed: int) -> list[object]:
        with closing(open_box(f"python:{path}:f", seed=seed)) as box:
            return [r.value for r in ask(box, 0, 0, 1, 0)]

    first = draw(3)
    assert first == draw(3)
    assert first != draw(4)
    assert first[3] != first[0]


def test_nothing_is_left_after_close(
    write: Write, gone: Callable[[int], bool], open_descriptors: Callable[[], int]
) -> None:
    path = write("""
        import os, subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        def f(x): return [os.getpid(), child.pid][int(x)]
    """)
    before, threads = open_descriptors(), threading.active_count()
    box = open_box(f"python:{path}:f", integer=True)
    pids = [int(r.number) for r in ask(box, 0, 1)]
    box.close()
    box.close()
    assert all(gone(pid) for pid in pids)
    assert (open_descriptors(), threading.active_count()) == (before, threads)
    with pytest.raises(BlackBoxError, match="closed"):
        ask(box, 0.0)


def test_a_forgotten_box_is_closed(write: Write, gone: Callable[[int], bool]) -> None:
    box = open_box(f"python:{write('import os' + chr(10) + 'def f(x): return os.getpid()')}:f")
    [reply] = ask(box, 0.0)
    del box
    assert gone(int(reply.number))


def test_ctrl_c_does_not_reach_the_function(write: Write) -> None:
    path = write("import os\ndef f(x): return os.getsid(0)\n")
    with closing(open_box(f"python:{path}:f")) as box:
        assert ask(box, 0.0)[0].number != os.getsid(0)


@pytest.mark.parametrize("hang", ["time.sleep(60)", "re.match(r'(a+)+$', 'a' * 60 + 'b')"])
def test_the_function_dies_with_a_killed_parent(write: Write, gone: Callable[[int], bool], hang: str) -> None:
    path = write(f"import os, re, time\ndef f(x):\n    if x > 0: {hang}\n    return os.getpid()\n")
    program = (
        "from zetetic.tools.black_boxes import open_box\n"
        f"box = open_box('python:{path}:f')\n"
        "replies = box.ask([(0.0,), (1.0,)])\n"
        "print(int(next(replies).number), flush=True)\n"
        "next(replies)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        guest = int(parent.stdout.readline())
        os.kill(guest, 0)
        parent.send_signal(signal.SIGKILL)
    assert gone(guest)


def test_the_end_of_the_thread_that_opened_it_leaves_a_box_alone(write: Write) -> None:
    opened: list[BlackBox] = []
    spec = f"python:{write('def f(x): return x + 1')}:f"
    thread = threading.Thread(target=lambda: opened.append(open_box(spec)))
    thread.start()
    thread.join()
    assert [r.value for r in ask(opened[0], 1.0)] == [2.0]
    opened[0].close()


def test_overhead_of_a_call_is_below_100_microseconds(write: Write) -> None:
    with closing(open_box(f"python:{write('def f(x): return x')}:f")) as box:
        fastest = 1.0
        for _ in range(5):
            begin = time.perf_counter()
            assert len(ask(box, *range(2000))) == 2000
            fastest = min(fastest, (time.perf_counter() - begin) / 2000)
    assert fastest < 100e-6


def test_a_fork_of_this_process_gets_a_child_of_its_own(write: Write) -> None:
    program = (
        "import os\n"
        "from zetetic.tools.black_boxes import open_box\n"
        f"box = open_box('python:{write('import os' + chr(10) + 'def f(x): return os.getpid()')}:f')\n"
        "def ask():\n    return int(next(iter(box.ask([(0.0,)]))).number)\n"
        "mine = ask()\n"
        "child = os.fork()\n"
        "theirs = ask()\n"
        "if child == 0:\n    os._exit(0 if theirs != mine else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "assert theirs == ask() == mine\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


ANNOTATED = """
from collections.abc import Sequence

def reverse(s: str) -> str:
    return s[::-1]

def shout(texts: list[str]) -> "Sequence[str]":
    return [t.upper() for t in texts]

def count(s: str) -> float:
    return len(s)

def first(texts: list[str]) -> str:
    return [1.0] * len(texts)

def digits(n: int) -> str:
    return str(n)
"""


@pytest.mark.parametrize("untrusted", [False, True])
@pytest.mark.parametrize(
    ("name", "output", "values"),
    [("reverse", "text", ["ba", "c"]), ("shout", "text", ["AB", "C"]), ("count", "number", [2.0, 1.0])],
)
def test_a_function_of_texts_says_by_its_annotation_that_it_gives_texts(
    tmp_path: Path, name: str, output: str, values: list[object], untrusted: bool
) -> None:
    (tmp_path / "f.py").write_text(ANNOTATED)
    with closing(open_box(f"python:{tmp_path / 'f.py'}:{name}", untrusted=untrusted)) as box:
        assert box.signature.output == output
        assert [reply.value for reply in box.ask(["ab", "c"])] == values


def test_an_annotation_that_does_not_fit_the_input_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "f.py").write_text(ANNOTATED)
    for name in ("first", "digits"):
        with closing(open_box(f"python:{tmp_path / 'f.py'}:{name}")) as box:
            assert box.signature.output == "number"
