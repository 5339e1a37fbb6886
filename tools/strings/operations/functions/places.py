"""Which characters of a text are meant: functions from a text to positions, counted from 0."""

from .letters import VOWELS


def everything(text: str) -> list[int]:
    return list(range(len(text)))


def at(text: str, index: int) -> list[int]:
    return [index % len(text)] if -len(text) <= index < len(text) else []


def middle(text: str) -> list[int]:
    return [len(text) // 2] if text else []


def left_middle(text: str) -> list[int]:
    return [(len(text) - 1) // 2] if text else []


def middle_of_odd(text: str) -> list[int]:
    return [len(text) // 2] if len(text) % 2 == 1 else []


def middle_of_odd_from_three(text: str) -> list[int]:
    return [len(text) // 2] if len(text) % 2 == 1 and len(text) > 2 else []


def middle_of_odd_or_two(text: str) -> list[int]:
    return list(range((len(text) - 1) // 2, len(text) // 2 + 1)) if text else []


def both_ends(text: str) -> list[int]:
    return sorted({0, len(text) - 1}) if text else []


def every(text: str, step: int, start: int) -> list[int]:
    return list(range(start, len(text), step))


def every_letter(text: str, step: int, start: int) -> list[int]:
    return [i for i, c in enumerate(text) if c.isalpha()][start::step]


def first_half(text: str) -> list[int]:
    return list(range(len(text) // 2))


def longer_first_half(text: str) -> list[int]:
    return list(range((len(text) + 1) // 2))


def second_half(text: str) -> list[int]:
    return list(range((len(text) + 1) // 2, len(text)))


def longer_second_half(text: str) -> list[int]:
    return list(range(len(text) // 2, len(text)))


def first(text: str, count: int) -> list[int]:
    return list(range(min(count, len(text))))


def last(text: str, count: int) -> list[int]:
    return list(range(max(0, len(text) - count), len(text)))


def after_first(text: str, count: int) -> list[int]:
    return list(range(count, len(text)))


def before_last(text: str, count: int) -> list[int]:
    return list(range(len(text) - count))


def vowels(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c in VOWELS]


def consonants(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isalpha() and c not in VOWELS]


def letters(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isalpha()]


def digits(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isdigit()]


def letters_and_digits(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isalnum()]


def capitals(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isupper()]


def small_letters(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.islower()]


def white_space(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c.isspace()]


def marks(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if not c.isalnum() and not c.isspace()]


def one_of(text: str, characters: str) -> list[int]:
    return [i for i, c in enumerate(text) if c in characters]


def first_one_of(text: str, characters: str) -> list[int]:
    return [i for i, c in enumerate(text) if c in characters][:1]


def last_one_of(text: str, characters: str) -> list[int]:
    return [i for i, c in enumerate(text) if c in characters][-1:]


def first_places(positions: list[int]) -> list[int]:
    return positions[:1]


def last_places(positions: list[int]) -> list[int]:
    return positions[-1:]


def others(text: str, positions: list[int]) -> list[int]:
    return [i for i in range(len(text)) if i not in positions]


def word_starts(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if not c.isspace() and (i == 0 or text[i - 1].isspace())]


def word_ends(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if not c.isspace() and (i == len(text) - 1 or text[i + 1].isspace())]


def seen_before(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c in text[:i]]


def same_as_previous(text: str) -> list[int]:
    return [i for i in range(1, len(text)) if text[i] == text[i - 1]]


def occurring_once(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if text.count(c) == 1]


def first_occurrences(text: str, positions: list[int]) -> list[int]:
    return [text.index(text[i]) for i in positions]
