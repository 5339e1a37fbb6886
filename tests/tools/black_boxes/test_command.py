"""Commands: FIND's calling convention, one guilty input, time-outs that leave nothing running."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from zetetic.tools.black_boxes import (
    BlackBoxError,
    Interval,
    NumericDomain,
    Reply,
    SpecError,
    TextDomain,
    open_box,
)

Write = Callable[..., Path]

FIND_STYLE = """
import sys
def function(x):
    return {body}
outputs = ''
for arg in sys.argv[1:]:
    x = float(arg)
    outputs += f'({{arg}}, {{function(x)}}) '
print('calls:', len(sys.argv) - 1, file=open({log!r}, 'a'))
print(f'Function input - output pairs: {{outputs}}')
"""


def kinds(replies: Sequence[Reply]) -> list[str]:
    return [reply.failure.kind if reply.failure else "ok" for reply in replies]


def find_style(write: Write, body: str, tmp_path: Path) -> str:
    path = write(FIND_STYLE.format(body=body, log=str(tmp_path / "log")))
    return f"command:{path}"


def calls(tmp_path: Path) -> list[int]:
    return [int(line.split()[1]) for line in (tmp_path / "log").read_text().splitlines()]


def test_a_batch_is_one_run(write: Write, tmp_path: Path) -> None:
    with closing(open_box(find_style(write, "x ** 0.5 if x < 4 else 2 * x", tmp_path))) as box:
        replies = list(box.ask([(-4.0,), (-1e-7,), (1.0,), (1e6,), (0.1 + 0.2,)]))
    assert replies[0].value == pytest.approx(2j)
    assert [r.value for r in replies[2:]] == [1.0, 2e6, (0.1 + 0.2) ** 0.5]
    assert calls(tmp_path) == [5]


def test_batches_are_bounded(write: Write, tmp_path: Path) -> None:
    with closing(open_box(find_style(write, "x", tmp_path))) as box:
        assert [r.value for r in box.ask([(float(i),) for i in range(600)])] == [float(i) for i in range(600)]
    assert calls(tmp_path) == [256, 256, 88]


def test_only_the_guilty_input_fails(write: Write, tmp_path: Path) -> None:
    with closing(open_box(find_style(write, "1 / x", tmp_path))) as box:
        replies = list(box.ask([(1.0,), (0.0,), (2.0,)]))
    assert [r.value for r in replies] == [1.0, None, 0.5]
    assert replies[1].failure is not None
    assert replies[1].failure.kind == "raised"
    assert replies[1].failure.message == "ZeroDivisionError: float division by zero"


def test_published_programs_say_none_where_they_raised(write: Write, tmp_path: Path) -> None:
    with closing(open_box(find_style(write, "None if x == 0 else float('nan') if x < 0 else x", tmp_path))) as box:
        assert kinds(list(box.ask([(1.0,), (0.0,), (-1.0,)]))) == ["ok", "raised", "not_finite"]


def test_a_program_of_one_input_a_run_is_found_out(write: Write, tmp_path: Path) -> None:
    log = tmp_path / "log"
    path = write(
        f"import sys\nprint('calls:', len(sys.argv) - 1, file=open({str(log)!r}, 'a'))\nprint(float(sys.argv[1]) + 1)\n"
    )
    with closing(open_box(f"command:{path}")) as box:
        assert [r.value for r in box.ask([(1.0,), (2.0,)])] == [2.0, 3.0]
        assert [r.value for r in box.ask([(1.0,), (2.0,)])] == [2.0, 3.0]
    assert calls(tmp_path) == [2, 1, 1, 1, 1]


def test_one_value_a_line_and_option_parsers(write: Write) -> None:
    path = write("""
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("--scale", type=float, default=2.0)
        parser.add_argument("x", type=float, nargs="+")
        options = parser.parse_args()
        for x in options.x:
            print(x * options.scale)
    """)
    with closing(open_box(f"command:{path} --scale 3")) as box:
        assert [r.value for r in box.ask([(-1.5,), (-1e-7,), (2.0,)])] == [-4.5, pytest.approx(-3e-7), 6.0]


def test_several_inputs_are_several_arguments(write: Write, tmp_path: Path) -> None:
    domain = NumericDomain((Interval(0, 9, integer=True), Interval(-1, 1)))
    path = write("import sys\nprint(int(sys.argv[1]) * 10 + float(sys.argv[2]))\n")
    with closing(open_box(f"command:{path}", domain=domain)) as box:
        assert box.signature.names == ("x1", "x2")
        assert [r.value for r in box.ask([(3.0, -0.5), (4.0, 0.5)])] == [29.5, 40.5]
    with closing(open_box(find_style(write, "x", tmp_path), domain=domain)) as box:
        assert kinds(list(box.ask([(3.0, 0.5)]))) == ["wrong_kind"]


def test_texts(write: Write) -> None:
    path = write("import sys\nprint('Function input - output pairs:', *(f'({a}, {a[::-1]})' for a in sys.argv[1:]))\n")
    with closing(open_box(f"command:{path}", domain=TextDomain("ab", 9), output="text")) as box:
        assert [r.value for r in box.ask(["ab, c", "(x) y", "\0"])] == ["c ,ba", "y )x(", None]


FAILURES = """
import os, sys, time
x = float(sys.argv[1])
if x == 1: os.kill(os.getpid(), 11)
if x == 2: time.sleep(60)
if x == 3: sys.exit(4)
if x == 4: print("seven")
if x == 5: pass
if x == 6: print("1\\n2")
if x == 7: print("z" * 70)
if x == 8: print("out of", "range", file=sys.stderr); sys.exit(1)
if x == 9:
    while True: print("y" * 100000)
