"""What a child process says is believed only as far as it can be an answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.black_boxes.guest import encode
from zetetic.tools.black_boxes.wire import decode


@given(st.floats(allow_nan=False, allow_infinity=False) | st.complex_numbers(allow_nan=False, allow_infinity=False))
def test_numbers_survive(value: complex) -> None:
    assert decode(encode(value, "number", 0.5)).value == value


@pytest.mark.parametrize(
    "answer",
    [
        *(
            None,
            3,
            "n",
            [],
            {},
            ["n"],
            ["n", "1", 0.0],
            ["n", float("nan"), 0.0],
            ["n", 10**400, 0.0],
            ["n", True, 0.0],
        ),
        *(["c", 1.0, float("inf"), 0.0], ["t", 1, 0.0], ["f", "made up", "message", 0.0], ["n", 1.0, 0.0, 0.0]),
    ],
)
def test_nonsense_is_a_failure(answer: Any) -> None:
    reply = decode(answer)
    assert reply.value is None
    assert reply.failure is not None
    assert reply.failure.kind == "crashed"
