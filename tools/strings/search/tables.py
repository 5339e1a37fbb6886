"""What steps can refer to: positions, pieces and whole numbers of a text, each with its values on the texts at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar, cast

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, ORIGINAL, Current, Expression, Original, Run, absent, call, number

T = TypeVar("T")
MOST_INDEX = 14
"""Characters are addressed singly up to this index."""
_MOST_ROWS = 3000
"""So many texts are remembered before all are forgotten."""
_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS, v.SMALL_LETTERS, v.WHITE_SPACE, v.MARKS)


@dataclass(frozen=True)
class Column(Generic[T]):
    """An expression and its values on the texts of a frame."""

    expression: Expression
    values: tuple[T, ...]


@dataclass(frozen=True)
class Selector:
    """Positions in the current text; `single`: at most one."""

    expression: Expression
    run: Run
    single: bool


@cache
def selectors(longest: int) -> tuple[Selector, ...]:
    """All ways to choose positions without looking at data, the cheapest first."""
    made = [Selector(e, e.run(), False) for e in _position_expressions(CURRENT)]
    made += [Selector(e, e.run(), True) for e in _single_positions(CURRENT, min(longest, MOST_INDEX))]
    return tuple(sorted(made, key=lambda s: s.expression.bits))


def _single_positions(text: Expression, longest: int) -> Iterator[Expression]:
    for index in (*range(longest), -1, -2, -3, -4):
        yield call(v.AT, text, number(index))
    for word in (v.MIDDLE, v.LEFT_MIDDLE, v.MIDDLE_OF_ODD, v.MIDDLE_FROM_THREE):
        yield call(word, text)
    for word in (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS):
        yield call(v.FIRST_PLACES, call(word, text))
        yield call(v.LAST_PLACES, call(word, text))


def _position_expressions(text: Expression) -> Iterator[Expression]:
    for word in (*_CLASSES, v.LETTERS_AND_DIGITS):
        yield call(word, text)
        yield call(v.OTHERS, text, call(word, text))
    for word in (v.FIRST_HALF, v.LONGER_FIRST_HALF, v.SECOND_HALF, v.LONGER_SECOND_HALF, v.MIDDLE_TWO, v.BOTH_ENDS):
        yield call(word, text)
    yield call(v.OTHERS, text, call(v.BOTH_ENDS, text))
    yield call(v.OTHERS, text, call(v.MIDDLE, text))
    for word in (v.WORD_STARTS, v.WORD_ENDS, v.SEEN_BEFORE, v.SAME_AS_PREVIOUS, v.OCCURRING_ONCE):
        yield call(word, text)
    for word in (v.WORD_STARTS, v.WORD_ENDS, v.OCCURRING_ONCE):
        yield call(v.OTHERS, text, call(word, text))
    yield call(v.EVERYTHING, text)
    for step in (2, 3, 4):
        for start in range(step):
            yield call(v.EVERY, text, number(step), number(start))
    for start in range(2):
        yield call(v.EVERY_LETTER, text, number(2), number(start))
    for count in range(2, 7):
        yield call(v.FIRST, text, number(count))
        yield call(v.LAST, text, number(count))
    for count in range(1, 5):
        yield call(v.AFTER_FIRST, text, number(count))
        yield call(v.BEFORE_LAST, text, number(count))


def _characters(text: Expression, longest: int) -> Iterator[Expression]:
    for index in (*range(min(longest, MOST_INDEX)), -1, -2, -3):
        yield call(v.CHARACTER, text, number(index))
    for word in (v.MIDDLE_CHARACTER, v.LEFT_MIDDLE_CHARACTER):
        yield call(word, text)


def _number_expressions(text: Expression, longest: int) -> Sequence[Expression]:
    found: list[Expression] = [call(v.LENGTH, text), call(v.NUMBER_OF_WORDS, text), call(v.NUMBER_OF_DISTINCT, text)]
    found += [call(v.NUMBER_OF, call(word, text)) for word in (*_CLASSES, v.LETTERS_AND_DIGITS)]
    found += [call(v.NUMBER_OF, call(word, text)) for word in (v.SEEN_BEFORE, v.SAME_AS_PREVIOUS, v.OCCURRING_ONCE)]
    for character in _characters(text, longest):
        found += [call(word, character) for word in (v.ALPHABET_PLACE, v.ALPHABET_INDEX, v.DISTANCE_FROM_A, v.CODE)]
    for word in (v.HALF_LENGTH, v.HALF_LENGTH_UP, v.HIGHEST_COUNT, v.LONGEST_RUN, v.LONGEST_WORD_LENGTH):
        found.append(call(word, text))
    found += [call(word, text) for word in (v.SUM_OF_DIGITS, v.SUM_OF_PLACES, v.SUM_OF_CODES)]
    return found


def _piece_expressions(text: Expression, longest: int) -> Sequence[Expression]:
    found: list[Expression] = [text, call(v.REVERSED, text), call(v.UPPER_OF, text), call(v.LOWER_OF, text)]
    characters = list(_characters(text, longest))
    found += characters
    for count in range(2, 5):
        found.append(call(v.PART_OF, text, absent(), number(count)))
        found.append(call(v.PART_OF, text, number(-count), absent()))
    found += [call(v.PART_OF, text, number(1), absent()), call(v.PART_OF, text, absent(), number(-1))]
    found += [call(word, c) for word in (v.UPPER_OF, v.LOWER_OF) for c in characters if c.bits < 5]
    for word in (v.COMMONEST_CHARACTER, v.HIGHEST_CHARACTER, v.LOWEST_CHARACTER, v.LONGEST_WORD_OF):
        found.append(call(word, text))
    found += [call(v.WORD_OF, text, number(index)) for index in (0, 1, -1)]
    for word in (v.VOWELS, v.CONSONANTS, v.CAPITALS, v.DIGITS):
        found.append(call(v.KEEP, text, call(word, text)))
    for counted in (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS):
        how_many = call(v.NUMBER_OF, call(counted, text))
        found.append(call(v.CHARACTER_AT, text, how_many))
        found.append(call(v.CHARACTER_AT, text, call(v.PLUS, how_many, number(-1))))
    number_words = (call(v.LENGTH, text), call(v.NUMBER_OF, call(v.VOWELS, text)))
    found += [call(word, n) for word in (v.IN_DIGITS, v.IN_WORDS) for n in number_words]
    return found


class Table(Generic[T]):
    """Columns, the cheapest first; those with a value at some text are found at once."""

    def __init__(self, columns: Sequence[Column[T]]) -> None:
        self.columns = tuple(sorted(columns, key=lambda c: c.expression.bits))
        self._at: dict[int, dict[T, list[Column[T]]]] = {}

    def __iter__(self) -> Iterator[Column[T]]:
        return iter(self.columns)

    def at(self, i: int, value: T) -> Sequence[Column[T]]:
        """The columns that have `value` for text `i`."""
        known = self._at.get(i)
        if known is None:
            known = self._at[i] = {}
            for column in self.columns:
                known.setdefault(column.values[i], []).append(column)
        return known.get(value, ())


class Readings(Generic[T]):
    """What can be read off a text, the cheapest first; what a text gives is remembered, as long as few are met."""

    def __init__(self, read: Callable[[Expression, int], Iterable[Expression]], longest: int) -> None:
        """`read`: the expressions for texts of at most so many characters, of the text now or the one at the start."""
        now = list(read(CURRENT, longest))
        order = sorted(range(len(now)), key=lambda n: now[n].bits)
        at_start = list(read(ORIGINAL, longest))
        self.expressions = [now[n] for n in order]
        self._of = {CURRENT: self.expressions, ORIGINAL: [at_start[n] for n in order]}
        self._runs = [expression.run() for expression in self.expressions]
        self._rows: dict[str, tuple[T | None, ...]] = {}

    def row(self, text: str) -> tuple[T | None, ...]:
        """What each expression gives for `text`; None where it fails."""
        known = self._rows.get(text)
        if known is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            known = self._rows[text] = tuple([_value(run, text) for run in self._runs])
        return known

    def table(self, texts: Sequence[str], text: Current | Original) -> Table[T]:
        """All columns for `texts`, which `text` stands for: those that fail nowhere, of those alike the cheapest."""
        columns = zip(self._of[text], zip(*[self.row(one) for one in texts]))
        return Table(list(_different(columns)))

    def columns(self, numbers: Iterable[int], texts: Sequence[str]) -> Iterator[Column[T]]:
        """The columns of some of the expressions for the texts now, in the same way."""
        return _different(
            (self.expressions[n], tuple([_value(self._runs[n], text) for text in texts])) for n in numbers
        )


def _different(columns: Iterable[tuple[Expression, tuple[T | None, ...]]]) -> Iterator[Column[T]]:
    """Those that fail nowhere, of those with equal values the first."""
    seen: set[tuple[T | None, ...]] = set()
    for expression, values in columns:
        if values not in seen and None not in values:
            seen.add(values)
            yield Column(expression, cast("tuple[T, ...]", values))


def _value(run: Callable[[str, str], T], text: str) -> T | None:
    try:
        return run(text, text)
    except Exception:
        return None


def number_readings(longest: int) -> Readings[int]:
    """Whole numbers read off texts, of which the longest has so many characters."""
    return _number_readings(min(longest, MOST_INDEX))


def piece_readings(longest: int) -> Readings[str]:
    """Pieces of texts, of which the longest has so many characters."""
    return _piece_readings(min(longest, MOST_INDEX))


@cache
def _number_readings(longest: int) -> Readings[int]:
    return Readings(_number_expressions, longest)


@cache
def _piece_readings(longest: int) -> Readings[str]:
    return Readings(_piece_expressions, longest)
