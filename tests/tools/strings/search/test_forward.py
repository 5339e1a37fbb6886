"""First steps: those that need no data, and those whose constants the pairs show, are among the ones tried."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zetetic.tools.strings.operations.functions.shapes import shift_by_keyword
from zetetic.tools.strings.search.forward import first_steps
from zetetic.tools.strings.search.frame import evaluate

TEXTS = (
    "hello", "Hello World", "", "a", "ox", "cat", "bird", "banana", "letters", "elephant", "crocodile", "one two three",
    "a1b2c3", "Mississippi", "ABC", "12345", "level", "over and over", "umbrella", "tree-7", "zebra quiz", "Up",
    "jumps over a lazy dog", "well-known", "stop.",
)  # fmt: skip
CORE = TEXTS[:12]
TextFunction = Callable[[str], str]


def _pig(text: str, after_vowel: str, ending: str) -> str:
    words = text.split()
    return " ".join(w + after_vowel if w[0] in "aeiouAEIOU" else w[1:] + w[0] + ending for w in words)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (lambda t: t.replace("e", "b", 1), lambda t: t[::-1]),
        (lambda t: t[:6] + "-" if len(t) > 6 else t, lambda t: "jn" + t),
        (lambda t: t[:2] + "?" * (len(t) - 2), lambda t: "".join(sorted(t))),
        (lambda t: " ".join(w + "-" + w for w in t.split()), lambda t: "un" + t),
        (lambda t: t[3 % len(t) :] + t[: 3 % len(t)] if t else t, lambda t: t[1:-1]),
        (lambda t: _pig(t, "yay", "ay"), lambda t: " ".join(t.split()[1:])),
        (lambda t: _pig(t, "woy", "oy"), lambda t: "<" + t),
        (lambda t: t[:4] + "53" + t[4:], lambda t: " ".join(w for w in t.split() if len(w) > 4)),
        (lambda t: "224" + t, lambda t: t[::-1]),
        (lambda t: t.translate(str.maketrans("eol", "395")), lambda t: t[::-1].upper()),
        (lambda t: "".join(c for c in t if c not in "aneANE"), lambda t: t[::-1]),
        (lambda t: str(sum(ord(c) - 96 for c in t.lower() if c.isalpha() and c.isascii())), lambda t: t[::-1]),
        (lambda t: t + t[:3], lambda t: t.upper()),
        (lambda t: shift_by_keyword(t, "bdws"), lambda t: " ".join(w[:4] for w in t.split())),
    ],
)
def test_the_true_first_step_is_among_those_tried(first: TextFunction, later: TextFunction) -> None:
    outputs = [later(first(text)) for text in TEXTS]
    steps = first_steps(CORE, outputs[: len(CORE)], shown_by=(TEXTS, outputs))
    wanted = tuple(map(first, CORE))
    assert any(evaluate(step, CORE, CORE) == wanted for step in steps)


def test_first_steps_differ_and_come_cheapest_first() -> None:
    outputs = ["*" + text[::-1] + "mend" for text in TEXTS]
    steps = first_steps(CORE, outputs[: len(CORE)], shown_by=(TEXTS, outputs))
    assert len(set(steps)) == len(steps) < 6600
    assert [step.bits for step in steps] == sorted(step.bits for step in steps)
