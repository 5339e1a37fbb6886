"""Inputs of one call and the answers to them so far, as JSON or as packed floats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .guest import frames, plain
from .talk import Misspoke, failure_of, tree
from .types import BadResult, Failure, Limits, Result, Returned, SandboxError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SCALARS = frozenset((type(None), bool, int, float, str))


class Batch(Protocol):
    """Inputs are answered in order; `done` of them are."""

    kind: int

    @property
    def done(self) -> int: ...

    @property
    def left_bytes(self) -> int:
        """What replies may still hold."""
        ...

    def __len__(self) -> int: ...

    def request(self, count: int) -> bytes:
        """The payload that asks for the next `count` inputs."""
        ...

    def take(self, kind: int, payload: bytes, most: int) -> None:
        """Keep the answers of one reply, at most `most`. `Misspoke` if it is none."""
        ...

    def fail(self, failure: Failure) -> None:
        """`failure` is what becomes of the next input."""
        ...


class Values:
    """Plain data in, plain data out."""

    kind = frames.CALL

    def __init__(self, rows: list[Any], limits: Limits) -> None:
        self._rows, self._limits = rows, limits
        self.results: list[Result] = []
        self.left_bytes = limits.output_bytes

    @property
    def done(self) -> int:
        return len(self.results)

    def __len__(self) -> int:
        return len(self._rows)

    def request(self, count: int) -> bytes:
        return plain.dumps(self._rows[self.done : self.done + count])

    def take(self, kind: int, payload: bytes, most: int) -> None:
        items = tree(payload)
        if kind != frames.VALUES or type(items) is not list or not 1 <= len(items) <= most:
            raise Misspoke("something other than answers to what it was asked")
        self.left_bytes -= len(payload)
        self.results += [Returned(item) if type(item) in _SCALARS else self._result(item) for item in items]

    def fail(self, failure: Failure) -> None:
        self.results.append(failure)

    def _result(self, item: Any) -> Result:
        match item:
            case {"f": said, **others} if not others:
                return failure_of(said, self._limits)
        try:
            return Returned(plain.unpack(item))
        except plain.NotPlain as error:
            return BadResult(str(error))


class Floats:
    """Rows of floats in, one float each out."""

    kind = frames.FLOATS

    def __init__(self, inputs: NDArray[np.float64], limits: Limits) -> None:
        import numpy as np

        rows = np.ascontiguousarray(inputs, dtype=np.float64)
        if rows.ndim not in (1, 2) or (rows.ndim == 2 and not rows.shape[1]):
            raise SandboxError(f"expected an array of shape (n,) or (n, arguments), got {np.shape(inputs)}")
        self._rows = rows[:, None] if rows.ndim == 1 else rows
        self._limits = limits
        self.values = np.full(len(rows), np.nan)
        self.failures: dict[int, Failure] = {}
        self.done = 0
        self.left_bytes = limits.output_bytes + 2 * self.values.nbytes

    def __len__(self) -> int:
        return len(self._rows)

    def request(self, count: int) -> bytes:
        rows = self._rows[self.done : self.done + count]
        return frames.SHAPE.pack(*rows.shape) + rows.tobytes()

    def take(self, kind: int, payload: bytes, most: int) -> None:
        import numpy as np

        if kind != frames.NUMBERS or len(payload) < frames.COUNT.size:
            raise Misspoke("something other than answers to what it was asked")
        (count,) = frames.COUNT.unpack_from(payload)
        end = frames.COUNT.size + 8 * count
        if not 1 <= count <= most or len(payload) < end:
            raise Misspoke("a wrong number of answers")
        failures = self._failures(payload[end:], count) if len(payload) > end else {}
        self.values[self.done : self.done + count] = np.frombuffer(payload, np.float64, count, frames.COUNT.size)
        for index, failure in failures.items():
            self.values[self.done + index] = np.nan
            self.failures[self.done + index] = failure
        self.left_bytes -= len(payload)
        self.done += count

    def fail(self, failure: Failure) -> None:
        self.failures[self.done] = failure
        self.done += 1

    def _failures(self, payload: bytes, count: int) -> dict[int, Failure]:
        said = tree(payload)
        if type(said) is not dict or not all(key.isascii() and key.isdigit() and len(key) < 10 for key in said):
            raise Misspoke("failures of no known kind")
        failures = {int(key): failure_of(value, self._limits) for key, value in said.items()}
        if any(index >= count for index in failures):
            raise Misspoke("failures of inputs that were not asked for")
        return failures
