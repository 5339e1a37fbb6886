"""What clauses are made of: the sandbox under test, ways to call it, and how to say that it broke its word."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..types import MIB, Limits, Loaded, LoadError, Result, Returned, Sandbox

LIMITS = Limits(cpu_seconds=4.0, wall_seconds=4.0, memory_bytes=256 * MIB, output_bytes=MIB, file_bytes=2 * MIB)
"""Generous enough for a backend that computes four times slower than Python itself."""
SHORT_SECONDS = 1.0
"""The limit where a guest is expected to run into it."""
LATE_SECONDS = 8.0
"""A limit of a second must have struck by then, on a busy machine too."""


@dataclass(frozen=True, slots=True)
class Check:
    """One clause: whether the sandbox keeps it, and if not, what was expected and what came."""

    name: str
    passed: bool
    detail: str = ""


class Broken(Exception):
    """The sandbox does not keep the clause; the message says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A sandbox under test, and how to open another one like it."""

    sandbox: Sandbox
    open: Callable[[Limits], Sandbox]

    def load(self, code: str, entry: str = "f", *, seed: int = 0, **limits: Any) -> Loaded:
        """A function under `LIMITS` but for those given."""
        return self.sandbox.load(code, entry, seed=seed, limits=_changed(limits))

    def call(self, code: str, inputs: Sequence[Sequence[Any]] = ((1.0,),), **limits: Any) -> list[Result]:
        with self.load(code, **limits) as loaded:
            results = loaded.call(inputs)
        expect(len(results) == len(inputs), f"{len(inputs)} results", results)
        return results

    def one(self, code: str, *arguments: Any, **limits: Any) -> Result:
        """The result of one call of `f`, a failure to load included."""
        try:
            return self.call(code, [arguments or (1.0,)], **limits)[0]
        except LoadError as error:
            return error.failure

    def still_works(self) -> None:
        """A harmless job is answered, as after any failure of another."""
        result = self.one("def f(x): return 2 * x", 21.0)
        expect(result == Returned(42.0), "the next job to return 42.0", result)


def _changed(limits: dict[str, Any]) -> Limits | None:
    return dataclasses.replace(LIMITS, **limits) if limits else None


def expect(condition: bool, wanted: str, came: object) -> None:
    """Raise `Broken` unless `condition` holds."""
    if not condition:
        raise Broken(f"expected {wanted}, got {repr(came)[:300]}")


def expect_kind(came: object, *kinds: type) -> None:
    """Raise `Broken` unless `came` is of one of `kinds`."""
    expect(isinstance(came, kinds), " or ".join(kind.__name__ for kind in kinds), came)
