"""First steps: everything that is worth trying before the last step is fitted, the cheapest first."""

from __future__ import annotations

import string
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from ..operations import vocabulary as v
from ..operations.expressions import CURRENT, EachWord, Expression, absent, call, literal, number
from .rarer import rarer_steps
from .seldom import seldom_steps
from .tables import selectors

_PLAIN = (
    v.REVERSE, v.UPPER, v.LOWER, v.SWAP_CASE, v.CAPITALIZE, v.TITLE, v.STRIP, v.STRIP_START, v.STRIP_END,
    v.COLLAPSE_SPACES, v.SORT, v.SORT_DOWN, v.SORT_IGNORING_CASE, v.UNIQUE_IGNORING_CASE, v.MIRROR_ALPHABET,
    v.SWAP_HALVES, v.SWAP_HALVES_LONGER, v.SWAP_HALVES_MIDDLE, v.SWAP_NEIGHBOURS, v.MIRROR_IMAGE,
    v.MIRROR_IMAGE_SHARING, v.ALTERNATE_CASE, v.ALTERNATE_CASE_LOWER, v.EVENS_THEN_ODDS, v.ODDS_THEN_EVENS,
    v.COUNT_RUNS, v.REPEAT_BY_POSITION, v.SPELL_DIGITS_IN_PLACE, v.LETTERS_TO_PLACES, v.REVERSE_WORDS,
    v.REVERSE_WORDS_TIDILY, v.REVERSE_EACH_WORD, v.REVERSE_EACH_TIDILY, v.SORT_WORDS, v.SORT_WORDS_IGNORING,
    v.SORT_WORDS_BY_LENGTH, v.UNIQUE_WORDS, v.CAPITALIZE_WORDS, v.LONGEST_WORD, v.SHORTEST_WORD, v.INITIALS,
    v.FINAL_LETTERS, v.SWAP_WORDS,
)  # fmt: skip
_CLASSES = (v.VOWELS, v.CONSONANTS, v.LETTERS, v.DIGITS, v.CAPITALS, v.SMALL_LETTERS, v.WHITE_SPACE, v.MARKS)
_MOST_CONSTANTS = 16
_LONGEST_CONSTANT = 7


def plain_steps() -> Iterator[Expression]:
    """Steps without parameters."""
    for word in (*_PLAIN, *v.MORE_PLAIN):
        yield call(word, CURRENT)


def selecting_steps(longest: int) -> Iterator[Expression]:
    """Something simple done to chosen characters."""
    words = (v.DELETE, v.KEEP, v.UPPER_AT, v.LOWER_AT, v.SWAP_CASE_AT, v.REVERSE_AT, v.MOVE_TO_START, v.MOVE_TO_END)
    for selector in selectors(longest):
        for word in words:
            if not (selector.single and word is v.REVERSE_AT):
                yield call(word, CURRENT, selector.expression)
        for times in (2, 3):
            yield call(v.REPEAT_AT, CURRENT, selector.expression, number(times))
    for ending in ("", "ay"):
        yield call(v.FIRST_LETTER_TO_END, CURRENT, literal(ending))
        yield call(v.PIG_LATIN, CURRENT, literal("way"), literal("ay"))
    for word in (v.WORD_NUMBER, v.ROTATE_WORDS):
        yield from (call(word, CURRENT, number(index)) for index in (0, 1, -1))
    for count in (2, 3):
        yield call(v.REPEAT, CURRENT, number(count))
    for between in ("", " ", "-", ", "):
        yield call(v.JOIN_WORDS, CURRENT, literal(between))
        yield call(v.SPELL_DIGITS, CURRENT, literal(between))


def shifting_steps(longest: int) -> Iterator[Expression]:
    """All letters moved: by a constant, or by a number read off the text."""
    for places in range(1, 14):
        yield call(v.SHIFT, CURRENT, number(places))
        if places < 13:
            yield call(v.SHIFT, CURRENT, number(-places))
    for read in _read_numbers(longest):
        for word in (v.SHIFT, v.SHIFT_TO_SMALL):
            yield call(word, CURRENT, read)
            yield call(word, CURRENT, call(v.TIMES, read, number(-1)))
    for key in _characters(longest):
        for direction in (1, -1):
            yield call(v.SHIFT_TO_SMALL_BY, CURRENT, key, number(direction))


