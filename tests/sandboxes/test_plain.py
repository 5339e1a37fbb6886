"""Plain data: what goes in comes out, nothing else goes in, and no bytes whatever hurt the reader."""

from __future__ import annotations

import contextlib
import json
import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from zetetic.sandboxes.contract.values import same
from zetetic.sandboxes.guest import plain
from zetetic.sandboxes.guest.plain import DTYPES, MAX_DEPTH, NotPlain

TEXTS = st.text(st.characters(codec=None), max_size=20)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | TEXTS | st.binary(max_size=20)
)
SHAPES = hnp.array_shapes(min_dims=0, min_side=0)
ARRAYS = st.sampled_from(DTYPES).flatmap(lambda name: hnp.arrays(np.dtype(name), SHAPES))
KEYS = st.recursive(SCALARS.filter(lambda v: v == v), lambda keys: st.lists(keys, max_size=3).map(tuple), max_leaves=4)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def through(value: Any) -> Any:
    return plain.unpack(plain.loads(plain.dumps(plain.pack(value))))


@given(VALUES)
def test_what_goes_in_comes_out_of_the_same_types(value: Any) -> None:
    assert same(through(value), value)


ARRAY_LIKE = st.tuples(
    st.sampled_from([*DTYPES, "|O", "<M8"]), st.lists(st.integers(-2, 3), max_size=3), st.text("AQ=", max_size=8)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "d", "t", "f", "x"]), inner, max_size=2)
        | ARRAY_LIKE.map(lambda array: {"a": list(array)})
    ),
    max_leaves=15,
)


@given(JSON)
def test_any_tree_is_plain_data_or_says_that_it_is_not(tree: Any) -> None:
    try:
        value = plain.unpack(tree)
    except NotPlain:
        return
    assert same(through(value), value)


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_say_that_they_are_not(data: bytes) -> None:
    with contextlib.suppress(NotPlain):
        plain.unpack(plain.loads(data))


@pytest.mark.parametrize("item", [[], {}, [1], {"a": 1}, 5, None, "", [[], 1], [{}, 1]], ids=repr)
@pytest.mark.parametrize("count", [1, 1001, 3000])
def test_pairs_that_are_none_are_refused_however_many(item: Any, count: int) -> None:
    with pytest.raises(NotPlain):
        plain.unpack({"d": [item] * count})


class Number(float):
    pass


class Text(str):
    pass


class Array(np.ndarray):  # type: ignore[type-arg]
    pass


@pytest.mark.parametrize(
    "value",
    [
        Number(1.0),
        Text("x"),
        True.__class__,
        {1, 2},
        range(3),
        object(),
        lambda: 1,
        (i for i in ()),
        bytearray(b"x"),
        memoryview(b"x"),
        [1, [Number(2.0)]],
        {"a": (Text("x"),)},
        {Text("x"): 1},
        np.array([object()]),
        np.array(["text"]),
        np.array([1.0]).view(Array),
        np.zeros(2, dtype=[("a", "f8")]),
        np.datetime64("2020-01-01"),
        np.array(["2020"], dtype="M8[Y]"),
        np.ma.masked_array([1.0], [True]),
    ],
    ids=lambda v: type(v).__name__,
)
def test_nothing_but_exact_types_goes_in(value: Any) -> None:
    with pytest.raises(NotPlain, match="expected"):
        plain.dumps(plain.pack(value))


def test_a_class_that_lies_about_itself_is_seen_through() -> None:
    class Liar:
        __class__ = float  # type: ignore[assignment]

    with pytest.raises(NotPlain):
        plain.pack(Liar())


@pytest.mark.parametrize(
    ("value", "comes"),
    [
        (np.float64(1.5), 1.5),
        (np.float32(0.5), 0.5),
        (np.int64(-3), -3),
        (np.uint8(7), 7),
        (np.bool_(True), True),
        (np.complex64(1j), 1j),
        (np.longdouble(0.25), 0.25),
        (np.str_("x"), "x"),
        (np.bytes_(b"x"), b"x"),
    ],
    ids=lambda v: type(v).__name__,
)
def test_the_scalars_of_numpy_become_those_of_python(value: Any, comes: Any) -> None:
    assert same(through(value), comes)


def test_arrays_of_other_byte_orders_and_layouts_keep_their_numbers() -> None:
    for array in (
        np.arange(3, dtype=">f8"),
        np.asfortranarray(np.ones((2, 3))),
        np.arange(10)[::3],
        np.arange(4)[::-1],
    ):
        came = through(array)
        assert np.array_equal(came, array)
        assert came.flags.writeable
        assert came.flags.c_contiguous


