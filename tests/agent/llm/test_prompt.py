from __future__ import annotations

import json
from typing import Any

import pytest

from zetetic.models.chat import Call
from zetetic.prompts import names, render

from .desk import LOOK, Desk

VARIABLES: dict[str, dict[str, Any]] = {
    "system": {
        "domain": "x: numbers from 0 to 1",
        "output": "a number",
        "names": "x",
        "queries": 400,
        "rounds": 4,
        "seconds": "60",
        "hint": "look near 0",
    },
    "task": {},
    "closing": {"overview": "No hypothesis is written down."},
    "not_concluded": {"overview": "No hypothesis is written down.", "chat": False},
    "invalid_call": {"name": "query", "error": "not JSON"},
}
CHARACTERS_A_TOKEN = 3.5


@pytest.mark.parametrize("name", sorted(VARIABLES))
@pytest.mark.parametrize("kind", ["numbers", "texts", "strings"])
def test_each_prompt_renders(name: str, kind: str) -> None:
    text = render(f"scientist/{name}", kind=kind, **VARIABLES[name])
    assert text
    assert "{{" not in text
    assert "\n\n\n" not in text


def test_no_prompt_of_the_scientist_is_left_out() -> None:
    assert {n.removeprefix("scientist/") for n in names() if n.startswith("scientist/")} == set(VARIABLES)


def test_the_whole_prompt_with_all_tools_is_short(desk: Desk) -> None:
    model = desk.model([LOOK, Call("recall", {"first": 1, "last": 2}), "done"])
    desk.run(model)
    whole = json.dumps(model.tools_seen[0]) + str(model.seen[0][0].text)
    assert len(whole) / CHARACTERS_A_TOKEN < 4000


def test_a_long_run_stays_inside_the_context(desk: Desk) -> None:
    """Older answers are folded; what the model said, and the last answers, stay whole."""
    many = [Call("query", {"inputs": [k / 64 + n for k in range(30)], "why": "on"}) for n in range(-3, 3)]
    model = desk.model([*many, "done"])
    desk.run(model)
    last = model.seen[-1]
    assert sum("folded" in str(m.text) for m in last) == 0
    desk.rules = type(desk.rules)(most_tokens=1500)
    model = desk.model([*many, "done"])
    desk.run(model)
    folded = ["folded" in str(m.text) for m in model.seen[-1] if m.type == "tool"]
    assert folded[0]
    assert not any(folded[-4:])
