"""Functions of one step that a person would name are found from few texts, and hold on others."""

from collections.abc import Callable

import pytest

from zetetic.tools.strings.search import straight

SHOWN = (
    "", "a", "Z", "7", " ", "ab", "cat", "bird", "hello", "banana", "Hello World", "one two  three", "  padded  ",
    "a1b2c3", "Mississippi", "The quick brown fox", "x-y_z!", "12345", "UPPER lower", "level", "aeiou", "abc abc a.b",
    "tab\tnewline", "elephant", "thunderstorm", "rhythm and blues",
)  # fmt: skip
FRESH = ("window", "Yellow garden", "q9w8", "jazz  quartz", " vow ", "noon", "abcdefghijklmnop", "Candle in a forest")


def _outside_in(text: str) -> str:
    return "".join(a + b for a, b in zip(text, text[::-1]))[: len(text)]


FUNCTIONS: dict[str, Callable[[str], str]] = {
    "put around": lambda t: "<" + t + "/>",
    "count appended": lambda t: f"{t} ({len(t)})",
    "cut off": lambda t: t if len(t) <= 8 else t[:8] + "...",
    "pad both": lambda t: t.center(12, "*"),
    "before a mark": lambda t: t.partition("e")[0],
    "outside in": _outside_in,
    "second word": lambda t: " ".join(t.split()[1:2]),
    "words but the first": lambda t: " ".join(t.split()[1:]),
    "long words": lambda t: " ".join(w for w in t.split() if len(w) >= 4),
    "marked words": lambda t: " ".join(w + "ly" for w in t.split()),
    "sorted words": lambda t: " ".join("".join(sorted(w)) for w in t.split()),
    "parity": lambda t: "even" if len(t) % 2 == 0 else "odd",
    "verdict": lambda t: "yes" if any(c.isdigit() for c in t) else "no",
    "signature": lambda t: "".join(
        "9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in t
    ),
    "digits moved": lambda t: "".join(str((int(c) + 3) % 10) if c.isdigit() else c for c in t),
    "staircase": lambda t: "-".join(t[: i + 1] for i in range(len(t))),
    "code points": lambda t: " ".join(str(ord(c)) for c in t),
    "initials": lambda t: "".join(w[0].upper() + "." for w in t.split()),
    "keyword": lambda t: "".join(
        chr((ord(c) - 97 + (10, 4, 24)[sum(x.isalpha() for x in t[:i]) % 3]) % 26 + 97) if "a" <= c <= "z" else c
        for i, c in enumerate(t.lower())
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_one_step_is_found(name: str) -> None:
    function = FUNCTIONS[name]
    found = straight([(text, function(text)) for text in SHOWN], seconds=3, depth=2 if name == "keyword" else 1)
    assert found.programs
    assert [found.programs[0](text) for text in FRESH] == [function(text) for text in FRESH], found.programs[0]
