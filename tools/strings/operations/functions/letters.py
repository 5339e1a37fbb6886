"""Single characters: shifting them, and where they stand in the alphabet."""

VOWELS = "aeiouAEIOU"


KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def next_in(row: str, character: str, places: int) -> str:
    new = row[(row.index(character.lower()) + places) % len(row)]
    return new.upper() if character.isupper() else new


def next_on_keyboard(character: str, places: int) -> str:
    row = next((row for row in KEYBOARD if character.lower() in row), None)
    return next_in(row, character, places) if row else character


def next_vowel(character: str, places: int) -> str:
    return next_in("aeiou", character, places) if character in VOWELS else character


def shift_letter(character: str, places: int) -> str:
    if "a" <= character <= "z":
        return chr((ord(character) - ord("a") + places) % 26 + ord("a"))
    if "A" <= character <= "Z":
        return chr((ord(character) - ord("A") + places) % 26 + ord("A"))
    return character


def shift_any_letter(character: str, places: int) -> str:
    if not character.isalpha():
        return character
    a = ord("A") if character.isupper() else ord("a")
    return chr((ord(character) - a + places) % 26 + a)


def shift_code(character: str, places: int) -> str:
    return chr(ord(character) + places) if character.isalpha() else character


def shift_code_to_z(character: str, places: int) -> str:
    if character in "aA":
        return "z" if character == "a" else "Z"
    return shift_code(character, places)


def shift_code_to_a(character: str, places: int) -> str:
    if character in "zZ":
        return "a" if character == "z" else "A"
    return shift_code(character, places)


def mirror_letter(character: str) -> str:
    if "a" <= character <= "z":
        return chr(ord("a") + ord("z") - ord(character))
    if "A" <= character <= "Z":
        return chr(ord("A") + ord("Z") - ord(character))
    return character


def alphabet_place(character: str) -> int:
    if len(character) == 1 and "a" <= character.lower() <= "z":
        return ord(character.lower()) - ord("a") + 1
    return 0


def alphabet_index(character: str) -> int:
    return max(0, alphabet_place(character) - 1)


def distance_from_a(character: str) -> int:
    return ord(character.lower()) - ord("a") if len(character) == 1 else 0


def code_of(character: str) -> int:
    return ord(character) if len(character) == 1 else 0
