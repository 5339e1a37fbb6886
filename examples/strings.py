"""Functions computed from the characters of a text, to be explained as programs.

zetetic explain python:examples/strings.py:licence_plate
zetetic explain python:examples/strings.py:badge
zetetic explain python:examples/strings.py:vowels --gives count

The annotation `-> str` says that a text comes back; for others say `--gives text`.
"""

from __future__ import annotations

import random


def licence_plate(text: str) -> str:
    """In capitals, without vowels."""
    return "".join(c for c in text.upper() if c not in "AEIOU")


def secret(text: str) -> str:
    """Every letter moved three places on in the alphabet, then all of it backwards."""

    def moved(c: str) -> str:
        if not (c.isascii() and c.isalpha()):
            return c
        first = ord("a") if c.islower() else ord("A")
        return chr(first + (ord(c) - first + 3) % 26)

    return "".join(map(moved, text))[::-1]


def badge(text: str) -> str:
    """Backwards; but names with a digit are not accepted."""
    return "" if any(c.isdigit() for c in text) else text[::-1]


def seven(text: str) -> str:
    """In capitals with a mark at the end; texts of seven characters are left alone."""
    return text if len(text) == 7 else text.upper() + "!"


def initial(text: str) -> str:
    """The third character, three times. Shorter texts have none, and raise."""
    return text[2] * 3


def shuffled(text: str) -> str:
    """The same characters in an order of their own each time."""
    return "".join(random.sample(text, len(text)))


def password(text: str) -> str:
    """Always the same."""
    return "swordfish"


def vowels(text: str) -> int:
    """How many vowels there are."""
    return sum(c in "aeiouAEIOU" for c in text)