def _read_numbers(longest: int) -> Iterator[Expression]:
    yield call(v.LENGTH, CURRENT)
    for character in _characters(longest):
        for word in (v.ALPHABET_PLACE, v.ALPHABET_INDEX, v.DISTANCE_FROM_A):
            yield call(word, character)
    for positions in _CLASSES[:5]:
        yield call(v.NUMBER_OF, call(positions, CURRENT))


def _characters(longest: int) -> Iterator[Expression]:
    for index in (*range(min(longest, 12)), -1, -2, -3):
        yield call(v.CHARACTER, CURRENT, number(index))
    for word in (v.MIDDLE_CHARACTER, v.LEFT_MIDDLE_CHARACTER):
        yield call(word, CURRENT)


def _single_places(longest: int) -> Iterator[Expression]:
    for index in (*range(min(longest, 12)), -1, -2, -3):
        yield call(v.AT, CURRENT, number(index))
    for word in (v.MIDDLE, v.LEFT_MIDDLE, v.MIDDLE_OF_ODD, v.MIDDLE_FROM_THREE):
        yield call(word, CURRENT)


def placed_shifts(longest: int) -> Iterator[Expression]:
    """One character, or a class of them, moved in the alphabet."""
    for positions in _single_places(longest):
        for places in range(1, 14):
            yield call(v.SHIFT_AT, CURRENT, positions, number(places))
            yield call(v.SHIFT_AT, CURRENT, positions, number(-places))
    for word in (v.VOWELS, v.CONSONANTS, v.CAPITALS, v.SMALL_LETTERS):
        for places in range(1, 14):
            yield call(v.SHIFT_AT, CURRENT, call(word, CURRENT), number(places))
            yield call(v.SHIFT_AT, CURRENT, call(word, CURRENT), number(-places))
    for positions in _single_places(longest):
        for read in _read_numbers(min(longest, 6)):
            if read.bits < 7:
                yield call(v.SHIFT_AT, CURRENT, positions, read)


def code_shifts() -> Iterator[Expression]:
    """The first, the last or the middle letter moved in code points, as careless shifting does."""
    for index in (0, -1):
        for places in range(1, 26):
            positions = call(v.AT, CURRENT, number(index))
            yield call(v.SHIFT_CODES_TO_A_AT, CURRENT, positions, number(places))
            yield call(v.SHIFT_CODES_TO_Z_AT, CURRENT, positions, number(-places))
            yield call(v.SHIFT_CODES_AT, CURRENT, positions, number(places))
            yield call(v.SHIFT_CODES_AT, CURRENT, positions, number(-places))


def number_steps(inputs: Sequence[str], longest: int) -> Iterator[Expression]:
    """Numbers read off the text, in words and digits."""
    counted = [call(v.NUMBER_OF, call(word, CURRENT)) for word in (*_CLASSES, v.LETTERS_AND_DIGITS)]
    counted += [call(word, CURRENT) for word in (v.LENGTH, v.NUMBER_OF_WORDS, v.NUMBER_OF_DISTINCT, v.SUM_OF_DIGITS)]
    counted += [call(v.ALPHABET_PLACE, character) for character in _characters(longest)]
    counted += [call(v.ALPHABET_INDEX, character) for character in _characters(min(longest, 3))]
    usual = [c for c, _ in Counter("".join(inputs)).most_common(40)]
    counted += [call(v.NUMBER_OF, call(v.ONE_OF, CURRENT, literal(c))) for c in usual]
    counted += [call(v.PLACE_OF, CURRENT, literal(c)) for c in usual if c.isalnum()]
    for read in counted:
        yield call(v.IN_WORDS, read)
        yield call(v.IN_DIGITS, read)


