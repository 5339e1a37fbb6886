"""What the search finds agrees with all pairs, and is the function itself where pairs say enough."""

import time
from collections.abc import Callable

import numpy as np
import pytest

from zetetic.tools.black_boxes.types import TextDomain
from zetetic.tools.strings import probes, random_texts
from zetetic.tools.strings.search import straight
from zetetic.tools.strings.types import consistent, right_on

ANY = TextDomain("", 100)
SECONDS = 20.0
VOWELS = "aeiouAEIOU"
COUNTS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905


def shift(character: str, places: int) -> str:
    if not (character.isascii() and character.isalpha()):
        return character
    a = ord("A") if character.isupper() else ord("a")
    return chr((ord(character) - a + places) % 26 + a)


def shifted(text: str, places: int) -> str:
    return "".join(shift(c, places) for c in text)


def place(character: str) -> int:
    return ord(character.lower()) - 96 if character.isascii() and character.isalpha() else 0


TABLE = str.maketrans("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
FUNCTIONS: dict[str, Callable[[str], str]] = {
    "identity": lambda t: t,
    "constant": lambda t: "same",
    "reverse": lambda t: t[::-1],
    "rotation": lambda t: shifted(t, 7),
    "rotation by length": lambda t: shifted(t, len(t)),
    "rotation back by a character": lambda t: shifted(t, -place(t[2:3] or " ")),
    "substitution": lambda t: t.translate(TABLE),
    "replacement": lambda t: t.replace("e", "Q"),
    "longer replacement": lambda t: t.replace("l", "[L]"),
    "deleted character": lambda t: t.replace("o", ""),
    "append": lambda t: t + "xyz",
    "prepend": lambda t: "> " + t,
    "insertion in the middle": lambda t: t[: len(t) // 2] + "K" + t[len(t) // 2 :],
    "insertion at an index": lambda t: t[:3] + "-" + t[3:],
    "append the first": lambda t: t + t[:1],
    "shifted last": lambda t: t[:-1] + shifted(t[-1:], 4),
    "shifted middle": lambda t: t[: len(t) // 2] + shifted(t[len(t) // 2 :][:1], 3) + t[len(t) // 2 + 1 :],
    "vowels by the last": lambda t: "".join(t[-1] if c in VOWELS else c for c in t),
    "vowels doubled": lambda t: "".join(c * 2 if c in VOWELS else c for c in t),
    "without vowels": lambda t: "".join(c for c in t if c not in VOWELS),
    "capitals only": lambda t: "".join(c for c in t if c.isupper()),
    "every second in capitals": lambda t: "".join(c.upper() if i % 2 == 0 else c for i, c in enumerate(t)),
    "alternating": lambda t: "".join(c.upper() if i % 2 == 0 else c.lower() for i, c in enumerate(t)),
    "first half reversed": lambda t: t[: len(t) // 2][::-1] + t[len(t) // 2 :],
    "halves swapped": lambda t: t[len(t) // 2 :] + t[: len(t) // 2],
    "unique": lambda t: "".join(dict.fromkeys(t)),
    "runs collapsed": lambda t: "".join(c for i, c in enumerate(t) if i == 0 or c != t[i - 1]),
    "sorted": lambda t: "".join(sorted(t)),
    "words reversed": lambda t: " ".join(w[::-1] for w in t.split(" ")),
    "word order reversed": lambda t: " ".join(t.split(" ")[::-1]),
    "initials": lambda t: "".join(w[0] for w in t.split()),
    "letters of words moved": lambda t: " ".join(w[1:] + w[:1] + "ay" for w in t.split(" ")),
    "slice": lambda t: t[1:-1],
    "first to the end": lambda t: t[2:] + t[:2],
    "swap": lambda t: t if len(t) < 4 else t[3] + t[1:3] + t[0] + t[4:],
    "repeat": lambda t: t * 3,
    "dashes": lambda t: "-".join(t),
    "length": lambda t: str(len(t)),
    "vowels in words": lambda t: COUNTS[sum(c in VOWELS for c in t)],
    "length plus one": lambda t: str(len(t) + 1),
    "ending made sure of": lambda t: t if t.endswith("n") else t + "n",
    "each word shifted by its length": lambda t: " ".join(shifted(w, len(w)) for w in t.split(" ")),
}
COMPOSED: dict[str, Callable[[str], str]] = {
    "vowels, then rotation": lambda t: shifted("".join(t[-1] if c in VOWELS else c for c in t), -9),
    "count, then rotation": lambda t: shifted(COUNTS[sum(c.isupper() for c in t)], 2),
    "insertion, then capitals": lambda t: (t[: len(t) // 2] + "k" + t[len(t) // 2 :]).upper(),
    "reversed, then shifted first": lambda t: shifted(t[::-1][:1], 5) + t[::-1][1:],
    "substitution, then shifted last": lambda t: t.translate(TABLE)[:-1] + shifted(t.translate(TABLE)[-1:], 3),
}


def pairs_of(function: Callable[[str], str], count: int, seed: int = 3) -> list[tuple[str, str | None]]:
    """Pairs of probes and random texts, those that the function fails on left out."""
    rng = np.random.default_rng(seed)
    texts = dict.fromkeys([*(t for t in probes(ANY) if t.isascii()), *random_texts(rng, count, ANY)])
    found: list[tuple[str, str | None]] = []
    for text in texts:
        try:
            found.append((text, function(text)))
        except IndexError:
            continue
    return found


def fresh(function: Callable[[str], str]) -> list[tuple[str, str | None]]:
    return [pair for pair in pairs_of(function, 100, seed=99) if "n" * 3 not in pair[0]]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_one_step_is_found(name: str) -> None:
    function = FUNCTIONS[name]
    search = straight(pairs_of(function, 20), seconds=SECONDS)
    assert search.programs
    assert all(consistent(program, pairs_of(function, 20)) for program in search.programs)
    assert consistent(search.programs[0], fresh(function)), search.programs[0].sentence()


@pytest.mark.parametrize("name", COMPOSED)
def test_a_composition_is_found(name: str) -> None:
    function = COMPOSED[name]
    search = straight(pairs_of(function, 20), seconds=SECONDS)
    assert search.programs
    assert all(consistent(program, pairs_of(function, 20)) for program in search.programs)
    assert consistent(search.programs[0], fresh(function)), search.programs[0].sentence()


@pytest.mark.slow
def test_three_steps_are_found() -> None:
    def function(text: str) -> str:
        return "".join(dict.fromkeys(text))[::-1].upper()

    search = straight(pairs_of(function, 20), seconds=60.0)
    assert search.depth == 3
    assert consistent(search.programs[0], fresh(function))


def test_the_time_is_kept() -> None:
    rng = np.random.default_rng(0)
    texts = list(dict.fromkeys(random_texts(rng, 40, ANY)))
    noise = [(text, "".join(rng.permutation(list("zetetic")))) for text in texts]
    began = time.perf_counter()
    search = straight(noise, seconds=1.0)
    assert time.perf_counter() - began < 3.0
    assert not search.programs


def test_programs_are_ranked_and_differ() -> None:
    pairs = [("abc", "abcabc"), ("xy", "xyxy")]
    search = straight(pairs, seconds=SECONDS)
    sizes = [program.size for program in search.programs]
    assert sizes == sorted(sizes)
    assert search.programs[0]("q1") == "q1q1"
    texts = ["", "a", "level", "Hello World"]
    assert len({tuple(map(program, texts)) for program in search.programs}) > 1


def test_a_rotation_beats_a_map_of_few_letters() -> None:
    search = straight([("abc", "bcd"), ("hello", "ifmmp")], seconds=SECONDS)
    assert search.programs[0]("wxyz") == "xyza"


def test_near_programs_say_which_pairs_they_get_right() -> None:
    pairs = [
        (t, t[::-1] if len(t) % 2 else t + "!") for t in ("a", "ab", "abc", "abcd", "hello", "zebra", "xyzw", "uvw")
    ]
    search = straight(pairs, seconds=4.0, depth=2)
    assert not search.programs
    for near in search.near:
        assert near.right == right_on(near.program, pairs)
    assert any(near.program("world") == "dlrow" for near in search.near)


def test_a_box_that_fails_on_short_texts_gets_a_guard() -> None:
    pairs: list[tuple[str, str | None]] = [
        ("", None),
        ("a", None),
        ("abc", "b"),
        ("hello", "e"),
        ("xyz", "y"),
        ("qw", "w"),
    ]
    search = straight(pairs, seconds=SECONDS)
    assert search.programs
    assert search.programs[0]("") is None
    assert search.programs[0]("table") == "a"


def test_earlier_programs_are_taken_up() -> None:
    few = straight([("abc", "abcx"), ("q", "qx")], seconds=SECONDS)
    more = [("abc", "abcx"), ("q", "qx"), ("", "x"), ("Hello", "Hellox")]
    again = straight(more, seconds=SECONDS, resume=few.programs)
    assert again.depth == 0
    assert consistent(again.programs[0], more)
    table = straight([("abc", "qwe"), ("cab", "eqw")], seconds=SECONDS)
    wider = [("abc", "qwe"), ("cab", "eqw"), ("bad", "wqr"), ("fed", "ytr")]
    assert consistent(straight(wider, seconds=SECONDS, resume=table.programs).programs[0], wider)


def test_nothing_known_gives_nothing() -> None:
    assert straight([], seconds=1.0).programs == ()
    assert straight([("a", None)], seconds=1.0).programs == ()


def test_no_replies_in_common_still_ends() -> None:
    search = straight([("a", "q"), ("b", "zz"), ("c", "  ")], seconds=1.0, depth=2)
    assert all(consistent(program, [("a", "q"), ("b", "zz"), ("c", "  ")]) for program in search.programs)


def test_a_table_alone_is_preferred_to_a_smaller_one_with_another_step() -> None:
    """A shift leaves some letters where the table wants them, which saves their entries and says nothing."""
    changes = dict(zip("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"))
    texts = ("hello", "banana", "zebra quiz", "jumps over", "lazy dog", "sphinx", "a1 b2", "vow", "kettle", "cot")
    found = straight([(t, "".join(changes.get(c, c) for c in t)) for t in texts], seconds=6)
    assert len(found.programs[0].steps()) == 1
