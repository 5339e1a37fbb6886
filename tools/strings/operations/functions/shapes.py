"""What gives a text another shape: woven, doubled, cut off, filled up or framed."""

from .letters import alphabet_place, next_on_keyboard, next_vowel, shift_letter
from .pieces import SMALL_NUMBERS, in_words


def weave(first: str, second: str) -> str:
    longest = max(len(first), len(second))
    return "".join(first[i : i + 1] + second[i : i + 1] for i in range(longest))


def interleave_halves(text: str) -> str:
    middle = (len(text) + 1) // 2
    return weave(text[:middle], text[middle:])


def interleave_halves_shorter_first(text: str) -> str:
    return weave(text[: len(text) // 2], text[len(text) // 2 :])


def interleave_halves_second_first(text: str) -> str:
    return weave(text[len(text) // 2 :], text[: len(text) // 2])


def outside_in(text: str) -> str:
    return weave(text, text[::-1])[: len(text)]


def outside_in_from_end(text: str) -> str:
    return weave(text[::-1], text)[: len(text)]


def double_first_half(text: str) -> str:
    return text[: len(text) // 2] + text


def double_longer_first_half(text: str) -> str:
    return text[: (len(text) + 1) // 2] + text


def double_second_half(text: str) -> str:
    return text + text[(len(text) + 1) // 2 :]


def double_longer_second_half(text: str) -> str:
    return text + text[len(text) // 2 :]


def mirror_image_with(text: str, between: str) -> str:
    return text + between + text[::-1]


def mirror_image_first_with(text: str, between: str) -> str:
    return text[::-1] + between + text


def staircase(text: str, between: str) -> str:
    return between.join(text[: i + 1] for i in range(len(text)))


def falling_staircase(text: str, between: str) -> str:
    return between.join(text[i:] for i in range(len(text)))


def repeat_by_position_with(text: str, between: str) -> str:
    return between.join(c * (i + 1) for i, c in enumerate(text))


def both_ends_with(text: str, count: int, between: str) -> str:
    return text[:count] + between + text[-count:]


def code_points(text: str, between: str) -> str:
    return between.join(str(ord(c)) for c in text)


def put_around(text: str, before: str, after: str) -> str:
    return before + text + after


def append_number(text: str, number: int, before: str, after: str) -> str:
    return text + before + str(number) + after


def prepend_number(text: str, number: int, before: str, after: str) -> str:
    return before + str(number) + after + text


def cut_off(text: str, most: int, count: int, ending: str) -> str:
    return text if len(text) <= most else text[:count] + ending


def pad_both(text: str, width: int, filling: str) -> str:
    return text.center(width, filling)


def before_first(text: str, mark: str) -> str:
    return text.partition(mark)[0]


def after_first_mark(text: str, mark: str) -> str:
    return text.partition(mark)[2] if mark in text else text


def before_last_mark(text: str, mark: str) -> str:
    return text.rpartition(mark)[0] if mark in text else text


def after_last(text: str, mark: str) -> str:
    return text.rpartition(mark)[2]


def after_first_or_nothing(text: str, mark: str) -> str:
    return text.partition(mark)[2]


def before_first_or_nothing(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark in text else ""


def count_runs_number_first(text: str) -> str:
    return "".join(f"{len(run)}{run[0]}" for run in runs(text))


def count_long_runs(text: str) -> str:
    return "".join(run[0] + (str(len(run)) if len(run) > 1 else "") for run in runs(text))


def count_long_runs_number_first(text: str) -> str:
    return "".join((str(len(run)) if len(run) > 1 else "") + run[0] for run in runs(text))


def runs(text: str) -> list[str]:
    found: list[str] = []
    for c in text:
        if found and found[-1][0] == c:
            found[-1] += c
        else:
            found.append(c)
    return found


def spell_digits_between(text: str, before: str, after: str) -> str:
    return "".join(before + SMALL_NUMBERS[int(c)] + after if c in "0123456789" else c for c in text)


def shift_by_keyword(text: str, key: str) -> str:
    moved, used = "", 0
    for c in text:
        places = alphabet_place(key[used % len(key)]) - 1
        moved += shift_letter(c, places)
        used += 1 if alphabet_place(c) and c.isascii() else 0
    return moved


def shift_by_keyword_at_every_place(text: str, key: str) -> str:
    return "".join(shift_letter(c, alphabet_place(key[i % len(key)]) - 1) for i, c in enumerate(text))


def place_in_digits(text: str, index: int) -> str:
    return str(alphabet_place(text[index])) if -len(text) <= index < len(text) else text


def place_in_words(text: str, index: int) -> str:
    return in_words(alphabet_place(text[index])) if -len(text) <= index < len(text) else text


def sort_ignoring_case_down(text: str) -> str:
    return "".join(sorted(text, key=str.lower, reverse=True))


def signature(text: str, capital: str, small: str, digit: str) -> str:
    kinds = [(str.isdigit, digit), (str.isupper, capital), (str.isalpha, small)]
    return "".join(next((mark for is_kind, mark in kinds if is_kind(c)), c) for c in text)


def move_digits(text: str, places: int) -> str:
    return "".join(str((int(c) + places) % 10) if c in "0123456789" else c for c in text)


def next_keys(text: str, places: int) -> str:
    return "".join(next_on_keyboard(c, places) for c in text)


def next_keys_of_small_letters(text: str, places: int) -> str:
    return "".join(next_on_keyboard(c, places) if c.islower() else c for c in text)


def next_vowels(text: str, places: int) -> str:
    return "".join(next_vowel(c, places) for c in text)
