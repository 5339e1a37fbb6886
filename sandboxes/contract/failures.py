"""Each way to fail has its own outcome, is noticed in time, and leaves the next job alone."""

from __future__ import annotations

import time

from ..types import (
    BadResult,
    Crashed,
    Forbidden,
    LoadError,
    OutOfMemory,
    OutputTooLarge,
    Raised,
    Returned,
    TimedOut,
)
from .checks import LATE_SECONDS, SHORT_SECONDS, Bench, expect, expect_kind


def _an_exception(bench: Bench) -> None:
    result = bench.one("def helper(x):\n    return 1 / x\ndef f(x):\n    return helper(x)", 0.0)
    expect_kind(result, Raised)
    assert isinstance(result, Raised)
    expect(result.type == "ZeroDivisionError", "ZeroDivisionError", result)
    expect("division by zero" in result.message, "a message about division by zero", result)
    expect("return 1 / x" in result.traceback and "return helper(x)" in result.traceback, "the guest's lines", result)
    expect("site-packages" not in result.traceback, "the guest's own lines only", result)
    bench.still_works()


def _an_exception_that_is_no_exception(bench: Bench) -> None:
    for name in ("KeyboardInterrupt", "SystemExit", "GeneratorExit"):
        expect_kind(bench.one(f"def f(x): raise {name}(0)"), Raised, Crashed)
    bench.still_works()


def _terminal_codes_are_taken_out(bench: Bench) -> None:
    result = bench.one("def f(x): raise ValueError('\\x1b[2J\\x07 plain')")
    text = f"{getattr(result, 'message', '')}{result}"
    expect(
        "plain" in text and "\x1b" not in text and "\x07" not in text, "a message without control characters", result
    )


def _wall_clock(bench: Bench) -> None:
    began = time.monotonic()
    result = bench.one("import time\ndef f(x): time.sleep(60)", wall_seconds=SHORT_SECONDS)
    seconds = time.monotonic() - began
    expect(isinstance(result, TimedOut) and result.clock == "wall", "TimedOut on the wall clock", result)
    expect(seconds < LATE_SECONDS, f"an answer within {LATE_SECONDS:g} s", f"{seconds:.1f} s")
    bench.still_works()


def _processor_time(bench: Bench) -> None:
    began = time.monotonic()
    spin = "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    result = bench.one(spin, cpu_seconds=SHORT_SECONDS, wall_seconds=30.0)
    seconds = time.monotonic() - began
    expect(isinstance(result, TimedOut) and result.clock == "cpu", "TimedOut on the processor's clock", result)
    expect(seconds < 2 * LATE_SECONDS, f"an answer within {2 * LATE_SECONDS:g} s", f"{seconds:.1f} s")
    bench.still_works()


def _a_load_that_hangs(bench: Bench) -> None:
    try:
        bench.load("while True: pass", wall_seconds=SHORT_SECONDS, cpu_seconds=30.0).close()
    except LoadError as error:
        expect_kind(error.failure, TimedOut)
    else:
        expect(False, "LoadError with TimedOut", "a loaded function")
    bench.still_works()


def _one_hang_of_several(bench: Bench) -> None:
    code = "def f(x):\n    while x == 1: pass\n    return x"
    results = bench.call(code, [(x,) for x in range(3)], wall_seconds=SHORT_SECONDS)
    expect(results[0] == Returned(0) and results[2] == Returned(2), "the other inputs to be answered", results)
    expect_kind(results[1], TimedOut)


def _a_deadline_for_all(bench: Bench) -> None:
    began = time.monotonic()
    with bench.load("import time\ndef f(x):\n    time.sleep(0.15)\n    return x") as loaded:
        results = loaded.call([(x,) for x in range(40)], deadline_seconds=SHORT_SECONDS)
    seconds = time.monotonic() - began
    expect(len(results) == 40, "40 results", len(results))
    answered = sum(isinstance(result, Returned) for result in results)
    in_order = all(isinstance(r, Returned if i < answered else TimedOut) for i, r in enumerate(results))
    expect(in_order and 1 <= answered < 40, "some answers, then TimedOut", results)
    expect(seconds < LATE_SECONDS, f"an answer within {LATE_SECONDS:g} s", f"{seconds:.1f} s")


def _memory(bench: Bench) -> None:
    result = bench.one(
        "def f(x):\n    b = bytearray(1 << 30)\n    b[::4096] = bytes(len(b) // 4096)\n    return len(b)"
    )
    expect_kind(result, OutOfMemory)
    bench.still_works()


def _memory_bit_by_bit(bench: Bench) -> None:
    result = bench.one("def f(x):\n    kept = []\n    while True: kept.append(bytearray(1 << 20))")
    expect_kind(result, OutOfMemory, Crashed)
    bench.still_works()


