"""Numbers in words, places in a text and letters: what several families draw from."""

from __future__ import annotations

import random

LOWER = "abcdefghijklmnopqrstuvwxyz"
COMMON = "etaoinshrdlu"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
TIMES = {2: "twice", 3: "three times", 4: "four times"}
MARKS = "-_*#+=~.!?"


def ordinal(index: int) -> str:
    """`third` for 2; `last but one` for -2."""
    if index >= 0:
        return ORDINALS[index]
    return {-1: "last", -2: "last but one", -3: "last but two"}[index]


def common_letter(rng: random.Random) -> str:
    """A letter, mostly one that texts have."""
    return rng.choice(COMMON if rng.random() < 0.8 else LOWER)


def any_letter(rng: random.Random) -> str:
    """A letter, in either case."""
    letter = rng.choice(LOWER)
    return letter.upper() if rng.random() < 0.3 else letter


def two_letters(rng: random.Random) -> tuple[str, str]:
    """A letter that texts have, and another one."""
    first = common_letter(rng)
    return first, rng.choice([letter for letter in LOWER if letter != first])


def some_mark(rng: random.Random) -> str:
    """A mark of punctuation."""
    return rng.choice(MARKS)


def literal(rng: random.Random, *, longest: int = 4) -> str:
    """A short text to put somewhere: letters, digits, a mark or a small word."""
    kind = rng.random()
    if kind < 0.4:
        return "".join(any_letter(rng) for _ in range(rng.randint(1, longest)))
    if kind < 0.55:
        return "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 3)))
    if kind < 0.75:
        return some_mark(rng)
    return rng.choice(["ing", "er", "!!", "...", "ly", "pre", "un", "x", "ok", "ish", "-", "sub", "ness", "Mr", "end"])


def signed(shift: int) -> str:
    """`3 places forward` or `4 places back`."""
    count = abs(shift)
    return f"{count} place{'s' if count > 1 else ''} {'forward' if shift > 0 else 'back'}"


def some_shift(rng: random.Random) -> int:
    """How far letters move, either way."""
    return rng.choice([-1, 1]) * rng.randint(1, 12)


def characters(count: int) -> str:
    """`character` for 1, `3 characters` for 3: what follows "the first"."""
    return "character" if count == 1 else f"{count} characters"
