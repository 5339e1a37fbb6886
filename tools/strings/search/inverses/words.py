"""Undoing what is done to words: their order, their letters, what is put on each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, EachWord, Expression, call, literal, number
from ...operations.functions.letters import VOWELS
from .constants import common_start
from .places import by_places
from .types import Candidate

_MOST_AFFIX = 6
_FEWEST = 4
_OWN_INVERSES = (
    v.REVERSE_WORDS, v.REVERSE_WORDS_TIDILY, v.REVERSE_EACH_WORD, v.REVERSE_EACH_TIDILY, v.SWAP_WORDS,
    v.SWAP_WORDS_TIDILY, v.SWAP_FIRST_WORDS, v.SWAP_INITIALS,
)  # fmt: skip
_REVERSED = (v.LETTERS, v.VOWELS, v.CONSONANTS, v.DIGITS, v.CAPITALS)


def undone_words(wanted: Sequence[str]) -> Iterator[Candidate]:
    """All of them; affixes and endings are read off `wanted`."""
    for word in _OWN_INVERSES:
        yield call(word, CURRENT), word.function
    for positions in _REVERSED:
        yield call(v.REVERSE_AT, CURRENT, call(positions, CURRENT)), partial(_reversed_at, positions=positions.function)
    for start in (0, 1):
        step = call(v.REVERSE_EVERY_SECOND_WORD, CURRENT, number(start))
        yield step, partial(v.REVERSE_EVERY_SECOND_WORD.function, start=start)
    for index, back in ((1, -1), (-1, 1)):
        yield call(v.ROTATE_WORDS, CURRENT, number(index)), partial(v.ROTATE_WORDS.function, places=back)
    yield EachWord(call(v.REPEAT_WITH, CURRENT, number(2), literal(" ")), True), _without_second_words
    for inner in _within_words():
        for tidily in (False, True):
            yield EachWord(inner, tidily), partial(_in_words, inner)
    words = [word for made in wanted for word in made.split()]
    if len(set(words)) >= _FEWEST:
        yield from _affixes(words)
        yield from _doubled(words)
        yield from _pig_latin(words)


def _reversed_at(made: str, positions: object) -> str:
    return str(v.REVERSE_AT.function(made, positions(made)))  # type: ignore[operator]


def _within_words() -> Iterator[Expression]:
    yield call(v.SWAP_CHARACTERS, CURRENT, number(0), number(-1))
    yield call(v.SWAP_NEIGHBOURS, CURRENT)
    for word in (v.MOVE_START_TO_END, v.MOVE_END_TO_START):
        yield call(word, CURRENT, number(1))
    yield call(v.REPEAT, CURRENT, number(2))
    for index in (0, -1):
        yield call(v.REPEAT_AT, CURRENT, call(v.AT, CURRENT, number(index)), number(2))


def _in_words(step: Expression, made: str) -> str | None:
    parts = [by_places(step, word) for word in made.split(" ")]
    return " ".join([part for part in parts if part is not None]) if None not in parts else None


def _without_second_words(made: str) -> str | None:
    words = made.split()
    return " ".join(words[::2]) if words[::2] == words[1::2] else None


def _affixes(words: Sequence[str]) -> Iterator[Candidate]:
    """The same put on each word."""
    first = common_start(words)[:_MOST_AFFIX]
    last = common_start([word[::-1] for word in words])[:_MOST_AFFIX][::-1]
    for size in range(len(first), 0, -1):
        for tidily in (True, False):
            step = EachWord(call(v.PREPEND, CURRENT, literal(first[:size])), tidily)
            yield step, partial(_without, start=size, end=0)
    for size in range(len(last), 0, -1):
        for tidily in (True, False):
            step = EachWord(call(v.APPEND, CURRENT, literal(last[-size:])), tidily)
            yield step, partial(_without, start=0, end=size)
        moved = call(v.FIRST_LETTER_TO_END, CURRENT, literal(last[-size:]))
        yield moved, partial(_from_pig_latin, after_vowel=None, ending=last[-size:])


def _without(made: str, start: int, end: int) -> str | None:
    words = made.split(" ")
    return " ".join([word[start : len(word) - end] for word in words])


def _doubled(words: Sequence[str]) -> Iterator[Candidate]:
    """Each word twice, with the same between."""
    for size in range(3):
        middles = {word[(len(word) - size) // 2 :][:size] for word in words}
        if len(middles) == 1 and all((len(word) - size) % 2 == 0 for word in words):
            inner = call(v.REPEAT_WITH, CURRENT, number(2), literal(middles.pop()))
            for tidily in (True, False):
                yield EachWord(inner, tidily), partial(_in_words, inner)


def _pig_latin(words: Sequence[str]) -> Iterator[Candidate]:
    """First letters moved to the ends of words, with an ending after vowels and one after other letters."""
    often = Counter(word[-size:] for word in set(words) for size in (2, 3) if len(word) > size)
    endings = [ending for ending, count in often.most_common(8) if count > 1 and ending.isalpha()]
    for ending in endings:
        for after_vowel in endings:
            if not all(word.endswith((ending, after_vowel)) for word in words):
                continue
            inner = call(v.SIMPLE_PIG_LATIN, CURRENT, literal(after_vowel), literal(ending))
            inverse = partial(_from_pig_latin, after_vowel=after_vowel, ending=ending)
            yield inner, inverse
            yield EachWord(inner, True), inverse


def _from_pig_latin(made: str, after_vowel: str | None, ending: str) -> str | None:
    before: list[str] = []
    for word in made.split(" "):
        if (
            after_vowel is not None
            and word.endswith(after_vowel)
            and word[0] in VOWELS
            and len(word) > len(after_vowel)
        ):
            before.append(word.removesuffix(after_vowel))
        elif word.endswith(ending):
            rest = word.removesuffix(ending)
            before.append(rest[-1:] + rest[:-1])
        elif word:
            return None
        else:
            before.append("")
    return " ".join(before)
