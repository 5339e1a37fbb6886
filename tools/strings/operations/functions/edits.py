"""Changes of the characters at some positions of a text."""

from .letters import mirror_letter, shift_any_letter, shift_code, shift_code_to_a, shift_code_to_z, shift_letter


def keep(text: str, positions: list[int]) -> str:
    return "".join([c for i, c in enumerate(text) if i in positions])


def delete(text: str, positions: list[int]) -> str:
    return "".join([c for i, c in enumerate(text) if i not in positions])


def replace_at(text: str, positions: list[int], new: str) -> str:
    characters = list(text)
    for i in positions:
        characters[i] = new
    return "".join(characters)


def repeat_at(text: str, positions: list[int], times: int) -> str:
    characters = list(text)
    for i in positions:
        characters[i] = text[i] * times
    return "".join(characters)


def insert_before(text: str, positions: list[int], new: str) -> str:
    return "".join([new + c if i in positions else c for i, c in enumerate(text)])


def insert_after(text: str, positions: list[int], new: str) -> str:
    return "".join([c + new if i in positions else c for i, c in enumerate(text)])


def shift_at(text: str, positions: list[int], places: int) -> str:
    characters = list(text)
    for i in positions:
        characters[i] = shift_letter(text[i], places)
    return "".join(characters)


def shift_any_letters_at(text: str, positions: list[int], places: int) -> str:
    return "".join([shift_any_letter(c, places) if i in positions else c for i, c in enumerate(text)])


def shift_codes_at(text: str, positions: list[int], places: int) -> str:
    return "".join([shift_code(c, places) if i in positions else c for i, c in enumerate(text)])


def shift_codes_to_a_at(text: str, positions: list[int], places: int) -> str:
    return "".join([shift_code_to_a(c, places) if i in positions else c for i, c in enumerate(text)])


def shift_codes_to_z_at(text: str, positions: list[int], places: int) -> str:
    return "".join([shift_code_to_z(c, places) if i in positions else c for i, c in enumerate(text)])


def mirror_at(text: str, positions: list[int]) -> str:
    return "".join([mirror_letter(c) if i in positions else c for i, c in enumerate(text)])


def uppercase_at(text: str, positions: list[int]) -> str:
    return "".join([c.upper() if i in positions else c for i, c in enumerate(text)])


def lowercase_at(text: str, positions: list[int]) -> str:
    return "".join([c.lower() if i in positions else c for i, c in enumerate(text)])


def swap_case_at(text: str, positions: list[int]) -> str:
    return "".join([c.swapcase() if i in positions else c for i, c in enumerate(text)])


def uppercase_only_at(text: str, positions: list[int]) -> str:
    return "".join([c.upper() if i in positions else c.lower() for i, c in enumerate(text)])


def translate_at(text: str, positions: list[int], table: dict[str, str]) -> str:
    return "".join([table.get(c, c) if i in positions else c for i, c in enumerate(text)])


def reverse_at(text: str, positions: list[int]) -> str:
    turned = dict(zip(positions, [text[i] for i in reversed(positions)]))
    return "".join([turned.get(i, c) for i, c in enumerate(text)])


def sort_at(text: str, positions: list[int]) -> str:
    ordered = dict(zip(positions, sorted(text[i] for i in positions)))
    return "".join([ordered.get(i, c) for i, c in enumerate(text)])


def move_to_start(text: str, positions: list[int]) -> str:
    return keep(text, positions) + delete(text, positions)


def move_to_end(text: str, positions: list[int]) -> str:
    return delete(text, positions) + keep(text, positions)
