"""What short cuts rule out is ruled out indeed: every edit at a selector's places leaves that selector possible."""

from collections.abc import Callable

import pytest

from zetetic.tools.strings.operations.functions import edits
from zetetic.tools.strings.search.frame import Frame, Shared
from zetetic.tools.strings.search.selected import Selected, bits, selected

TEXTS = (
    "", "a", "Z", "7", " ", "ab", "aa", "-1", "cat", "Noon", "a1b2c3", "Hello World", "x-y_z!", "é", "  two  words ",
    "abcdefghijklmnopq", "Mississippi",
)  # fmt: skip
Edit = Callable[[str, list[int]], str]
GROWING: dict[str, Edit] = {
    "delete": edits.delete,
    "keep": edits.keep,
    "double": lambda text, places: edits.repeat_at(text, places, 2),
    "insert before": lambda text, places: edits.insert_before(text, places, "-+"),
    "insert after": lambda text, places: edits.insert_after(text, places, "a"),
    "replace": lambda text, places: edits.replace_at(text, places, "xyz"),
}
STAYING: dict[str, Edit] = {
    "capitals": edits.uppercase_at,
    "replace": lambda text, places: edits.replace_at(text, places, "*"),
    "shift": lambda text, places: edits.shift_at(text, places, 3),
}


def _frame(edit: Edit, number: int) -> Frame:
    shared = Shared(TEXTS)
    return Frame(TEXTS, TEXTS, tuple(edit(t, shared.places(number, t)) for t in TEXTS), shared)


@pytest.mark.parametrize("name", GROWING)
def test_an_edit_that_changes_lengths_leaves_its_selector_possible(name: str) -> None:
    known = selected(max(map(len, TEXTS)))
    for number in range(len(known.selectors)):
        frame = _frame(GROWING[name], number)
        if not frame.same_length:
            assert number in set(known.growing(frame, may_keep=not frame.longer)), known.selectors[number].expression


@pytest.mark.parametrize("name", STAYING)
def test_an_edit_that_keeps_lengths_leaves_its_selector_possible(name: str) -> None:
    known = selected(max(map(len, TEXTS)))
    for number in range(len(known.selectors)):
        frame = _frame(STAYING[name], number)
        assert frame.same_length
        assert number in set(known.holding(frame)), known.selectors[number].expression


def test_edits_elsewhere_rule_a_selector_out() -> None:
    known = selected(max(map(len, TEXTS)))
    shared = Shared(TEXTS)
    frame = Frame(TEXTS, TEXTS, tuple("".join("*" if c == "a" else c for c in t) for t in TEXTS), shared)
    for number in known.holding(frame):
        for text in TEXTS:
            assert {i for i, c in enumerate(text) if c == "a"} <= set(shared.places(number, text))
    assert len(list(known.holding(frame))) < len(known.selectors) / 2


def test_places_are_those_of_the_selectors_whatever_was_asked_before() -> None:
    known = Selected(12)
    for text in (*TEXTS, *map(str.upper, TEXTS), *TEXTS):
        for number, selector in enumerate(known.selectors):
            assert known.places(number, text) == selector.run(text, text)


def test_what_short_texts_allow_depends_on_the_text_and_not_on_those_met_before() -> None:
    short = [t for t in (*TEXTS, "b", "bb", "ba", "Ab", "1a", "A-a", " a ", "aab", "ÿ", "é1") if len(t) <= 3]
    warm = Selected(12)
    for text in short:
        for wanted in ([1], [0], []):
            cold = Selected(12)
            assert warm.matching(text, lambda p, w=wanted: list(p) == w, -1) == cold.matching(
                text, lambda p, w=wanted: list(p) == w, -1
            )
            chosen = warm.matching(text, lambda p, w=wanted: list(p) == w, -1)
            expected = [n for n, s in enumerate(warm.selectors) if s.run(text, text) == wanted]
            assert list(bits(chosen)) == expected
