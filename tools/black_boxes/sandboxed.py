"""Untrusted functions: a `Runner` whose code runs in a sandbox.

The file is read here and loaded there; nothing of it runs in this process, and it sees no file, no network and no
other process. One sandbox of a kind serves every box of this process, started at first use and closed at its end.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import secrets
import threading
import time
from collections.abc import Callable, Generator, Sequence
from typing import Any

from ...sandboxes.registry import AUTOMATIC, known_sandboxes, open_sandbox
from ...sandboxes.types import (
    BadResult,
    Crashed,
    Failure,
    Forbidden,
    Level,
    Limits,
    Loaded,
    LoadError,
    Lost,
    OutOfMemory,
    OutputTooLarge,
    Parameters,
    Raised,
    Result,
    Returned,
    Sandbox,
    SandboxError,
    Standing,
    TimedOut,
)
from .guest import encode, encode_each, one_line
from .options import OpenOptions, output_of
from .types import BlackBoxError, FailureKind, Reply, SpecError
from .wire import decode, failure
from .worker import Argument, Target

DEFAULT_LEVEL: Level = "confined"
OFFERS = "the sandbox has numpy and the standard library alone"
TRUST = "--trusted runs the code with your own rights"
_CPU_SECONDS = 86_400.0
"""Of one guest, which may answer for hours: what ends a single call is the clock on the wall."""
_CHUNK, _CHUNK_SECONDS = 512, 0.05
"""Inputs in one call grow up to this, but for no longer than this, so that replies are handed over as they come."""
_CHUNK_PATIENCE_SECONDS = 1.0
"""A call with several inputs that takes longer is asked again, one by one."""
_LOSSES = 3
_SEED_STEP = 1_000_003
_MAX_SOURCE_BYTES = 1 << 20

SandboxSource = Callable[[str, Level], Sandbox]


class NoSandboxError(SpecError):
    """No sandbox that guarantees what was asked for can be had; nothing was run."""


class SandboxedRunner:
    """A `Runner` in a sandbox. `source` gives the sandbox of a name and a level; it is not closed here."""

    def __init__(self, target: Target, options: OpenOptions, source: SandboxSource | None = None) -> None:
        self._target, self._options = target, options
        self._source = source or shared_sandbox
        self._code = ""
        self._output = options.output
        self._loaded: Loaded | None = None
        self._owner = 0
        self._loads = 0
        self._size = 1
        self._closed = False

    @property
    def standing(self) -> Standing:
        """What the sandbox guarantees."""
        return self._sandbox().standing

    def start(self) -> Parameters | None:
        """Read the file and load the function; `NoSandboxError` where there is no sandbox for it."""
        self._code = read_code(self._target)
        try:
            parameters = self._load().parameters
            self._output = output_of(parameters, self._options.output)
            return parameters
        except LoadError as error:
            raise SpecError(f"{self._target}: {self._load_trouble(error.failure)}") from None

    def call(self, inputs: Sequence[Sequence[Argument]]) -> Generator[Reply, None, None]:
        """A reply per input; after a hang or a crash the function is loaded anew for the rest."""
        done, losses, suspects_end = 0, 0, 0
        while done < len(inputs):
            chunk = inputs[done : done + (1 if done < suspects_end else self._size)]
            begin = time.monotonic()
            results = self._ask(chunk)
            seconds = time.monotonic() - begin
            kept = len(chunk)
            end = next((i for i, result in enumerate(results) if _ended_guest(result)), None)
            if end is None:
                self._pace(seconds, len(chunk))
            else:
                self._drop()
                if len(chunk) > 1:  # one of the rest is guilty: they are asked one by one
                    kept, suspects_end = end, done + len(chunk)
                elif isinstance(results[end], Lost):  # not the function's doing
                    losses, kept = losses + 1, 0
                    if losses == _LOSSES:
                        raise BlackBoxError(f"the sandbox of {self._target} keeps dying: {results[end]}")
            for result in results[:kept]:
                yield self._reply(result, seconds / kept)
            done += kept

    def call_array(self, columns: Sequence[Sequence[Argument]]) -> list[Reply] | None:
        """One call with arrays; None when it failed in any way, hangs and crashes included."""
        import numpy as np

        begin = time.monotonic()
        arrays = [np.array(column) for column in columns]
        [result] = self._ready().call([arrays], deadline_seconds=self._options.timeout_seconds)
        if _ended_guest(result):
            self._drop()
        if not isinstance(result, Returned):
            return None
        try:
            values = np.asarray(result.value)
        except ValueError:  # lists of unequal length
            return None
        if values.shape != (len(columns[0]),) or values.dtype.kind not in "biufc":
            return None
        seconds = (time.monotonic() - begin) / len(values)
        return [decode(encode(value, "number", seconds)) for value in values.tolist()]

    def call_texts(self, texts: Sequence[str]) -> list[Reply]:
        """One call with a list of texts. A hang or a crash ends the guest; the next call gets a fresh one."""
        begin = time.monotonic()
        [result] = self._ready().call([[list(texts)]], deadline_seconds=self._options.timeout_seconds)
        seconds = (time.monotonic() - begin) / len(texts)
        if isinstance(result, Returned):
            answers = encode_each(result.value, len(texts), self._output, seconds)
            return [decode(answer) for answer in answers]
        if _ended_guest(result):
            self._drop()
        return [self._reply(result, seconds)] * len(texts)

    def close(self) -> None:
        """End the guest. The runner cannot be used any more."""
        self._closed = True
        self._drop()

    def _ask(self, chunk: Sequence[Sequence[Argument]]) -> list[Result]:
        patience = self._options.timeout_seconds
        if len(chunk) > 1:
            patience = min(patience, _CHUNK_PATIENCE_SECONDS)
        return self._ready().call(chunk, deadline_seconds=patience)

    def _pace(self, seconds: float, count: int) -> None:
        """Ask for more or fewer inputs at once, now that `count` took so long."""
        if seconds < _CHUNK_SECONDS / 2 and count >= self._size:
            self._size = min(2 * self._size, _CHUNK)
        elif seconds > 2 * _CHUNK_SECONDS:
            self._size = max(1, self._size // 2)

    def _sandbox(self) -> Sandbox:
        name, level = self._options.sandbox or AUTOMATIC, self._options.sandbox_level or DEFAULT_LEVEL
        if name != AUTOMATIC and name not in known_sandboxes():
            raise SpecError(f"no sandbox is called {name!r}; known: {', '.join([AUTOMATIC, *known_sandboxes()])}")
        try:
            return self._source(name, level)
        except SandboxError as error:
            raise NoSandboxError(_no_sandbox(self._target, str(error), level)) from None

    def _load(self) -> Loaded:
        """Load the function into a fresh guest. Its draws differ from those of the guest before."""
        seed = self._target.seed
        number = secrets.randbits(32) if seed is None else seed + _SEED_STEP * self._loads
        limits = Limits(
            cpu_seconds=_CPU_SECONDS,
            wall_seconds=max(self._options.start_timeout_seconds, self._options.timeout_seconds),
        )
        sandbox = self._sandbox()
        try:
            loaded = sandbox.load(self._code, self._target.name, seed=number, limits=limits)
        except LoadError:
            raise
        except SandboxError as error:
            raise BlackBoxError(f"the sandbox of {self._target} failed: {error}") from error
        self._loads += 1
        self._loaded, self._owner = loaded, os.getpid()
        return loaded

    def _ready(self) -> Loaded:
        if self._closed:
            raise BlackBoxError(f"{self._target} is closed; open it again")
        if self._owner != os.getpid():  # a forked copy of this process needs a guest of its own
            self._drop()
        if self._loaded is not None:
            return self._loaded
        try:
            return self._load()
        except LoadError as error:
            why = self._load_trouble(error.failure)
            raise BlackBoxError(f"{self._target} could not be loaded again: {why}") from None

    def _drop(self) -> None:
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None

    def _reply(self, result: Result, seconds: float) -> Reply:
        if isinstance(result, Returned):
            return decode(encode(result.value, self._output, seconds))
        if isinstance(result, TimedOut):
            return failure("timed_out", f"no answer within {self._options.timeout_seconds:g} s", seconds)
        kind = "crashed" if isinstance(result, Forbidden) and _ended_guest(result) else _KINDS[type(result)]
        return failure(kind, one_line(_said(result)), seconds)

    def _load_trouble(self, ended: Failure) -> str:
        """Why the code could not be loaded, and what to do."""
        if isinstance(ended, TimedOut):
            return f"loading it took more than {ended.seconds:g} s; give a longer start_timeout_seconds"
        said = one_line(_said(ended))
        if isinstance(ended, Raised):
            if _lacks_module(ended):
                return said
            if not ended.traceback and ended.type in ("NameError", "TypeError"):  # the loader's own words
                return one_line(ended.message)
            return f"it failed to load: {said}; it must import cleanly"
        if isinstance(ended, Forbidden):
            return f"loading it needs what the sandbox denies ({said}); {TRUST}"
        return f"loading it failed: {said}"


_KINDS: dict[type[Any], FailureKind] = {
    Raised: "raised",
    Forbidden: "raised",
    OutOfMemory: "raised",
    OutputTooLarge: "wrong_kind",
    BadResult: "wrong_kind",
    TimedOut: "timed_out",
    Crashed: "crashed",
    Lost: "crashed",
}


def _ended_guest(result: Result) -> bool:
    """Whether the guest did not outlive this result, or may not have."""
    if isinstance(result, Forbidden):
        return not result.traceback  # killed for it, with no chance to raise
    return not isinstance(result, Returned | Raised | BadResult)


def _said(ended: Failure) -> str:
    if isinstance(ended, Raised) and _lacks_module(ended):
        return f"{ended} ({OFFERS}; {TRUST})"
    return str(ended)


def _lacks_module(raised: Raised) -> bool:
    return raised.type in ("ModuleNotFoundError", "ImportError")


def read_code(target: Target) -> str:
    """The source of the target's file. `SpecError` where there is none that a sandbox could take."""
    if target.path is None:
        raise SpecError(
            f"{target} names an installed module, which cannot be carried into a sandbox; give a file, "
            f"python:FILE.py:{target.name}, that needs nothing else ({OFFERS}); {TRUST}"
        )
    try:
        with open(target.path, "rb") as file:
            data = file.read(_MAX_SOURCE_BYTES + 1)
        if len(data) > _MAX_SOURCE_BYTES:
            raise SpecError(f"{target.path} is larger than {_MAX_SOURCE_BYTES >> 20} MiB, too much for a sandbox")
        return importlib.util.decode_source(data)
    except OSError as error:
        raise SpecError(f"{target.path} cannot be read: {error.strerror or error}") from None
    except (SyntaxError, UnicodeDecodeError) as error:
        raise SpecError(f"{target.path} is not Python source: {one_line(str(error))}") from None


