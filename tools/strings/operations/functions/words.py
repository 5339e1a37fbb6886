"""What is done to a text as words between spaces."""

from .letters import VOWELS


def reverse_word_order(text: str) -> str:
    return " ".join(reversed(text.split(" ")))


def reverse_word_order_tidily(text: str) -> str:
    return " ".join(reversed(text.split()))


def reverse_each_word(text: str) -> str:
    return " ".join(word[::-1] for word in text.split(" "))


def reverse_each_word_tidily(text: str) -> str:
    return " ".join(word[::-1] for word in text.split())


def sort_words(text: str) -> str:
    return " ".join(sorted(text.split()))


def sort_words_ignoring_case(text: str) -> str:
    return " ".join(sorted(text.split(), key=str.lower))


def sort_words_by_length(text: str) -> str:
    return " ".join(sorted(text.split(), key=len))


def unique_words(text: str) -> str:
    return " ".join(dict.fromkeys(text.split()))


def capitalize_words(text: str) -> str:
    return " ".join(word.capitalize() for word in text.split(" "))


def join_words(text: str, between: str) -> str:
    return between.join(text.split())


def longest_word(text: str) -> str:
    return max(text.split(), key=len, default="")


def shortest_word(text: str) -> str:
    return min(text.split(), key=len, default="")


def word_number(text: str, index: int) -> str:
    words = text.split()
    return words[index] if -len(words) <= index < len(words) else ""


def initials(text: str) -> str:
    return "".join(word[0] for word in text.split())


def final_letters(text: str) -> str:
    return "".join(word[-1] for word in text.split())


def swap_first_and_last_word(text: str) -> str:
    words = text.split(" ")
    words[0], words[-1] = words[-1], words[0]
    return " ".join(words)


def rotate_words(text: str, places: int) -> str:
    words = text.split()
    return " ".join(words[places % len(words) :] + words[: places % len(words)]) if words else text


def word_lengths(text: str, between: str) -> str:
    return between.join(str(len(word)) for word in text.split())


def pig_latin_word(word: str, after_vowel: str, after_consonant: str) -> str:
    if word[:1] in VOWELS:
        return word + after_vowel
    start = next((i for i, c in enumerate(word) if c in VOWELS), len(word))
    return word[start:] + word[:start] + after_consonant


def pig_latin(text: str, after_vowel: str, after_consonant: str) -> str:
    return " ".join(pig_latin_word(word, after_vowel, after_consonant) for word in text.split(" "))


def first_letter_to_end(text: str, new: str) -> str:
    return " ".join(word[1:] + word[:1] + new for word in text.split(" "))


def first_letter_to_end_but_vowels(text: str, after_vowel: str, after_consonant: str) -> str:
    return " ".join(
        word + after_vowel if word[:1] in VOWELS and word else word[1:] + word[:1] + after_consonant
        for word in text.split(" ")
    )


def sort_words_down(text: str) -> str:
    return " ".join(sorted(text.split(), reverse=True))


def sort_words_by_length_down(text: str) -> str:
    return " ".join(sorted(text.split(), key=len, reverse=True))


def swap_first_and_last_word_tidily(text: str) -> str:
    words = text.split()
    if len(words) < 2:
        return text
    words[0], words[-1] = words[-1], words[0]
    return " ".join(words)


def swap_first_two_words(text: str) -> str:
    words = text.split()
    return " ".join([words[1], words[0], *words[2:]]) if len(words) > 1 else text


def swap_initials(text: str) -> str:
    words = text.split()
    if len(words) < 2:
        return text
    return " ".join([words[1][0] + words[0][1:], words[0][0] + words[1][1:], *words[2:]])


def upper_every_second_word(text: str, start: int) -> str:
    return " ".join(word.upper() if i % 2 == start else word for i, word in enumerate(text.split(" ")))


def reverse_every_second_word(text: str, start: int) -> str:
    return " ".join(word[::-1] if i % 2 == start else word for i, word in enumerate(text.split(" ")))


def numeronyms(text: str) -> str:
    words = text.split()
    return " ".join(w if len(w) < 4 else f"{w[0]}{len(w) - 2}{w[-1]}" for w in words)


def camel_case(text: str) -> str:
    return "".join(w.capitalize() if i else w.lower() for i, w in enumerate(text.split()))


def pascal_case(text: str) -> str:
    return "".join(word.capitalize() for word in text.split())


def join_small_words(text: str, between: str) -> str:
    return between.join(text.lower().split())


def join_capital_words(text: str, between: str) -> str:
    return between.join(text.upper().split())


def capital_initials(text: str, after: str) -> str:
    return "".join(word[0].upper() + after for word in text.split())


def initials_after(text: str, after: str) -> str:
    return "".join(word[0] + after for word in text.split())


def capital_initials_with(text: str, between: str) -> str:
    return between.join(word[0].upper() for word in text.split())


def initials_with(text: str, between: str) -> str:
    return between.join(word[0] for word in text.split())


def words_from(text: str, start: int | None, stop: int | None) -> str:
    return " ".join(text.split()[start:stop])


def long_words(text: str, least: int) -> str:
    return " ".join(word for word in text.split() if len(word) >= least)


def short_words(text: str, most: int) -> str:
    return " ".join(word for word in text.split() if len(word) <= most)
