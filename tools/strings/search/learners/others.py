"""Steps that give numbers, repeat the text, replace pieces of it, or join its parts with something between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, ORIGINAL, Expression, Run, Word, call, literal, number
from ...operations.functions import letters, pieces, words
from ..frame import Frame, Texts
from ..lookup import find_numbers
from ..selected import bits
from ..sieve import Sieve

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


_FIRST_NUMBERS = tuple({pieces.in_words(n).split("-")[0].split(" ")[0] for n in range(100)})


def is_number(text: str) -> bool:
    """Whether it is a whole number from 0 on, in digits or as an English word."""
    return text.isdecimal() or text in _numbers_by_words()[0]


@lru_cache(4000)
def _read_numbers(wanted: Texts) -> tuple[tuple[Word, Word | None, tuple[int | None, ...]], ...]:
    """The texts as whole numbers in digits, in words and in spaced words, where some are."""
    plain, spaced = _numbers_by_words()
    readers: tuple[tuple[Word, Word | None, Callable[[str], int | None]], ...] = (
        (v.IN_DIGITS, v.IN_DIGITS_OR, as_number), (v.IN_WORDS, v.IN_WORDS_OR, plain.get),
        (v.IN_SPACED_WORDS, None, spaced.get),
    )  # fmt: skip
    read = ((word, word_or, tuple(map(reader, wanted))) for word, word_or, reader in readers)
    return tuple(found for found in read if any(n is not None for n in found[2]))


def number_texts(frame: Frame) -> Iterator[Expression]:
    """Whole numbers that the text has, in digits or words."""
    for word, word_or, wanted in _read_numbers(frame.wanted):
        if wanted[frame.order[0]] is None and wanted[frame.order[-1]] is None:
            continue
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
        lowered = [value.lower() for value in values]
        counted, placed, in_lowered = _counted(values, wanted), _placed(values, wanted), _counted(lowered, wanted)
        for character in sorted(counted | placed | in_lowered):
            if character in counted:
                yield call(v.NUMBER_OF, call(v.ONE_OF, text, literal(character)))
            if character in placed:
                yield call(v.PLACE_OF, text, literal(character))
            if character in in_lowered and character.islower() and any(character in value for value in values):
                yield call(v.NUMBER_OF, call(v.ONE_OF, text, literal(character + character.upper())))


def _counted(values: Sequence[str], wanted: Sequence[int]) -> set[str]:
    """The characters that occur as often as wanted in each text, and somewhere."""
    if min(wanted) < 0 or not any(wanted):
        return set()
    shortest = min((value for value, w in zip(values, wanted) if w), key=len)
    return {c for c in set(shortest) if all(value.count(c) == w for value, w in zip(values, wanted))}


def _placed(values: Sequence[str], wanted: Sequence[int]) -> set[str]:
    """The characters that stand first where wanted in each text, -1 for those that lack it."""
    i = max(range(len(wanted)), key=wanted.__getitem__)
    character = values[i][wanted[i]] if 0 <= wanted[i] < len(values[i]) else ""
    fits = character and all(value.find(character) == w for value, w in zip(values, wanted))
    return {character} if fits else set()


def constants(frame: Frame) -> Iterator[Expression]:
    """The same for every text."""
    if len(set(frame.wanted)) == 1:
        yield call(v.CONSTANT, CURRENT, literal(frame.wanted[0]))


def repetitions(frame: Frame) -> Iterator[Expression]:
    """The text several times."""
    current, wanted = frame.current[frame.first], frame.wanted[frame.first]
    if current and wanted and not wanted.startswith(current):
        return
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


def _both_ends(count: int, text: str) -> list[str]:
    return [text[:count], text[-count:]]


def _groups(size: int, text: str) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


_MAKERS: tuple[tuple[Word, tuple[Expression, ...], Callable[[str], list[str]]], ...] = (
    (v.PUT_BETWEEN, (), list),
    (v.JOIN_WORDS, (), str.split),
    (v.WORD_LENGTHS, (), lambda text: [str(len(word)) for word in text.split()]),
    (v.SPELL_DIGITS, (), lambda text: [pieces.SMALL_NUMBERS[int(c)] for c in text if c in "0123456789"]),
    (v.ALPHABET_PLACES, (), lambda text: [str(n) for c in text if (n := letters.alphabet_place(c))]),
    (v.CODE_POINTS, (), lambda text: [str(ord(c)) for c in text]),
    (v.MIRROR_IMAGE_WITH, (), lambda text: [text, text[::-1]]),
    (v.MIRROR_IMAGE_FIRST_WITH, (), lambda text: [text[::-1], text]),
    (v.STAIRCASE, (), lambda text: [text[: i + 1] for i in range(len(text))]),
    (v.FALLING_STAIRCASE, (), lambda text: [text[i:] for i in range(len(text))]),
    (v.REPEAT_BY_POSITION_WITH, (), lambda text: [c * (i + 1) for i, c in enumerate(text)]),
    (v.JOIN_SMALL_WORDS, (), lambda text: text.lower().split()),
    (v.JOIN_CAPITAL_WORDS, (), lambda text: text.upper().split()),
    (v.INITIALS_WITH, (), lambda text: [word[0] for word in text.split()]),
    (v.CAPITAL_INITIALS_WITH, (), lambda text: [word[0].upper() for word in text.split()]),
    *((v.PUT_BETWEEN_GROUPS, (number(size),), partial(_groups, size)) for size in (2, 3, 4)),
    *((v.BOTH_ENDS_WITH, (number(count),), partial(_both_ends, count)) for count in (1, 2, 3, 4)),
)
_DIGITS_MADE = sum(
    1 << n for n, (word, *_) in enumerate(_MAKERS) if word in (v.WORD_LENGTHS, v.ALPHABET_PLACES, v.CODE_POINTS)
)


_OTHER_STARTS = {*"0123456789", *(name[0] for name in pieces.SMALL_NUMBERS)}


def _joined_from(text: str, wanted: str) -> int:
    """The makers, as bits, of parts of `text` that may stand in `wanted` with something between."""
    start = wanted[:1]
    if text and start not in text and start not in _OTHER_STARTS and start not in text.upper() + text.lower():
        return 0
    return sum((_gap(split(text), wanted) is not None) << n for n, (_, _, split) in enumerate(_MAKERS))


_JOINS = Sieve(_MAKERS, _joined_from)


def joins(frame: Frame) -> Iterator[Expression]:
    """Parts of the text with a constant between them."""
    digits_wanted = any(map(str.isdigit, frame.wanted[frame.first]))
    for word, arguments, split in _JOINS.left(frame, -1 if digits_wanted else ~_DIGITS_MADE):
        for between in _between(frame, split):
            yield call(word, CURRENT, *arguments, between)


@lru_cache(4000)
def _may_list(wanted: Texts) -> bool:
    """Whether each text begins with a whole number in digits or words, or is empty."""
    return all(not text or text[0].isdecimal() or text.startswith(_FIRST_NUMBERS) for text in wanted)


def listed_positions(frame: Frame) -> Iterator[Expression]:
    """Where chosen characters stand, in words or digits."""
    if not _may_list(frame.wanted):
        return
    first, shared = frame.first, frame.shared
    wanted = frame.wanted[first]
    start = wanted.replace(",", " ").split(" ")[0]
    in_digits = start.isdecimal() and start.isascii()
    if not in_digits and start not in _numbers_by_words()[0]:
        return
    word, spell = (v.POSITIONS_IN_DIGITS, str) if in_digits else (v.POSITIONS_IN_WORDS, pieces.in_words)
    left = -1
    for i in (*reversed(frame.short), first):
        left = shared.selected.matching(frame.current[i], partial(_may_be_listed, frame, i, spell), left)
        if not left:
            return
    for place in bits(left):
        selector = shared.selectors[place]
        if not selector.single:
            for positions in (selector.expression, call(v.FIRST_OCCURRENCES, CURRENT, selector.expression)):
                for between in _between(frame, partial(_spelled, positions.run(), spell)):
                    yield call(word, positions, between)


def _may_be_listed(frame: Frame, i: int, spell: Callable[[int], str], chosen: Sequence[int]) -> bool:
    """Whether the outcome for text `i` may be a list of these positions, or of those where their likes first occur."""
    wanted, text = frame.wanted[i], frame.current[i]
    if not chosen:
        return not wanted
    first, last = chosen[0], chosen[-1]
    starts = wanted.startswith((spell(first), spell(text.index(text[first]))))
    return starts and wanted.endswith((spell(last), spell(text.index(text[last]))))


def _spelled(run: Run, spell: Callable[[int], str], text: str) -> list[str]:
    return [spell(place) for place in run(text, text)]


def _copies(times: int, text: str) -> list[str]:
    return [text] * times


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


def _gap(parts: Sequence[str], wanted: str) -> str | None:
    """What stands between the parts, "" where there are not two; None where `wanted` is not made of them."""
    if len(parts) < 2:
        return "" if wanted == "".join(parts) else None
    width, rest = divmod(len(wanted) - sum(map(len, parts)), len(parts) - 1)
    if rest or width < 0:
        return None
    between = wanted[len(parts[0]) : len(parts[0]) + width]
    return between if between.join(parts) == wanted else None


def replaced_pieces(frame: Frame) -> Iterator[Expression]:
    """A constant piece, everywhere or once, replaced by another."""
    i = frame.first
    current, wanted = frame.current[i], frame.wanted[i]
    if current == wanted or not (shortest := frame.shortest_changed):
        return
    start = next((p for p, (a, b) in enumerate(zip(current, wanted)) if a != b), min(len(current), len(wanted)))
    if not set(current[max(0, start - _LONGEST_OLD + 1) : start + _LONGEST_OLD]).intersection(shortest):
        return
    seen: set[str] = set()
    for size in range(1, _LONGEST_OLD + 1):
        for begin in range(max(0, start - size + 1), start + 1):
            old = current[begin : begin + size]
            if len(old) < size or old in seen or old not in shortest:
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
    if frame.longer or frame.same_length:
        return
    stays = set(frame.wanted[frame.first])
    if "".join([c for c in frame.current[frame.first] if c in stays]) != frame.wanted[frame.first]:
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
    if frame.shorter or any(c.count(" ") != w.count(" ") for c, w in zip(frame.current, frame.wanted)):
        return
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