def put_in(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Texts that seem to have been put in: what outputs share that their inputs lack, the likeliest first.

    The shortest inputs show them best: what "" becomes is all put in.
    """
    found: Counter[str] = Counter()
    for given, made in zip(inputs, outputs):
        if not given.strip() and 1 < len(made.strip(given)) <= _LONGEST_CONSTANT:
            found[made.strip(given) if given else made] += 3
    kinds: tuple[Callable[[str], bool], ...] = (
        bool, lambda text: len(text.split()) > 1, lambda text: any(map(str.isdigit, text)),
        lambda text: any(map(str.isupper, text)), lambda text: len(text) > 5,
    )  # fmt: skip
    for holds in kinds:
        pairs = [(given, made) for given, made in zip(inputs, outputs) if holds(given)]
        if len(pairs) > 2:
            found.update(_shared(pairs))
    return [text for text, _ in found.most_common(_MOST_CONSTANTS)]


def _shared(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The longest pieces that all outputs have, though hardly an input has them; of two characters and more."""
    shortest = min((made for _, made in pairs), key=len)
    shared: list[str] = []
    for size in range(min(len(shortest), _LONGEST_CONSTANT), 1, -1):
        for start in range(len(shortest) - size + 1):
            piece = shortest[start : start + size]
            if any(piece in longer for longer in shared) or not all(piece in made for _, made in pairs):
                continue
            if sum(piece in given for given, _ in pairs) * 4 < len(pairs):
                shared.append(piece)
    return shared[:6]


def new_characters(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Characters that outputs have more of than their inputs, the most surprising first."""
    surplus: defaultdict[str, float] = defaultdict(float)
    for given, made in zip(inputs, outputs):
        before = Counter(given)
        for c, count in Counter(made).items():
            if count > before[c]:
                surplus[c] += 1.0 + 3.0 / (1 + len(given))
    return sorted(surplus, key=lambda c: -surplus[c])


def constant_steps(inputs: Sequence[str], outputs: Sequence[str]) -> Iterator[Expression]:
    """Characters of the outputs put in, or in the place of others."""
    characters = new_characters(inputs, outputs)
    new = [*characters[:_MOST_CONSTANTS], *put_in(inputs, outputs)]
    classes: list[Expression] = [call(word, CURRENT) for word in _CLASSES]
    classes += [call(v.AT, CURRENT, number(index)) for index in (*range(9), -1, -2)]
    classes += [call(v.MIDDLE, CURRENT), call(v.SEEN_BEFORE, CURRENT)]
    for new_one in new:
        character = literal(new_one)
        yield call(v.ENSURE_END, CURRENT, character)
        yield call(v.PUT_BETWEEN, CURRENT, character)
        yield call(v.JOIN_WORDS, CURRENT, character)
        yield call(v.APPEND, CURRENT, character)
        yield call(v.PREPEND, CURRENT, character)
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), character)
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH_UP, CURRENT), character)
        for index in (*range(1, 11), -1, -2):
            yield call(v.INSERT, CURRENT, number(index), character)
        for positions in classes:
            yield call(v.REPLACE_AT, CURRENT, positions, character)
        for count in (1, 2, 3, 4):
            yield call(v.BOTH_ENDS_WITH, CURRENT, number(count), character)
        for times in (2, 3):
            yield call(v.REPEAT_WITH, CURRENT, number(times), character)
        yield from (EachWord(call(word, CURRENT, character), True) for word in (v.PREPEND, v.APPEND))
        for word in (v.JOIN_SMALL_WORDS, v.CAPITAL_INITIALS, v.CAPITAL_INITIALS_WITH, v.STAIRCASE, v.ALPHABET_PLACES):
            yield call(word, CURRENT, character)
    used = [c for c, _ in Counter("".join(inputs)).most_common(30)]
    for old in used:
        yield call(v.DELETE, CURRENT, call(v.ONE_OF, CURRENT, literal(old)))
        for other in characters[:10]:
            yield call(v.REPLACE, CURRENT, literal(old), literal(other))


def piece_steps(longest: int) -> Iterator[Expression]:
    """Pieces of the text put in, or in the place of its characters."""
    pieces = list(_characters(min(longest, 6)))
    classes: list[Expression] = [call(word, CURRENT) for word in _CLASSES[:5]]
    classes += [call(v.AT, CURRENT, number(index)) for index in (0, 1, 2, 3, -1)]
    classes.append(call(v.MIDDLE, CURRENT))
    for piece in pieces:
        yield call(v.APPEND, CURRENT, piece)
        yield call(v.PREPEND, CURRENT, piece)
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), piece)
        for positions in classes:
            yield call(v.REPLACE_AT, CURRENT, positions, piece)
    for word in (v.VOWELS, v.CONSONANTS):
        how_many = call(v.NUMBER_OF, call(word, CURRENT))
        for read in (how_many, call(v.PLUS, how_many, number(-1))):
            yield call(v.REPLACE_AT, CURRENT, call(word, CURRENT), call(v.CHARACTER_AT, CURRENT, read))
    for index in range(4, 10):
        for piece in (*pieces[:1], call(v.CHARACTER, CURRENT, number(-1))):
            yield call(v.REPLACE_AT, CURRENT, call(v.AT, CURRENT, number(index)), piece)
    for one, other in ((0, 1), (0, -1), (1, 2), (1, -2), (2, 3), (0, 2), (-1, -2)):
        yield call(v.SWAP_CHARACTERS, CURRENT, number(one), number(other))
    for count in range(1, 10):
        yield call(v.PART, CURRENT, absent(), number(count))
        yield call(v.PART, CURRENT, number(-count), absent())
        yield call(v.PART, CURRENT, number(count), absent())
        yield call(v.PART, CURRENT, absent(), number(-count))
        yield call(v.MOVE_START_TO_END, CURRENT, number(count))
        yield call(v.MOVE_END_TO_START, CURRENT, number(count))


def swaps(longest: int) -> Iterator[Expression]:
    """Two characters swapped, addressed from the start."""
    most = min(longest, 12)
    for one in range(most):
        yield from (call(v.SWAP_CHARACTERS, CURRENT, number(one), number(other)) for other in range(one + 1, most))


def hidden_constants(inputs: Sequence[str], outputs: Sequence[str]) -> Iterator[Expression]:
    """Letters that a later step has changed: any letter in the middle, at the ends, for the vowels, for another."""
    if not any(c.isalpha() for made in outputs for c in made):
        return
    for letter in string.ascii_letters:
        character = literal(letter)
        yield call(v.INSERT, CURRENT, call(v.HALF_LENGTH, CURRENT), character)
        for word in (v.VOWELS, v.CONSONANTS):
            yield call(v.REPLACE_AT, CURRENT, call(word, CURRENT), character)
        if letter.islower():
            yield call(v.APPEND, CURRENT, character)
            yield call(v.PREPEND, CURRENT, character)
    used = [c for c, _ in Counter("".join(inputs)).most_common() if c.isalpha()]
    for old in map(literal, used[:26]):
        for new in string.ascii_lowercase:
            yield call(v.REPLACE, CURRENT, old, literal(new))


def cheap_steps(longest: int) -> tuple[Expression, ...]:
    """Those that are worth doing twice before the last step."""
    found = [*plain_steps(), *rarer_steps(), *selecting_steps(min(longest, 4))]
    return tuple(sorted(dict.fromkeys(found), key=lambda e: e.bits)[:300])


def first_steps(
    inputs: Sequence[str], outputs: Sequence[str], *, shown_by: tuple[Sequence[str], Sequence[str]] | None = None
) -> tuple[Expression, ...]:
    """All of them, the cheapest first. `shown_by`: inputs and outputs, more of them, that show what is put in."""
    longest = max(map(len, inputs), default=0)
    found = [
        *plain_steps(), *rarer_steps(), *seldom_steps(inputs, new_characters(*(shown_by or (inputs, outputs)))),
        *selecting_steps(longest), *shifting_steps(longest),
        *number_steps(inputs, longest), *constant_steps(*(shown_by or (inputs, outputs))), *piece_steps(longest),
        *placed_shifts(longest), *code_shifts(), *swaps(longest), *hidden_constants(inputs, outputs),
    ]  # fmt: skip
    return tuple(sorted(dict.fromkeys(found), key=lambda e: e.bits))
