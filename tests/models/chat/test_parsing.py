from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.models.chat import parse_tool_calls

CALL = ("query", {"inputs": [[1.0, -2.5]], "why": "ends"})


def as_json(key: str = "arguments") -> str:
    return json.dumps({"name": CALL[0], key: CALL[1]})


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>\n{as_json()}\n</tool_call>",
        f"<tool_call>{as_json()}",  # cut short after the call
        f"<function_call>{as_json()}</function_call>",
        f"[TOOL_CALLS] [{as_json()}]",
        f"<|python_tag|>{as_json('parameters')}<|eom_id|>",
        f"```json\n{as_json()}\n```",
        as_json("parameters"),
        json.dumps([{"type": "function", "function": {"name": CALL[0], "arguments": json.dumps(CALL[1])}}]),
    ],
)
def test_the_ways_of_writing_a_call(text: str) -> None:
    parsed = parse_tool_calls(text)
    assert parsed.calls == (CALL,)
    assert (parsed.text, parsed.invalid) == ("", ())


def test_several_calls_and_words_around_them() -> None:
    text = f"First this.<tool_call>{as_json()}</tool_call> and <tool_call>[{as_json()}, {as_json()}]</tool_call>"
    parsed = parse_tool_calls(text)
    assert parsed.calls == (CALL, CALL, CALL)
    assert parsed.text == "First this. and"


@pytest.mark.parametrize(
    ("block", "name", "says"),
    [
        ('{"name": "query", "arguments": {"inputs": [1.0', "query", "expected JSON"),
        ('{"arguments": {}}', None, "expected the name of a tool"),
        ('{"name": "query", "arguments": [1]}', "query", "expected arguments as an object"),
        ('{"name": "query", "arguments": "{x"}', "query", "expected arguments in JSON"),
        ("3", None, "expected"),
    ],
)
def test_a_malformed_call_is_kept_as_invalid(block: str, name: str | None, says: str) -> None:
    parsed = parse_tool_calls(f"<tool_call>{block}</tool_call>")
    assert parsed.calls == ()
    [(said, _, error)] = parsed.invalid
    assert said == name
    assert says in error


@pytest.mark.parametrize("text", ["It doubles.", '{"a": 1}', "[1, 2]", "```json\n{}\n```", "{broken", ""])
def test_text_that_is_no_call_stays_text(text: str) -> None:
    assert parse_tool_calls(text).text == text
    assert not parse_tool_calls(text).calls


plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(min_size=1), st.dictionaries(st.text(), plain_json, max_size=4))
def test_what_is_written_comes_back(name: str, arguments: dict[str, Any]) -> None:
    call = json.dumps({"name": name, "arguments": arguments})
    if "</tool_call>" not in call:
        assert parse_tool_calls(f"<tool_call>{call}</tool_call>").calls == ((name, arguments),)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for opening in ("", "<tool_call>", "[TOOL_CALLS]", "```json\n"):
        parse_tool_calls(opening + text)
