"""Characters replaced, taken away, doubled and put in."""

from __future__ import annotations

import random

from ..step import Step, family_list
from .places import TIMES, characters, common_letter, literal, ordinal, signed, some_mark, some_shift, two_letters

_CLASSES = (
    ('char in "aeiouAEIOU"', "vowel"),
    ('char.isalpha() and char not in "aeiouAEIOU"', "consonant"),
    ("char.isdigit()", "digit"),
    ("char.isupper()", "capital"),
    ("char.islower()", "small letter"),
    ("char.isalpha()", "letter"),
    ("not char.isalnum()", "character that is neither letter nor digit"),
)


def _many(name: str) -> str:
    """`vowels` for `vowel`."""
    head, that, rest = name.partition(" that is ")
    return f"{head}s that are {rest}" if that else f"{name}s"


def replace_letter(rng: random.Random) -> Step:
    old, new = two_letters(rng)
    if rng.random() < 0.4:
        new = literal(rng, longest=3)
    return Step(f"replaces every {old!r} by {new!r}", "return string.replace(old, new)", {"old": old, "new": new})


def replace_first(rng: random.Random) -> Step:
    old, new = two_letters(rng)
    body = "return string.replace(old, new, 1)"
    if rng.random() < 0.4:
        body = "head, mark, tail = string.rpartition(old)\nreturn head + new + tail if mark else string"
        return Step(f"replaces the last {old!r} by {new!r}", body, {"old": old, "new": new})
    return Step(f"replaces the first {old!r} by {new!r}", body, {"old": old, "new": new})


def remove_letters(rng: random.Random) -> Step:
    letters = "".join(sorted(rng.sample("etaoinshrl", rng.randint(1, 3))))
    both = rng.random() < 0.4
    body = f'return "".join(char for char in string if char{".lower()" if both else ""} not in letters)'
    case = ", small or capital" if both else ""
    return Step(f"removes every {' and '.join(letters)}{case}", body, {"letters": letters})


def mask_class(rng: random.Random) -> Step:
    test, name = rng.choice(_CLASSES)
    new = some_mark(rng) if rng.random() < 0.6 else common_letter(rng)
    return Step(
        f"replaces every {name} by {new!r}",
        f'return "".join(new if {test} else char for char in string)',
        {"new": new},
    )


def remove_class(rng: random.Random) -> Step:
    test, name = rng.choice(_CLASSES)
    return Step(f"removes every {name}", f'return "".join(char for char in string if not ({test}))')


def keep_class(rng: random.Random) -> Step:
    test, name = rng.choice(_CLASSES)
    return Step(f"keeps nothing but {_many(name)}", f'return "".join(char for char in string if {test})')


def double_class(rng: random.Random) -> Step:
    times = rng.choice([2, 2, 3])
    test, name = rng.choice([*_CLASSES, ("True", "character")])
    body = f'return "".join(char * times if {test} else char for char in string)'
    return Step(f"writes every {name} {TIMES[times]}", body, {"times": times})


def beside_class(rng: random.Random) -> Step:
    test, name = rng.choice(_CLASSES[:4])
    text = literal(rng, longest=2)
    before = rng.random() < 0.4
    glued = "text + char" if before else "char + text"
    body = f'return "".join({glued} if {test} else char for char in string)'
    return Step(f"puts {text!r} {'before' if before else 'after'} every {name}", body, {"text": text})


def between_characters(rng: random.Random) -> Step:
    mark = some_mark(rng) if rng.random() < 0.7 else " "
    every = rng.choice([1, 1, 2, 3])
    body = "return mark.join(string[index:index + every] for index in range(0, len(string), every))"
    unit = "the characters" if every == 1 else f"groups of {every} characters"
    return Step(f"puts {mark!r} between {unit}", body, {"mark": mark, "every": every})


def put_at_end(rng: random.Random) -> Step:
    text = literal(rng)
    return Step(f"puts {text!r} at the end", "return string + text", {"text": text})


