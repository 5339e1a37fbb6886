"""Steps whose constants are read off the pairs, and constants that a later step may have changed."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterator, Sequence

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, EachWord, Expression, Word, call, literal, number, table
from . import shown, usual
from .numbers import numbers_at_ends
from .words import BETWEEN, JOINING, doubled_words, pig_latin

_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS, v.SMALL_LETTERS, v.WHITE_SPACE, v.MARKS)
_MOST_CHARACTERS, _MOST_USED, _MOST_NEW, _MOST_PIECES = 14, 30, 6, 8
_MOST_REPLACED = (v.VOWELS, v.CONSONANTS, v.DIGITS, v.CAPITALS, v.WHITE_SPACE, v.MARKS)
_JOINING_BY_PIECES = (v.JOIN_WORDS, v.MIRROR_IMAGE_WITH, v.STAIRCASE, v.CAPITAL_INITIALS_WITH)
_BESIDE = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS)
_FEW, _MOST_LETTERS, _MOST_BESIDE = 4, 20, 6
Texts = Sequence[str]


def constant_steps(inputs: Texts, outputs: Texts) -> Iterator[Expression]:
    """Characters and pieces that have come put in, or in the place of others."""
    characters = shown.new_characters(inputs, outputs)
    pieces = shown.put_in(inputs, outputs)
    classes: list[Expression] = [call(word, CURRENT) for word in _CLASSES]
    places = [call(v.AT, CURRENT, number(index)) for index in (*range(9), -1, -2)]
    places += [call(v.MIDDLE, CURRENT), call(v.SEEN_BEFORE, CURRENT)]
    for new in characters[:_MOST_CHARACTERS]:
        yield from _put_in(new, JOINING)
        yield from (call(v.REPLACE_AT, CURRENT, positions, literal(new)) for positions in (*classes, *places))
    for new in pieces:
        yield from _put_in(new, _JOINING_BY_PIECES)
        yield from (call(v.REPLACE_AT, CURRENT, call(word, CURRENT), literal(new)) for word in _MOST_REPLACED)
    for new in (*_changed(pieces[:_FEW]), *(c * times for c in characters[:_FEW] for times in (2, 3))):
        yield from usual.affixes(new, new)
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), literal(new))
    for new in (*characters[:_MOST_BESIDE], *pieces[:_FEW]):
        yield from _beside(new)
    for character in characters[:2]:
        yield from usual.paddings(character)
        yield from usual.groups(character)
    for character in characters[:_FEW]:
        yield from usual.hidden_inside(character)
        yield from usual.cut_off(character)
    yield from _replacing(inputs, outputs, characters, pieces)
    yield from _in_words(inputs, outputs)
    yield from (call(v.SHIFT_BY_KEYWORD, CURRENT, literal(key)) for key in shown.keywords(inputs, outputs))
    for before, after in shown.around_numbers(inputs, outputs):
        yield from numbers_at_ends(inputs, before, after)


def _put_in(new: str, joining: Sequence[Word]) -> Iterator[Expression]:
    piece = literal(new)
    for word in (v.ENSURE_END, v.ENSURE_START, v.PUT_BETWEEN, v.APPEND, v.PREPEND):
        yield call(word, CURRENT, piece)
    for half in (v.HALF_LENGTH, v.HALF_LENGTH_UP):
        yield call(v.INSERT, CURRENT, call(half, CURRENT), piece)
    for index in (*range(1, 11), -1, -2):
        yield call(v.INSERT, CURRENT, number(index), piece)
    for count in (1, 2, 3):
        yield call(v.BOTH_ENDS_WITH, CURRENT, number(count), piece)
    for times in (2, 3):
        yield call(v.REPEAT_WITH, CURRENT, number(times), piece)
    yield from (EachWord(call(word, CURRENT, piece), True) for word in (v.PREPEND, v.APPEND))
    if new not in BETWEEN:
        yield from (call(word, CURRENT, piece) for word in joining)
        yield from doubled_words(new)


def _changed(pieces: Texts) -> list[str]:
    """What pieces may have been before a later step: backwards, in small letters, or put together with more."""
    found = [piece[::-1] for piece in pieces] + [piece.lower() for piece in pieces]
    for piece in pieces[:2]:
        found += [part for size in range(2, len(piece)) for part in (piece[:size], piece[-size:])]
    return [new for new in dict.fromkeys(found) if new not in pieces]


def _beside(new: str) -> Iterator[Expression]:
    for positions in _BESIDE:
        yield call(v.INSERT_AFTER, CURRENT, call(positions, CURRENT), literal(new))
        yield call(v.INSERT_BEFORE, CURRENT, call(positions, CURRENT), literal(new))


def _replacing(inputs: Texts, outputs: Texts, characters: Texts, pieces: Texts) -> Iterator[Expression]:
    """Characters replaced or left out: each of them, the first, the last, or all of a set."""
    used = [c for c, _ in Counter("".join(inputs)).most_common(_MOST_USED)]
    for old in used:
        yield call(v.DELETE, CURRENT, call(v.ONE_OF, CURRENT, literal(old)))
        for other in characters[:_MOST_NEW]:
            yield call(v.REPLACE, CURRENT, literal(old), literal(other))
    pairs = shown.replaced(inputs, outputs)
    for old, new in pairs:
        yield call(v.REPLACE, CURRENT, literal(old), literal(new))
        yield call(v.REPLACE_FIRST, CURRENT, literal(old), literal(new))
        yield call(v.REPLACE_AT, CURRENT, call(v.LAST_ONE_OF, CURRENT, literal(old)), literal(new))
    for old in list(dict.fromkeys(old for old, _ in pairs))[:_FEW]:
        for piece in pieces[:_MOST_PIECES]:
            yield call(v.REPLACE, CURRENT, literal(old), literal(piece))
            yield call(v.REPLACE_FIRST, CURRENT, literal(old), literal(piece))
    for letters in shown.vanished(inputs, outputs):
        positions = call(v.ONE_OF, CURRENT, literal(letters))
        yield call(v.DELETE, CURRENT, positions)
        yield call(v.UPPER_AT, CURRENT, positions)
        yield from (call(v.REPLACE_AT, CURRENT, positions, literal(new)) for new in characters[:_FEW])
    yield from _tables(inputs, outputs)
    if marks := shown.signature_marks(inputs, outputs):
        yield call(v.SIGNATURE, CURRENT, *map(literal, marks))


def _tables(inputs: Texts, outputs: Texts) -> Iterator[Expression]:
    """Several letters replaced at once: the digits and marks, or all characters, that have come for letters."""
    found = shown.always_replaced(inputs, outputs)
    for changes in ({old: new for old, new in found.items() if not new.isalpha()}, found):
        if len(changes) > 1:
            yield call(v.TRANSLATE, CURRENT, table(changes))
            yield call(v.TRANSLATE, CURRENT, table({**changes, **{c.upper(): changes[c].upper() for c in changes}}))


def _in_words(inputs: Texts, outputs: Texts) -> Iterator[Expression]:
    """Words with the endings that have come: as they are, or as in Pig Latin."""
    for ending in shown.word_endings(inputs, outputs):
        for after_vowel in ("", "w", "y", "h"):
            yield from pig_latin(after_vowel + ending, ending)
        for usual_ending in ("ay", "way", "yay"):
            yield from pig_latin(usual_ending, ending)
        yield call(v.FIRST_LETTER_TO_END, CURRENT, literal(ending))


def hidden_constants(inputs: Texts, outputs: Texts) -> Iterator[Expression]:
    """Letters that a later step has changed: any letter in the middle, at the ends, for the vowels, for another."""
    if not any(c.isalpha() for made in outputs for c in made):
        return
    for letter in string.ascii_letters:
        character = literal(letter)
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), character)
        if letter.islower():
            for word in (v.VOWELS, v.CONSONANTS):
                yield call(v.REPLACE_AT, CURRENT, call(word, CURRENT), character)
            yield call(v.APPEND, CURRENT, character)
            yield call(v.PREPEND, CURRENT, character)
    used = [c for c, _ in Counter("".join(inputs)).most_common() if c.isalpha()]
    for old in map(literal, used[:_MOST_LETTERS]):
        for new in string.ascii_lowercase:
            yield call(v.REPLACE, CURRENT, old, literal(new))
