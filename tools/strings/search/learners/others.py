"""Steps that give numbers, repeat the text, replace pieces of it, or join its parts with something between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, ORIGINAL, Expression, Run, Word, call, literal, number
from ...operations.functions import letters, pieces, words
from ..frame import Frame, Texts
from ..lookup import find_numbers

_LARGEST_NUMBER = 1000
_LONGEST_OLD = 4


@cache
def _numbers_by_words() -> tuple[dict[str, int], dict[str, int]]:
    plain = {pieces.in_words(n): n for n in range(_LARGEST_NUMBER)}
    return plain, {pieces.in_spaced_words(n): n for n in range(_LARGEST_NUMBER)}


def as_number(text: str) -> int | None:
    """The whole number that a text is, as Python writes it."""
    if len(text) > 9 or not text.removeprefix("-").isdecimal() or not text.isascii():
        return None
    value = int(text)
    return value if str(value) == text else None


def is_number(text: str) -> bool:
    """Whether it is a whole number from 0 on, in digits or as an English word."""
    return text.isdecimal() or text in _numbers_by_words()[0]


def number_texts(frame: Frame) -> Iterator[Expression]:
    """Whole numbers that the text has, in digits or words."""
    plain, spaced = _numbers_by_words()
    readers: tuple[tuple[Word, Word | None, Callable[[str], int | None]], ...] = (
        (v.IN_DIGITS, v.IN_DIGITS_OR, as_number), (v.IN_WORDS, v.IN_WORDS_OR, plain.get),
        (v.IN_SPACED_WORDS, None, spaced.get),
    )  # fmt: skip
    for word, word_or, read in readers:
        if read(frame.wanted[frame.order[0]]) is None and read(frame.wanted[frame.order[-1]]) is None:
            continue
        wanted = [read(text) for text in frame.wanted]
        others = {text for text, w in zip(frame.wanted, wanted) if w is None}
        values = [-1 if w is None else w for w in wanted]
        if not others:
            yield from (call(word, e) for e in find_numbers(frame, values))
            yield from (call(word, e) for e in counts(frame, values))
        elif len(others) == 1 and word_or is not None:
            otherwise = literal(others.pop())
            yield from (call(word_or, e, otherwise) for e in find_numbers(frame, values, arithmetic=False))
            yield from (call(word_or, e, otherwise) for e in counts(frame, values))
        if word is v.IN_WORDS and not any("-" in text for text in frame.wanted):
            break


def counts(frame: Frame, wanted: Sequence[int]) -> Iterator[Expression]:
    """How often a character occurs, or where."""
    sources: list[tuple[Expression, Texts]] = [(CURRENT, frame.current)]
    if not frame.is_start:
        sources.append((ORIGINAL, frame.originals))
    for text, values in sources:
        for character in sorted(set("".join(values))):
            if all(value.count(character) == w for value, w in zip(values, wanted)):
                yield call(v.NUMBER_OF, call(v.ONE_OF, text, literal(character)))
            if all(value.find(character) == w for value, w in zip(values, wanted)):
                yield call(v.PLACE_OF, text, literal(character))
            lowered = [value.lower() for value in values]
            if character.islower() and all(value.count(character) == w for value, w in zip(lowered, wanted)):
                yield call(v.NUMBER_OF, call(v.ONE_OF, text, literal(character + character.upper())))


def constants(frame: Frame) -> Iterator[Expression]:
    """The same for every text."""
    if len(set(frame.wanted)) == 1:
        yield call(v.CONSTANT, CURRENT, literal(frame.wanted[0]))


def repetitions(frame: Frame) -> Iterator[Expression]:
    """The text several times."""
    counts: list[int | None] = []
    for current, wanted in zip(frame.current, frame.wanted):
        if not current:
            if wanted:
                return
            counts.append(None)
            continue
        count, rest = divmod(len(wanted), len(current))
        if rest or current * count != wanted:
            break
        counts.append(count)
    else:
        for times in find_numbers(frame, counts):
            yield call(v.REPEAT, CURRENT, times)
        return
    for number_of_times in (2, 3):
        for between in _between(frame, partial(_copies, number_of_times)):
            yield call(v.REPEAT_WITH, CURRENT, number(number_of_times), between)


def joins(frame: Frame) -> Iterator[Expression]:
    """Parts of the text with a constant between them."""
    makers: tuple[tuple[Word, Callable[[str], list[str]]], ...] = (
        (v.PUT_BETWEEN, list),
        (v.JOIN_WORDS, str.split),
        (v.WORD_LENGTHS, lambda text: [str(len(word)) for word in text.split()]),
        (v.SPELL_DIGITS, lambda text: [pieces.SMALL_NUMBERS[int(c)] for c in text if c in "0123456789"]),
        (v.ALPHABET_PLACES, lambda text: [str(n) for c in text if (n := letters.alphabet_place(c))]),
        (v.CODE_POINTS, lambda text: [str(ord(c)) for c in text]),
        (v.MIRROR_IMAGE_WITH, lambda text: [text, text[::-1]]),
        (v.MIRROR_IMAGE_FIRST_WITH, lambda text: [text[::-1], text]),
        (v.STAIRCASE, lambda text: [text[: i + 1] for i in range(len(text))]),
        (v.FALLING_STAIRCASE, lambda text: [text[i:] for i in range(len(text))]),
        (v.REPEAT_BY_POSITION_WITH, lambda text: [c * (i + 1) for i, c in enumerate(text)]),
        (v.JOIN_SMALL_WORDS, lambda text: text.lower().split()),
        (v.JOIN_CAPITAL_WORDS, lambda text: text.upper().split()),
        (v.INITIALS_WITH, lambda text: [word[0] for word in text.split()]),
        (v.CAPITAL_INITIALS_WITH, lambda text: [word[0].upper() for word in text.split()]),
    )
    digits_wanted = any(c.isdigit() for c in frame.wanted[frame.first])
    for word, split in makers:
        if word in (v.WORD_LENGTHS, v.ALPHABET_PLACES, v.CODE_POINTS) and not digits_wanted:
            continue
        for between in _between(frame, split):
            yield call(word, CURRENT, between)
    for size in (2, 3, 4):
        for between in _between(frame, partial(_groups, size)):
            yield call(v.PUT_BETWEEN_GROUPS, CURRENT, number(size), between)
    for count in (1, 2, 3, 4):
        for between in _between(frame, partial(_both_ends, count)):
            yield call(v.BOTH_ENDS_WITH, CURRENT, number(count), between)


def listed_positions(frame: Frame) -> Iterator[Expression]:
    """Where chosen characters stand, in words or digits."""
    wanted = frame.wanted[frame.order[0]]
    start = wanted.replace(",", " ").split(" ")[0]
    in_digits = start.isdecimal() and start.isascii()
    if not in_digits and start not in _numbers_by_words()[0]:
        return
    word, spell = (v.POSITIONS_IN_DIGITS, str) if in_digits else (v.POSITIONS_IN_WORDS, pieces.in_words)
    for selector in frame.shared.selectors:
        if selector.single:
            continue
        for positions in (selector.expression, call(v.FIRST_OCCURRENCES, CURRENT, selector.expression)):
            run = positions.run()
            for between in _between(frame, partial(_spelled, run, spell)):
                yield call(word, positions, between)


def _spelled(run: Run, spell: Callable[[int], str], text: str) -> list[str]:
    return [spell(place) for place in run(text, text)]


def _copies(times: int, text: str) -> list[str]:
    return [text] * times


def _both_ends(count: int, text: str) -> list[str]:
    return [text[:count], text[-count:]]


def _groups(size: int, text: str) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def _between(frame: Frame, split: Callable[[str], list[str]]) -> Iterator[Expression]:
    """What stands between the parts, if it is always the same."""
    found: str | None = None
    for i in frame.order:
        parts, wanted = split(frame.current[i]), frame.wanted[i]
        if len(parts) < 2:
            if wanted != "".join(parts):
                return
            continue
        if found is None:
            width, rest = divmod(len(wanted) - sum(map(len, parts)), len(parts) - 1)
            if rest or width < 0:
                return
            found = wanted[len(parts[0]) : len(parts[0]) + width]
        if found.join(parts) != wanted:
            return
    yield literal(found or "")


def replaced_pieces(frame: Frame) -> Iterator[Expression]:
    """A constant piece, everywhere or once, replaced by another."""
    i = frame.first
    current, wanted = frame.current[i], frame.wanted[i]
    if current == wanted:
        return
    start = next((p for p, (a, b) in enumerate(zip(current, wanted)) if a != b), min(len(current), len(wanted)))
    seen: set[str] = set()
    for size in range(1, _LONGEST_OLD + 1):
        for begin in range(max(0, start - size + 1), start + 1):
            old = current[begin : begin + size]
            if len(old) < size or old in seen:
                continue
            seen.add(old)
            yield from _replaced(frame, old, begin, current.count(old))


def _replaced(frame: Frame, old: str, begin: int, count: int) -> Iterator[Expression]:
    i = frame.first
    wanted = frame.wanted[i]
    width, rest = divmod(frame.growth[i], count)
    width += len(old)
    if not rest and width >= 0:
        new = wanted[begin : begin + width]
        if new != old and all(c.replace(old, new) == w for c, w in zip(frame.current, frame.wanted)):
            yield call(v.REPLACE, CURRENT, literal(old), literal(new))
    width = frame.growth[i] + len(old)
    if width >= 0 and any(c.count(old) > 1 for c in frame.current):
        new = wanted[begin : begin + width]
        if new != old and all(c.replace(old, new, 1) == w for c, w in zip(frame.current, frame.wanted)):
            yield call(v.REPLACE_FIRST, CURRENT, literal(old), literal(new))


def deleted_characters(frame: Frame) -> Iterator[Expression]:
    """Some characters, learned from what is missing, deleted wherever they stand; or only some kept."""
    if max(frame.growth) > 0 or frame.same_length:
        return
    gone = set().union(*(set(c) - set(w) for c, w in zip(frame.current, frame.wanted)))
    stay = set().union(*map(set, frame.wanted))
    gone -= stay
    if not gone:
        return
    if all("".join(x for x in c if x not in gone) == w for c, w in zip(frame.current, frame.wanted)):
        for word, characters in ((v.DELETE, gone), (v.KEEP, stay)):
            yield call(word, CURRENT, call(v.ONE_OF, CURRENT, literal("".join(sorted(characters)))))


def word_games(frame: Frame) -> Iterator[Expression]:
    """Pig Latin and the like, with the endings fitted."""
    after_vowel: str | None = None
    after_consonant: str | None = None
    ending: str | None = None
    for current, wanted in zip(frame.current, frame.wanted):
        before, after = current.split(" "), wanted.split(" ")
        if len(before) != len(after):
            return
        for b, a in zip(before, after):
            if b[:1] in letters.VOWELS and b:
                after_vowel = a[len(b) :] if after_vowel is None else after_vowel
            elif b:
                after_consonant = a[len(b) :] if after_consonant is None else after_consonant
            ending = a[len(b) :] if ending is None and b else ending
    if ending is not None and all(
        words.first_letter_to_end(c, ending) == w for c, w in zip(frame.current, frame.wanted)
    ):
        yield call(v.FIRST_LETTER_TO_END, CURRENT, literal(ending))
    vowel = after_consonant if after_vowel is None else after_vowel
    consonant = after_vowel if after_consonant is None else after_consonant
    if vowel is None or consonant is None:
        return
    for word in (v.PIG_LATIN, v.SIMPLE_PIG_LATIN):
        if all(word.function(c, vowel, consonant) == w for c, w in zip(frame.current, frame.wanted)):
            yield call(word, CURRENT, literal(vowel), literal(consonant))
