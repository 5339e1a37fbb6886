"""A `Sandbox` out of any `GuestServer`: loads, batched calls, scripts, and what happens when a guest dies."""

from __future__ import annotations

import base64
import contextlib
import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from .batches import Batch, Floats, Values
from .guest import frames, plain
from .serving import Guest, GuestServer
from .talk import Ended, Misspoke, Talk, failure_of, parameters_of, tree
from .types import (
    Crashed,
    Failure,
    FloatResults,
    Limits,
    LoadError,
    OutputTooLarge,
    Parameters,
    Plain,
    Result,
    Returned,
    SandboxError,
    ScriptResult,
    Standing,
    TimedOut,
    Usage,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_SUSPECTS = 2000
"""So many are asked one by one after a death; what a guest had answered but not yet sent is rarely more."""


class ServedSandbox:
    """`spares` guests wait ready-made, so that a load need not wait for a fork."""

    def __init__(self, server: GuestServer, limits: Limits | None = None, *, spares: int = 1) -> None:
        self._server, self._limits, self._most_spares = server, limits or Limits(), spares
        self._spares: deque[Guest] = deque()

    @property
    def standing(self) -> Standing:
        return self._server.standing

    @property
    def limits(self) -> Limits:
        return self._limits

    def load(self, code: str, entry: str, *, seed: int = 0, limits: Limits | None = None) -> ServedLoaded:
        request = plain.dumps({"code": code, "entry": entry, "seed": seed})
        loaded = ServedLoaded(lambda: self._guest(limits), request, limits or self._limits, self._refill)
        try:
            loaded.start()
        except BaseException:
            loaded.close()
            raise
        return loaded

    def run(
        self,
        script: str,
        files: Mapping[str, str | bytes] | None = None,
        *,
        seed: int = 0,
        limits: Limits | None = None,
    ) -> ScriptResult:
        limits = limits or self._limits
        request = {"script": script, "seed": seed, "files": _packed_files(files or {}, limits)}
        begin = time.monotonic()
        guest = self._server.spawn("script", limits)
        talk = Talk(guest, limits)
        outcome: Result
        try:
            replies = talk.ask(frames.RUN, plain.dumps(request), deadline=math.inf, most_bytes=limits.output_bytes)
            outcome = _script_outcome(*next(replies), limits)
        except Ended as ended:
            outcome = ended.failure
        except Misspoke as fault:
            outcome = Crashed(f"spoke out of turn: {fault}")
        finally:
            ending = guest.end()
        usage = Usage(ending.cpu_seconds, time.monotonic() - begin, ending.memory_bytes)
        stdout, stderr = (data.decode(errors="replace") for data in guest.printed)
        return ScriptResult(outcome, stdout, stderr, usage)

    def close(self) -> None:
        while self._spares:
            self._spares.pop().release()
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _guest(self, limits: Limits | None) -> Guest:
        if limits is None or limits == self._limits:
            try:
                while (guest := self._spares.popleft()).is_stale:
                    guest.release()
                return guest
            except IndexError:
                guest = self._server.spawn("function", limits or self._limits)
                self._refill()  # functions are kept open, so nobody else has had the time to
                return guest
        return self._server.spawn("function", limits or self._limits)

    def _refill(self) -> None:
        with contextlib.suppress(SandboxError):  # closed meanwhile, or no room: the next load will say it
            self._fill()

    def _fill(self) -> None:
        while len(self._spares) < self._most_spares:
            self._spares.append(self._server.spawn("function", self._limits, spare=True))


class ServedLoaded:
    """A function in a guest. When the guest dies, the next call loads it into a fresh one."""

    def __init__(self, guest: Callable[[], Guest], request: bytes, limits: Limits, refill: Callable[[], None]) -> None:
        """`refill` is called when there is time to ready another guest: before the second call, or at the end."""
        self._guest, self._request, self._limits, self._refill = guest, request, limits, refill
        self._called = self._refilled = False
        self._talk: Talk | None = None
        self._parameters: Parameters | None = None
        self._closed = False

    @property
    def parameters(self) -> Parameters | None:
        return self._parameters

    def start(self, deadline: float = math.inf) -> None:
        """Load the code into a fresh guest. Raises `LoadError`."""
        if self._closed:
            raise SandboxError("this function is closed; load it again")
        talk = Talk(self._guest(), self._limits)
        try:
            replies = talk.ask(frames.LOAD, self._request, deadline=deadline, most_bytes=self._limits.output_bytes)
            kind, payload = next(replies)
            if kind == frames.FAILED:
                raise LoadError(talk.end(failure_of(tree(payload), self._limits)))
            if kind != frames.LOADED:
                raise Misspoke("neither loaded nor failed")
            self._parameters = parameters_of(payload)
        except Ended as ended:
            raise LoadError(ended.failure) from None
        except Misspoke as fault:
            raise LoadError(talk.end(Crashed(f"spoke out of turn: {fault}"))) from None
        except BaseException:
            talk.guest.release()
            raise
        self._talk = talk

    def call(self, inputs: Sequence[Sequence[Plain]], *, deadline_seconds: float | None = None) -> list[Result]:
        batch = Values(_packed_inputs(inputs), self._limits)
        self._drive(batch, deadline_seconds)
        return batch.results

    def call_floats(self, inputs: NDArray[np.float64], *, deadline_seconds: float | None = None) -> FloatResults:
        batch = Floats(inputs, self._limits)
        self._drive(batch, deadline_seconds)
        return FloatResults(batch.values, batch.failures)

    def close(self) -> None:
        if not self._closed:
            self._ready_another()
        self._closed = True
        if self._talk is not None:
            self._talk.guest.release()
            self._talk = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready_another(self) -> None:
        if not self._refilled:
            self._refilled = True
            self._refill()

    def _drive(self, batch: Batch, deadline_seconds: float | None) -> None:
        """Get an answer to every input, whatever becomes of the guests on the way.

        A guest's death is blamed on an input only if that input was the only one asked for; otherwise the first
        one without an answer is asked again alone. Processor time adds up over a guest's life, so for that the
        guest must be fresh as well.
        """
        if self._called:
            self._ready_another()
        self._called = True
        begin = time.monotonic()
        deadline = math.inf if deadline_seconds is None else begin + deadline_seconds
        count, most_bytes = len(batch), batch.left_bytes
        suspects = 0  # inputs among which the one lies that a guest died of
        ruin: Failure | None = None
        while batch.done < len(batch):
            if time.monotonic() >= deadline:
                ruin = TimedOut("wall", deadline_seconds or 0.0)
            elif self._talk is None:
                try:
                    self.start(deadline)
                except LoadError as error:
                    ruin = error.failure
            if ruin is not None:
                batch.fail(ruin)
                continue
            assert self._talk is not None
            fresh = self._talk.replied == 1
            count = min(count, len(batch) - batch.done)
            failure = self._attempt(batch, count, deadline)
            if failure is None:
                suspects = max(0, suspects - count)
                count = 1 if suspects else 2 * count
            elif isinstance(failure, OutputTooLarge) and batch.left_bytes < most_bytes:
                ruin = failure
            elif time.monotonic() >= deadline:
                continue
            elif count == 1 and (fresh or not _adds_up(failure)):
                batch.fail(failure)
                suspects = 0
            else:
                count, suspects = 1, min(count, _MOST_SUSPECTS)

    def _attempt(self, batch: Batch, count: int, deadline: float) -> Failure | None:
        """Ask for the next `count` inputs; why the guest died before it had answered them, or None."""
        talk = self._talk
        assert talk is not None
        goal = batch.done + count
        try:
            replies = talk.ask(batch.kind, batch.request(count), deadline=deadline, most_bytes=batch.left_bytes)
            while batch.done < goal:
                batch.take(*next(replies), goal - batch.done)
        except Ended as ended:
            self._talk = None
            return ended.failure
        except Misspoke as fault:
            self._talk = None
            return talk.end(Crashed(f"spoke out of turn: {fault}"))
        except BaseException:  # Ctrl-C: the guest is in the middle of something
            self._talk = None
            talk.guest.release()
            raise
        return None


def _adds_up(failure: Failure) -> bool:
    """Whether earlier inputs may have had a part in it."""
    return isinstance(failure, TimedOut) and failure.clock == "cpu"


def _packed_inputs(inputs: Sequence[Sequence[Plain]]) -> list[Any]:
    try:
        return [plain.pack(list(arguments)) for arguments in inputs]
    except plain.NotPlain as error:
        raise SandboxError(f"an input is not plain data: {error}") from None


def _packed_files(files: Mapping[str, str | bytes], limits: Limits) -> dict[str, str]:
    """`files` by name, base64. `SandboxError` for a name that leaves the folder, or too much of it."""
    packed = {}
    total = 0
    for name, content in files.items():
        path = PurePosixPath(name)
        if not name or path.is_absolute() or ".." in path.parts or "\0" in name:
            raise SandboxError(f"expected the name of a file inside the scratch folder, got {name!r}")
        data = content.encode() if isinstance(content, str) else content
        total += len(data)
        packed[name] = base64.b64encode(data).decode("ascii")
    if total > limits.file_bytes:
        raise SandboxError(f"the files hold {total} bytes, more than the limit file_bytes={limits.file_bytes}")
    return packed


def _script_outcome(kind: int, payload: bytes, limits: Limits) -> Result:
    if kind == frames.DONE:
        return Returned(None)
    if kind == frames.FAILED:
        return failure_of(tree(payload), limits)
    raise Misspoke("neither done nor failed")
