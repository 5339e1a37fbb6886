"""The seam between a backend and what all backends share: a server that starts guests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from .types import Limits, Standing

Profile: TypeAlias = Literal["function", "script"]
"""`function`: no files, channel only. `script`: a scratch folder, and what it prints is kept."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a guest's process ended, as its supervisor saw it.

    `status` is the exit status, negative for the signal that killed it (as in `subprocess`). `killed` says that we
    did it. `lost` is why the server itself ended; then nothing else is known.
    """

    status: int = 0
    killed: bool = False
    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    lost: str = ""


class GuestGone(Exception):
    """The guest's end of the channel is closed, or its server is gone."""


class Flooded(Exception):
    """A guest wrote more than it may: prints, results or files."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class Guest(Protocol):
    """One guest process and its private channel, a stream of bytes (see `guest/frames.py`)."""

    def send(self, data: bytes, deadline: float) -> None:
        """Send all of `data`; `GuestGone`, or `TimeoutError` at `deadline` (on `time.monotonic`)."""
        ...

    def receive(self, most: int, deadline: float) -> bytes:
        """At least one byte, at most `most`. Keeps what a script prints meanwhile.

        `GuestGone` at the stream's end, `TimeoutError` at `deadline`, `Flooded` when too much was printed.
        """
        ...

    def end(self) -> Ending:
        """Kill the guest and all it started, free its channel, and say how it ended. May be called again."""
        ...

    def release(self) -> None:
        """As `end`, without waiting to hear how it ended."""
        ...

    @property
    def is_stale(self) -> bool:
        """Whether a guest that waits for its first request cannot take one any more."""
        ...

    @property
    def printed(self) -> tuple[bytes, bytes]:
        """What a script wrote on stdout and stderr so far, together at most its limit."""
        ...


class GuestServer(Protocol):
    """Starts guests. Restarts itself if it has died."""

    @property
    def standing(self) -> Standing: ...

    def spawn(self, profile: Profile, limits: Limits, *, spare: bool = False) -> Guest:
        """A fresh guest that waits for its first request. `SandboxError` if there can be none.

        A `spare` one has time: it may warm up before the request comes.
        """
        ...

    def close(self) -> None: ...
