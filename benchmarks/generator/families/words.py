"""Words and the spaces between them."""

from __future__ import annotations

import random

from ..step import Step, family_list
from .places import characters, literal, ordinal


def reverse_words(rng: random.Random) -> Step:
    return Step("puts the words in the opposite order", 'return " ".join(string.split()[::-1])')


def reverse_each_word(rng: random.Random) -> Step:
    return Step("reverses each word", 'return " ".join(word[::-1] for word in string.split(" "))')


def sort_words(rng: random.Random) -> Step:
    key, says = rng.choice(
        [
            ("", "sorts the words"),
            (", key=len", "sorts the words from short to long"),
            (", key=str.lower", "sorts the words whatever their case"),
            (", reverse=True", "sorts the words backwards"),
        ]
    )
    return Step(says, f'return " ".join(sorted(string.split(){key}))')


def pick_word(rng: random.Random) -> Step:
    index = rng.choice([0, -1, 1])
    body = """
words = string.split()
if not -len(words) <= index < len(words):
    return ""
return words[index]
"""
    return Step(f"gives the {ordinal(index)} word, or nothing where there is none", body, {"index": index})


def drop_word(rng: random.Random) -> Step:
    first = rng.random() < 0.5
    piece = "[1:]" if first else "[:-1]"
    return Step(f"drops the {'first' if first else 'last'} word", f'return " ".join(string.split(){piece})')


def longest_word(rng: random.Random) -> Step:
    long = rng.random() < 0.6
    name = "longest" if long else "shortest"
    body = f'words = string.split()\nreturn {"max" if long else "min"}(words, key=len) if words else ""'
    return Step(f"gives the {name} word, the first of several", body)


def initials(rng: random.Random) -> Step:
    after = rng.choice(["", "", ".", "-"])
    upper = rng.random() < 0.7
    body = f'return "".join(word[0]{".upper()" if upper else ""} + after for word in string.split())'
    with_mark = f", each followed by {after!r}" if after else ""
    case = " as capitals" if upper else ""
    return Step(f"gives the first letters of the words{case}{with_mark}", body, {"after": after})


def pig_latin(rng: random.Random) -> Step:
    way = rng.choice(["", "way", "yay"])
    end = rng.choice(["ay", "ay", "oy"])
    body = """
result = []
for word in string.split():
    if vowel_end and word[0].lower() in "aeiou":
        result.append(word + vowel_end)
    else:
        result.append(word[1:] + word[0] + end)
return " ".join(result)
"""
    vowels = f"; words that begin with a vowel get {way!r} instead" if way else ""
    return Step(
        f"moves the first letter of each word to its end and adds {end!r}{vowels}", body, {"vowel_end": way, "end": end}
    )


def join_words(rng: random.Random) -> Step:
    mark = rng.choice(["-", "_", ", ", "", "+", " and ", "|"])
    return Step(f"joins the words with {mark!r}", "return mark.join(string.split())", {"mark": mark})


def replace_spaces(rng: random.Random) -> Step:
    mark = rng.choice(["_", "-", "", "%20", ".", "  "])
    return Step(f"replaces every space by {mark!r}", 'return string.replace(" ", mark)', {"mark": mark})


def tidy_spaces(rng: random.Random) -> Step:
    body, says = rng.choice(
        [
            ('return " ".join(string.split())', "tidies the spaces: one between words, none at the ends"),
            ("return string.strip()", "takes the spaces off the ends"),
        ]
    )
    return Step(says, body)


def swap_outer_words(rng: random.Random) -> Step:
    body = """
words = string.split()
if len(words) < 2:
    return string
words[0], words[-1] = words[-1], words[0]
return " ".join(words)
"""
    return Step("swaps the first and the last word", body)


def swap_initials(rng: random.Random) -> Step:
    body = """
words = string.split()
if len(words) < 2:
    return string
first, second = words[0], words[1]
words[0], words[1] = second[0] + first[1:], first[0] + second[1:]
return " ".join(words)
"""
    return Step("swaps the first letters of the first two words", body)


def mark_words(rng: random.Random) -> Step:
    text, front = literal(rng, longest=2), rng.random() < 0.5
    glued = "text + word" if front else "word + text"
    body = f'return " ".join({glued} for word in string.split())'
    return Step(f"puts {text!r} {'in front of' if front else 'behind'} every word", body, {"text": text})


def keep_long_words(rng: random.Random) -> Step:
    count, long = rng.randint(4, 6), rng.random() < 0.6
    sign = ">=" if long else "<"
    body = f'return " ".join(word for word in string.split() if len(word) {sign} count)'
    says = f"keeps the words with {'at least' if long else 'fewer than'} {count} characters"
    return Step(says, body, {"count": count})


def sort_inside_words(rng: random.Random) -> Step:
    return Step(
        "sorts the characters of each word", 'return " ".join("".join(sorted(word)) for word in string.split())'
    )


def shorten_words(rng: random.Random) -> Step:
    count = rng.randint(1, 4)
    body = 'return " ".join(word[:count] for word in string.split())'
    return Step(f"keeps the first {characters(count)} of each word", body, {"count": count})


def numeronym(rng: random.Random) -> Step:
    body = """
words = [word if len(word) < 4 else word[0] + str(len(word) - 2) + word[-1] for word in string.split()]
return " ".join(words)
"""
    says = "writes words of four characters and more as their first letter, the number of letters between, and the last"
    return Step(says, body)


def unique_words(rng: random.Random) -> Step:
    return Step("keeps each word once, where it comes first", 'return " ".join(dict.fromkeys(string.split()))')


def double_words(rng: random.Random) -> Step:
    mark = rng.choice([" ", "-", ""])
    body = 'return " ".join(word + mark + word for word in string.split())'
    return Step(f"writes each word twice with {mark!r} between", body, {"mark": mark})


def word_lengths(rng: random.Random) -> Step:
    mark = rng.choice([" ", "-", ","])
    body = "return mark.join(str(len(word)) for word in string.split())"
    return Step(f"writes the length of each word, with {mark!r} between", body, {"mark": mark})


FAMILIES = family_list(
    "words",
    double_words=double_words,
    drop_word=drop_word,
    initials=initials,
    join_words=join_words,
    keep_long_words=keep_long_words,
    longest_word=longest_word,
    mark_words=mark_words,
    numeronym=numeronym,
    pick_word=pick_word,
    pig_latin=pig_latin,
    replace_spaces=replace_spaces,
    reverse_each_word=reverse_each_word,
    reverse_words=reverse_words,
    shorten_words=shorten_words,
    sort_inside_words=sort_inside_words,
    sort_words=sort_words,
    swap_initials=swap_initials,
    swap_outer_words=swap_outer_words,
    tidy_spaces=tidy_spaces,
    unique_words=unique_words,
    word_lengths=word_lengths,
)
