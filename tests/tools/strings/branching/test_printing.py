"""Code that is put together from that of several programs."""

from __future__ import annotations

from dataclasses import dataclass

from zetetic.tools.strings import predict_texts
from zetetic.tools.strings.branching import Branched, Constant, Fails, Predicate, Table, Unchanged

SHORT = Predicate("len(text) < 3", "are shorter than 3 characters", "have 3 characters or more", 5.0)


@dataclass(frozen=True)
class Printed:
    source: str
    size: float = 3.0

    def code(self, gives="text"):
        return self.source

    def __call__(self, text):
        return predict_texts(self.source, [text])[0]


ONE = Printed(
    "import re\n\nSHIFT = 1\n\n\ndef move(text, places=SHIFT):\n    return text[places:]\n\n\n"
    "def explained(text):\n    text = move(text, places=SHIFT)\n    return re.sub('b', 'x', text)\n"
)
TWO = Printed(
    "import re\n\nSHIFT = 2\n\n\ndef move(text, places=SHIFT):\n    return text[places:] + 'move'\n\n\n"
    "def explained(text):\n    return move(text)\n"
)


def test_names_that_two_programs_share_are_kept_apart() -> None:
    both = Branched(((SHORT, ONE),), TWO)
    assert predict_texts(both.code(), ["ab", "abcd"]) == ["x", "cdmove"]
    assert both.code().count("import re") == 1


def test_what_is_the_same_is_printed_once() -> None:
    assert Branched(((SHORT, ONE),), ONE).code().count("def move") == 1


def test_failing_and_listed_texts_fail_and_are_looked_up() -> None:
    fails = Branched(((SHORT, Fails()),), Unchanged())
    assert predict_texts(fails.code(), ["ab", "abc"]) == [None, "abc"]
    listed = Table(Unchanged(), (("a", "b"), ("c", None)))
    assert predict_texts(listed.code(), ["a", "c", "d"]) == ["b", None, "d"]
    assert [listed(t) for t in "acd"] == ["b", None, "d"]


def test_numbers_are_given_as_numbers() -> None:
    code = Branched(((SHORT, Constant("0")),), Constant("12")).code("number")
    assert predict_texts(code, ["a", "abc"], gives="number") == ["0", "12"]
    assert predict_texts(code, ["a"]) == [None]
