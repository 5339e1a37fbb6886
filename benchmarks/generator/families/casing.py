"""Small letters and capitals."""

from __future__ import annotations

import random

from ..step import Step, family_list


def whole_case(rng: random.Random) -> Step:
    method, says = rng.choice(
        [
            ("upper", "turns everything into capitals"),
            ("lower", "turns everything into small letters"),
            ("swapcase", "swaps capitals and small letters"),
            ("title", "capitalizes every word"),
            ("capitalize", "makes the first letter a capital and the rest small"),
        ]
    )
    return Step(says, f"return string.{method}()")


def alternating_case(rng: random.Random) -> Step:
    start = rng.randint(0, 1)
    body = """
return "".join(char.upper() if index % 2 == start else char.lower() for index, char in enumerate(string))
"""
    which = "first, third, …" if start == 0 else "second, fourth, …"
    return Step(f"makes the {which} characters capitals and the others small", body, {"start": start})


def vowel_case(rng: random.Random) -> Step:
    vowels = rng.random() < 0.6
    body = 'return "".join(char.upper() if (char in "aeiou") == wanted else char for char in string)'
    return Step(f"makes all {'vowels' if vowels else 'characters but vowels'} capitals", body, {"wanted": vowels})


def word_end_case(rng: random.Random) -> Step:
    body = 'return " ".join(word[:-1] + word[-1:].upper() for word in string.split(" "))'
    return Step("makes the last letter of every word a capital", body)


def every_other_word_case(rng: random.Random) -> Step:
    start = rng.randint(0, 1)
    body = """
words = string.split(" ")
return " ".join(word.upper() if index % 2 == start else word for index, word in enumerate(words))
"""
    which = "first, third, …" if start == 0 else "second, fourth, …"
    return Step(f"writes the {which} words in capitals", body, {"start": start})


def camel_case(rng: random.Random) -> Step:
    body = """
words = string.split()
return "".join(word.lower() if index == 0 else word.capitalize() for index, word in enumerate(words))
"""
    return Step("joins the words in camelCase", body)


def snake_case(rng: random.Random) -> Step:
    mark = rng.choice("_-.")
    return Step(
        f"joins the words in small letters with {mark!r}", "return mark.join(string.lower().split())", {"mark": mark}
    )


def letter_case(rng: random.Random) -> Step:
    letters = "".join(sorted(rng.sample("etaoinsrhl", rng.randint(1, 3))))
    body = 'return "".join(char.upper() if char in letters else char for char in string)'
    return Step(f"makes every {' and '.join(letters)} a capital", body, {"letters": letters})


def half_case(rng: random.Random) -> Step:
    first = rng.random() < 0.5
    body = """
middle = len(string) // 2
return string[:middle].upper() + string[middle:] if first else string[:middle] + string[middle:].upper()
"""
    return Step(f"writes the {'first' if first else 'second'} half in capitals", body, {"first": first})


FAMILIES = family_list(
    "case",
    alternating_case=alternating_case,
    camel_case=camel_case,
    every_other_word_case=every_other_word_case,
    half_case=half_case,
    letter_case=letter_case,
    snake_case=snake_case,
    vowel_case=vowel_case,
    whole_case=whole_case,
    word_end_case=word_end_case,
)
