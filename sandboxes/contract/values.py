"""What travels in and out unchanged, and how functions are loaded and called."""

from __future__ import annotations

import math
from typing import Any

from ..types import BadResult, LoadError, Parameters, Raised, Returned, SandboxError
from .checks import Bench, expect, expect_kind

_NUMBERS: list[Any] = [0, -1, 2**70, -(10**30), 0.1, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7e308]
_OTHERS: list[Any] = [None, True, 1j, complex(math.nan, -math.inf), "", "naïve ✓ \0 \n", "\N{GRINNING FACE}", b"\0\xff"]
_NESTED: list[Any] = [[], (), {}, [1, [2.0, (3, [])]], (None, (True,)), {"a": [1], "b": {"c": (1j,)}}]
_TRICKY: list[Any] = [{"c": [1.0, 2.0]}, {"f": ["raised"]}, [{"t": [1]}], {"d": []}, {"": ""}, {"a": 1, "b": 2}]
_KEYED: list[Any] = [{1: "one", (1, 2): None, 1.5: True, b"k": 0, None: 1}]


def _scalars_round_trip(bench: Bench) -> None:
    _round_trip(bench, [*_NUMBERS, *_OTHERS])


def _containers_round_trip(bench: Bench) -> None:
    _round_trip(bench, [*_NESTED, *_TRICKY, *_KEYED])


def _arrays_round_trip(bench: Bench) -> None:
    import numpy as np

    shapes: list[Any] = [np.arange(6.0).reshape(2, 3), np.zeros(0), np.zeros((0, 3)), np.array(1.5), np.arange(9)[::2]]
    kinds: list[Any] = [np.array([1, 2], dtype=t) for t in ("?", "i1", "u2", "i4", "u8", "f4", "c16")]
    _round_trip(bench, [*shapes, *kinds, np.asfortranarray(np.arange(6.0).reshape(2, 3)), [np.ones(2), (np.ones(1),)]])
    result = bench.one("import numpy as np\ndef f(x): return [np.float64(x), np.int32(7), np.bool_(True)]", 1.5)
    expect(same(getattr(result, "value", None), [1.5, 7, True]), "numpy's scalars as Python's: [1.5, 7, True]", result)


def _round_trip(bench: Bench, values: list[Any]) -> None:
    results = bench.call("def f(x): return x", [(value,) for value in values])
    for value, result in zip(values, results, strict=True):
        expect_kind(result, Returned)
        expect(same(getattr(result, "value", None), value), f"{value!r} of type {type(value).__name__}", result)


