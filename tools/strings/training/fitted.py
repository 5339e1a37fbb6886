"""Steps with parameters that a search cannot try out, but only fit: drawn at random, for training."""

from __future__ import annotations

import random
import string

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, EachWord, Expression, call, literal, number, table

_LETTERS = string.ascii_lowercase
_MARKS = "-_.*#~+:!"


def fitted_step(rng: random.Random) -> Expression:
    """One of them; all kinds are equally likely."""
    makers = (_map, _map, _sparse_map, _classes, _keyword, _by_position, _put_in, _placed, _part, _choice_of_letters)
    return rng.choice(makers)(rng)


def _map(rng: random.Random) -> Expression:
    """A substitution of the whole alphabet."""
    changes = dict(zip(_LETTERS, rng.sample(_LETTERS, 26)))
    word = rng.choice((v.TRANSLATE, v.TRANSLATE_KEEPING_CASE, v.TRANSLATE_KEEPING_CASE))
    return call(word, CURRENT, table(changes))


def _sparse_map(rng: random.Random) -> Expression:
    """A few characters replaced, each with another."""
    old = rng.choice(("aeiou", string.digits, "".join(rng.sample(_LETTERS, rng.randint(2, 8)))))
    new = [rng.choice(_LETTERS + string.digits + _MARKS) for _ in old]
    return call(v.TRANSLATE, CURRENT, table(dict(zip(old, new))))


def _classes(rng: random.Random) -> Expression:
    """Every character told by its kind alone."""
    return call(v.SIGNATURE, CURRENT, *map(literal, rng.sample(string.ascii_letters + _MARKS, 3)))


def _keyword(rng: random.Random) -> Expression:
    word = rng.choice((v.SHIFT_BY_KEYWORD, v.SHIFT_BY_KEYWORD_EVERYWHERE))
    return call(word, CURRENT, literal("".join(rng.choices(_LETTERS, k=rng.randint(2, 6)))))


def _by_position(rng: random.Random) -> Expression:
    return call(v.SHIFT_BY_POSITION, CURRENT, number(rng.randint(0, 4)), number(rng.choice((-2, -1, 1, 2, 3))))


def _put_in(rng: random.Random) -> Expression:
    """A constant of some characters put somewhere."""
    new = literal("".join(rng.choices(string.ascii_letters + string.digits + _MARKS + " ", k=rng.randint(1, 5))))
    makers = (
        lambda: call(v.APPEND, CURRENT, new), lambda: call(v.PREPEND, CURRENT, new),
        lambda: call(v.INSERT, CURRENT, number(rng.choice((1, 2, 3, 4, 5, 6, -1, -2))), new),
        lambda: call(v.ENSURE_END, CURRENT, new), lambda: call(v.PUT_AROUND, CURRENT, new, new),
        lambda: call(v.PUT_AROUND, CURRENT, literal("("), literal(")")), lambda: call(v.PUT_BETWEEN, CURRENT, new),
        lambda: EachWord(call(rng.choice((v.APPEND, v.PREPEND)), CURRENT, new), tidily=True),
        lambda: call(v.REPLACE, CURRENT, literal(rng.choice("aeinorst ")), new),
        lambda: call(v.REPLACE_FIRST, CURRENT, literal(rng.choice("aeinorst")), new),
        lambda: call(v.REPEAT_WITH, CURRENT, number(2), new), lambda: call(v.JOIN_WORDS, CURRENT, new),
    )  # fmt: skip
    return rng.choice(makers)()


def _positions(rng: random.Random) -> Expression:
    classes = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS, v.FIRST_HALF, v.SECOND_HALF, v.WORD_STARTS,
               v.WORD_ENDS, v.MIDDLE, v.BOTH_ENDS)  # fmt: skip
    makers = (
        lambda: call(rng.choice(classes), CURRENT), lambda: call(v.AT, CURRENT, number(rng.randint(-3, 6))),
        lambda: call(v.EVERY, CURRENT, number(rng.randint(2, 4)), number(rng.randint(0, 1))),
        lambda: call(v.FIRST, CURRENT, number(rng.randint(2, 5))),
        lambda: call(v.LAST, CURRENT, number(rng.randint(2, 5))),
        lambda: call(v.BEFORE_LAST, CURRENT, number(rng.randint(1, 4))),
        lambda: call(v.AFTER_FIRST, CURRENT, number(rng.randint(1, 4))),
        lambda: call(v.ONE_OF, CURRENT, literal(rng.choice("aeinorstl"))),
    )  # fmt: skip
    return rng.choice(makers)()


def _placed(rng: random.Random) -> Expression:
    """Something done to characters at chosen positions."""
    new = literal("".join(rng.choices(string.ascii_letters + _MARKS, k=rng.randint(1, 2))))
    shift = number(rng.choice((-3, -2, -1, 1, 2, 3, 5, 13)))
    positions = _positions(rng)
    makers = (
        lambda: call(rng.choice((v.UPPER_AT, v.LOWER_AT, v.SWAP_CASE_AT, v.KEEP, v.DELETE)), CURRENT, positions),
        lambda: call(v.REPLACE_AT, CURRENT, positions, new), lambda: call(v.SHIFT_AT, CURRENT, positions, shift),
        lambda: call(v.REPEAT_AT, CURRENT, positions, number(rng.randint(2, 3))),
        lambda: call(rng.choice((v.INSERT_BEFORE, v.INSERT_AFTER)), CURRENT, positions, new),
        lambda: call(rng.choice((v.REVERSE_AT, v.SORT_AT, v.MOVE_TO_START, v.MOVE_TO_END)), CURRENT, positions),
    )  # fmt: skip
    return rng.choice(makers)()


def _part(rng: random.Random) -> Expression:
    cut = call(v.PART, CURRENT, number(rng.randint(1, 3)), number(rng.choice((-3, -2, -1, 5, 6, 8))))
    most = rng.randint(4, 10)
    ending = literal(rng.choice(("...", "~", "", "+", "…")))
    return rng.choice((cut, call(v.CUT_OFF, CURRENT, number(most), number(most), ending)))


def _choice_of_letters(rng: random.Random) -> Expression:
    """Some letters kept or deleted."""
    some = call(v.ONE_OF, CURRENT, literal("".join(sorted(rng.sample("aeioulnrstdhcm", rng.randint(1, 4))))))
    return call(rng.choice((v.DELETE, v.DELETE, v.KEEP)), CURRENT, some)
