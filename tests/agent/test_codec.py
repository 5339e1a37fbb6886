"""What goes into a journal comes out of it, bit for bit."""

from __future__ import annotations

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.agent import Observation
from zetetic.agent.codec import plain, restore
from zetetic.tools.black_boxes import Failure, Reply

numbers = st.floats(allow_nan=True, allow_infinity=True)
values = st.one_of(st.none(), numbers, st.builds(complex, numbers, numbers), st.text(st.characters(codec=None)))
failures = st.one_of(
    st.none(),
    st.builds(Failure, st.sampled_from(["raised", "not_finite", "timed_out", "transport"]), st.text()),
)
replies = st.builds(Reply, values, failures, st.floats(0.0, 1e6))
inputs = st.one_of(st.text(), st.lists(numbers, min_size=1, max_size=4).map(tuple))
observations = st.builds(
    Observation,
    number=st.integers(1, 10**6),
    input=inputs,
    reply=replies,
    why=st.text(),
    purpose=st.sampled_from(["query", "held_out"]),
    repeat=st.integers(0, 9),
    asked_at=st.floats(0.0, 1e10),
)


def bits(value):
    """`value` with floats as their bytes, so that -0.0 differs from 0.0 and NaN equals NaN."""
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack(">d", value)
    if isinstance(value, complex):
        return (bits(value.real), bits(value.imag))
    if isinstance(value, tuple):
        return tuple(bits(v) for v in value)
    return (type(value), value)


@given(observations)
def test_any_observation_survives_strict_json(observation):
    text = json.dumps(plain(observation), allow_nan=False)
    assert text.isascii()
    back = restore(Observation, json.loads(text))
    assert bits(back.input) == bits(observation.input)
    assert bits(back.reply.value) == bits(observation.reply.value)
    assert back.reply.failure == observation.reply.failure
    assert (back.number, back.why, back.purpose, back.repeat) == (
        observation.number,
        observation.why,
        observation.purpose,
        observation.repeat,
    )


def test_what_is_no_data_is_refused():
    with pytest.raises(TypeError, match="got object"):
        plain({"x": object()})
    with pytest.raises(ValueError):
        restore(Observation, {"number": 1})
