"""Steps on words, and shapes made of pieces with something usual between them."""

from __future__ import annotations

from collections.abc import Iterator

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, EachWord, Expression, absent, call, literal, number

BETWEEN = ("", " ", "-", "_", ".", ",", ", ", "/", "|")
"""What is usual between pieces."""
JOINING = (
    v.JOIN_SMALL_WORDS, v.JOIN_CAPITAL_WORDS, v.CAPITAL_INITIALS_WITH, v.CAPITAL_INITIALS, v.STAIRCASE,
    v.FALLING_STAIRCASE, v.REPEAT_BY_POSITION_WITH, v.MIRROR_IMAGE_WITH, v.MIRROR_IMAGE_FIRST_WITH,
    v.ALPHABET_PLACES, v.WORD_LENGTHS, v.JOIN_WORDS, v.CODE_POINTS,
)  # fmt: skip
_PIG_LATIN_ENDINGS = (("ay", "ay"), ("way", "ay"), ("yay", "ay"), ("hay", "ay"), ("", "ay"))
"""Added after words that begin with a vowel, and after others."""


def word_steps() -> Iterator[Expression]:
    """All of them."""
    for word in (v.SORT_AT, v.REVERSE_AT):
        for positions in (v.LETTERS, v.VOWELS, v.CONSONANTS, v.DIGITS, v.CAPITALS):
            yield call(word, CURRENT, call(positions, CURRENT))
    yield from _choosing_words()
    yield from _joining()
    for tidily in (False, True):
        yield from (EachWord(step, tidily) for step in _for_a_word())
    yield from _pig_latin()


def _choosing_words() -> Iterator[Expression]:
    for word in (v.WORD_NUMBER, v.ROTATE_WORDS):
        yield from (call(word, CURRENT, number(index)) for index in (0, 1, -1))
    for start in (0, 1):
        yield call(v.UPPER_EVERY_SECOND_WORD, CURRENT, number(start))
        yield call(v.REVERSE_EVERY_SECOND_WORD, CURRENT, number(start))
    for index in (1, 2, -1, -2):
        yield call(v.WORDS_FROM, CURRENT, number(index), absent())
        yield call(v.WORDS_FROM, CURRENT, absent(), number(index))
    for count in range(2, 7):
        yield call(v.LONG_WORDS, CURRENT, number(count))
        yield call(v.SHORT_WORDS, CURRENT, number(count))


def _joining() -> Iterator[Expression]:
    """Pieces with something usual between them."""
    for mark in map(literal, BETWEEN):
        yield from (call(word, CURRENT, mark) for word in JOINING)
        yield from (call(v.BOTH_ENDS_WITH, CURRENT, number(count), mark) for count in (1, 2, 3))
        yield call(v.SPELL_DIGITS, CURRENT, mark)
        yield call(v.SPELL_DIGITS_BETWEEN, CURRENT, mark, mark)


def doubled_words(between: str) -> Iterator[Expression]:
    """Each word written twice, with `between` in the middle."""
    for tidily in (True, False):
        yield EachWord(call(v.REPEAT_WITH, CURRENT, number(2), literal(between)), tidily)


def _for_a_word() -> Iterator[Expression]:
    for count in (1, 2, 3, 4, 5, -1):
        yield call(v.PART, CURRENT, absent(), number(count))
        yield call(v.PART, CURRENT, number(count), absent())
    for word in (v.SORT, v.REVERSE, v.CAPITALIZE, v.UPPER, v.LOWER, v.SWAP_CASE):
        yield call(word, CURRENT)
    for index in (0, -1):
        place = call(v.AT, CURRENT, number(index))
        yield call(v.UPPER_AT, CURRENT, place)
        yield call(v.LOWER_AT, CURRENT, place)
        yield call(v.REPEAT_AT, CURRENT, place, number(2))
    yield call(v.SWAP_CHARACTERS, CURRENT, number(0), number(-1))
    yield call(v.REPEAT, CURRENT, number(2))
    yield call(v.KEEP, CURRENT, call(v.BOTH_ENDS, CURRENT))
    yield call(v.MOVE_START_TO_END, CURRENT, number(1))
    yield call(v.MOVE_END_TO_START, CURRENT, number(1))


def _pig_latin() -> Iterator[Expression]:
    for after_vowel, after_consonant in _PIG_LATIN_ENDINGS:
        yield from pig_latin(after_vowel, after_consonant)
    yield call(v.FIRST_LETTER_TO_END, CURRENT, literal(""))
    yield call(v.FIRST_LETTER_TO_END, CURRENT, literal("ay"))


def pig_latin(after_vowel: str, after_consonant: str) -> Iterator[Expression]:
    """With these endings, as it is usually spoken and with the first letter alone moved, spaces kept or tidied."""
    for word in (v.PIG_LATIN, v.SIMPLE_PIG_LATIN):
        step = call(word, CURRENT, literal(after_vowel), literal(after_consonant))
        yield step
        yield EachWord(step, tidily=True)
