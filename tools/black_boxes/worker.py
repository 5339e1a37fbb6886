"""The one place where foreign Python code runs: a function in a child process that can be killed.

A `Worker` keeps the user's own environment and rights; it guards against hanging and crashing, not against
malice. Whatever offers the same four methods (`Runner`) can stand in for it, such as a sandbox.
"""

from __future__ import annotations

import itertools
import json
import os
import selectors
import subprocess
import sys
import time
import weakref
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from ...sandboxes.processes import Child, last_line, signal_name
from ...sandboxes.types import Parameters, Standing
from .options import OpenOptions
from .types import BlackBoxError, OutputKind, Reply, SpecError
from .wire import decode, failure

GUEST = Path(__file__).with_name("guest.py")
Argument: TypeAlias = float | int | str
_CHUNK = 512
_STDERR_KEPT_BYTES = 8192
_MAX_LINE_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target:
    """A function to run: `name` in the file `path` or, when there is no path, in the module `module`."""

    path: str | None
    module: str | None
    name: str
    seed: int | None = None
    output: OutputKind = "number"

    def __str__(self) -> str:
        return f"{self.path or self.module}:{self.name}"


class Runner(Protocol):
    """Runs one function on many inputs, wherever that is."""

    @property
    def standing(self) -> Standing | None:
        """What keeps the function from doing harm; None where it has the user's own rights."""
        ...

    def start(self) -> Parameters | None:
        """Load the function; None if it does not say what it takes. `SpecError` if it cannot be had."""
        ...

    def call(self, inputs: Sequence[Sequence[Argument]]) -> Generator[Reply, None, None]:
        """A reply per input, in order, as they come."""
        ...

    def call_array(self, columns: Sequence[Sequence[Argument]]) -> list[Reply] | None:
        """One call with an array per input; None if that did not give one number for each."""
        ...

    def call_texts(self, texts: Sequence[str]) -> list[Reply]:
        """One call with a list of texts. If it does not give one value for each, every reply says why."""
        ...

    def close(self) -> None: ...


class _Late(Exception):
    """The guest did not answer in time."""


class _Dead(Exception):
    """The guest is gone; the message says how."""


