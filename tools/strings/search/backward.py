"""Last steps undone: what the texts before them must have been, so that an earlier step can be fitted to that.

A step that only moves, repeats and adds characters by their places is undone without knowing what it is: it is run on
marks that all differ, and where each mark comes out shows where each character came from. Others bring an inverse.
Every undoing is checked by doing the step again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, EachWord, Expression, call, literal, number
from ..operations.functions.pieces import SMALL_NUMBERS
from .frame import Texts, evaluate

_FIRST_MARK = 0xE000
_LONGEST = 80
"""Texts that a last step made longer than this are not undone."""
_MOST_BETWEEN = 6
"""Characters of a constant that may have been put in."""
_FEWEST = 4
"""Different texts that it takes to tell a constant from what they happen to have in common."""


Inverse = Callable[[str], "str | None"]
"""From what a step has made to what it was made of, if it can be."""


@dataclass(frozen=True)
class Tail:
    """Last steps, and the texts that they turn into the wanted ones.

    `telling`: texts that the steps were not at work on would hardly have allowed to undo them.
    """

    steps: tuple[Expression, ...]
    wanted: Texts
    bits: float
    telling: bool
    inverses: tuple[Inverse, ...] = field(compare=False)

    def before(self, wanted: Texts) -> Texts | None:
        """What other wanted texts were before these steps; None where one of them cannot have come from them."""
        made: Texts | None = wanted
        for inverse in self.inverses:
            made = _before(made, inverse) if made is not None else None
        return made


def undone(wanted: Texts, steps: Iterable[Expression]) -> Iterator[Tail]:
    """The steps, out of `steps` and of those read off `wanted`, that may have been the last ones."""
    seen = {wanted}
    for step, inverse in _candidates(wanted, steps):
        before = _before(wanted, inverse)
        if before is None or before in seen or evaluate(step, before, before) != wanted:
            continue
        seen.add(before)
        telling = any(sorted(b) != sorted(w) for b, w in zip(before, wanted))
        yield Tail((step,), before, step.bits + 1, telling and not _is_shift(step), (inverse,))


def _is_shift(step: Expression) -> bool:
    return getattr(step, "word", None) in (v.SHIFT, v.MIRROR_ALPHABET, v.SWAP_CASE)


def _candidates(wanted: Texts, steps: Iterable[Expression]) -> Iterator[tuple[Expression, Inverse]]:
    for step in steps:
        yield step, lambda made, step=step: _by_places(step, made)  # type: ignore[misc]
    yield from _own_inverses()
    yield from _shifts()
    yield from _added(wanted)
    yield from _between(wanted)


def _before(wanted: Texts, inverse: Inverse) -> Texts | None:
    """What every text was; None where one of them cannot have come from the step."""
    found: list[str] = []
    for made in sorted(set(wanted), key=lambda made: -min(len(made), 12)):
        if len(made) > _LONGEST or (before := inverse(made)) is None:
            return None
        found.append(before)
    known = dict(zip(sorted(set(wanted), key=lambda made: -min(len(made), 12)), found))
    return tuple([known[made] for made in wanted])


@cache
def _marked(step: Expression, length: int) -> str | None:
    """What the step makes of so many marks that all differ."""
    marks = "".join(chr(_FIRST_MARK + i) for i in range(length))
    made = evaluate(step, (marks,), (marks,))
    return None if made is None or len(made[0]) > 4 * _LONGEST else made[0]


@cache
def _lengths(step: Expression, made: int) -> tuple[int, ...]:
    """Lengths of texts that the step gives `made` characters for, the likeliest first."""
    if _gives(step, made, made):
        return (made,)
    return tuple(n for n in range(made + 1) if _gives(step, n, made))


def _gives(step: Expression, length: int, made: int) -> bool:
    marked = _marked(step, length)
    return marked is not None and len(marked) == made


def _by_places(step: Expression, made: str) -> str | None:
    """The text that the step turns into `made`, as far as places decide it; None if there is none."""
    for length in _lengths(step, len(made)):
        marks = _marked(step, length)
        if marks is None:
            continue
        before: dict[int, str] = {}
        for mark, character in zip(marks, made):
            index = ord(mark) - _FIRST_MARK
            if not 0 <= index < length:
                if mark != character:
                    break
            elif before.setdefault(index, character) != character:
                break
        else:
            if len(before) == length:
                return "".join([before[i] for i in range(length)])
    return None


@cache
def moving_steps(steps: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """Those of `steps` that move, repeat or add characters by their places, and lose none of them."""
    return tuple(step for step in steps if any(_moves(step, length) for length in (5, 6)))


def _moves(step: Expression, length: int) -> bool:
    marks = "".join(chr(_FIRST_MARK + i) for i in range(length))
    made = _marked(step, length)
    return made is not None and made != marks and set(marks) <= set(made)


def _own_inverses() -> Iterator[tuple[Expression, Inverse]]:
    """Steps that undo themselves, or that another step undoes."""
    alone = (v.MIRROR_ALPHABET, v.SWAP_CASE, v.REVERSE_WORDS, v.REVERSE_WORDS_TIDILY, v.REVERSE_EACH_WORD,
             v.REVERSE_EACH_TIDILY, v.SWAP_WORDS)  # fmt: skip
    for word in alone:
        yield call(word, CURRENT), word.function
    for index, back in ((1, -1), (-1, 1)):
        yield call(v.ROTATE_WORDS, CURRENT, number(index)), lambda made, back=back: v.ROTATE_WORDS.function(made, back)  # type: ignore[misc]
    for step in (call(v.SWAP_CHARACTERS, CURRENT, number(0), number(-1)), call(v.SWAP_NEIGHBOURS, CURRENT)):
        yield EachWord(step), lambda made, step=step: _in_words(step, made)  # type: ignore[misc]
    yield call(v.COUNT_RUNS, CURRENT), _without_counts
    yield call(v.SPELL_DIGITS_IN_PLACE, CURRENT), _with_digits


def _in_words(step: Expression, made: str) -> str | None:
    parts = [_by_places(step, word) for word in made.split(" ")]
    return " ".join([part for part in parts if part is not None]) if None not in parts else None


def _shifts() -> Iterator[tuple[Expression, Inverse]]:
    """By the length of the text, which a shift leaves as it is."""
    for sign in (1, -1):
        length: Expression = call(v.LENGTH, CURRENT)
        places = length if sign == 1 else call(v.TIMES, length, number(-1))
        yield (
            call(v.SHIFT, CURRENT, places),
            lambda made, sign=sign: v.SHIFT.function(made, -sign * len(made)),  # type: ignore[misc]
        )


def _without_counts(made: str) -> str | None:
    before, place = "", 0
    while place < len(made):
        stop = place + 1
        while stop < len(made) and made[stop].isdecimal():
            stop += 1
        if stop == place + 1 or not made[place + 1 : stop].isascii():
            return None
        before += made[place] * min(_LONGEST, int(made[place + 1 : stop]))
        place = stop
    return before


def _with_digits(made: str) -> str:
    for digit, name in enumerate(SMALL_NUMBERS[:10]):
        made = made.replace(name, str(digit))
    return made


def _added(wanted: Texts) -> Iterator[tuple[Expression, Inverse]]:
    """A constant put in at an end, in the middle, or at an index: the most that all texts have in common there."""
    shortest = min(map(len, wanted))
    if len(set(wanted)) < _FEWEST:
        return
    first = _common_start(wanted)
    last = _common_start([made[::-1] for made in wanted])[::-1]
    if first and last and len(first) + len(last) <= shortest:
        around = call(v.PUT_AROUND, CURRENT, literal(first), literal(last))
        yield around, lambda made: made[len(first) : len(made) - len(last)]
    for make, start in _gaps():
        for size in range(min(shortest, _MOST_BETWEEN), 0, -1):
            pieces = {made[start(len(made) - size) :][:size] for made in wanted}
            if len(pieces) == 1:
                step = make(literal(pieces.pop()))
                yield step, lambda made, size=size, start=start: _cut(made, start(len(made) - size), size)  # type: ignore[misc]
                break


def _common_start(texts: Sequence[str]) -> str:
    least, most = min(texts), max(texts)
    return least[: next((i for i, (a, b) in enumerate(zip(least, most)) if a != b), min(len(least), len(most)))]


def _cut(made: str, start: int, size: int) -> str:
    return made[:start] + made[start + size :]


@cache
def _gaps() -> tuple[tuple[Callable[[Expression], Expression], Callable[[int], int]], ...]:
    """Steps that put something in, and where that stands, given the length of the text before."""
    gaps: list[tuple[Callable[[Expression], Expression], Callable[[int], int]]] = [
        (lambda new: call(v.APPEND, CURRENT, new), lambda length: length),
        (lambda new: call(v.PREPEND, CURRENT, new), lambda length: 0),
        (lambda new: call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), new), lambda length: length // 2),
        (lambda new: call(v.INSERT, CURRENT, call(v.HALF_LENGTH_UP, CURRENT), new), lambda length: (length + 1) // 2),
    ]
    for index in (*range(1, 6), -1, -2, -3):
        gaps.append((_insertion(index), _clamped(index)))
    return tuple(gaps)


def _insertion(index: int) -> Callable[[Expression], Expression]:
    return lambda new: call(v.INSERT, CURRENT, number(index), new)


def _clamped(index: int) -> Callable[[int], int]:
    return lambda length: min(index, length) if index >= 0 else max(0, length + index)


def _between(wanted: Texts) -> Iterator[tuple[Expression, Inverse]]:
    """A constant between all characters, between groups of them, between copies, or in the place of spaces."""
    common = set.intersection(*[set(made) for made in wanted if len(made) > 1] or [set()])
    for new in sorted(common):
        for step in (call(v.PUT_BETWEEN, CURRENT, literal(new)), *_copies(new)):
            yield step, lambda made, step=step: _by_places(step, made)  # type: ignore[misc]
    often = {c for made in wanted for c in made if not c.isalnum()}
    for new in sorted(often):
        for size in (2, 3, 4):
            grouped = call(v.PUT_BETWEEN_GROUPS, CURRENT, number(size), literal(new))
            yield grouped, lambda made, step=grouped: _by_places(step, made)  # type: ignore[misc]
        if new != " " and not any(" " in made for made in wanted):
            for word in (v.JOIN_WORDS, None):
                step = (
                    call(word, CURRENT, literal(new)) if word else call(v.REPLACE, CURRENT, literal(" "), literal(new))
                )
                yield step, lambda made, new=new: made.replace(new, " ")  # type: ignore[misc]


def _copies(new: str) -> Iterator[Expression]:
    for times in (2, 3):
        yield call(v.REPEAT_WITH, CURRENT, number(times), literal(new))


def undone_twice(tails: Sequence[Tail], wanted: Texts, steps: Sequence[Expression], most: int) -> Iterator[Tail]:
    """Two last steps, the telling and the cheap ones first; at most so many."""
    seen = {wanted, *(tail.wanted for tail in tails)}
    count = 0
    for tail in tails:
        for further in undone(tail.wanted, steps):
            if further.wanted in seen:
                continue
            seen.add(further.wanted)
            yield Tail(
                (*further.steps, *tail.steps),
                further.wanted,
                further.bits + tail.bits,
                further.telling or tail.telling,
                (*tail.inverses, *further.inverses),
            )
            count += 1
            if count >= most:
                return