def standing_of(box: object) -> Standing | None:
    """What keeps the code of `box` from doing harm; None where nothing does."""
    standing = getattr(box, "standing", None)
    return standing if isinstance(standing, Standing) else None


_SHARED: dict[tuple[int, str, Level], Sandbox] = {}
_SHARED_LOCK = threading.Lock()


def shared_sandbox(name: str = AUTOMATIC, level: Level = DEFAULT_LEVEL) -> Sandbox:
    """This process's sandbox called `name` with at least `level`, opened at first use. `SandboxError` if none is."""
    key = (os.getpid(), name, level)
    with _SHARED_LOCK:
        if key not in _SHARED:
            if not _SHARED:
                atexit.register(_close_shared)
            _SHARED[key] = open_sandbox(name, level=level)
        return _SHARED[key]


def _close_shared() -> None:
    for (owner, _, _), sandbox in list(_SHARED.items()):
        if owner == os.getpid():
            sandbox.close()


def _no_sandbox(target: Target, why: str, level: Level) -> str:
    """Nothing was run: why, and the ways out."""
    ways = [] if level == "unsafe" or "--sandbox-level unsafe" in why else ["--sandbox-level unsafe (no walls at all)"]
    ways.append("--trusted (your own rights)")
    return f"{target} is not trusted, and {why.rstrip('.')}; or run it with {' or '.join(ways)}"
