"""Steps that throw dice: asked twice, they may answer differently."""

from __future__ import annotations

import random

from ..step import Step, family_list


def random_capital(rng: random.Random) -> Step:
    body = """
if not string:
    return string
index = random.randrange(len(string))
return string[:index] + string[index].upper() + string[index + 1:]
"""
    return Step("makes one character, picked at random, a capital", body, imports=("random",))


def random_end(rng: random.Random) -> Step:
    count = rng.randint(1, 3)
    body = 'return string + "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(count))'
    return Step(f"puts {count} random letters at the end", body, {"count": count}, ("random",))


def random_drop(rng: random.Random) -> Step:
    body = """
if not string:
    return string
index = random.randrange(len(string))
return string[:index] + string[index + 1:]
"""
    return Step("removes one character, picked at random", body, imports=("random",))


def random_order(rng: random.Random) -> Step:
    body = 'return "".join(random.sample(string, len(string)))'
    return Step("shuffles the characters", body, imports=("random",))


FAMILIES = family_list(
    "chance",
    random_capital=random_capital,
    random_drop=random_drop,
    random_end=random_end,
    random_order=random_order,
)
