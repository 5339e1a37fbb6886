"""One of two texts, by what is true of a text."""

from .letters import VOWELS


def choose(condition: bool, yes: str, no: str) -> str:
    return yes if condition else no


def is_even(number: int) -> bool:
    return number % 2 == 0


def is_at_least(number: int, least: int) -> bool:
    return number >= least


def divides(number: int, divisor: int) -> bool:
    return number % divisor == 0


def is_palindrome(text: str) -> bool:
    return text == text[::-1]


def is_palindrome_ignoring_case(text: str) -> bool:
    return text.lower() == text.lower()[::-1]


def begins_with_vowel(text: str) -> bool:
    return text[:1] in VOWELS and text != ""


def ends_with_vowel(text: str) -> bool:
    return text[-1:] in VOWELS and text != ""


def is_small(text: str) -> bool:
    return text == text.lower()


def is_capital(text: str) -> bool:
    return text == text.upper()


def begins_with_capital(text: str) -> bool:
    return text[:1].isupper()


def has_only_letters(text: str) -> bool:
    return text.isalpha()


def has_only_digits(text: str) -> bool:
    return text.isdigit()


def has_only_letters_and_digits(text: str) -> bool:
    return text.isalnum()


def is_sorted(text: str) -> bool:
    return list(text) == sorted(text)


def begins_as_it_ends(text: str) -> bool:
    return text[:1] == text[-1:]


def contains(text: str, piece: str) -> bool:
    return piece in text


def begins_with(text: str, piece: str) -> bool:
    return text.startswith(piece)


def ends_with(text: str, piece: str) -> bool:
    return text.endswith(piece)
