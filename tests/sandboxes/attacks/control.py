"""The positive control: how foreign code is often run, a subprocess with limits and pickle. It is no sandbox."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self

from zetetic.sandboxes.types import (
    BadResult,
    Crashed,
    Failure,
    FloatResults,
    Limits,
    LoadError,
    Parameters,
    Plain,
    Raised,
    Result,
    Returned,
    SandboxError,
    ScriptResult,
    Standing,
    TimedOut,
)

RUNNER = """
import pickle, sys
job = pickle.load(sys.stdin.buffer)
scope = {"__name__": "__candidate__"}
results = []
try:
    exec(compile(job["code"], "<candidate>", "exec"), scope)
except Exception as error:
    results = [("error", type(error).__name__, str(error))] * len(job["inputs"])
else:
    for arguments in job["inputs"]:
        try:
            results.append(("ok", scope["f"](*arguments)))
        except Exception as error:
            results.append(("error", type(error).__name__, str(error)))
sys.stdout.flush()
sys.stdout.buffer.write(pickle.dumps(results))
"""


class PlainSubprocess:
    """Runs each call in `python -c`, with resource limits, and believes the pickle that it prints."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.standing = Standing("control", "unsafe", ("rlimits",))

    def load(self, code: str, entry: str, *, seed: int = 0, limits: Limits | None = None) -> PlainLoaded:
        if entry != "f":
            raise LoadError(Raised("NameError", f"expected the entry f, got {entry}"))
        return PlainLoaded(code, limits or self.limits)

    def run(
        self,
        script: str,
        files: Mapping[str, str | bytes] | None = None,
        *,
        seed: int = 0,
        limits: Limits | None = None,
    ) -> ScriptResult:
        raise SandboxError("the control runs functions only")

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class PlainLoaded:
    def __init__(self, code: str, limits: Limits) -> None:
        self._code, self._limits = code, limits
        self.parameters: Parameters | None = None

    def call(self, inputs: Sequence[Sequence[Plain]], *, deadline_seconds: float | None = None) -> list[Result]:
        job = pickle.dumps({"code": self._code, "inputs": list(inputs)})
        seconds = deadline_seconds or self._limits.wall_seconds
        folder = tempfile.mkdtemp(prefix="zetetic-control-")
        try:
            status, printed, late = _run(job, folder, seconds, self._limits)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        failure: Failure
        if late:
            failure = TimedOut("wall", seconds)
        elif status:
            failure = Crashed(f"exit status {status}", -status if status < 0 else None)
        else:
            try:
                return [_result(item) for item in pickle.loads(printed)]
            except Exception as error:
                failure = Crashed(f"not a pickle: {error}")
        return [failure] * len(inputs)

    def call_floats(self, inputs: Any, *, deadline_seconds: float | None = None) -> FloatResults:
        raise SandboxError("the control has no packed floats")

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def _run(job: bytes, folder: str, seconds: float, limits: Limits) -> tuple[int, bytes, bool]:
    """Exit status, what was printed, whether it was too slow."""

    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes + 512 * 2**20,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limits.cpu_seconds) + 1,) * 2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 2**20,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout:
        stdin.write(job)
        stdin.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-c", RUNNER],
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            preexec_fn=restrict,
            start_new_session=True,
            close_fds=False,
        )
        deadline, late = time.monotonic() + seconds + 1.0, False
        while process.poll() is None and not late:
            late = time.monotonic() > deadline
            time.sleep(0.005)
        if late:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        status = process.wait()
        stdout.seek(0)
        return status, stdout.read(), late


def _result(item: tuple[Any, ...]) -> Result:
    match item:
        case ("ok", value):
            return Returned(value)
        case ("error", str() as kind, str() as message):
            return Raised(kind, message)
    return BadResult("not a result")
