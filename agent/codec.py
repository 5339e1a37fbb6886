"""Between domain values and the plain JSON of a journal: every float, NaN, infinity and complex number survives."""

from __future__ import annotations

import dataclasses
import math
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")
_FLOAT, _COMPLEX = "$float", "$complex"
UNSAID: dict[str, Any] = {"unsaid": True}
"""The metadata of a field that is left out where it has its default: journals older than the field stay as they are."""


def plain(value: Any) -> Any:
    """`value` as strict JSON data: dataclasses become objects, tuples lists, and odd numbers tagged objects."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {_FLOAT: repr(float(value))}
    if isinstance(value, complex):
        return {_COMPLEX: [plain(value.real), plain(value.imag)]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if not _unsaid(f, value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    raise TypeError(f"a journal holds numbers, texts, lists and dataclasses, got {type(value).__name__}")


def _unsaid(field: dataclasses.Field[Any], value: Any) -> bool:
    return bool(field.metadata) and "unsaid" in field.metadata and getattr(value, field.name) == field.default


def untag(data: Any) -> Any:
    """`data` with tagged numbers turned back into floats and complex numbers."""
    if isinstance(data, dict):
        if data.keys() == {_FLOAT}:
            return float(data[_FLOAT])
        if data.keys() == {_COMPLEX}:
            real, imaginary = data[_COMPLEX]
            return complex(untag(real), untag(imaginary))
        return {k: untag(v) for k, v in data.items()}
    if isinstance(data, list):
        return [untag(v) for v in data]
    return data


def restore(kind: type[T], data: Any) -> T:
    """A `kind` from what `plain` made of it. Raises ValueError when the data have another shape."""
    hashable: Any = kind
    value: T = _adapter(hashable).validate_python(untag(data))
    return value


@lru_cache(maxsize=64)
def _adapter(kind: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
