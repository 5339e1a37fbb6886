"""Running an explanation's code the way a user would: one call of `explained`, scalars in, scalar out."""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from ...sandboxes.types import LoadError, Lost, Returned, Sandbox, SandboxError
from ..black_boxes.types import Point


class CodeError(ValueError):
    """Code that does not define a callable `explained`."""


def load_explained(code: str) -> Callable[..., Any]:
    """The function `explained` that `code` defines, run in a fresh namespace. Raises CodeError.

    The code runs in this process: it is meant for programs that we print ourselves.
    """
    namespace: dict[str, Any] = {"__name__": "explained_code"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(code, "<explanation>", "exec"), namespace)
    except Exception as error:
        raise CodeError(f"the explanation's code does not run: {type(error).__name__}: {error}") from error
    function = namespace.get("explained")
    if not callable(function):
        raise CodeError("the explanation's code was expected to define a function `explained`, and does not")
    return function  # type: ignore[no-any-return]


def predict_all(code: str, points: Iterable[Point], *, sandbox: Sandbox | None = None) -> list[float | complex | None]:
    """What `code` answers to each point; None where it raises or gives no finite number. Raises CodeError.

    Code that we did not print ourselves belongs in a `sandbox`: there it also gives None where it hangs, crashes or
    reaches for what it may not have. `SandboxError` where the sandbox itself fails.
    """
    if sandbox is not None:
        return _predict_inside(sandbox, code, points)
    import numpy as np

    function = load_explained(code)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [_call(function, point) for point in points]


def _predict_inside(sandbox: Sandbox, code: str, points: Iterable[Point]) -> list[float | complex | None]:
    try:
        with sandbox.load(code, "explained") as function:
            results = function.call(list(points))
    except LoadError as error:
        raise CodeError(f"the explanation's code does not run: {error.failure}") from None
    lost = next((result for result in results if isinstance(result, Lost)), None)
    if lost is not None:
        raise SandboxError(f"the sandbox was lost while the explanation's code ran: {lost}")
    return [finite_number(result.value) if isinstance(result, Returned) else None for result in results]


def _call(function: Callable[..., Any], point: Point) -> float | complex | None:
    try:
        return finite_number(function(*point))
    except Exception:
        return None


def finite_number(value: object) -> float | complex | None:
    """`value` as a finite float, or a complex number with finite parts; None for anything else."""
    if isinstance(value, numbers.Real) or type(value).__name__ == "bool_":
        try:
            number = float(value)  # type: ignore[arg-type]
        except OverflowError:
            return None
        return number if math.isfinite(number) else None
    if isinstance(value, numbers.Complex):
        pair = complex(value)
        return pair if math.isfinite(pair.real) and math.isfinite(pair.imag) else None
    if getattr(value, "size", None) == 1 and hasattr(value, "item"):
        return finite_number(value.item())
    return None