def _a_crash(bench: Bench) -> None:
    with bench.load("import os\ndef f(x):\n    if x == 1: os.abort()\n    return x") as loaded:
        results = loaded.call([(0,), (1,), (2,)])
        expect_kind(results[1], Crashed)
        expect(results[0] == Returned(0) and results[2] == Returned(2), "0, a crash, 2", results)
        again = loaded.call([(5,)])
        expect(again == [Returned(5)], "the function to be there after its guest died", again)
    bench.still_works()


def _leaving_without_a_word(bench: Bench) -> None:
    result = bench.one("import os\ndef f(x): os._exit(0)")
    expect_kind(result, Crashed)
    bench.still_works()


def _results_that_are_not_plain(bench: Bench) -> None:
    code = (
        "import numpy as np\n"
        "class Lie(float): pass\n"
        "class Text(str): pass\n"
        "def numbers():\n    yield 1\n"
        "BAD = [lambda: 1, numbers(), np.array([object()], dtype=object), Lie(1.0), Text('x'), {1, 2}, object(),\n"
        "       range(3), [Lie(2.0)], {'a': numbers()}, type, np.array(['text'])]\n"
        "def f(i): return BAD[i]"
    )
    for result in bench.call(code, [(i,) for i in range(12)]):
        expect_kind(result, BadResult)
    nested = "def f(x):\n    value = []\n    for _ in range(100000): value = [value]\n    return value"
    expect_kind(bench.one(nested), BadResult, Crashed)
    looped = "def f(x):\n    value = []\n    value.append(value)\n    return value"
    expect_kind(bench.one(looped), BadResult, Crashed, OutputTooLarge)
    bench.still_works()


def _too_much_output(bench: Bench) -> None:
    expect_kind(bench.one("def f(x): return 'x' * 5_000_000", output_bytes=1 << 16), OutputTooLarge)
    many = bench.call("def f(x): return 'y' * 1000", [(x,) for x in range(200)], output_bytes=1 << 16)
    expect_kind(many[0], Returned)
    expect_kind(many[-1], OutputTooLarge)
    bench.still_works()


def _printing_does_no_harm(bench: Bench) -> None:
    result = bench.one(
        "import os\ndef f(x):\n    print('[1e9]')\n    os.write(1, b'\\xff' * 100000)\n    return x", 3.0
    )
    expect(result == Returned(3.0), "3.0, whatever is printed", result)


def _forbidden_things(bench: Bench) -> None:
    attempts = {
        "open a socket": "import socket\n    socket.create_connection(('127.0.0.1', 1), 1)",
        "look up a name": "import socket\n    socket.getaddrinfo('localhost', 80)",
        "listen": "import socket\n    s = socket.socket()\n    s.bind(('127.0.0.1', 0))\n    s.listen()",
        "start a program": "import subprocess\n    subprocess.run(['true'], check=True)",
        "fork": "import os\n    if os.fork() == 0: os._exit(0)",
        "write a file": "open('a-file', 'w').write('x')",
        "write to /tmp": "open('/tmp/zetetic-contract', 'w').write('x')",
    }
    for name, body in attempts.items():
        result = bench.one(f"def f(x):\n    {body}\n    return 'done'")
        expect(isinstance(result, Raised | Forbidden), f"Forbidden or Raised for the attempt to {name}", result)
    bench.still_works()


def _forged_replies_do_not_count(bench: Bench) -> None:
    """Answers of other sandboxes' protocols, and frames of ours without the nonce, written wherever they may go."""
    code = (
        "import os, struct\n"
        'text = b\'{"ok": true, "values": [42.0]}\'\n'
        "frame = struct.pack('<B16sI', 19, bytes(16), 6) + b'[42.0]'\n"
        "def forge():\n"
        "    for fd in range(3, 20):\n"
        "        for data in (text + b'\\n', struct.pack('<I', len(text)) + text, frame):\n"
        "            try: os.write(fd, data)\n"
        "            except OSError: pass\n"
    )
    result = bench.one(code + "def f(x):\n    forge()\n    os._exit(0)")
    expect_kind(result, Crashed)
    result = bench.one(code + "def f(x):\n    forge()\n    return x", 1.0)
    expect(result == Returned(1.0) or isinstance(result, Crashed), "1.0 or Crashed", result)
    result = bench.one(code + "forge()\nos._exit(0)\ndef f(x): return x")
    expect_kind(result, Crashed)
    bench.still_works()


CLAUSES = (
    _an_exception,
    _an_exception_that_is_no_exception,
    _terminal_codes_are_taken_out,
    _wall_clock,
    _processor_time,
    _a_load_that_hangs,
    _one_hang_of_several,
    _a_deadline_for_all,
    _memory,
    _memory_bit_by_bit,
    _a_crash,
    _leaving_without_a_word,
    _results_that_are_not_plain,
    _too_much_output,
    _printing_does_no_harm,
    _forbidden_things,
    _forged_replies_do_not_count,
)
