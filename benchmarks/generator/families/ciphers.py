"""Letters and digits that become others."""

from __future__ import annotations

import random

from ..step import Step, family_list
from .places import LOWER, ordinal, signed, some_shift

_MOVE = """
def moved(char, by):
    if "a" <= char <= "z":
        return chr((ord(char) - ord("a") + by) % 26 + ord("a"))
    if "A" <= char <= "Z":
        return chr((ord(char) - ord("A") + by) % 26 + ord("A"))
    return char
"""
_ORDER = """
def order(char):
    return ord(char.lower()) - ord("a") if "a" <= char.lower() <= "z" else 0
"""


def caesar(rng: random.Random) -> Step:
    shift = some_shift(rng)
    body = _MOVE + '\nreturn "".join(moved(char, shift) for char in string)'
    return Step(f"moves every letter {signed(shift)} in the alphabet, wrapping around", body, {"shift": shift})


def caesar_by_length(rng: random.Random) -> Step:
    back = rng.random() < 0.3
    body = _MOVE + '\nreturn "".join(moved(char, sign * len(string)) for char in string)'
    way = "back" if back else "forward"
    return Step(
        f"moves every letter {way} in the alphabet by the length of the text", body, {"sign": -1 if back else 1}
    )


def caesar_by_character(rng: random.Random) -> Step:
    places: tuple[int | str, ...] = (0, 1, 2, 3, -1, -2, "middle")
    place = rng.choice(places)
    body = f"""
{_MOVE}
{_ORDER}
if place == "middle":
    index = len(string) // 2
else:
    index = place
if not -len(string) <= index < len(string):
    return string
by = order(string[index])
return "".join(moved(char, by) for char in string)
"""
    name = place if isinstance(place, str) else ordinal(place)
    says = f"moves every letter forward by the place in the alphabet of the {name} character (a moves nothing)"
    return Step(says, body, {"place": place})


def caesar_by_position(rng: random.Random) -> Step:
    factor = rng.choice([1, 1, 2, -1])
    body = _MOVE + '\nreturn "".join(moved(char, factor * index) for index, char in enumerate(string))'
    how = {1: "forward by its position", 2: "forward by twice its position", -1: "back by its position"}[factor]
    return Step(f"moves each letter {how} in the text, counted from 0", body, {"factor": factor})


def keyword(rng: random.Random) -> Step:
    word = "".join(rng.choice(LOWER[1:]) for _ in range(rng.randint(2, 4)))
    body = (
        _MOVE
        + """
result = []
used = 0
for char in string:
    if char.isalpha() and char.isascii():
        result.append(moved(char, ord(word[used % len(word)]) - ord("a")))
        used += 1
    else:
        result.append(char)
return "".join(result)
"""
    )
    return Step(f"enciphers the letters with the keyword {word!r}, letter after letter", body, {"word": word})


def mirrored_alphabet(rng: random.Random) -> Step:
    body = """
letters = "abcdefghijklmnopqrstuvwxyz"
swapped = str.maketrans(letters + letters.upper(), letters[::-1] + letters[::-1].upper())
return string.translate(swapped)
"""
    return Step("swaps every letter with its counterpart from the other end of the alphabet", body)


def substitution(rng: random.Random) -> Step:
    letters = list(LOWER)
    rng.shuffle(letters)
    keep_case = rng.random() < 0.5
    body = """
mapping = dict(zip("abcdefghijklmnopqrstuvwxyz", alphabet))
if keep_case:
    mapping.update({key.upper(): value.upper() for key, value in mapping.items()})
else:
    string = string.lower()
return "".join(mapping.get(char, char) for char in string)
"""
    case = "keeping its case" if keep_case else "in lower case"
    says = f"replaces every letter by the one at its place in {''.join(letters)}, {case}"
    return Step(says, body, {"alphabet": "".join(letters), "keep_case": keep_case})


def look_alikes(rng: random.Random) -> Step:
    pairs = dict(rng.sample(list(zip("aeiostbglz", "4310578691")), rng.randint(3, 6)))
    body = 'return "".join(pairs.get(char, char) for char in string)'
    return Step(f"writes {', '.join(f'{k} as {v}' for k, v in pairs.items())}", body, {"pairs": pairs})


def digits_moved(rng: random.Random) -> Step:
    by = rng.randint(1, 9)
    body = """
return "".join(str((int(char) + by) % 10) if char in "0123456789" else char for char in string)
"""
    return Step(f"adds {by} to every digit, 9 being followed by 0", body, {"by": by})


def next_vowel(rng: random.Random) -> Step:
    body = """
vowels = "aeiou"
following = dict(zip(vowels, vowels[1:] + vowels[0]))
following.update({key.upper(): value.upper() for key, value in following.items()})
return "".join(following.get(char, char) for char in string)
"""
    return Step("turns every vowel into the next one (a, e, i, o, u and round again)", body)


def next_key(rng: random.Random) -> Step:
    body = """
following = {}
for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm"):
    for char, after in zip(row, row[1:] + row[0]):
        following[char] = after
return "".join(following.get(char, char) for char in string)
"""
    return Step("turns every small letter into the one to its right on the keyboard", body)


def letter_numbers(rng: random.Random) -> Step:
    mark = rng.choice(["-", " ", ","])
    body = """
places = [str(ord(char) - ord("a") + 1) for char in string.lower() if "a" <= char <= "z"]
return mark.join(places)
"""
    return Step(f"writes the place of each letter in the alphabet, with {mark!r} between them", body, {"mark": mark})


def code_points(rng: random.Random) -> Step:
    mark = rng.choice([" ", "-"])
    return Step(
        f"writes the code of every character, with {mark!r} between them",
        "return mark.join(str(ord(char)) for char in string)",
        {"mark": mark},
    )


def two_rails(rng: random.Random) -> Step:
    odd_first = rng.random() < 0.4
    body = "return string[1::2] + string[::2]" if odd_first else "return string[::2] + string[1::2]"
    order = (
        "second, fourth, …, then the first, third, …" if odd_first else "first, third, …, then the second, fourth, …"
    )
    return Step(f"writes the {order} characters", body)


FAMILIES = family_list(
    "cipher",
    caesar=caesar,
    caesar_by_character=caesar_by_character,
    caesar_by_length=caesar_by_length,
    caesar_by_position=caesar_by_position,
    code_points=code_points,
    digits_moved=digits_moved,
    keyword=keyword,
    letter_numbers=letter_numbers,
    look_alikes=look_alikes,
    mirrored_alphabet=mirrored_alphabet,
    next_key=next_key,
    next_vowel=next_vowel,
    substitution=substitution,
    two_rails=two_rails,
)
