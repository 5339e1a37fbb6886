"""Parts of a text, and numbers read off it."""

from .letters import alphabet_place

SMALL_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def character(text: str, index: int) -> str:
    return text[index] if -len(text) <= index < len(text) else ""


def required_character(text: str, index: int) -> str:
    return text[index]


def middle_character(text: str) -> str:
    return text[len(text) // 2] if text else ""


def left_middle_character(text: str) -> str:
    return text[(len(text) - 1) // 2] if text else ""


def middle_character_of_odd(text: str) -> str:
    return text[len(text) // 2] if len(text) % 2 == 1 else ""


def commonest_character(text: str) -> str:
    return max(text, key=text.count) if text else ""


def highest_character(text: str) -> str:
    return max(text, default="")


def lowest_character(text: str) -> str:
    return min(text, default="")


def length(text: str) -> int:
    return len(text)


def half_length(text: str) -> int:
    return len(text) // 2


def half_length_rounded_up(text: str) -> int:
    return (len(text) + 1) // 2


def number_of(positions: list[int]) -> int:
    return len(positions)


def number_of_words(text: str) -> int:
    return len(text.split())


def number_of_distinct(text: str) -> int:
    return len(set(text))


def highest_count(text: str) -> int:
    return max(map(text.count, text), default=0)


def longest_run(text: str) -> int:
    longest = run = 0
    for i, c in enumerate(text):
        run = run + 1 if i > 0 and c == text[i - 1] else 1
        longest = max(longest, run)
    return longest


def longest_word_length(text: str) -> int:
    return max(map(len, text.split()), default=0)


def sum_of_digits(text: str) -> int:
    return sum(int(c) for c in text if c in "0123456789")


def sum_of_places(text: str) -> int:
    return sum(alphabet_place(c) for c in text)


def sum_of_codes(text: str) -> int:
    return sum(map(ord, text))


def place_of(text: str, character: str) -> int:
    return text.find(character)


def last_place_of(text: str, character: str) -> int:
    return text.rfind(character)


def plus(number: int, more: int) -> int:
    return number + more


def times(number: int, factor: int) -> int:
    return number * factor


def remainder(number: int, divisor: int) -> int:
    return number % divisor


def in_digits(number: int) -> str:
    return str(number)


def in_words(number: int) -> str:
    if number < 0:
        return "minus " + in_words(-number)
    if number < 20:
        return SMALL_NUMBERS[number]
    if number < 100:
        return TENS[number // 10] + ("-" + SMALL_NUMBERS[number % 10] if number % 10 else "")
    rest = number % 100
    return in_words(number // 100) + " hundred" + (" and " + in_words(rest) if rest else "")


def in_spaced_words(number: int) -> str:
    return in_words(number).replace("-", " ").replace(" and ", " ")


def in_words_or(number: int, otherwise: str) -> str:
    return in_words(number) if number >= 0 else otherwise


def in_digits_or(number: int, otherwise: str) -> str:
    return str(number) if number >= 0 else otherwise


def positions_in_words(positions: list[int], between: str) -> str:
    return between.join(map(in_words, positions))


def positions_in_digits(positions: list[int], between: str) -> str:
    return between.join(map(str, positions))
