"""Characters in another order."""

from __future__ import annotations

import random

from ..step import Step, family_list
from .places import characters


def reverse(rng: random.Random) -> Step:
    return Step("reverses the text", "return string[::-1]")


def reverse_half(rng: random.Random) -> Step:
    first = rng.random() < 0.5
    body = """
middle = len(string) // 2
return string[:middle][::-1] + string[middle:] if first else string[:middle] + string[middle:][::-1]
"""
    return Step(f"reverses the {'first' if first else 'second'} half", body, {"first": first})


def swap_halves(rng: random.Random) -> Step:
    return Step("swaps the halves", "middle = len(string) // 2\nreturn string[middle:] + string[:middle]")


def swap_ends(rng: random.Random) -> Step:
    body = """
if len(string) < 2:
    return string
return string[-1] + string[1:-1] + string[0]
"""
    return Step("swaps the first and the last character", body)


def swap_pairs(rng: random.Random) -> Step:
    body = """
chars = list(string)
for index in range(0, len(chars) - 1, 2):
    chars[index], chars[index + 1] = chars[index + 1], chars[index]
return "".join(chars)
"""
    return Step("swaps the characters in pairs", body)


def swap_two(rng: random.Random) -> Step:
    first, second = sorted(rng.sample(range(5), 2))
    body = """
if len(string) <= second:
    return string
chars = list(string)
chars[first], chars[second] = chars[second], chars[first]
return "".join(chars)
"""
    says = f"swaps the characters at positions {first} and {second}, counted from 0, if both are there"
    return Step(says, body, {"first": first, "second": second})


def rotate(rng: random.Random) -> Step:
    by = rng.randint(1, 4)
    left = rng.random() < 0.5
    body = """
if not string:
    return string
by = by % len(string)
return string[by:] + string[:by]
"""
    says = f"moves the {'first' if left else 'last'} {characters(by)} to the other end"
    return Step(says, body, {"by": by if left else -by})


def sort_characters(rng: random.Random) -> Step:
    backwards, fold = rng.random() < 0.3, rng.random() < 0.3
    key = ", key=str.lower" if fold else ""
    how = (" whatever their case" if fold else "") + (", backwards" if backwards else "")
    return Step(
        f"sorts the characters{how}",
        f'return "".join(sorted(string{key}, reverse=backwards))',
        {"backwards": backwards},
    )


def sort_letters_in_place(rng: random.Random) -> Step:
    body = """
letters = sorted(char for char in string if char.isalpha())
return "".join(letters.pop(0) if char.isalpha() else char for char in string)
"""
    return Step("sorts the letters and leaves everything else where it is", body)


def reverse_letters_in_place(rng: random.Random) -> Step:
    body = """
letters = [char for char in string if char.isalpha()]
return "".join(letters.pop() if char.isalpha() else char for char in string)
"""
    return Step("reverses the letters and leaves everything else where it is", body)


def interleave_halves(rng: random.Random) -> Step:
    body = """
middle = (len(string) + 1) // 2
first, second = string[:middle], string[middle:]
result = []
for index, char in enumerate(first):
    result.append(char)
    if index < len(second):
        result.append(second[index])
return "".join(result)
"""
    return Step("shuffles the two halves into each other like cards", body)


def outside_in(rng: random.Random) -> Step:
    body = """
result = []
left, right = 0, len(string) - 1
while left <= right:
    result.append(string[left])
    if left < right:
        result.append(string[right])
    left, right = left + 1, right - 1
return "".join(result)
"""
    return Step("takes characters from the two ends in turns", body)


def group_first(rng: random.Random) -> Step:
    test, name = rng.choice(
        [
            ('char in "aeiouAEIOU"', "vowels"),
            ("char.isdigit()", "digits"),
            ("char.isupper()", "capitals"),
            ("char.isalpha()", "letters"),
        ]
    )
    body = f"""
wanted = [char for char in string if {test}]
others = [char for char in string if not ({test})]
return "".join(wanted + others) if to_front else "".join(others + wanted)
"""
    front = rng.random() < 0.5
    return Step(f"moves the {name} to the {'front' if front else 'end'}", body, {"to_front": front})


FAMILIES = family_list(
    "order",
    group_first=group_first,
    interleave_halves=interleave_halves,
    outside_in=outside_in,
    reverse=reverse,
    reverse_half=reverse_half,
    reverse_letters_in_place=reverse_letters_in_place,
    rotate=rotate,
    sort_characters=sort_characters,
    sort_letters_in_place=sort_letters_in_place,
    swap_ends=swap_ends,
    swap_halves=swap_halves,
    swap_pairs=swap_pairs,
    swap_two=swap_two,
)