if x == 0: print(1)
"""


def test_every_way_to_fail(write: Write) -> None:
    with closing(open_box(f"command:{write(FAILURES)}", timeout_seconds=1.0, batch_size=1)) as box:
        replies = list(box.ask([(float(x),) for x in range(10)]))
    assert kinds(replies) == [
        *("ok", "crashed", "timed_out", "raised", "wrong_kind", "wrong_kind", "wrong_kind", "wrong_kind", "raised"),
        "wrong_kind",
    ]
    messages = [reply.failure.message if reply.failure else "" for reply in replies]
    assert "SIGSEGV" in messages[1]
    assert "status 4" in messages[3]
    assert "printed nothing" in messages[5]
    assert messages[8] == "out of range"
    assert "16 MiB" in messages[9]


def test_a_timed_out_command_takes_its_children_along(
    write: Write, tmp_path: Path, gone: Callable[[int], bool], open_descriptors: Callable[[], int]
) -> None:
    pid_file = tmp_path / "pid"
    path = write(f"#!/bin/sh\nsleep 60 &\necho $! > {pid_file}\nwait\n", "box.sh")
    path.chmod(0o755)
    before = open_descriptors()
    with closing(open_box(f"command:{path}", timeout_seconds=0.5)) as box:
        assert kinds(list(box.ask([(1.0,)]))) == ["timed_out"]
    assert gone(int(pid_file.read_text()))
    assert open_descriptors() == before


def test_a_child_left_behind_neither_delays_nor_survives(
    write: Write, tmp_path: Path, gone: Callable[[int], bool]
) -> None:
    pid_file = tmp_path / "pid"
    path = write(f"#!/bin/sh\nsleep 60 &\necho $! > {pid_file}\necho 5\n", "box.sh")
    path.chmod(0o755)
    begin = time.monotonic()
    with closing(open_box(f"command:{path}", timeout_seconds=20.0)) as box:
        assert [r.value for r in box.ask([(1.0,)])] == [5.0]
    assert time.monotonic() - begin < 10
    assert gone(int(pid_file.read_text()))


def test_a_command_dies_with_a_killed_parent(write: Write, tmp_path: Path, gone: Callable[[int], bool]) -> None:
    import signal
    import subprocess
    import sys

    pid_file = tmp_path / "pid"
    path = write(f"#!/bin/sh\nsleep 60 &\necho $! > {pid_file}.new; mv {pid_file}.new {pid_file}\nwait\n", "box.sh")
    path.chmod(0o755)
    program = f"from zetetic.tools.black_boxes import open_box\nlist(open_box('command:{path}').ask([(1.0,)]))\n"
    with subprocess.Popen([sys.executable, "-c", program]) as parent:
        deadline = time.monotonic() + 20
        while not pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        parent.send_signal(signal.SIGKILL)
    assert gone(int(pid_file.read_text()))


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("./no_such_program", "no program ./no_such_program"),
        ("no-such-program-anywhere 1", "no program no-such-program-anywhere"),
        ("'unclosed", "quote it"),
        ("{data}", "not executable"),
    ],
)
def test_what_cannot_be_run_is_said(write: Write, rest: str, expected: str) -> None:
    with pytest.raises(SpecError, match=expected):
        open_box("command:" + rest.format(data=write("", "data.txt")))


def test_a_program_that_disappears_ends_the_box(write: Write) -> None:
    path = write("echo 5\n", "box.sh")
    path.chmod(0o755)
    box = open_box(f"command:{path}")
    assert [r.value for r in box.ask([(1.0,)])] == [5.0]
    path.unlink()
    with pytest.raises(BlackBoxError, match="cannot be started") as caught:
        list(box.ask([(1.0,)]))
    assert "not found" in str(caught.value) or "No such file" in str(caught.value)
    box.close()
    with pytest.raises(BlackBoxError, match="closed"):
        list(box.ask([(1.0,)]))


def test_a_program_may_itself_say_that_something_is_missing(write: Write) -> None:
    path = write("#!/bin/sh\nno-such-program-anywhere\n", "box.sh")
    path.chmod(0o755)
    with closing(open_box(f"command:{path}")) as box:
        assert kinds(list(box.ask([(1.0,)]))) == ["raised"]


def test_a_command_reads_nothing(write: Write) -> None:
    path = write("import sys\nprint(len(sys.stdin.read()))\n")
    with closing(open_box(f"command:{path}")) as box:
        assert [r.value for r in box.ask([(1.0,)])] == [0.0]
