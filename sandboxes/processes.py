"""Child processes that always die: in a group of their own, killed whole, and not outliving this process.

A child does not see Ctrl-C (it has its own session), so the parent decides. It dies with the parent through a
*lifeline*: a pipe whose read end the child inherits and whose write end only the parent holds. When the last
writer is gone, even by SIGKILL, the kernel signals the child's whole process group (`F_SETOWN`, `F_SETSIG`,
`O_ASYNC`). Unlike PR_SET_PDEATHSIG this reaches grandchildren, needs no help from the child, and does not fire
when only the *thread* that started it ends. Where the kernel has no `F_SETSIG`, end-of-file must do.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_OUTPUT_BYTES = 16 * 1024 * 1024
_STDERR_KEPT_BYTES = 8192
_READ_BYTES = 65536
_POLL_SECONDS = 0.05
_DRAIN_SECONDS = 0.2
_GATE_NAME = "zetetic-exec"
_GATE = 'read -r go && exec "$@" </dev/null'
"""Holds a command back until its lifeline is armed: if this process dies before, the command never begins."""


class Child:
    """A child process with its lifeline. `kill` may be called at any time, any number of times."""

    def __init__(self, argv: Sequence[str], *, stdin: int, env: Mapping[str, str] | None = None) -> None:
        read_end, self._lifeline = os.pipe()
        self._owner = os.getpid()
        try:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                list(argv),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=None if env is None else dict(env),
                pass_fds=(read_end,),
                start_new_session=True,
            )
            _arm(read_end, self.process.pid)
        except BaseException:
            os.close(self._lifeline)
            raise
        finally:
            os.close(read_end)
        self._open = True

    def kill(self) -> int:
        """Kill the whole group, reap the child, close every pipe; the child's return code."""
        if not self._open:
            return self.process.returncode or 0
        self._open = False
        if os.getpid() == self._owner:  # a forked copy of this object only lets go of its descriptors
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        os.close(self._lifeline)
        return self.process.returncode or 0

    def ended(self) -> bool:
        """Whether the child is over. It is not reaped yet, so its group's number cannot belong to another."""
        if self.process.returncode is not None:
            return True
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self.process.poll() is not None
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:  # reaped behind our back, as when SIGCHLD is ignored
            return True


def _arm(descriptor: int, group: int) -> None:
    """Have the kernel kill process group `group` when the lifeline's last writer is gone."""
    import fcntl

    set_signal = getattr(fcntl, "F_SETSIG", None)
    if set_signal is None:
        return
    fcntl.fcntl(descriptor, set_signal, signal.SIGKILL)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -group)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended: negative `status` is the signal that killed it, as in `subprocess`."""

    status: int
    stdout: str
    stderr: str
    timed_out: bool = False
    too_long: bool = False

    @property
    def last_error_line(self) -> str:
        return last_line(self.stderr)


def run(argv: Sequence[str], *, timeout_seconds: float, env: Mapping[str, str] | None = None) -> Finished:
    """Run a command to its end, or to the time-out; nothing that it started is left behind.

    Output is capped at 16 MiB, of which a run that prints more is killed. `OSError` if it cannot be started.
    """
    child = Child(["/bin/sh", "-c", _GATE, _GATE_NAME, *argv], stdin=subprocess.PIPE, env=env)
    try:
        _open_gate(child)
        reader = _Reader(child, time.monotonic() + timeout_seconds)
        reader.read()
        ended = child.ended()
    finally:
        status = child.kill()
    stderr = reader.stderr.decode(errors="replace")
    if status in (126, 127) and last_line(stderr).startswith(f"{_GATE_NAME}:"):
        raise OSError(last_line(stderr).rpartition("exec: ")[2])
    return Finished(
        status=status,
        stdout=reader.stdout.decode(errors="replace"),
        stderr=stderr,
        timed_out=not ended and not reader.too_long,
        too_long=reader.too_long,
    )


def _open_gate(child: Child) -> None:
    gate = child.process.stdin
    assert gate is not None
    with contextlib.suppress(BrokenPipeError):
        gate.write(b"\n")
    gate.close()


class _Reader:
    """Collects both outputs of a child until it is over, or late, or talks too much."""

    def __init__(self, child: Child, deadline: float) -> None:
        self.stdout, self.stderr = bytearray(), bytearray()
        self.too_long = False
        self._child, self._deadline = child, deadline

    def read(self) -> None:
        process = self._child.process
        with selectors.DefaultSelector() as selector:
            for pipe in (process.stdout, process.stderr):
                assert pipe is not None
                selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map() and not self.too_long and time.monotonic() < self._deadline:
                for key, _ in selector.select(min(_POLL_SECONDS, max(0.0, self._deadline - time.monotonic()))):
                    if not self._take(key.fd, is_stdout=key.fileobj is process.stdout):
                        selector.unregister(key.fileobj)
                if self._child.ended():  # a background grandchild may hold the pipes open: read what is there
                    self._deadline = min(self._deadline, time.monotonic() + _DRAIN_SECONDS)
        while not self.too_long and not self._child.ended() and time.monotonic() < self._deadline:
            time.sleep(0.002)

    def _take(self, descriptor: int, *, is_stdout: bool) -> bool:
        data = os.read(descriptor, _READ_BYTES)
        if is_stdout:
            self.stdout += data
            self.too_long = len(self.stdout) > MAX_OUTPUT_BYTES
        else:
            self.stderr += data
            del self.stderr[:-_STDERR_KEPT_BYTES]
        return bool(data)


def last_line(text: str) -> str:
    """The last line with something on it, shortened for a message; empty if there is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def signal_name(status: int) -> str:
    """`SIGSEGV` for return code -11."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
