"""Frames on a guest's channel: a kind, the request's nonce, a length, a payload.

The nonce is drawn anew for every request; a frame that does not carry it was not written in answer to it. What a
guest sends is never trusted with more than its own results: it is capped, parsed as JSON or packed floats, and
checked.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct("<B16sI")
"""Kind, nonce, length of the payload."""

# Requests
LOAD = 1
"""JSON {"code", "entry", "seed"} → LOADED or FAILED."""
CALL = 2
"""JSON list of argument lists → VALUES frames until every input has one."""
FLOATS = 3
"""SHAPE and packed float64 → NUMBERS frames until every input has one."""
RUN = 4
"""JSON {"script", "seed", "files": {name: base64}} → DONE or FAILED."""

# Replies
LOADED = 17
"""JSON {"parameters": {...} or null}."""
FAILED = 18
"""JSON [kind, ...]: see `job.failed`."""
VALUES = 19
"""JSON list, an item per input: plain data (see `plain`), or {"f": [kind, ...]} for a failure."""
NUMBERS = 20
"""COUNT, that many packed float64, then JSON {index: [kind, ...]} for those that failed."""
DONE = 21
"""No payload: the script ran to its end."""
READY = 23
"""No payload, nonce of zeros: a guest's first word, said before it reads a request."""
REFUSED = 22
"""UTF-8 text, nonce of zeros, instead of READY: the guest could not shut itself in and will not run anything."""

SHAPE = struct.Struct("<II")
"""Inputs, arguments of each."""
COUNT = struct.Struct("<I")

NO_NONCE = bytes(16)


def frame(kind: int, nonce: bytes, payload: bytes) -> bytes:
    return HEADER.pack(kind, nonce, len(payload)) + payload
