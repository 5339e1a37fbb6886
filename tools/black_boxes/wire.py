"""From a guest's answer to a reply. A guest is not trusted: what does not fit is a failure, never an exception."""

from __future__ import annotations

import cmath
import math
from typing import Any, get_args

from .types import Failure, FailureKind, Reply

_KINDS: dict[str, FailureKind] = {kind: kind for kind in get_args(FailureKind)}


def decode(answer: Any) -> Reply:
    """The reply that a guest's JSON answer (see `guest`) stands for."""
    match answer:
        case ["n", float() as number, float() as seconds] if math.isfinite(number):
            return Reply(number, None, seconds)
        case ["c", float() as real, float() as part, float() as seconds] if cmath.isfinite(complex(real, part)):
            return Reply(complex(real, part), None, seconds)
        case ["t", str() as text, float() as seconds]:
            return Reply(text, None, seconds)
        case ["f", str() as kind, str() as message, float() as seconds] if kind in _KINDS:
            return Reply(None, Failure(_KINDS[kind], message), seconds)
    return failure("crashed", "the process sent an answer that is none")


def failure(kind: FailureKind, message: str, seconds: float = 0.0) -> Reply:
    """A reply without a value."""
    return Reply(None, Failure(kind, message), seconds)
