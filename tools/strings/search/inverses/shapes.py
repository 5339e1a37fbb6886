"""Undoing runs that have been counted, texts that have been filled up, and numbers put at an end."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Run, Word, call, literal, number
from .types import Candidate

_MOST_RUN = 200
_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS, v.SMALL_LETTERS)
_MOST_COUNTED = 12
_LAST_NUMBER, _FIRST_NUMBER = re.compile(r"(\D*)\d+(\D*)\Z"), re.compile(r"(\D*)\d+(\D*)")


def undone_shapes(wanted: Sequence[str]) -> Iterator[Candidate]:
    """All of them; fillings, and what stands around numbers, are read off `wanted`."""
    yield call(v.COUNT_RUNS, CURRENT), partial(_without_counts, number_first=False)
    yield call(v.COUNT_RUNS_NUMBER_FIRST, CURRENT), partial(_without_counts, number_first=True)
    yield call(v.COUNT_LONG_RUNS, CURRENT), partial(_without_long_counts, pattern=re.compile(r"(?P<c>.)(?P<n>\d+)"))
    first = re.compile(r"(?P<n>\d+)(?P<c>.)")
    yield call(v.COUNT_LONG_RUNS_NUMBER_FIRST, CURRENT), partial(_without_long_counts, pattern=first)
    yield from _filled(wanted)
    yield from _numbered(wanted)


def _without_counts(made: str, number_first: bool) -> str | None:
    """Runs of fewer than ten where there are digits all the same; else of any length."""
    numbers, characters = (made[::2], made[1::2]) if number_first else (made[1::2], made[::2])
    if len(made) % 2 == 0 and numbers.isascii() and (numbers.isdecimal() or not made):
        return "".join([c * int(n) for c, n in zip(characters, numbers)])
    shape = r"(?P<n>[0-9]+)(?P<c>[^0-9])" if number_first else r"(?P<c>[^0-9])(?P<n>[0-9]+)"
    if re.fullmatch(f"({shape.replace('?P<n>', '').replace('?P<c>', '')})*", made, re.DOTALL) is None:
        return None
    found = re.finditer(shape, made, re.DOTALL)
    return "".join([match["c"] * min(_MOST_RUN, int(match["n"])) for match in found])


def _without_long_counts(made: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(_run, made)


def _run(match: re.Match[str]) -> str:
    times = int(match["n"]) if match["n"].isascii() else 0
    return match["c"] * times if 1 < times < _MOST_RUN else match[0]


def _filled(wanted: Sequence[str]) -> Iterator[Candidate]:
    """Filled up at an end, or at both, to the length that no text is below."""
    width = min(map(len, wanted))
    short = [made for made in wanted if len(made) == width]
    if width < 2 or len(set(short)) < 2:
        return
    for word in (v.PAD_END, v.PAD_START, v.PAD_BOTH):
        ends = Counter(made[0 if word is v.PAD_START else -1] for made in short)
        filling, often = ends.most_common(1)[0]
        if 2 * often > len(short):
            step = call(word, CURRENT, number(width), literal(filling))
            yield step, partial(_unfilled, word=word, width=width, filling=filling)


def _unfilled(made: str, word: Word, width: int, filling: str) -> str:
    if len(made) > width:
        return made
    start = made if word is v.PAD_END else made.lstrip(filling)
    return start if word is v.PAD_START else start.rstrip(filling)


def _numbered(wanted: Sequence[str]) -> Iterator[Candidate]:
    """A number that counts something in the text, put at one of its ends with a constant around it."""
    if not all(any(map(str.isdecimal, made)) for made in wanted):
        return
    common = [c for c, _ in Counter("".join(wanted)).most_common(_MOST_COUNTED)]
    usual = dict.fromkeys([*string.ascii_lowercase, *common])
    counted = [call(word, CURRENT) for word in (v.LENGTH, v.NUMBER_OF_WORDS, v.NUMBER_OF_DISTINCT)]
    counted += [call(v.NUMBER_OF, call(word, CURRENT)) for word in _CLASSES]
    counted += [call(v.NUMBER_OF, call(v.ONE_OF, CURRENT, literal(c))) for c in usual]
    for word, at_end in ((v.APPEND_NUMBER, True), (v.PREPEND_NUMBER, False)):
        for before, after in _around(wanted, at_end):
            for read in counted:
                step = call(word, CURRENT, read, literal(before), literal(after))
                yield step, partial(_without_number, read=read.run(), before=before, after=after, at_end=at_end)


def _around(wanted: Sequence[str], at_end: bool) -> list[tuple[str, str]]:
    """What stands before and after the number; the outer side is the same in all texts, the inner one in most."""
    found: Counter[tuple[str, str]] = Counter()
    for made in wanted:
        match = _LAST_NUMBER.search(made) if at_end else _FIRST_NUMBER.match(made)
        if match is None:
            return []
        outer, inner = (match[2], match[1]) if at_end else (match[1], match[2])
        for size in range(min(2, len(inner)) + 1):
            near = inner[len(inner) - size :] if at_end else inner[:size]
            found[(near, outer) if at_end else (outer, near)] += 1
    most = max(found.values())
    often = [around for around in found if found[around] == most == len(wanted)]
    return sorted(often, key=lambda around: -len("".join(around)))[:2]


def _without_number(made: str, read: Run, before: str, after: str, at_end: bool) -> str | None:
    """The text before, if the number is what is read off it; a number may have one digit or more."""
    for digits in (1, 2, 3):
        size = len(before) + digits + len(after)
        piece, rest = (made[len(made) - size :], made[: len(made) - size]) if at_end else (made[:size], made[size:])
        if size > len(made):
            return None
        shown = piece[len(before) : len(before) + digits]
        if piece.startswith(before) and piece.endswith(after) and shown == str(read(rest, rest)):
            return rest
    return None
