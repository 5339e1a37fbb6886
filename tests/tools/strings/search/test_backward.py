"""Last steps undone: what is found turns into the wanted texts again, and lets earlier steps be fitted."""

from __future__ import annotations

import pytest

from zetetic.tools.strings.operations import vocabulary as v
from zetetic.tools.strings.operations.expressions import CURRENT, EachWord, call, literal, number
from zetetic.tools.strings.search import straight
from zetetic.tools.strings.search.backward import moving_steps, undone
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
        call(v.SHIFT, CURRENT, number(7)), call(v.SHIFT_BY_POSITION, CURRENT, number(0), number(1)),
        call(v.NEXT_KEYS, CURRENT, number(1)), call(v.NEXT_VOWELS, CURRENT, number(-1)),
        call(v.CODE_POINTS, CURRENT, literal("-")), call(v.REVERSE_AT, CURRENT, call(v.LETTERS, CURRENT)),
        call(v.REPEAT_AT, CURRENT, call(v.VOWELS, CURRENT), number(3)),
        call(v.INSERT_AFTER, CURRENT, call(v.CONSONANTS, CURRENT), literal("op")),
        call(v.INSERT_BEFORE, CURRENT, call(v.VOWELS, CURRENT), literal("ib")),
        call(v.APPEND_NUMBER, CURRENT, call(v.NUMBER_OF, call(v.VOWELS, CURRENT)), literal(" ("), literal(")")),
        call(v.PREPEND_NUMBER, CURRENT, call(v.LENGTH, CURRENT), literal(""), literal(": ")),
        call(v.PAD_END, CURRENT, number(9), literal("*")), call(v.PAD_START, CURRENT, number(9), literal("_")),
        call(v.PAD_BOTH, CURRENT, number(9), literal(".")), call(v.STAIRCASE, CURRENT, literal(" ")),
        call(v.MIRROR_IMAGE_WITH, CURRENT, literal("|")), call(v.COUNT_RUNS_NUMBER_FIRST, CURRENT),
        call(v.COUNT_LONG_RUNS, CURRENT), call(v.JOIN_WORDS, CURRENT, literal(" and ")),
        call(v.SIMPLE_PIG_LATIN, CURRENT, literal("way"), literal("ay")),
        call(v.FIRST_LETTER_TO_END, CURRENT, literal("oy")), call(v.SWAP_INITIALS, CURRENT),
        EachWord(call(v.PREPEND, CURRENT, literal("un")), True), EachWord(call(v.APPEND, CURRENT, literal("!")), True),
        EachWord(call(v.REPEAT_WITH, CURRENT, number(2), literal("-")), True),
        EachWord(call(v.REPEAT_WITH, CURRENT, number(2), literal(" ")), True),
    ],
)  # fmt: skip
def test_a_last_step_is_undone(step: object) -> None:
    run = step.run()  # type: ignore[attr-defined]
    texts = tuple(t for t in TEXTS if t and not any(map(str.isdigit, t)))
    wanted = tuple(run(t, t) for t in texts)
    assert any(tail.wanted == texts for tail in undone(wanted, STEPS))


def test_digits_are_undone_where_texts_have_some() -> None:
    texts = ("a1b2c3", "room 101", "x9", "12345", "no 7")
    for step in (
        call(v.MOVE_DIGITS, CURRENT, number(3)),
        call(v.SPELL_DIGITS_IN_PLACE, CURRENT),
        call(v.SPELL_DIGITS_BETWEEN, CURRENT, literal("-"), literal("-")),
    ):
        wanted = tuple(step.run()(text, text) for text in texts)
        assert any(tail.wanted == texts for tail in undone(wanted, STEPS))


def test_only_what_texts_need_not_have_allowed_tells() -> None:
    wanted = tuple(text[::-1].upper() for text in TEXTS)
    assert not any(tail.telling for tail in undone(wanted, STEPS))
    starred = tuple("".join(c + "*" if c.isalpha() else c for c in text) for text in wanted)
    assert any(tail.telling and tail.wanted == wanted for tail in undone(starred, STEPS))


def test_tails_lead_back_to_what_is_wanted() -> None:
    wanted = tuple("!" + text[::-1] + "!" for text in TEXTS)
    tails = list(undone(wanted, STEPS))
    assert tails
    twice = [tail.preceded_by(earlier) for tail in tails[:20] for earlier in undone(tail.wanted, STEPS)]
    assert twice
    for tail in [*tails, *twice]:
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
