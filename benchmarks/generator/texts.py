"""Texts that functions are tried on: words, phrases, names, codes, marks, digits, odd spaces, now and then Unicode."""

from __future__ import annotations

import random
import string

_WORDS = """
    acorn amber anchor answer autumn basket beacon bottle breeze bucket button cabin camel canvas carpet castle
    cellar circle clover cobalt cotton copper cradle dancer degree dinner donkey eagle echo effort engine fabric
    falcon feather fiddle finger flower fossil garlic giant ginger glacier hammer harbor hazel helmet insect ivory
    jacket jungle kettle kitchen ladder lantern lemon lizard magnet maple marble meadow needle nickel oasis ocean
    orange oven oyster paddle parrot pepper piano pigeon pillow planet puzzle quarry quiver rabbit ribbon saddle
    salmon scissors shadow signal spider spoon squirrel sugar summit temple thistle ticket tiger tunnel turnip umbrella
    vapor velvet violin wagon walnut whistle willow wizard yarn yogurt zipper cat dog sun map ink oak red box key
    ant owl egg ice up at it on go see book free ball happy coffee bubble letters balloon programming committee
    noon level civic radar madam
""".split()  # noqa: SIM905
_SMALL = "the a of and to in is for with on my we it".split()  # noqa: SIM905
_ACCENTED = ("café", "naïve", "über", "señor", "façade", "Ω-ray", "10 €", "smörgås", "日本", "résumé 2")


def ordinary_text(rng: random.Random) -> str:
    """What a person types to try a function: a word or two, a name, a code. Never empty."""
    return rng.choice((_word, _word, _word, _phrase, _phrase, _name, _code))(rng)


def any_text(rng: random.Random) -> str:
    """As `ordinary_text`, and with marks, runs, odd spaces, lone characters, nothing at all, rarely Unicode."""
    draw = rng.random()
    for share, kind in _MIX:
        if draw < share:
            return kind(rng)
        draw -= share
    return _word(rng)


def different_texts(rng: random.Random, count: int, *, ordinary: bool = False) -> list[str]:
    """`count` texts, all different."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[ordinary_text(rng) if ordinary else any_text(rng)] = None
    return [*found]


def _word(rng: random.Random) -> str:
    word = rng.choice(_WORDS)
    return rng.choice((word, word, word, word.capitalize(), word.upper()))


def _phrase(rng: random.Random) -> str:
    words = [rng.choice(_SMALL if rng.random() < 0.25 else _WORDS) for _ in range(rng.randint(2, 5))]
    text = " ".join(words)
    return rng.choice((text, text, text.capitalize(), text.title(), text.capitalize() + rng.choice(".!?")))


def _name(rng: random.Random) -> str:
    first, second = rng.choice(_WORDS), rng.choice(_WORDS)
    return rng.choice((first.capitalize() + second.capitalize(), first + second.capitalize(), f"{first}_{second}"))


def _code(rng: random.Random) -> str:
    number = str(rng.randint(0, 10 ** rng.randint(1, 6)))
    word = _word(rng)
    return rng.choice((number, word + number, f"{word}-{number}", f"{number} {word}", f"{word} {number}"))


def _marked(rng: random.Random) -> str:
    parts = [rng.choice(_WORDS) for _ in range(rng.randint(1, 3))]
    mark = rng.choice((", ", "-", "/", "; ", ".", "@", " & ", "'", "_"))
    return mark.join(parts) + rng.choice(("", "!", "?", ".", "..."))


def _mixture(rng: random.Random) -> str:
    characters = string.ascii_letters + string.ascii_lowercase + string.digits + " .,!?-_#"
    return "".join(rng.choice(characters) for _ in range(rng.randint(1, 14)))


def _letters(rng: random.Random) -> str:
    return "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randint(2, 9)))


def _runs(rng: random.Random) -> str:
    return "".join(rng.choice("abcxyz") * rng.randint(1, 3) for _ in range(rng.randint(1, 5)))


def _cased(rng: random.Random) -> str:
    return "".join(char.upper() if rng.random() < 0.5 else char for char in rng.choice(_WORDS))


def _spaced(rng: random.Random) -> str:
    inner = (" " * rng.randint(1, 3)).join(rng.choice(_WORDS) for _ in range(rng.randint(1, 3)))
    return " " * rng.randint(0, 2) + inner + " " * rng.randint(0, 2)


def _lone(rng: random.Random) -> str:
    return rng.choice(string.ascii_letters + string.digits + " .!-")


def _nothing(rng: random.Random) -> str:
    return ""


def _accented(rng: random.Random) -> str:
    return rng.choice(_ACCENTED)


_MIX = (
    (0.20, _word),
    (0.22, _phrase),
    (0.08, _name),
    (0.12, _code),
    (0.10, _marked),
    (0.08, _mixture),
    (0.04, _letters),
    (0.04, _runs),
    (0.03, _cased),
    (0.06, _spaced),
    (0.015, _lone),
    (0.005, _nothing),
    (0.01, _accented),
)
