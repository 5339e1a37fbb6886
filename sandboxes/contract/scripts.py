"""Programs: what they print, their folder, their end."""

from __future__ import annotations

import dataclasses
import os
import secrets
from typing import Any

from ..types import Forbidden, OutputTooLarge, Raised, Returned, SandboxError, ScriptResult, TimedOut
from .checks import LATE_SECONDS, LIMITS, SHORT_SECONDS, Bench, expect, expect_kind


def _run(bench: Bench, script: str, files: dict[str, str | bytes] | None = None, **limits: Any) -> ScriptResult:
    return bench.sandbox.run(script, files, limits=dataclasses.replace(LIMITS, **limits) if limits else None)


def _what_is_printed_is_kept(bench: Bench) -> None:
    done = _run(
        bench, "import sys\nprint('hello ✓')\nprint('trouble', file=sys.stderr)\nsys.stdout.write('no newline')"
    )
    expect(done.outcome == Returned(), "Returned", done.outcome)
    expect(done.stdout == "hello ✓\nno newline", "'hello ✓\\nno newline'", done.stdout)
    expect(done.stderr == "trouble\n", "'trouble\\n'", done.stderr)
    expect(done.usage.wall_seconds > 0 and done.usage.cpu_seconds >= 0, "a measured time", done.usage)


def _bytes_that_are_no_text(bench: Bench) -> None:
    done = _run(bench, "import os\nos.write(1, b'a\\xffb')")
    expect(done.stdout == "a\N{REPLACEMENT CHARACTER}b", "undecodable bytes replaced", done.stdout)


def _files_are_there(bench: Bench) -> None:
    script = (
        "import os\n"
        "print(open('a.txt').read(), open('data/b.bin', 'rb').read(), sorted(os.listdir('.')))\n"
        "open('a.txt', 'a').write('more'); open('new.txt', 'w').write('x' * 1000)\n"
        "os.mkdir('sub'); os.rename('new.txt', 'sub/new.txt'); print(len(open('sub/new.txt').read()))\n"
        "os.remove('sub/new.txt'); os.rmdir('sub'); print(open('a.txt').read(), __name__)"
    )
    done = _run(bench, script, {"a.txt": "é1", "data/b.bin": b"\x00\xff"})
    expect(done.outcome == Returned(), "Returned", (done.outcome, done.stderr))
    wanted = "é1 b'\\x00\\xff' ['a.txt', 'data']\n1000\né1more __main__\n"
    expect(done.stdout == wanted, repr(wanted), done.stdout)


def _names_stay_inside(bench: Bench) -> None:
    for name in ("../a.txt", "/a.txt", "b/../../a.txt", ""):
        try:
            done = _run(bench, "print(1)", {name: "x"})
        except SandboxError:
            continue
        expect(False, f"SandboxError for a file called {name!r}", done)


def _the_folder_is_private_and_goes(bench: Bench) -> None:
    name = f"left-{secrets.token_hex(8)}"
    first = _run(bench, f"import os\nopen({name!r}, 'w').write('x')\nprint(os.path.abspath({name!r}))")
    expect(first.outcome == Returned(), "Returned", (first.outcome, first.stderr))
    path = first.stdout.strip()
    expect(not os.path.exists(path), "nothing left of the scratch folder", path)
    second = _run(bench, f"import os\nprint({name!r} in os.listdir('.'), os.path.exists({path!r}))")
    expect(second.stdout == "False False\n", "a folder of its own for every program", second.stdout)


def _exit_status(bench: Bench) -> None:
    fine = _run(bench, "import sys\nprint('bye')\nsys.exit(0)")
    expect(fine.outcome == Returned() and fine.stdout == "bye\n", "Returned for sys.exit(0)", fine)
    bad = _run(bench, "import sys\nprint('bye')\nsys.exit(3)")
    expect(not isinstance(bad.outcome, Returned) and "3" in str(bad.outcome), "a failure that names 3", bad.outcome)
    expect(bad.stdout == "bye\n", "what it printed before", bad.stdout)


def _a_program_that_raises(bench: Bench) -> None:
    done = _run(bench, "print('before')\ndef g():\n    return {}['missing']\ng()")
    expect_kind(done.outcome, Raised)
    assert isinstance(done.outcome, Raised)
    expect(done.outcome.type == "KeyError", "KeyError", done.outcome)
    expect("return {}['missing']" in done.outcome.traceback, "the program's own lines", done.outcome.traceback)
    expect(done.stdout == "before\n", "what it printed before", done.stdout)


def _a_program_that_is_none(bench: Bench) -> None:
    done = _run(bench, "print('never'")
    expect(isinstance(done.outcome, Raised) and done.outcome.type == "SyntaxError", "SyntaxError", done.outcome)


def _a_program_that_hangs(bench: Bench) -> None:
    done = _run(bench, "print('before', flush=True)\nwhile True: pass", wall_seconds=SHORT_SECONDS, cpu_seconds=30.0)
    expect_kind(done.outcome, TimedOut)
    expect(done.stdout == "before\n", "what it printed before", done.stdout)
    expect(done.usage.wall_seconds < LATE_SECONDS, f"an end within {LATE_SECONDS:g} s", done.usage)


def _a_program_that_prints_too_much(bench: Bench) -> None:
    limit = 1 << 16
    done = _run(bench, "while True: print('z' * 1000)", output_bytes=limit)
    expect_kind(done.outcome, OutputTooLarge)
    kept = len(done.stdout.encode()) + len(done.stderr.encode())
    expect(0 < kept <= limit, f"at most {limit} bytes of what it printed", kept)


def _a_program_that_writes_too_much(bench: Bench) -> None:
    one = "with open('big', 'wb') as file:\n    for _ in range(8): file.write(bytes(1 << 20))"
    many = "for i in range(64):\n    with open(f'part{i}', 'wb') as file: file.write(bytes(1 << 17))"
    for script in (one, many):
        done = _run(bench, script, file_bytes=1 << 20)
        expect(not isinstance(done.outcome, Returned), "a failure for 8 MiB of files where 1 is allowed", done.outcome)
    bench.still_works()


def _programs_are_shut_in_too(bench: Bench) -> None:
    attempts = {
        "open a socket": "import socket\nsocket.create_connection(('127.0.0.1', 1), 1)",
        "start a program": "import subprocess\nsubprocess.run(['true'], check=True)",
        "fork": "import os\nif os.fork() == 0: os._exit(0)",
        "read /etc/passwd": "open('/etc/passwd').read()",
        "write outside": "open('/tmp/zetetic-contract', 'w').write('x')",
    }
    for name, script in attempts.items():
        done = _run(bench, script + "\nprint('done')")
        expect_kind(done.outcome, Raised, Forbidden)
        expect("done" not in done.stdout, f"no success in the attempt to {name}", done)
    seeds = [bench.sandbox.run("import random\nprint(random.random())", seed=s).stdout for s in (1, 1, 2)]
    expect(seeds[0] == seeds[1] != seeds[2], "draws that follow the seed", seeds)


CLAUSES = (
    _what_is_printed_is_kept,
    _bytes_that_are_no_text,
    _files_are_there,
    _names_stay_inside,
    _the_folder_is_private_and_goes,
    _exit_status,
    _a_program_that_raises,
    _a_program_that_is_none,
    _a_program_that_hangs,
    _a_program_that_prints_too_much,
    _a_program_that_writes_too_much,
    _programs_are_shut_in_too,
)
