"""Where another rule holds: texts of some length, with some character, that begin with one of a set."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .step import Family, Step

_OWN_RULES = 0.5
"""The share of exceptions that are a step of a family; the others are something plain."""


@dataclass(frozen=True, slots=True)
class LocalException:
    """Where `test` (a Python expression of `string`) holds, `otherwise` is done instead."""

    says: str
    test: str
    otherwise: Step
    family: str


def draw_exception(rng: random.Random, families: tuple[Family, ...]) -> LocalException:
    """A condition, and what happens there instead."""
    says, test = _condition(rng)
    if rng.random() < _OWN_RULES and families:
        family = rng.choice(families)
        return LocalException(says, test, family.draw(rng), family.name)
    plain = (
        Step("leaves the text as it is", "return string"),
        Step("turns everything into capitals", "return string.upper()"),
        Step("reverses the text", "return string[::-1]"),
        Step("gives 'none'", 'return "none"'),
        Step("gives nothing", 'return ""'),
        Step("puts '!' at the end", 'return string + "!"'),
    )
    return LocalException(says, test, rng.choice(plain), "plain")


def _condition(rng: random.Random) -> tuple[str, str]:
    length = rng.randint(4, 9)
    letter = rng.choice("etaoinsrl")
    letters = "".join(sorted(rng.sample("abcdefghilmnoprstw", rng.randint(2, 4))))
    return rng.choice(
        [
            (f"the text has more than {length + 4} characters", f"len(string) > {length + 4}"),
            (f"the text has fewer than {length} characters", f"len(string) < {length}"),
            (f"the text has exactly {length} characters", f"len(string) == {length}"),
            ("the text has an odd number of characters", "len(string) % 2 == 1"),
            (f"there is an {letter!r}", f"{letter!r} in string"),
            ("there is a digit", "any(char.isdigit() for char in string)"),
            ("there is a space", '" " in string'),
            ("there is a '-' or a '_'", '"-" in string or "_" in string'),
            (f"the text begins with one of {', '.join(letters)}", f"string[:1] in tuple({letters!r})"),
            ("the text begins with a capital", "string[:1].isupper()"),
            ("the text begins with a vowel", 'string[:1].lower() in tuple("aeiou")'),
            (f"the text ends with {letter!r}", f"string.endswith({letter!r})"),
            ("the text ends with a mark", 'string[-1:] in tuple(".!?")'),
            ("everything is in capitals", "string.isupper()"),
        ]
    )
