"""Texts of equal lengths, character by character: what turns one side into the other, everywhere or at positions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ...operations import vocabulary as v
from ...operations.expressions import CURRENT, Expression, Word, call, literal, number, table
from ...operations.functions.letters import distance_from_a, mirror_letter, shift_code, shift_code_to_a, shift_code_to_z
from ..frame import Frame
from ..lookup import find_numbers, find_pieces

_ALPHABET = 26
_FARTHEST_CODE = 200


@dataclass(frozen=True)
class Aligned:
    """`before` and `after`: the characters meant in each text. `positions`: where they are; None: everywhere."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    positions: Expression | None

    def edit(self, everywhere: Word | None, placed: Word | None, *arguments: Expression) -> Iterator[Expression]:
        """The step with one of two words, whichever is meant; nothing where there is no such word."""
        if self.positions is None:
            if everywhere is not None:
                yield call(everywhere, CURRENT, *arguments)
        elif placed is not None:
            yield call(placed, CURRENT, self.positions, *arguments)


def aligned_edits(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    """All edits that turn the characters before into those after."""
    for edits in _EDITS:
        yield from edits(frame, texts)


def edits_of(frame: Frame) -> tuple[Edits, ...]:
    """The edits that may have changed what changes, at whatever positions: what they make of all, they make of some."""
    chosen = list(zip(frame.current, frame.wanted, frame.changed))
    before = tuple(["".join([c[p] for p in places]) for c, _, places in chosen])
    after = tuple(["".join([w[p] for p in places]) for _, w, places in chosen])
    return tuple(edits for edits, possible in _POSSIBLE if possible(Aligned(before, after, None)))


def rotation(before: str, after: str, *, to_small: bool = False) -> int | None:
    """By how many places all letters move, or None where they do not agree; 26 where there are no letters.

    Letters other than a to z are passed over: what becomes of them differs. With `to_small` all come out small.
    """
    found = _ALPHABET
    for b, a in zip(before, after):
        if "a" <= b <= "z":
            if not "a" <= a <= "z":
                return None
        elif "A" <= b <= "Z":
            if to_small:
                b = b.lower()
            if not ("a" <= a <= "z" if to_small else "A" <= a <= "Z"):
                return None
        elif a == b or not b.isascii():
            continue
        else:
            return None
        places = (ord(a) - ord(b)) % _ALPHABET
        if found == _ALPHABET:
            found = places
        elif found != places:
            return None
    return found


def _cases(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    if all(b.upper() == a for b, a in zip(texts.before, texts.after)):
        yield from texts.edit(v.UPPER, v.UPPER_AT)
    if all(b.lower() == a for b, a in zip(texts.before, texts.after)):
        yield from texts.edit(v.LOWER, v.LOWER_AT)
    if all(b.swapcase() == a for b, a in zip(texts.before, texts.after)):
        yield from texts.edit(v.SWAP_CASE, v.SWAP_CASE_AT)
    if all("".join(map(mirror_letter, b)) == a for b, a in zip(texts.before, texts.after)):
        yield from texts.edit(v.MIRROR_ALPHABET, v.MIRROR_AT)


def _shifts(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    """By a constant, or by a number that is read off the text; perhaps with small letters as the outcome."""
    wanted: list[int | None] = []
    for before, after in zip(texts.before, texts.after):
        places = rotation(before, after)
        if places is None:
            break
        wanted.append(None if places == _ALPHABET else places)
    else:
        strange = not all(map(str.isascii, texts.before))
        for expression in find_numbers(frame, wanted, modulus=_ALPHABET):
            yield from texts.edit(v.SHIFT, v.SHIFT_AT, expression)
            if strange:
                yield from texts.edit(v.SHIFT_ANY, v.SHIFT_ANY_AT, expression)
    if texts.positions is None and any(map(_has_capital, texts.before)):
        yield from _shifts_to_small(frame, texts)


def _shifts_to_small(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    """The same with small letters as the outcome, texts without the key left alone."""
    wanted: list[int | None] = []
    unchanged: set[int] = set()
    for i, (before, after) in enumerate(zip(texts.before, texts.after)):
        places = rotation(before, after, to_small=True)
        if before == after and _has_capital(before):
            unchanged.add(i)
        elif places is None:
            return
        wanted.append(None if places in (None, _ALPHABET) else places)
    if not unchanged:
        for expression in find_numbers(frame, wanted, modulus=_ALPHABET):
            yield call(v.SHIFT_TO_SMALL, CURRENT, expression)
    known = [i for i, w in enumerate(wanted) if w is not None]
    for table_of_pieces in frame.piece_tables if known else ():
        for column in table_of_pieces:
            keys = column.values
            if any(keys[i] for i in unchanged) or any(len(keys[i]) != 1 for i in known):
                continue
            for direction in (1, -1):
                if all((direction * distance_from_a(keys[i]) - (wanted[i] or 0)) % _ALPHABET == 0 for i in known):
                    yield call(v.SHIFT_TO_SMALL_BY, CURRENT, column.expression, number(direction))


def _has_capital(text: str) -> bool:
    return any("A" <= c <= "Z" for c in text)


def _progressive_shifts(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    """Each position by so much more than the one before."""
    if texts.positions is not None:
        return
    seen: dict[int, int] = {}
    for before, after in zip(texts.before, texts.after):
        for place, (b, a) in enumerate(zip(before, after)):
            moved = rotation(b, a)
            if moved is None or (moved != _ALPHABET and seen.setdefault(place, moved) != moved):
                return
    if len(seen) > 2 and 0 in seen and 1 in seen:
        step = (seen[1] - seen[0] + 13) % _ALPHABET - 13
        if step and all((seen[0] + step * place - moved) % _ALPHABET == 0 for place, moved in seen.items()):
            yield call(v.SHIFT_BY_POSITION, CURRENT, number(seen[0]), number(step))


def _code_shifts(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    """By a number of code points; the letters at one end of the alphabet may be an exception."""
    if texts.positions is None:
        apart = _one_distance(texts, lambda c: True)
        if apart is not None:
            yield call(v.SHIFT_ALL_CODES, CURRENT, number(apart))
    apart = _one_distance(texts, _inside_alphabet)
    if apart is None:
        return
    for shift, everywhere, placed in (
        (shift_code, v.SHIFT_CODES, v.SHIFT_CODES_AT),
        (shift_code_to_a, None, v.SHIFT_CODES_TO_A_AT),
        (shift_code_to_z, None, v.SHIFT_CODES_TO_Z_AT),
    ):
        if _all_shift(shift, apart, texts):
            yield from texts.edit(everywhere, placed, number(apart))


def _inside_alphabet(character: str) -> bool:
    return character.isalpha() and character not in "aAzZ"


def _all_shift(shift: Callable[[str, int], str], apart: int, texts: Aligned) -> bool:
    """Whether that makes of all characters what they become; beyond the last code point there is nothing."""
    pairs = ((b, a) for before, after in zip(texts.before, texts.after) for b, a in zip(before, after))
    return all(0 <= ord(b) + apart <= sys.maxunicode and shift(b, apart) == a for b, a in pairs)


def _one_distance(texts: Aligned, meant: Callable[[str], bool]) -> int | None:
    """How many code points apart the characters meant are from what they become, if always as many."""
    found: int | None = None
    for before, after in zip(texts.before, texts.after):
        for b, a in zip(before, after):
            if not meant(b):
                continue
            if found is None:
                found = ord(a) - ord(b)
            elif ord(a) - ord(b) != found:
                return None
    return found if found is None or 0 < abs(found) < _FARTHEST_CODE else None


def _replacements(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    """All characters meant become the same one, in each text."""
    wanted: list[str | None] = []
    for after in texts.after:
        if len(set(after)) > 1:
            return
        wanted.append(after[0] if after else None)
    if texts.positions is not None:
        for piece in find_pieces(frame, wanted):
            yield call(v.REPLACE_AT, CURRENT, texts.positions, piece)


def _orders(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    if texts.positions is None or not any(len(b) > 1 for b in texts.before):
        return
    if all(b[::-1] == a for b, a in zip(texts.before, texts.after)):
        yield call(v.REVERSE_AT, CURRENT, texts.positions)
    if all("".join(sorted(b)) == a for b, a in zip(texts.before, texts.after)):
        yield call(v.SORT_AT, CURRENT, texts.positions)


def character_map(before: Sequence[str], after: Sequence[str]) -> dict[str, str] | None:
    """What each character becomes, those that stay included; None where that is not always the same."""
    found: dict[str, str] = {}
    for b, a in zip(before, after):
        for old, new in zip(b, a):
            if found.setdefault(old, new) != new:
                return None
    return found


def _maps(frame: Frame, texts: Aligned) -> Iterator[Expression]:
    plain = character_map(texts.before, texts.after)
    if plain is not None:
        changes = {old: new for old, new in plain.items() if old != new}
        if changes:
            if texts.positions is None and len(changes) == 1:
                ((old, new),) = changes.items()
                yield call(v.REPLACE, CURRENT, literal(old), literal(new))
            else:
                yield from texts.edit(v.TRANSLATE, v.TRANSLATE_AT, table(changes))
    if texts.positions is not None:
        return
    lowered = character_map([b.lower() for b in texts.before], [a.lower() for a in texts.after])
    if lowered is not None and all(
        a.isupper() == b.isupper() or not (a.isalpha() and b.isalpha())
        for before, after in zip(texts.before, texts.after)
        for b, a in zip(before, after)
    ):
        changes = {old: new for old, new in lowered.items() if old != new}
        if len(changes) > 1:
            yield call(v.TRANSLATE_KEEPING_CASE, CURRENT, table(changes))
    ignoring = character_map([b.lower() for b in texts.before], list(texts.after))
    if ignoring is not None:
        capitals = {c.lower() for before in texts.before for c in before if c.isupper()}
        changes = {old: new for old, new in ignoring.items() if old != new or old in capitals}
        if len(changes) > 1:
            yield call(v.TRANSLATE_IGNORING_CASE, CURRENT, table(changes))


Edits: TypeAlias = Callable[[Frame, Aligned], Iterator[Expression]]
_EDITS: tuple[Edits, ...] = (_cases, _shifts, _progressive_shifts, _code_shifts, _replacements, _orders, _maps)


def _may_be_cases(texts: Aligned) -> bool:
    return all(
        not b.isascii() or a in (b.upper(), b.lower(), b.swapcase(), "".join(map(mirror_letter, b)))
        for b, a in zip(texts.before, texts.after)
    )


def _may_be_shifts(texts: Aligned) -> bool:
    return all(rotation(b, a) is not None for b, a in zip(texts.before, texts.after))


_POSSIBLE: tuple[tuple[Edits, Callable[[Aligned], bool]], ...] = (
    (_cases, _may_be_cases),
    (_shifts, _may_be_shifts),
    (_code_shifts, lambda texts: _one_distance(texts, _inside_alphabet) is not None),
    (_replacements, lambda texts: all(len(set(after)) < 2 for after in texts.after)),
    (_orders, lambda texts: all(sorted(b) == sorted(a) for b, a in zip(texts.before, texts.after))),
    (_maps, lambda texts: character_map(texts.before, texts.after) is not None),
)
"""Of edits at positions, what must hold of the characters that change."""
