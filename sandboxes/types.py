"""What a sandbox is: limits, the ways in which foreign code can end, and what every backend offers.

A guest can always lie about its own return value. Whatever must not be forged (true answers, held-out inputs,
scores) therefore never enters a sandbox; everything else (how long it took, how it died) comes from outside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, TypeAlias, get_args

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIB = 2**20

Plain: TypeAlias = Any
"""Plain data: None, bool, int, float (NaN and infinities too), complex, str, bytes, numpy arrays of numbers, and
lists, tuples and dicts of these. Exact types only; never pickled."""

Level = Literal["isolated", "confined", "unsafe"]
"""How much a sandbox promises.

`isolated`: nothing outside can be read, changed, reached or seen.
`confined`: nothing outside can be read, changed or reached; that a file exists, its size and dates can be seen.
`unsafe`: no boundary at all, only limits: a guard against accidents.
"""
LEVELS: tuple[Level, ...] = get_args(Level)


class SandboxError(RuntimeError):
    """A sandbox cannot be had or cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a guest may use. Seconds and memory are for one load, one input of a call, or one script.

    `processes` counts the guest itself and its threads: 1 means no threads. No guest may start a process.
    `output_bytes` is for all results of one call together, or for what a script prints.
    `file_bytes` is for all files of a script together; a loaded function has no files at all.
    """

    cpu_seconds: float = 10.0
    wall_seconds: float = 20.0
    memory_bytes: int = 512 * MIB
    processes: int = 1
    output_bytes: int = 2 * MIB
    file_bytes: int = 16 * MIB

    def __post_init__(self) -> None:
        for name in ("cpu_seconds", "wall_seconds"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise SandboxError(f"{name} must be a positive number of seconds, got {value!r}")
        for name, least in (("memory_bytes", MIB), ("processes", 1), ("output_bytes", 1024), ("file_bytes", 0)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise SandboxError(f"{name} must be a whole number of at least {least}, got {value!r}")


@dataclass(frozen=True, slots=True)
class Returned:
    """The function returned `value`; for a script, it ran to its end."""

    value: Plain = None


@dataclass(frozen=True, slots=True)
class Raised:
    """The guest's code raised; `traceback` shows the guest's own lines only."""

    type: str
    message: str
    traceback: str = ""

    def __str__(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The guest asked for what the sandbox denies, and did not handle the refusal."""

    message: str
    traceback: str = ""

    def __str__(self) -> str:
        return f"forbidden: {self.message}"


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The guest was killed at its limit of `seconds` on the wall clock or of processor time."""

    clock: Literal["wall", "cpu"]
    seconds: float

    def __str__(self) -> str:
        name = "" if self.clock == "wall" else " of processor time"
        return f"took more than {self.seconds:g} s{name}"


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """The guest asked for more than its `limit_bytes`."""

    limit_bytes: int

    def __str__(self) -> str:
        return f"needs more than {self.limit_bytes / MIB:g} MiB of memory"


@dataclass(frozen=True, slots=True)
class OutputTooLarge:
    """Results or prints passed `limit_bytes`."""

    limit_bytes: int

    def __str__(self) -> str:
        return f"its output is larger than {self.limit_bytes} bytes"


@dataclass(frozen=True, slots=True)
class BadResult:
    """The function returned what is not plain data."""

    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Crashed:
    """The guest's process died, or spoke out of turn; `signal` is what killed it, if something did."""

    reason: str
    signal: int | None = None

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Lost:
    """The sandbox's own server ended while the guest ran: not the guest's doing, so ask again."""

    reason: str

    def __str__(self) -> str:
        return self.reason


Failure: TypeAlias = Raised | Forbidden | TimedOut | OutOfMemory | OutputTooLarge | BadResult | Crashed | Lost
Result: TypeAlias = Returned | Failure


class LoadError(SandboxError):
    """The code could not be loaded; `failure` says how it ended."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"the code could not be loaded: {failure}")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a function says of its positional inputs.

    `integer` names those annotated as whole numbers, `text` those annotated as a text (`str`), `texts` those annotated
    as several (`list[str]`, `Sequence[str]`). `gives_text`: its return annotation is a text, one for each input.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    variadic: bool = False
    integer: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    gives_text: bool = False


@dataclass(frozen=True, slots=True)
class FloatResults:
    """One float per input, NaN where there is none; `failures` says why, by the input's index."""

    values: NDArray[np.float64]
    failures: dict[int, Failure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a guest used, as the sandbox measured it from outside. Memory is the peak resident set, 0 if unknown."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """How a script ended and what it printed (kept up to the limit, undecodable bytes replaced)."""

    outcome: Result
    stdout: str
    stderr: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Standing:
    """What a running sandbox guarantees, and by which layers; recorded with every run that uses it."""

    backend: str
    level: Level
    layers: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """What a user should know: a missing layer, and how to get it."""

    def __str__(self) -> str:
        return f"{self.backend}: {self.level} ({', '.join(self.layers)})"


class Loaded(Protocol):
    """A function of some foreign code, ready to be called. A context manager."""

    @property
    def parameters(self) -> Parameters | None:
        """What the function says of its inputs; None if it does not say."""
        ...

    def call(self, inputs: Sequence[Sequence[Plain]], *, deadline_seconds: float | None = None) -> list[Result]:
        """A result per input, in order. An input is a sequence of positional arguments.

        One input's failure does not touch the others: where a guest dies, the rest is run in a fresh one. Inputs
        that are not answered within `deadline_seconds` (for all of them together) come out as `TimedOut`.
        """
        ...

    def call_floats(self, inputs: NDArray[np.float64], *, deadline_seconds: float | None = None) -> FloatResults:
        """As `call`, for floats alone and several times as fast: `inputs` has shape (n,) or (n, arguments)."""
        ...

    def close(self) -> None:
        """End the guest. Closing twice is allowed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Sandbox(Protocol):
    """Runs code that nobody vouches for. Safe to use from several threads. A context manager."""

    @property
    def standing(self) -> Standing:
        """What is guaranteed here; starts the sandbox if it is not started."""
        ...

    @property
    def limits(self) -> Limits: ...

    def load(self, code: str, entry: str, *, seed: int = 0, limits: Limits | None = None) -> Loaded:
        """Run `code` in a fresh guest and hand out its function `entry`; `LoadError` if that fails.

        `random` and `numpy.random` start from `seed` in every guest. `limits` replace the sandbox's own.
        """
        ...

    def run(
        self,
        script: str,
        files: Mapping[str, str | bytes] | None = None,
        *,
        seed: int = 0,
        limits: Limits | None = None,
    ) -> ScriptResult:
        """Run `script` as a program in a fresh guest whose scratch folder (the current one) holds `files`."""
        ...

    def close(self) -> None:
        """End every guest. Closing twice is allowed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
