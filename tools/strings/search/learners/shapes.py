"""Steps that cut off, fill up or frame a text, keep what stands beside a mark, or move letters by a keyword."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, Word, absent, call, literal, number
from ...operations.functions import letters, pieces, shapes, words
from ..frame import Frame
from ..lookup import find_numbers
from .aligned import character_map, rotation
from .others import counts, is_number

_LONGEST_KEY = 12
_LONGEST_FRAME = 12
_MOST_WORDS = 4


def frames(frame: Frame) -> Iterator[Expression]:
    """A constant before and one after the text; or a number with constants around it, at one end."""
    if min(frame.growth) < 1:
        return
    first = frame.first
    current, wanted = frame.current[first], frame.wanted[first]
    start = wanted.find(current)
    while 0 <= start <= _LONGEST_FRAME:
        before, after = wanted[:start], wanted[start + len(current) :]
        if before and after and all(before + c + after == w for c, w in zip(frame.current, frame.wanted)):
            yield call(v.PUT_AROUND, CURRENT, literal(before), literal(after))
            return
        start = wanted.find(current, start + 1)
    if wanted.startswith(current):
        rests = [w[len(c) :] for c, w in zip(frame.current, frame.wanted) if w.startswith(c)]
        yield from _numbers_at_end(frame, v.APPEND_NUMBER, rests)
    if wanted.endswith(current):
        rests = [w[: len(w) - len(c)] for c, w in zip(frame.current, frame.wanted) if w.endswith(c)]
        yield from _numbers_at_end(frame, v.PREPEND_NUMBER, rests)


def _numbers_at_end(frame: Frame, word: Word, rests: Sequence[str]) -> Iterator[Expression]:
    shape = re.compile(r"(\D*)(\d+)(\D*)", re.ASCII)
    found = [shape.fullmatch(rest) for rest in rests]
    if len(rests) < len(frame.current) or not all(found):
        return
    around = {(m[1], m[3]) for m in found if m}
    if len(around) != 1:
        return
    before, after = map(literal, around.pop())
    values = [int(m[2]) for m in found if m]
    for read in (*find_numbers(frame, values), *counts(frame, values)):
        yield call(word, CURRENT, read, before, after)


def cut_offs(frame: Frame) -> Iterator[Expression]:
    """Long texts cut, with an ending."""
    changed = frame.order[: frame.number_changed]
    if not changed or len(changed) == len(frame.current):
        return
    length = len(frame.wanted[changed[0]])
    if any(len(frame.wanted[i]) != length for i in changed):
        return
    stay = max((len(c) for c, w in zip(frame.current, frame.wanted) if c == w), default=-1)
    shortest = len(frame.shortest_changed)
    if stay >= shortest:
        return
    kept = min(frame.ends(i)[0] for i in changed)
    for count in range(kept, max(-1, kept - 4), -1):
        ending = frame.wanted[changed[0]][count:]
        if all(frame.wanted[i] == frame.current[i][:count] + ending for i in changed):
            mosts = [m for m in dict.fromkeys((count, length, stay)) if stay <= m < shortest]
            for most in mosts:
                yield call(v.CUT_OFF, CURRENT, number(most), number(count), literal(ending))
            return


def paddings(frame: Frame) -> Iterator[Expression]:
    """Short texts filled up at an end, or at both."""
    width = len(frame.wanted[frame.first])
    if frame.shorter or frame.same_length or width != min(map(len, frame.wanted)):
        return
    i = min(range(len(frame.wanted)), key=lambda k: len(frame.current[k]))
    filling = next((c for c in (frame.wanted[i][:1], frame.wanted[i][-1:]) if c not in frame.current[i]), "")
    if len(frame.wanted[i]) != width or not filling:
        return
    for word, function in ((v.PAD_END, str.ljust), (v.PAD_START, str.rjust), (v.PAD_BOTH, str.center)):
        if all(function(c, width, filling) == w for c, w in zip(frame.current, frame.wanted)):
            yield call(word, CURRENT, number(width), literal(filling))


_BESIDE: tuple[Word, ...] = (
    v.BEFORE_FIRST, v.AFTER_FIRST_MARK, v.AFTER_LAST, v.BEFORE_LAST_MARK, v.AFTER_FIRST_OR_NOTHING,
    v.BEFORE_FIRST_OR_NOTHING,
)  # fmt: skip


def beside_marks(frame: Frame) -> Iterator[Expression]:
    """What stands before or after a character."""
    if frame.longer or frame.same_length:
        return
    marks: set[str] | None = None
    for current, wanted in zip(frame.current, frame.wanted):
        if current != wanted and wanted:
            here = {current[len(wanted)]} if current.startswith(wanted) else set()
            if current.endswith(wanted):
                here.add(current[-len(wanted) - 1])
            marks = here if marks is None else marks & here
            if not marks:
                return
    for mark in sorted(marks or ()):
        for word in _BESIDE:
            if all(word.function(c, mark) == w for c, w in zip(frame.current, frame.wanted)):
                yield call(word, CURRENT, literal(mark))


def keywords(frame: Frame) -> Iterator[Expression]:
    """Letters moved by the letters of a keyword that is repeated."""
    if not frame.same_length or not any(frame.changed):
        return
    for word, only_letters in ((v.SHIFT_BY_KEYWORD, True), (v.SHIFT_BY_KEYWORD_EVERYWHERE, False)):
        seen: dict[int, int] = {}
        if all(_moved(frame.current[i], frame.wanted[i], only_letters, seen) for i in frame.order):
            key = _key(seen)
            if key and all(word.function(c, key) == w for c, w in zip(frame.current, frame.wanted)):
                yield call(word, CURRENT, literal(key))


def _moved(current: str, wanted: str, only_letters: bool, seen: dict[int, int]) -> bool:
    """Whether the letters move by the same at each place as seen before; new places are noted."""
    used = 0
    for b, a in zip(current, wanted):
        is_letter = b.isascii() and b.isalpha()
        if is_letter:
            places = rotation(b, a)
            if places is None or seen.setdefault(used, places) != places:
                return False
        elif a != b:
            return False
        used += is_letter or not only_letters
    return True


def _key(seen: dict[int, int]) -> str:
    """The shortest keyword that repeats at least once within the places seen."""
    for size in range(2, min(_LONGEST_KEY, max(seen, default=0)) + 1):
        known = all(place in seen for place in range(size))
        if known and all(moved == seen[place % size] for place, moved in seen.items()):
            return "".join(chr(ord("a") + seen[place]) for place in range(size))
    return ""


def letter_places(frame: Frame) -> Iterator[Expression]:
    """The alphabet position of a character; texts without it stay."""
    first = frame.wanted[frame.first]
    if not is_number(first):
        return
    word, told = (v.PLACE_IN_DIGITS, str) if first.isdecimal() else (v.PLACE_IN_WORDS, pieces.in_words)
    for index in (*range(min(10, frame.shared.longest)), -1, -2, -3):
        for i in frame.order:
            text = frame.current[i]
            made = told(letters.alphabet_place(text[index])) if -len(text) <= index < len(text) else text
            if made != frame.wanted[i]:
                break
        else:
            yield call(word, CURRENT, number(index))


def chosen_words(frame: Frame) -> Iterator[Expression]:
    """Some of the words: by number, from one to another, by length."""
    if frame.longer or frame.same_length:
        return
    if not set(frame.wanted[frame.first].split()) <= set(frame.current[frame.first].split()):
        return
    splits = [(c.split(), w) for c, w in ((frame.current[i], frame.wanted[i]) for i in frame.order)]
    for index in (*range(_MOST_WORDS), -1, -2, -3):
        if all((s[index] if -len(s) <= index < len(s) else "") == w for s, w in splits):
            yield call(v.WORD_NUMBER, CURRENT, number(index))
    for count in range(1, _MOST_WORDS):
        for start, stop in ((count, None), (None, -count), (None, count), (-count, None)):
            if all(" ".join(s[start:stop]) == w for s, w in splits):
                ends = [absent() if end is None else number(end) for end in (start, stop)]
                yield call(v.WORDS_FROM, CURRENT, *ends)
    for size in range(2, 12):
        for word, function, limit in ((v.LONG_WORDS, words.long_words, size), (v.SHORT_WORDS, words.short_words, size)):
            if all(function(c, limit) == w for c, w in zip(frame.current, frame.wanted)):
                yield call(word, CURRENT, number(limit))


def word_steps(frame: Frame) -> Iterator[Expression]:
    """Every second word changed; capital initials with something after each."""
    for word in (v.UPPER_EVERY_SECOND_WORD, v.REVERSE_EVERY_SECOND_WORD) if frame.same_length else ():
        for start in (0, 1):
            if all(word.function(frame.current[i], start) == frame.wanted[i] for i in frame.order):
                yield call(word, CURRENT, number(start))
    wanted, initial = frame.wanted[frame.first], frame.current[frame.first].lstrip()[:1]
    if not wanted.startswith((initial, initial.upper())):
        return
    after = wanted[1:3]
    for ending in (after[:1], after):
        for word in (v.CAPITAL_INITIALS, v.INITIALS_AFTER):
            if all(word.function(frame.current[i], ending) == frame.wanted[i] for i in frame.order):
                yield call(word, CURRENT, literal(ending))


def signatures(frame: Frame) -> Iterator[Expression]:
    """All capitals, all small letters and all digits each become one character."""
    if not frame.same_length:
        return
    marks: dict[str, str] = {}
    for i in frame.order:
        for b, a in zip(frame.current[i], frame.wanted[i]):
            kind = "digit" if b.isdigit() else "capital" if b.isupper() else "small" if b.isalpha() else ""
            if (marks.setdefault(kind, a) if kind else b) != a:
                return
    if len(marks) > 1:
        made = [literal(marks.get(kind, usual)) for kind, usual in (("capital", "A"), ("small", "a"), ("digit", "9"))]
        yield call(v.SIGNATURE, CURRENT, *made)


_ROWS = ((v.MOVE_DIGITS, 8), (v.NEXT_KEYS, 3), (v.NEXT_KEYS_OF_SMALL, 3), (v.NEXT_VOWELS, 3))


def moved_in_rows(frame: Frame) -> Iterator[Expression]:
    """Digits, keys or vowels moved on by the same number."""
    few = frame.order[:2]
    if not frame.same_length or character_map([frame.current[i] for i in few], [frame.wanted[i] for i in few]) is None:
        return
    for word, most in _ROWS:
        for places in (*range(1, most), -1, -2):
            if all(word.function(frame.current[i], places) == frame.wanted[i] for i in frame.order):
                yield call(word, CURRENT, number(places))


_DIGIT = re.compile("[0-9]")


def digits_spelled(frame: Frame) -> Iterator[Expression]:
    """Digits in words, with constants around each."""
    if frame.shorter or frame.same_length or not _DIGIT.search(frame.shortest_changed):
        return
    i = next(i for i in frame.order if _DIGIT.search(frame.current[i]))
    if frame.growth[i] < 2:
        return
    current, wanted = frame.current[i], frame.wanted[i]
    start = next(p for p, c in enumerate(current) if c in "0123456789")
    at = wanted.find(name := pieces.SMALL_NUMBERS[int(current[start])], start)
    if not start <= at <= start + 2:
        return
    before = wanted[start:at]
    for size in range(3):
        after = wanted[at + len(name) : at + len(name) + size]
        spelled = partial(shapes.spell_digits_between, before=before, after=after)
        if (before or after) and all(spelled(c) == w for c, w in zip(frame.current, frame.wanted)):
            yield call(v.SPELL_DIGITS_BETWEEN, CURRENT, literal(before), literal(after))
            return
