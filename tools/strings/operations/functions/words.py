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