def same(one: Any, other: Any) -> bool:
    """Equal, of the same types all the way down; NaN equals NaN, and 0.0 is not -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, float | complex):
        return repr(one) == repr(other)
    if hasattr(one, "dtype"):
        return bool(one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes())
    return bool(one == other)


def _numpy_is_there(bench: Bench) -> None:
    result = bench.one(
        "import numpy as np\n"
        "def f(x):\n"
        "    a = np.linalg.solve(np.array([[2.0, 0.0], [1.0, 3.0]]), np.array([x, 5.0]))\n"
        "    wave = np.abs(np.fft.rfft(np.sin(np.arange(64) * 2 * np.pi * 4 / 64)))\n"
        "    draw = np.random.default_rng(3).normal(size=1000)\n"
        "    return [float(a[0]), int(np.argmax(wave)), bool(abs(draw.mean()) < 0.2), float(np.sort([3, 1, 2])[0])]",
        4.0,
    )
    value = getattr(result, "value", None)
    expect(value == [2.0, 4, True, 1.0], "[2.0, 4, True, 1.0]", result)


def _several_arguments(bench: Bench) -> None:
    results = bench.call("def f(a, b=10, *rest): return [a, b, *rest]", [(1,), (1, 2), (1, 2, 3, "four")])
    expect(
        [getattr(r, "value", None) for r in results] == [[1, 10], [1, 2], [1, 2, 3, "four"]], "the arguments", results
    )


def _parameters_are_told(bench: Bench) -> None:
    with bench.load("def f(a, n: int, b=1, *rest): return a") as loaded:
        told = loaded.parameters
    expect(told == Parameters(("a", "n"), ("b",), True, ("n",)), "a and n (whole), optional b, any more", told)
    with bench.load("def f(s: str, many: list[str], more: 'Sequence[str]' = ()): return s") as loaded:
        told = loaded.parameters
    wanted = Parameters(("s", "many"), ("more",), False, (), ("s",), ("many", "more"))
    expect(told == wanted, "s (a text), many and optional more (texts)", told)


def _entries_of_classes(bench: Bench) -> None:
    with bench.load("class C:\n    @staticmethod\n    def g(x): return x + 1\n", "C.g") as loaded:
        result = loaded.call([(1,)])[0]
    expect(result == Returned(2), "the function C.g to return 2", result)


def _no_inputs(bench: Bench) -> None:
    import numpy as np

    with bench.load("def f(x): return x") as loaded:
        results, floats = loaded.call([]), loaded.call_floats(np.zeros(0))
    expect(results == [], "no results", results)
    expect(floats.values.shape == (0,) and not floats.failures, "no floats", floats)


def _inputs_must_be_plain(bench: Bench) -> None:
    with bench.load("def f(x): return x") as loaded:
        try:
            came = loaded.call([(object(),)])
        except SandboxError:
            came = loaded.call([(1.0,)])
            expect(came == [Returned(1.0)], "the function to go on working", came)
        else:
            expect(False, "SandboxError for an input that is an object()", came)


def _one_failure_of_several(bench: Bench) -> None:
    results = bench.call("def f(x):\n    if x == 2: raise ValueError('two')\n    return 10 * x", [(1,), (2,), (3,)])
    expect(results[0] == Returned(10) and results[2] == Returned(30), "10, a failure, 30", results)
    expect_kind(results[1], Raised)


def _wrong_number_of_arguments(bench: Bench) -> None:
    result = bench.one("def f(a, b): return a", 1.0)
    expect(isinstance(result, Raised) and result.type == "TypeError", "Raised with TypeError", result)


def _floats_equal_calls(bench: Bench) -> None:
    import numpy as np

    code = (
        "def f(x, y):\n"
        "    if x < 0: raise ValueError('negative')\n"
        "    if x > 90: return 'text'\n"
        "    return x / 3 + y if x > 5 else int(x)"
    )
    rows = np.array([[0.0, 1.0], [6.5, math.inf], [-1.0, 0.0], [5.0, math.nan], [7.0, 1e-300], [99.0, 0.0], [8.0, 0.5]])
    with bench.load(code) as loaded:
        one_by_one = loaded.call(rows.tolist())
        floats = loaded.call_floats(rows)
        flat = loaded.call_floats(np.array([]))
        expect(flat.values.shape == (0,), "no values for no inputs", flat)
    for index, result in enumerate(one_by_one):
        if isinstance(result, Returned) and not isinstance(result.value, str):
            expect(same(float(floats.values[index]), float(result.value)), f"{result.value} at {index}", floats)
        else:
            expect(math.isnan(floats.values[index]), f"NaN at {index}, where there is no number", floats)
    expect(sorted(floats.failures) == [2, 5], "failures of the inputs 2 and 5", floats.failures)
    expect_kind(floats.failures[2], Raised)
    expect_kind(floats.failures[5], BadResult)


def _code_that_is_none(bench: Bench) -> None:
    _expect_load_error(bench, "def f(x: return", "f", "SyntaxError")


def _code_that_raises(bench: Bench) -> None:
    _expect_load_error(bench, "def f(x): return x\nraise KeyError('at load')", "f", "KeyError")


def _an_entry_that_is_missing(bench: Bench) -> None:
    _expect_load_error(bench, "def g(x): return x", "f", "")


def _an_entry_that_is_no_function(bench: Bench) -> None:
    _expect_load_error(bench, "f = 3", "f", "")


def _expect_load_error(bench: Bench, code: str, entry: str, kind: str) -> None:
    try:
        bench.load(code, entry).close()
    except LoadError as error:
        expect_kind(error.failure, Raised)
        if kind:
            expect(getattr(error.failure, "type", "") == kind, kind, error.failure)
    else:
        expect(False, f"LoadError for {code!r}", "a loaded function")
    bench.still_works()


CLAUSES = (
    _scalars_round_trip,
    _containers_round_trip,
    _arrays_round_trip,
    _numpy_is_there,
    _several_arguments,
    _parameters_are_told,
    _entries_of_classes,
    _no_inputs,
    _inputs_must_be_plain,
    _one_failure_of_several,
    _wrong_number_of_arguments,
    _floats_equal_calls,
    _code_that_is_none,
    _code_that_raises,
    _an_entry_that_is_missing,
    _an_entry_that_is_no_function,
)