def test_depth_is_bounded_on_both_sides() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert same(through(value), value)
    with pytest.raises(NotPlain, match="levels deep"):
        plain.pack([value])
    tree: Any = []
    tree.append(tree)
    with pytest.raises(NotPlain):
        plain.unpack(tree)
    for text in (b"[" * 200_000, b"[" * 50_000 + b"]" * 50_000, b'{"t":[' * 90_000):
        with pytest.raises(NotPlain):
            plain.unpack(plain.loads(text))


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotPlain):
        plain.pack(value)


@pytest.mark.parametrize("digits", [4301, 1_000_000])
def test_numbers_of_too_many_digits_are_refused_both_ways(digits: int) -> None:
    with pytest.raises(NotPlain):
        plain.loads(b"9" * digits)
    with pytest.raises(NotPlain):
        plain.dumps(plain.pack(10**digits))


def colliding(count: int) -> list[Any]:
    return [[k * (2**61 - 1), 0] for k in range(count)]


def tuples_of_one_hash(count: int) -> list[Any]:
    rows = []
    for k in range(count):
        ends = [-1.0 if k >> i & 1 else -2.0 for i in range(12)]
        rows.append([{"t": [-1.0] * 350 + ends}, 0])
    return rows


@pytest.mark.parametrize(
    "tree",
    [
        {"d": colliding(80_000)},
        [{"d": colliding(1000)}] * 80,
        {"d": tuples_of_one_hash(1000)},
        {"d": [[{"c": [k, -k]}, 0] for k in range(60_000)]},
    ],
    ids=["numbers", "many dicts", "tuples", "complex"],
)
def test_keys_that_collide_do_not_stall_the_reader(tree: Any) -> None:
    """Two megabytes of the worst keys that a guest can send cost seconds, not minutes."""
    data = json.dumps(tree, separators=(",", ":")).encode()
    assert len(data) < 2_500_000
    begin = time.process_time()
    with contextlib.suppress(NotPlain):
        plain.unpack(plain.loads(data))
    assert time.process_time() - begin < 5.0


def test_ordinary_dicts_may_have_many_keys() -> None:
    texts = {f"key {n}": n for n in range(5000)}
    assert through(texts) == texts
    numbers = {n: float(n) for n in range(500)}
    assert same(through(numbers), numbers)


@pytest.mark.parametrize(
    "tree",
    [
        {"a": ["<f8", [10**15], ""]},
        {"a": ["<f8", [-1], ""]},
        {"a": ["<f8", [2**70], "AAAAAAAAAAA="]},
        {"a": ["<f8", [1] * 40, "AAAAAAAAAAA="]},
        {"a": ["<f8", [True], "AAAAAAAAAAA="]},
        {"a": ["<f8", [1.0], "AAAAAAAAAAA="]},
        {"a": ["<f8", [1], "AAA"]},
        {"a": ["<f8", [1], "!!!!"]},
        {"a": ["<f8", [1], "AAAA"]},
        {"a": ["|O", [1], "AAAAAAAAAAA="]},
        {"a": ["<M8[s]", [1], "AAAAAAAAAAA="]},
        {"a": ["<U1", [1], "AAAAAA=="]},
        {"a": [["<f8"], [1], ""]},
        {"a": ["<f8", "1", ""]},
        {"a": ["<f8", [1]]},
        {"b": "é"},
        {"b": "AA"},
        {"c": [1]},
        {"c": [10**400, 0]},
        {"c": ["1", "2"]},
        {"t": "ab"},
        {"d": {"a": 1}},
        {"a": 1, "b": 2},
        {"z": 1},
        {},
        {"d": [[[], 1]]},
        {"d": [[{"a": ["<f8", [0], ""]}, 1]]},
    ],
    ids=str,
)
def test_trees_that_pack_never_makes_are_refused(tree: Any) -> None:
    with pytest.raises(NotPlain):
        plain.unpack(tree)


def test_nan_and_infinities_travel_as_python_writes_them() -> None:
    assert plain.dumps(plain.pack([math.nan, math.inf, -math.inf])) == b"[NaN,Infinity,-Infinity]"


def test_an_array_does_not_share_memory_with_the_frame() -> None:
    data = bytearray(plain.dumps(plain.pack(np.ones(3))))
    array = plain.unpack(plain.loads(bytes(data)))
    array[:] = 7
    assert np.array_equal(plain.unpack(plain.loads(bytes(data))), np.ones(3))
