"""Last steps undone: what is found turns into the wanted texts again, and lets earlier steps be fitted."""

from __future__ import annotations

import pytest

from zetetic.tools.strings.operations import vocabulary as v
from zetetic.tools.strings.operations.expressions import CURRENT, call, literal, number
from zetetic.tools.strings.search import straight
from zetetic.tools.strings.search.backward import moving_steps, undone, undone_twice
from zetetic.tools.strings.search.forward import first_steps

TEXTS = (
    "hello", "Hello World", "", "a", "ox", "cat", "bird", "banana", "letters", "elephant", "abcdefghijklm",
    "nopqrstuvwxyz", "one two three", "a1b2c3", "Mississippi", "QUICK", "zebra fox",
)  # fmt: skip
STEPS = moving_steps(first_steps(TEXTS, TEXTS))


@pytest.mark.parametrize(
    "step",
    [
        call(v.REVERSE, CURRENT), call(v.SWAP_HALVES, CURRENT), call(v.MIRROR_IMAGE, CURRENT),
        call(v.REPEAT, CURRENT, number(2)), call(v.APPEND, CURRENT, call(v.CHARACTER, CURRENT, number(0))),
        call(v.APPEND, CURRENT, literal("xy")), call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), literal("Q")),
        call(v.SHIFT, CURRENT, call(v.LENGTH, CURRENT)), call(v.COUNT_RUNS, CURRENT), call(v.REVERSE_WORDS, CURRENT),
        call(v.PUT_BETWEEN, CURRENT, literal("-")), call(v.REPEAT_WITH, CURRENT, number(2), literal("/")),
    ],
)  # fmt: skip
def test_a_last_step_is_undone(step: object) -> None:
    run = step.run()  # type: ignore[attr-defined]
    texts = tuple(t for t in TEXTS if t and not any(map(str.isdigit, t)))
    wanted = tuple(run(t, t) for t in texts)
    assert any(tail.wanted == texts for tail in undone(wanted, STEPS))


def test_tails_lead_back_to_what_is_wanted() -> None:
    wanted = tuple("!" + text[::-1] + "!" for text in TEXTS)
    tails = list(undone(wanted, STEPS))
    assert tails
    for tail in [*tails, *undone_twice(tails, wanted, STEPS, 200)]:
        current = tail.wanted
        for step in tail.steps:
            run = step.run()
            current = tuple(run(c, c) for c in current)
        assert current == wanted
        assert tail.before(wanted) == tail.wanted


def _map(text: str) -> str:
    return text.translate(str.maketrans("aeiouhlst", "qrxzw1250"))


@pytest.mark.parametrize(
    "function",
    [
        lambda t: _map(t)[::-1],
        lambda t: _map(t) + _map(t)[:1],
        lambda t: "<<" + t.replace("an", "*")[::-1],
    ],
)
def test_the_first_step_may_be_the_one_to_fit(function: object) -> None:
    pairs = [(text, function(text)) for text in TEXTS]  # type: ignore[operator]
    found = straight(pairs, seconds=8)
    assert found.programs
    assert all(found.programs[0](text) == made for text, made in pairs)
