"""Plain data as JSON and back: exact types only, nothing that runs code on either side.

None, booleans, numbers and texts stand for themselves (NaN and infinities as Python's JSON writes them), lists for
lists. Everything else is an object with one key: {"c": [re, im]} complex, {"t": [...]} tuple, {"d": [[key, value],
...]} dict, {"b": base64} bytes, {"a": [dtype, shape, base64]} numpy array.
"""

from __future__ import annotations

import binascii
import json
from typing import Any

MAX_DEPTH = 100
MAX_ODD_KEYS, MAX_COMPOUND_KEYS = 1000, 100
"""Keys of one dict that are no texts, and that are tuples and the like. They can be chosen to collide, which makes a
dict of n of them take n² comparisons; texts cannot."""
DTYPES = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
"""numpy types that may travel, by their little-endian names."""

_SCALARS = frozenset((type(None), bool, int, float, str))
_write = json.JSONEncoder(separators=(",", ":")).encode
_read = json.JSONDecoder().decode

# Names a guest may replace in `builtins` are taken while they are still the real ones.
_type, _len, _list, _str, _isinstance, _getattr = type, len, list, str, isinstance, getattr


class NotPlain(ValueError):
    """A value that is not plain data; the message says what it is."""


def dumps(tree: Any) -> bytes:
    """JSON of what `pack` returned. `NotPlain` for a number with too many digits."""
    try:
        return _write(tree).encode("ascii")
    except (ValueError, RecursionError) as error:
        raise NotPlain(f"cannot be written as plain data: {error}") from None


def loads(data: bytes) -> Any:
    """The JSON tree of `data`. `NotPlain` for what is none, however hostile."""
    try:
        return _read(data.decode("utf-8", "strict"))
    except (ValueError, RecursionError) as error:
        raise NotPlain(f"not JSON: {error}") from None


def pack(value: Any, depth: int = 0) -> Any:
    """`value` as a JSON tree. `NotPlain` if it holds anything but plain data of exact types."""
    kind = _type(value)
    if kind in _SCALARS:
        return value
    if depth >= MAX_DEPTH:
        raise NotPlain(f"expected plain data at most {MAX_DEPTH} levels deep")
    if kind is list:
        return [item if _type(item) in _SCALARS else pack(item, depth + 1) for item in value]
    if kind is tuple:
        return {"t": [pack(item, depth + 1) for item in value]}
    if kind is dict:
        return {"d": [[pack(key, depth + 1), pack(item, depth + 1)] for key, item in value.items()]}
    if kind is complex:
        return {"c": [value.real, value.imag]}
    if kind is bytes:
        return {"b": binascii.b2a_base64(value, newline=False).decode("ascii")}
    if kind.__module__ == "numpy":
        return _pack_numpy(value, kind, depth)
    raise NotPlain(f"expected plain data (numbers, texts, lists, dicts, arrays), got a {_name(kind)}")


def _pack_numpy(value: Any, kind: type, depth: int) -> Any:
    import numpy

    if kind is numpy.ndarray:
        array = numpy.ascontiguousarray(value)
        name = array.dtype.newbyteorder("<").str
        if name not in DTYPES:
            raise NotPlain(f"expected an array of numbers, got one of {_str(array.dtype)[:40]}")
        data = array.astype(name, copy=False).tobytes()
        # ascontiguousarray makes a 0-d array 1-d, so the shape is the original's.
        return {"a": [name, [int(n) for n in value.shape], binascii.b2a_base64(data, newline=False).decode("ascii")]}
    if kind in (numpy.longdouble, numpy.clongdouble):
        return pack(complex(value) if kind is numpy.clongdouble else float(value), depth)
    if issubclass(kind, numpy.generic) and kind is not numpy.void and kind is not numpy.object_:
        item = value.item()
        if _type(item) in _SCALARS or _type(item) in (complex, bytes):
            return pack(item, depth)
    raise NotPlain(f"expected plain data (numbers, texts, lists, dicts, arrays), got a numpy {_name(kind)}")


def _name(kind: type) -> str:
    name = _getattr(kind, "__name__", "")
    return name[:80] if _type(name) is str else "thing"


def unpack(tree: Any, depth: int = 0) -> Any:
    """The value of a JSON tree. `NotPlain` if the tree is none that `pack` makes."""
    kind = _type(tree)
    if kind in _SCALARS:
        return tree
    if depth > MAX_DEPTH:
        raise NotPlain("nested too deeply")
    if kind is list:
        return [item if _type(item) in _SCALARS else unpack(item, depth + 1) for item in tree]
    if kind is not dict or _len(tree) != 1:
        raise NotPlain("not a tree of plain data")
    try:
        return _unpack_tagged(tree, depth)
    except NotPlain:
        raise
    except (ValueError, TypeError, LookupError, OverflowError, MemoryError) as error:
        raise NotPlain(f"not a tree of plain data: {error}") from None


def _unpack_tagged(tree: dict[str, Any], depth: int) -> Any:
    match tree:
        case {"c": [int() | float() as real, int() | float() as part]}:
            return complex(real, part)
        case {"t": list() as items}:
            return tuple([unpack(item, depth + 1) for item in items])
        case {"d": list() as pairs}:
            if _len(pairs) > MAX_COMPOUND_KEYS:
                _check_keys([_type(pair[0]) for pair in pairs])
            return {unpack(key, depth + 1): unpack(item, depth + 1) for key, item in pairs}
        case {"b": str() as text}:
            return binascii.a2b_base64(text, strict_mode=True)
        case {"a": [str() as name, list() as shape, str() as text]} if name in DTYPES:
            return _unpack_array(name, shape, binascii.a2b_base64(text, strict_mode=True))
    raise NotPlain("not a tree of plain data")


def _check_keys(kinds: list[type]) -> None:
    odd = _len([kind for kind in kinds if kind is not str])
    compound = _len([kind for kind in kinds if kind not in _SCALARS])
    if odd > MAX_ODD_KEYS or compound > MAX_COMPOUND_KEYS:
        raise NotPlain(f"too many keys that are no texts: {odd}")


def _unpack_array(name: str, shape: list[Any], data: bytes) -> Any:
    import numpy

    if _len(shape) > 32 or any(_type(n) is not int or n < 0 for n in shape):
        raise NotPlain("an array whose shape is none")
    # A copy, so that the array is writable like any other.
    return numpy.frombuffer(data, dtype=name).reshape(shape).copy()
