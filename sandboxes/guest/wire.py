"""Frames between the host and a relay (see `relay.py`): every guest's streams on one pair of pipes.

Bytes to and from a guest travel under credit: neither side sends more than `WINDOW_BYTES` that the other has not
taken yet, so that one guest can neither block another nor fill memory. What a script prints needs none: it is cut
at the job's `output_bytes`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEADER = struct.Struct("<BII")
"""Kind, guest's number, length of the payload."""
COUNT = struct.Struct("<I")
MAX_PAYLOAD = 1 << 16
WINDOW_BYTES = 1 << 18

# From the host
CONFIG = 1
"""JSON {"wanted", "packages"} → READY or OVER. The first frame, sent once."""
SPAWN = 2
"""JSON: a job (see `locks.Job`) without its scratch folder."""
KILL = 3
DROP = 4
"""Nobody will listen to this guest any more: kill it if it lives, forget it."""
PING = 5
"""→ PONG with the same number."""

# From the relay
READY = 17
"""JSON: what the fork server reports of its walls."""
OVER = 18
"""UTF-8 text: why there will be nothing more."""
CLOSED = 19
"""The guest's end of the channel is closed."""
STDOUT = 20
STDERR = 21
FLOODED = 22
"""The guest passed a limit: `PRINTS` or `FILES`."""
ENDED = 23
"""JSON: how the guest ended; comes after all that it printed."""
PONG = 24

# Both ways
DATA = 33
CREDIT = 34
"""COUNT: so many more bytes may be sent."""

PRINTS, FILES = b"prints", b"files"


class Garbled(ValueError):
    """What came is no frame."""


def pack(kind: int, number: int, payload: bytes = b"") -> bytes:
    return HEADER.pack(kind, number, len(payload)) + payload


class Unpacker:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, int, bytes]]:
        """The frames that `data` completes: kind, guest's number, payload. `Garbled` for what is none."""
        self._buffer += data
        start, size = 0, HEADER.size
        try:
            while len(self._buffer) - start >= size:
                kind, number, length = HEADER.unpack_from(self._buffer, start)
                if length > MAX_PAYLOAD:
                    raise Garbled(f"a frame of {length} bytes, where {MAX_PAYLOAD} are the most")
                end = start + size + length
                if len(self._buffer) < end:
                    break
                payload = bytes(self._buffer[start + size : end])
                start = end
                yield kind, number, payload
        finally:
            del self._buffer[:start]
