"""Hosts to be killed or starved: `python -m attacks.dying BACKEND SCENE`. Each prints JSON, a line at a time."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import warnings
from dataclasses import replace
from typing import Any

from zetetic.sandboxes.types import MIB, Limits, Sandbox, SandboxError

from .backends import Backend, find
from .watch import descendants, settled

PATIENT = Limits(cpu_seconds=100.0, wall_seconds=100.0, memory_bytes=256 * MIB, file_bytes=4 * MIB)
QUICK = Limits(cpu_seconds=5.0, wall_seconds=5.0, memory_bytes=256 * MIB, file_bytes=4 * MIB)


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def spin(backend: Backend) -> None:
    """Says what runs below it, then waits for a guest that never answers."""
    with backend.open(PATIENT) as sandbox, sandbox.load("def f(x):\n    while True: pass", "f") as loaded:
        say(processes=list(descendants(os.getpid())))
        loaded.call([(1.0,)])


def forget(backend: Backend) -> None:
    """Ends without closing anything."""
    warnings.simplefilter("ignore", ResourceWarning)  # which may say that it was not closed
    sandbox = backend.open(PATIENT)
    loaded = sandbox.load("def f(x): return x", "f")
    loaded.call([(1.0,)])
    say(processes=list(descendants(os.getpid())))


def fork(backend: Backend) -> None:
    """A forked copy of the host uses the sandbox, and ends, and the host goes on using its own."""
    with backend.open(QUICK) as sandbox, sandbox.load("def f(x): return x + 1", "f") as loaded:
        say(first=_answer(sandbox), loaded=str(loaded.call([(1.0,)])))
        child = os.fork()
        if child == 0:
            try:
                say(copy=_answer(sandbox))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        say(again=_answer(sandbox), loaded=str(loaded.call([(1.0,)])))
    say(left=settled(0, set()))


def starve_descriptors(backend: Backend) -> None:
    """Runs out of descriptors, before the sandbox is opened and after."""
    _start(backend)  # so that what it needs is imported
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    with _no_descriptors():
        say(opening=_attempt(lambda: _start(backend)))
    with backend.open(QUICK) as sandbox, sandbox.load("def f(x): return x", "f") as loaded:
        with _no_descriptors():
            other = replace(QUICK, cpu_seconds=QUICK.cpu_seconds + 1)  # no guest that waits ready-made will do
            say(loading=_attempt(lambda: sandbox.load("def f(x): return x", "f", limits=other).close()))
            say(program=_attempt(lambda: sandbox.run("print(1)")))
            say(loaded=_attempt(lambda: loaded.call([(1.0,)])))
        say(again=_answer(sandbox), program=sandbox.run("print(1)").stdout)
    say(left=settled(0, set()))


def full_disk(backend: Backend) -> None:
    """Programs while no temporary file can grow, and after."""
    filler = os.path.join(tempfile.gettempdir(), "filler")
    with backend.open(QUICK) as sandbox:
        subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4096"], check=False, stderr=subprocess.DEVNULL)
        script = "open('a', 'w').write('x' * 100000)\nprint('written')"
        say(full=_attempt(lambda: sandbox.run(script)), function=_answer(sandbox))
        os.unlink(filler)
        say(again=_attempt(lambda: sandbox.run(script).stdout), function=_answer(sandbox))
    say(left=settled(0, set()), files=os.listdir(tempfile.gettempdir()))


def _start(backend: Backend) -> None:
    with backend.open(QUICK) as sandbox:
        _ = sandbox.standing


def _answer(sandbox: Sandbox) -> str:
    def ask() -> object:
        with sandbox.load("def f(x): return 2 * x", "f") as loaded:
            return loaded.call([(21.0,)])

    return _attempt(ask)


def _attempt(step: Any) -> str:
    try:
        return str(step())
    except SandboxError as error:
        return f"SandboxError: {error}"
    except Exception as error:
        return f"NOT TYPED {type(error).__name__}: {error}"


@contextlib.contextmanager
def _no_descriptors() -> Any:
    kept = []
    with contextlib.suppress(OSError):
        while True:
            kept.append(os.dup(0))
    try:
        yield
    finally:
        for descriptor in kept:
            os.close(descriptor)


SCENES = {f.__name__: f for f in (spin, forget, fork, starve_descriptors, full_disk)}

if __name__ == "__main__":
    SCENES[sys.argv[2]](find(sys.argv[1]))
