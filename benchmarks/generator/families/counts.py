"""Numbers that a text has, as digits or words, and what is made of repeated characters."""

from __future__ import annotations

import random

from ..step import Step, family_list
from .places import common_letter, ordinal

_IN_WORDS = """
def in_words(number):
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ).split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    if number < 20:
        return small[number]
    if number < 100:
        rest = number % 10
        return tens[number // 10 - 2] + ("-" + small[rest] if rest else "")
    return str(number)
"""
_MEASURES = (
    ("len(string)", "the length of the text"),
    ('sum(char in "aeiouAEIOU" for char in string)', "the number of vowels"),
    ('sum(char.isalpha() and char not in "aeiouAEIOU" for char in string)', "the number of consonants"),
    ("sum(char.isdigit() for char in string)", "the number of digits"),
    ("sum(char.isupper() for char in string)", "the number of capitals"),
    ("len(string.split())", "the number of words"),
    ("len(set(string))", "the number of different characters"),
    ("sum(char.isalpha() for char in string)", "the number of letters"),
    ("max(map(len, string.split()), default=0)", "the length of the longest word"),
)


def _measure(rng: random.Random) -> tuple[str, str]:
    if rng.random() < 0.25:
        letter = common_letter(rng)
        return f"string.count({letter!r})", f"how often {letter!r} comes"
    return rng.choice(_MEASURES)


def count_in_digits(rng: random.Random) -> Step:
    number, says = _measure(rng)
    return Step(f"gives {says} in digits", f"return str({number})")


def count_in_words(rng: random.Random) -> Step:
    number, says = _measure(rng)
    return Step(f"gives {says} as an English word", f"{_IN_WORDS}\nreturn in_words({number})")


def count_added(rng: random.Random) -> Step:
    number, says = _measure(rng)
    left, right = rng.choice([("", ""), (" (", ")"), ("-", ""), (": ", ""), ("#", "")])
    front = rng.random() < 0.3
    body = f"return str({number}) + left + string" if front else f"return string + left + str({number}) + right"
    where = "in front" if front else "at the end"
    constants = {"left": left} if front else {"left": left, "right": right}
    return Step(f"puts {says} {where}", body, constants)


def letter_place(rng: random.Random) -> Step:
    index, words = rng.choice([0, -1, 1, 2, -2]), rng.random() < 0.5
    body = f"""
{_IN_WORDS if words else ""}
if not -len(string) <= index < len(string):
    return string
char = string[index].lower()
place = ord(char) - ord("a") + 1 if "a" <= char <= "z" else 0
return {"in_words(place)" if words else "str(place)"}
"""
    how = "as an English word" if words else "in digits"
    says = f"gives the place in the alphabet of the {ordinal(index)} character {how}, zero if it is no letter"
    return Step(says, body, {"index": index})


def digits_in_words(rng: random.Random) -> Step:
    mark = rng.choice(["", " "])
    body = """
names = "zero one two three four five six seven eight nine".split()
return "".join(mark + names[int(char)] + mark if char in "0123456789" else char for char in string)
"""
    around = " with a space on either side" if mark else ""
    return Step(f"writes every digit as an English word{around}", body, {"mark": mark})


def digit_sum(rng: random.Random) -> Step:
    body = 'return str(sum(int(char) for char in string if char in "0123456789"))'
    return Step("gives the sum of the digits", body)


def letter_sum(rng: random.Random) -> Step:
    body = 'return str(sum(ord(char) - ord("a") + 1 for char in string.lower() if "a" <= char <= "z"))'
    return Step("gives the sum of the letters' places in the alphabet", body)


def commonest(rng: random.Random) -> Step:
    body = 'return max(string, key=string.count) if string else ""'
    return Step("gives the commonest character, the first of several", body)


def unique_characters(rng: random.Random) -> Step:
    return Step("keeps each character once, where it comes first", 'return "".join(dict.fromkeys(string))')


def single_characters(rng: random.Random) -> Step:
    once = rng.random() < 0.5
    sign, says = ("==", "only once") if once else (">", "more than once")
    body = f'return "".join(char for char in string if string.count(char) {sign} 1)'
    return Step(f"keeps the characters that come {says}", body)


def squeeze(rng: random.Random) -> Step:
    body = """
result = ""
for char in string:
    if not result.endswith(char):
        result += char
return result
"""
    return Step("writes runs of a character once", body)


def run_lengths(rng: random.Random) -> Step:
    number_first, ones = rng.random() < 0.4, rng.random() < 0.5
    body = f"""
result = ""
for char, run in groupby(string):
    count = len(list(run))
    number = str(count) if count > 1 or ones else ""
    result += {"number + char" if number_first else "char + number"}
return result
"""
    order = "its length and the character" if number_first else "the character and its length"
    single = "" if ones else ", the length only where it is above one"
    return Step(f"writes each run as {order}{single}", "from itertools import groupby\n" + body, {"ones": ones})


def parity(rng: random.Random) -> Step:
    number, says = _measure(rng)
    even, odd = rng.choice([("even", "odd"), ("yes", "no"), ("left", "right")])
    body = f"return even if ({number}) % 2 == 0 else odd"
    return Step(f"says {even!r} where {says} is even, else {odd!r}", body, {"even": even, "odd": odd})


def verdict(rng: random.Random) -> Step:
    yes, no = rng.choice([("yes", "no"), ("True", "False"), ("1", "0")])
    test, says = rng.choice(
        [
            ("string.lower() == string.lower()[::-1]", "the text reads the same backwards, whatever the case"),
            ('" " in string', "there is a space"),
            ("any(char.isdigit() for char in string)", "there is a digit"),
            ('string[:1].lower() in tuple("aeiou")', "the text begins with a vowel"),
            ("string == string.lower()", "there is no capital"),
            ("len(set(string)) == len(string)", "no character comes twice"),
        ]
    )
    return Step(f"says {yes!r} where {says}, else {no!r}", f"return yes if {test} else no", {"yes": yes, "no": no})


def signature(rng: random.Random) -> Step:
    body = """
names = []
for char in string:
    if char.isdigit():
        names.append(digit)
    elif char.isupper():
        names.append(capital)
    elif char.isalpha():
        names.append(small)
    else:
        names.append(char)
return "".join(names)
"""
    digit, capital, small = rng.choice([("9", "A", "a"), ("d", "U", "l"), ("#", "X", "x")])
    says = f"writes every digit as {digit!r}, every capital as {capital!r} and every small letter as {small!r}"
    return Step(says, body, {"digit": digit, "capital": capital, "small": small})


FAMILIES = family_list(
    "count",
    commonest=commonest,
    count_added=count_added,
    count_in_digits=count_in_digits,
    count_in_words=count_in_words,
    digit_sum=digit_sum,
    digits_in_words=digits_in_words,
    letter_place=letter_place,
    letter_sum=letter_sum,
    parity=parity,
    run_lengths=run_lengths,
    signature=signature,
    single_characters=single_characters,
    squeeze=squeeze,
    unique_characters=unique_characters,
    verdict=verdict,
)