def put_in_front(rng: random.Random) -> Step:
    text = literal(rng)
    return Step(f"puts {text!r} in front", "return text + string", {"text": text})


def put_around(rng: random.Random) -> Step:
    left, right = rng.choice(
        [("(", ")"), ("[", "]"), ("<b>", "</b>"), ('"', '"'), ("* ", " *"), ("{", "}"), ("~", "~")]
    )
    return Step(
        f"puts the text between {left!r} and {right!r}", "return left + string + right", {"left": left, "right": right}
    )


def put_in_middle(rng: random.Random) -> Step:
    text = literal(rng, longest=2)
    body = "middle = len(string) // 2\nreturn string[:middle] + text + string[middle:]"
    return Step(f"puts {text!r} into the middle", body, {"text": text})


def put_at(rng: random.Random) -> Step:
    text, index = literal(rng, longest=2), rng.choice([1, 2, 3, 4, -1, -2])
    body = "return string[:index] + text + string[index:]"
    where = f"after the first {characters(index)}" if index > 0 else f"before the last {characters(-index)}"
    return Step(f"puts {text!r} {where}", body, {"text": text, "index": index})


_PLACES = ("first", "last", "middle", 1, 2, 3, -2)
_FIND_PLACE = """
if place == "first":
    index = 0
elif place == "last":
    index = len(string) - 1
elif place == "middle":
    index = len(string) // 2
else:
    index = place if place >= 0 else len(string) + place
if not 0 <= index < len(string):
    return string
char = string[index]
"""


def change_at(rng: random.Random) -> Step:
    """Something happens to the character at one place."""
    place = rng.choice(_PLACES)
    name = place if isinstance(place, str) else ordinal(place)
    shift, new = some_shift(rng), literal(rng, longest=1)
    change, says = rng.choice(
        [
            ('new = ""', f"removes the {name} character"),
            ("new = char.upper()", f"makes the {name} character a capital"),
            ("new = char * 2", f"writes the {name} character twice"),
            ("new = char * 3", f"writes the {name} character three times"),
            (f"new = {new!r}", f"replaces the {name} character by {new!r}"),
            (
                f"""new = char
for start in "aA":
    if 0 <= ord(char) - ord(start) < 26:
        new = chr((ord(char) - ord(start) + {shift}) % 26 + ord(start))""",
                f"moves the {name} character {signed(shift)} in the alphabet if it is a letter",
            ),
        ]
    )
    return Step(says, f"{_FIND_PLACE}{change}\nreturn string[:index] + new + string[index + 1:]", {"place": place})


def copy_to(rng: random.Random) -> Step:
    """The first or last character is written again at the other end."""
    body, says = rng.choice(
        [
            ("return string + string[:1]", "puts the first character at the end as well"),
            ("return string[-1:] + string", "puts the last character in front as well"),
            ("return string[:-1] + string[:1]", "replaces the last character by the first"),
            ("return string[-1:] + string[1:]", "replaces the first character by the last"),
        ]
    )
    return Step(says, body)


def every_nth(rng: random.Random) -> Step:
    step = rng.choice([2, 2, 3])
    drop = rng.random() < 0.5
    if drop:
        body = 'return "".join(char for index, char in enumerate(string) if (index + 1) % step)'
        return Step(f"removes every {ordinal(step - 1)} character", body, {"step": step})
    return Step(f"keeps the first of every {step} characters", "return string[::step]", {"step": step})


FAMILIES = family_list(
    "edit",
    beside_class=beside_class,
    between_characters=between_characters,
    change_at=change_at,
    copy_to=copy_to,
    double_class=double_class,
    every_nth=every_nth,
    keep_class=keep_class,
    mask_class=mask_class,
    put_around=put_around,
    put_at=put_at,
    put_at_end=put_at_end,
    put_in_front=put_in_front,
    put_in_middle=put_in_middle,
    remove_class=remove_class,
    remove_letters=remove_letters,
    replace_first=replace_first,
    replace_letter=replace_letter,
)