class Worker:
    """A `Runner` in a child process. Start-up about 40 ms plus the file's own imports."""

    def __init__(self, target: Target, options: OpenOptions) -> None:
        self._target, self._options = target, options
        self._guest: _Guest | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None
        self._starts = itertools.count()
        self._closed = False
        self._busy = False

    @property
    def standing(self) -> None:
        """Nothing keeps the function in."""
        return None

    def start(self) -> Parameters | None:
        """Start the child and load the function in it."""
        target = asdict(self._target)
        number = next(self._starts)
        if target["seed"] is not None:  # a restarted guest must not draw the same numbers again
            target["seed"] += 1_000_003 * number
        guest = _Guest()
        self._guest = guest
        self._finalizer = weakref.finalize(self, guest.kill)
        try:
            guest.send({"load": target})
            return self._read_parameters(guest.receive(self._options.start_timeout_seconds))
        except _Late:
            self._stop()
            seconds = self._options.start_timeout_seconds
            raise SpecError(
                f"loading {self._target} took more than {seconds:g} s; give a longer start_timeout_seconds"
            ) from None
        except _Dead as death:
            self._stop()
            raise SpecError(f"loading {self._target} ended its process: {death}") from None
        except SpecError:
            self._stop()
            raise

    def call(self, inputs: Sequence[Sequence[Argument]]) -> Generator[Reply, None, None]:
        """A reply per input; after a hang or a crash the child is started again for the rest."""
        if self._busy:
            raise BlackBoxError("the replies to the last batch are not read yet; read them, or close() that iterator")
        self._busy = True
        finished = 0
        try:
            while finished < len(inputs):
                with closing(self._call_chunk(inputs[finished : finished + _CHUNK])) as replies:
                    for reply in replies:
                        finished += 1
                        yield reply
        finally:
            self._busy = False

    def call_array(self, columns: Sequence[Sequence[Argument]]) -> list[Reply] | None:
        """One call with arrays; None when it failed in any way, hangs and crashes included."""
        guest = self._ready()
        try:
            guest.send({"array": columns})
            answers = guest.receive(self._options.timeout_seconds)
        except (_Late, _Dead):
            self._stop()
            return None
        if not isinstance(answers, list) or len(answers) != len(columns[0]):
            return None
        return [decode(answer) for answer in answers]

    def call_texts(self, texts: Sequence[str]) -> list[Reply]:
        """One call with a list of texts. A hang or a crash ends the child, which is started again at the next call."""
        guest = self._ready()
        begin = time.monotonic()
        try:
            guest.send({"texts": list(texts)})
            answers = guest.receive(self._options.timeout_seconds)
        except _Late:
            self._stop()
            late = f"no answer within {self._options.timeout_seconds:g} s"
            return [failure("timed_out", late, time.monotonic() - begin)] * len(texts)
        except _Dead as death:
            self._stop()
            return [failure("crashed", str(death), time.monotonic() - begin)] * len(texts)
        if not isinstance(answers, list) or len(answers) != len(texts):
            return [decode(None)] * len(texts)
        return [decode(answer) for answer in answers]

    def close(self) -> None:
        """Kill the child. The worker cannot be used any more."""
        self._closed = True
        self._stop()

    def _call_chunk(self, inputs: Sequence[Sequence[Argument]]) -> Generator[Reply, None, None]:
        """Replies to as many of `inputs` as one life of the child allows, at least one."""
        guest = self._ready()
        pending = len(inputs)
        try:
            begin = time.monotonic()
            guest.send({"call": inputs})
            while pending:
                answer = guest.receive(self._options.timeout_seconds)
                pending -= 1
                begin = time.monotonic()
                yield decode(answer)
        except _Late:
            seconds = self._options.timeout_seconds
            self._stop()
            yield failure("timed_out", f"no answer within {seconds:g} s", time.monotonic() - begin)
        except _Dead as death:
            self._stop()
            yield failure("crashed", str(death), time.monotonic() - begin)
        finally:
            if pending:  # the reader walked away: answers nobody reads must not be taken for later ones
                self._stop()

    def _ready(self) -> _Guest:
        if self._closed:
            raise BlackBoxError(f"{self._target} is closed; open it again")
        if self._guest is not None and not self._guest.usable:
            self._stop()
        if self._guest is None:
            try:
                self.start()
            except SpecError as error:
                raise BlackBoxError(f"the function could not be started again: {error}") from error
        assert self._guest is not None
        return self._guest

    def _stop(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._guest = None

    def _read_parameters(self, answer: Any) -> Parameters | None:
        match answer:
            case {"parameters": None}:
                return None
            case {
                "parameters": {
                    "required": list(required),
                    "optional": list(optional),
                    "variadic": bool(variadic),
                    "integer": list(integer),
                    "text": list(text),
                    "texts": list(texts),
                    "gives_text": bool(gives_text),
                }
            }:
                whole, one, many = (_texts(names) for names in (integer, text, texts))
                return Parameters(_texts(required), _texts(optional), variadic, whole, one, many, gives_text)
            case {"refused": str(message)}:
                raise SpecError(f"{self._target}: {message}")
            case {"raised": str(message), "missing": bool(missing)}:
                remedy = "install what it imports" if missing else "it must import cleanly"
                raise SpecError(f"{self._target} failed to load: {message}; {remedy}")
        raise SpecError(f"{self._target}: its process did not say what it loaded")


def _texts(names: list[Any]) -> tuple[str, ...]:
    return tuple(map(str, names))


class _Guest:
    """One life of the child: lines out, lines in."""

    def __init__(self) -> None:
        environment = os.environ | {
            name: os.environ.get(name, "1") for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        }
        environment["PYTHONHASHSEED"] = os.environ.get("PYTHONHASHSEED", "0")
        # -P: the guest's own folder, whose files share names with the standard library, stays off sys.path.
        self._child = Child(
            [sys.executable, "-P", "-X", "faulthandler", str(GUEST)], stdin=subprocess.PIPE, env=environment
        )
        self._owner = os.getpid()
        self._buffer = bytearray()
        self._lines: deque[bytes] = deque()
        self._stderr = bytearray()
        process = self._child.process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._stdin, self._stdout, self._stderr_pipe = process.stdin, process.stdout, process.stderr
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self._selector.register(self._stderr_pipe, selectors.EVENT_READ)

    @property
    def usable(self) -> bool:
        """False once the child is over, or in a forked copy of this process, which must start its own."""
        return os.getpid() == self._owner and not self._child.ended()

    def send(self, request: dict[str, Any]) -> None:
        data = memoryview(json.dumps(request).encode() + b"\n")
        try:
            while data:
                data = data[self._stdin.write(data) or 0 :]
        except OSError:
            raise _Dead(self._epitaph()) from None

    def receive(self, timeout_seconds: float) -> Any:
        """The next line, parsed; `_Late` or `_Dead` if none comes."""
        deadline = time.monotonic() + timeout_seconds
        while not self._lines:
            left = deadline - time.monotonic()
            if left <= 0:
                raise _Late
            for key, _ in self._selector.select(left):
                self._take(key.fileobj is self._stdout)
        try:
            return json.loads(self._lines.popleft())
        except ValueError:
            raise _Dead("it sent what is not JSON") from None

    def kill(self) -> None:
        self._selector.close()
        self._child.kill()

    def _take(self, is_stdout: bool) -> None:
        if not is_stdout:
            data = os.read(self._stderr_pipe.fileno(), 65536)
            if not data:
                self._selector.unregister(self._stderr_pipe)
            self._stderr += data
            del self._stderr[:-_STDERR_KEPT_BYTES]
            return
        data = os.read(self._stdout.fileno(), 65536)
        if not data:
            raise _Dead(self._epitaph())
        self._buffer += data
        if len(self._buffer) > _MAX_LINE_BYTES:
            raise _Dead("it sent more than 16 MiB as one answer")
        if b"\n" in data:
            *lines, rest = bytes(self._buffer).split(b"\n")
            self._lines.extend(lines)
            self._buffer = bytearray(rest)

    def _epitaph(self) -> str:
        deadline = time.monotonic() + 1.0
        while not self._child.ended() and time.monotonic() < deadline:
            time.sleep(0.002)
        self._drain_stderr()
        status = self._child.kill()
        how = f"the process died of {signal_name(status)}" if status < 0 else f"the process exited with status {status}"
        said = last_line(self._stderr.decode(errors="replace"))
        return f"{how} ({said})" if said and status >= 0 else how

    def _drain_stderr(self) -> None:
        os.set_blocking(self._stderr_pipe.fileno(), False)
        try:
            while data := os.read(self._stderr_pipe.fileno(), 65536):
                self._stderr += data
        except OSError:
            pass
