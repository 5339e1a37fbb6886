"""What is supposed of conditions before the rest of the pairs is searched."""

from __future__ import annotations

import pytest

from zetetic.tools.black_boxes import TextDomain
from zetetic.tools.strings.branching import Constant
from zetetic.tools.strings.branching.known import Repertoire, mask_of
from zetetic.tools.strings.branching.predicates import predicates
from zetetic.tools.strings.branching.suppositions import suppositions
from zetetic.tools.strings.inputs import probes

TEXTS = [t for t in probes(TextDomain("", 1000)) if len(t) < 26]
CONDITIONS = {
    "len(text) < 5": lambda t: len(t) < 5,
    "any(c.isdigit() for c in text)": lambda t: any(c.isdigit() for c in t),
    'text and text[-1] in ".!?"': lambda t: t[-1:] in (".", "!", "?") and t != "",
    'text and text[0] in "aeiouAEIOU"': lambda t: t[:1].lower() in tuple("aeiou"),
    'any(c in "-_" for c in text)': lambda t: "-" in t or "_" in t,
}


def scrambled(text: str) -> str:
    return "".join(chr(40 + (ord(c) * 7 + k) % 60) for k, c in enumerate(text)) + str(len(text))


def supposed(exception, value, fit=lambda part: ()):
    pairs = [(t, value(t) if exception(t) else scrambled(t)) for t in TEXTS]
    sides = [(p, mask_of(k for k, t in enumerate(TEXTS) if p(t))) for p in predicates(TEXTS)]
    return suppositions(Repertoire(pairs), sides, fit, seconds=5)


@pytest.mark.parametrize("code", CONDITIONS)
@pytest.mark.parametrize("value", [str, lambda t: "none"], ids=["unchanged", "constant"])
def test_the_condition_of_a_simple_exception_comes_first(code, value) -> None:
    first = supposed(CONDITIONS[code], value)[0]
    assert [first.condition(t) for t in TEXTS] == [bool(CONDITIONS[code](t)) for t in TEXTS]


def test_where_nothing_is_simple_nothing_is_supposed() -> None:
    assert supposed(lambda t: False, str) == []


def test_what_is_fitted_must_hold_on_all_texts_of_the_condition() -> None:
    odd = TEXTS[0]
    found = supposed(lambda t: len(t) < 5, lambda t: "none", fit=lambda part: [Constant(f"not {odd}")])
    assert all(s.body == Constant("none") for s in found)
