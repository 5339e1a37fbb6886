"""What is done to a text as a whole."""

from .letters import alphabet_place, distance_from_a, mirror_letter, shift_any_letter, shift_code, shift_letter
from .pieces import SMALL_NUMBERS


def constant_text(text: str, constant: str) -> str:
    return constant


def reverse(text: str) -> str:
    return text[::-1]


def to_upper(text: str) -> str:
    return text.upper()


def to_lower(text: str) -> str:
    return text.lower()


def swap_case(text: str) -> str:
    return text.swapcase()


def capitalize(text: str) -> str:
    return text.capitalize()


def title_case(text: str) -> str:
    return text.title()


def strip(text: str) -> str:
    return text.strip()


def strip_start(text: str) -> str:
    return text.lstrip()


def strip_end(text: str) -> str:
    return text.rstrip()


def collapse_spaces(text: str) -> str:
    return " ".join(text.split())


def sort_characters(text: str) -> str:
    return "".join(sorted(text))


def sort_characters_down(text: str) -> str:
    return "".join(sorted(text, reverse=True))


def sort_ignoring_case(text: str) -> str:
    return "".join(sorted(text, key=str.lower))


def unique_ignoring_case(text: str) -> str:
    return "".join(c for i, c in enumerate(text) if c.lower() not in text[:i].lower())


def shift_letters(text: str, places: int) -> str:
    return "".join(shift_letter(c, places) for c in text)


def shift_any_letters(text: str, places: int) -> str:
    return "".join(shift_any_letter(c, places) for c in text)


def shift_to_small_letters(text: str, places: int) -> str:
    return "".join(shift_any_letter(c.lower(), places) for c in text)


def shift_to_small_letters_by(text: str, key: str, direction: int) -> str:
    return shift_to_small_letters(text, direction * distance_from_a(key)) if key else text


def shift_codes(text: str, places: int) -> str:
    return "".join(shift_code(c, places) for c in text)


def shift_all_codes(text: str, places: int) -> str:
    return "".join(chr(ord(c) + places) for c in text)


def shift_letters_by_position(text: str, start: int, step: int) -> str:
    return "".join(shift_letter(c, start + step * i) for i, c in enumerate(text))


def mirror_alphabet(text: str) -> str:
    return "".join(mirror_letter(c) for c in text)


def translate(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(c, c) for c in text)


def translate_keeping_case(text: str, table: dict[str, str]) -> str:
    changed = (table.get(c.lower(), c.lower()) for c in text)
    return "".join(new.upper() if c.isupper() else new for c, new in zip(text, changed))


def translate_ignoring_case(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(c.lower(), c) for c in text)


def replace(text: str, old: str, new: str) -> str:
    return text.replace(old, new)


def replace_first(text: str, old: str, new: str) -> str:
    return text.replace(old, new, 1)


def insert(text: str, place: int, new: str) -> str:
    return text[:place] + new + text[place:]


def prepend(text: str, new: str) -> str:
    return new + text


def append(text: str, new: str) -> str:
    return text + new


def ensure_end(text: str, ending: str) -> str:
    return text if text.endswith(ending) else text + ending


def ensure_start(text: str, beginning: str) -> str:
    return text if text.startswith(beginning) else beginning + text


def remove_end(text: str, ending: str) -> str:
    return text.removesuffix(ending)


def remove_start(text: str, beginning: str) -> str:
    return text.removeprefix(beginning)


def repeat(text: str, times: int) -> str:
    return text * times


def repeat_with(text: str, times: int, between: str) -> str:
    return between.join([text] * times)


def put_between(text: str, new: str) -> str:
    return new.join(text)


def put_between_groups(text: str, size: int, new: str) -> str:
    return new.join(text[i : i + size] for i in range(0, len(text), size))


def part(text: str, start: int | None, stop: int | None) -> str:
    return text[start:stop]


def rotate(text: str, places: int) -> str:
    return text[places % len(text) :] + text[: places % len(text)] if text else text


def move_start_to_end(text: str, count: int) -> str:
    return text[count:] + text[:count]


def move_end_to_start(text: str, count: int) -> str:
    return text[-count:] + text[:-count]


def swap_halves(text: str) -> str:
    return text[len(text) // 2 :] + text[: len(text) // 2]


def swap_halves_longer_first(text: str) -> str:
    return text[(len(text) + 1) // 2 :] + text[: (len(text) + 1) // 2]


def swap_halves_around_middle(text: str) -> str:
    half = len(text) // 2
    return text[len(text) - half :] + text[half : len(text) - half] + text[:half]


def swap_characters(text: str, one: int, other: int) -> str:
    if not all(-len(text) <= i < len(text) for i in (one, other)):
        return text
    characters = list(text)
    characters[one], characters[other] = characters[other], characters[one]
    return "".join(characters)


def swap_neighbours(text: str) -> str:
    return "".join(text[i : i + 2][::-1] for i in range(0, len(text), 2))


def add_mirror_image(text: str) -> str:
    return text + text[::-1]


def add_mirror_image_sharing_end(text: str) -> str:
    return text + text[-2::-1]


def alternate_case(text: str) -> str:
    return "".join(c.upper() if i % 2 == 0 else c.lower() for i, c in enumerate(text))


def alternate_case_from_lower(text: str) -> str:
    return "".join(c.lower() if i % 2 == 0 else c.upper() for i, c in enumerate(text))


def evens_then_odds(text: str) -> str:
    return text[::2] + text[1::2]


def odds_then_evens(text: str) -> str:
    return text[1::2] + text[::2]


def count_runs(text: str) -> str:
    counted = ""
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or text[i] != text[start]:
            counted += f"{text[start]}{i - start}"
            start = i
    return counted


def repeat_by_position(text: str) -> str:
    return "".join(c * (i + 1) for i, c in enumerate(text))


def spell_digits(text: str, between: str) -> str:
    return between.join(SMALL_NUMBERS[int(c)] for c in text if c in "0123456789")


def spell_digits_in_place(text: str) -> str:
    return "".join(SMALL_NUMBERS[int(c)] if c in "0123456789" else c for c in text)


def alphabet_places(text: str, between: str) -> str:
    return between.join(str(alphabet_place(c)) for c in text if alphabet_place(c))


def letters_to_places(text: str) -> str:
    return "".join(str(alphabet_place(c)) if alphabet_place(c) else c for c in text)


def pad_end(text: str, width: int, filling: str) -> str:
    return text.ljust(width, filling)


def pad_start(text: str, width: int, filling: str) -> str:
    return text.rjust(width, filling)


def require_length(text: str, least: int) -> str:
    if len(text) < least:
        raise ValueError(f"a text of at least {least} characters is needed")
    return text
