"""Constants that pairs show: what outputs have and their inputs lack, and what they lack and their inputs have."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

_MOST_CONSTANTS, _LONGEST_CONSTANT = 12, 7
_LONGEST_READ = 60
_LEAST_SHARE = 0.25
"""Of the outputs that are not empty, as many must have a piece that is taken for put in."""
_FEWEST = 3
_ALIKE, _MOSTLY = 0.8, 0.6
_LONGEST_KEY = 10
_MOST_REPLACED, _MOST_VANISHED = 24, 8


def new_characters(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Characters that outputs have more of than their inputs, the most surprising first."""
    surplus: defaultdict[str, float] = defaultdict(float)
    for given, made in zip(inputs, outputs):
        before = Counter(given)
        for c, count in Counter(made).items():
            if count > before[c]:
                surplus[c] += 1.0 + 3.0 / (1 + len(given))
    return sorted(surplus, key=lambda c: -surplus[c])


def put_in(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Pieces that seem to have been put in: of two characters and more, in outputs whose inputs lack them.

    The shortest inputs show them best: what "" becomes is all put in.
    """
    support: Counter[str] = Counter()
    made_of_nothing: Counter[str] = Counter()
    filled = 0
    for given, made in zip(inputs, outputs):
        filled += bool(made.strip())
        if not given.strip() and 1 < len(made.strip(given)) <= _LONGEST_CONSTANT:
            made_of_nothing[made.strip(given) if given else made] += 1
        if len(made) <= _LONGEST_READ:
            support.update(piece for piece in _pieces(made) if piece not in given)
    least = max(_FEWEST, _LEAST_SHARE * filled)
    often = [piece for piece, count in support.items() if count >= least]
    often.sort(key=lambda piece: (-support[piece] * (len(piece) - 1) ** 0.5, piece))
    chosen = [piece for piece, _ in made_of_nothing.most_common(4)]
    for piece in often:
        if len(chosen) >= _MOST_CONSTANTS:
            break
        longer = [other for other in chosen if piece in other]
        if not any(support[other] >= _ALIKE * support[piece] for other in longer):
            chosen.append(piece)
    return chosen[:_MOST_CONSTANTS]


def _pieces(text: str) -> set[str]:
    sizes = range(2, min(len(text), _LONGEST_CONSTANT) + 1)
    return {text[start : start + size] for size in sizes for start in range(len(text) - size + 1)}


def word_endings(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """What many words of the outputs end with, and few of the inputs, the likeliest first."""
    before, after = _endings(inputs), _endings(outputs)
    gained = {ending: after[ending] - 2 * before[ending] for ending in after}
    return [ending for ending in sorted(gained, key=lambda e: (-gained[e], e)) if gained[ending] >= _FEWEST][:3]


def _endings(texts: Sequence[str]) -> Counter[str]:
    words = {word for text in texts for word in text.split()}
    return Counter(word[-size:] for word in words for size in (1, 2, 3) if len(word) > size and word.isalpha())


def replaced(inputs: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Characters and those that seem to have taken their places, the likeliest first."""
    together: defaultdict[tuple[str, str], float] = defaultdict(float)
    for given, made in zip(inputs, outputs):
        before, after = Counter(given), Counter(made)
        gone, come = before - after, after - before
        for old in gone:
            for new in come:
                together[old, new] += 1.0 / (len(gone) * len(come))
    return sorted(together, key=lambda pair: (-together[pair], pair))[:_MOST_REPLACED]


def always_replaced(inputs: Sequence[str], outputs: Sequence[str]) -> dict[str, str]:
    """Small letters and, where as many have come as there were of the letter, the character come for each."""
    pairs = [(given, made) for given, made in zip(inputs, outputs) if given]
    letters = sorted({c for given, _ in pairs for c in given if c.isascii() and c.islower()})
    characters = sorted({c for _, made in pairs for c in made})
    if not letters or not characters:
        return {}
    had = np.array([[given.count(c) for c in letters] for given, _ in pairs])[:, :, None]
    has = np.array([[made.count(c) for c in characters] for _, made in pairs])[:, None, :]
    before = np.array([[given.count(c) for c in characters] for given, _ in pairs])[:, None, :]
    shown = (had > 0) | (has > before)
    number = shown.sum(axis=0)
    agreement = (shown & (has - before == had)).sum(axis=0) / np.maximum(number, 1)
    agreement[(had > 0).sum(axis=0)[:, 0] < 2] = 0.0
    best = agreement.argmax(axis=1)
    return {
        old: characters[best[i]]
        for i, old in enumerate(letters)
        if agreement[i, best[i]] >= _ALIKE and characters[best[i]] != old
    }


def keywords(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Keywords by whose letters the first letters of most texts seem to have been moved in the alphabet."""
    key = ""
    for place in range(_LONGEST_KEY):
        moved = Counter(
            (ord(made[place].lower()) - ord(given[place].lower())) % 26
            for given, made in zip(inputs, outputs)
            if min(len(given), len(made)) > place and _are_letters(given[: place + 1]) and _are_letters(made[place])
        )
        if not moved or max(moved.values()) < max(_FEWEST, _MOSTLY * moved.total()):
            break
        key += chr(ord("a") + moved.most_common(1)[0][0])
    repeating = (key[:size] for size in range(2, len(key) + 1) if (key[:size] * len(key)).startswith(key))
    return [] if len(set(key)) < 2 else list(repeating)


def _are_letters(text: str) -> bool:
    return text.isascii() and text.isalpha()


def vanished(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Letters that no output has though inputs do, as texts: the small ones, those of either case, and the small ones
    whose capitals have not come for them, or have.
    """
    left = set("".join(outputs))
    often = Counter(c for given, made in zip(inputs, outputs) if made for c in set(given))
    small = [c for c in sorted(often) if c.isascii() and c.islower() and often[c] >= _FEWEST and c not in left]
    both = [c for c in small if c.upper() not in left]
    risen = {c for c in small if _more_of(c.upper(), inputs, outputs)}
    found = [
        "".join(small),
        "".join(both),
        "".join([c + c.upper() for c in both]),
        "".join([c for c in small if c not in risen]),
        "".join([c for c in small if c in risen]),
    ]
    return [letters for letters in dict.fromkeys(found) if 1 < len(letters) <= 2 * _MOST_VANISHED]


def _more_of(character: str, inputs: Sequence[str], outputs: Sequence[str]) -> bool:
    return sum(made.count(character) > given.count(character) for given, made in zip(inputs, outputs)) > 1


def signature_marks(inputs: Sequence[str], outputs: Sequence[str]) -> tuple[str, str, str] | None:
    """What capitals, small letters and digits have become, if each became one character; None if they did not."""
    marks: list[str] = []
    for holds, usual in ((str.isupper, "A"), (str.islower, "a"), (str.isdigit, "9")):
        made = Counter(
            c
            for given, made in zip(inputs, outputs)
            if len(given) > 1 and given.isalnum() and all(map(holds, given))
            for c in made
        )
        marks.append(made.most_common(1)[0][0] if made else usual)
    letters = {c for made in outputs for c in made if c.isalnum()}
    return (marks[0], marks[1], marks[2]) if len(letters) <= _MOST_VANISHED else None


_NUMBER_FIRST, _NUMBER_LAST = re.compile(r"(\D{0,2})\d{1,2}(\D{0,2})"), re.compile(r"(\D{0,2})\d{1,2}(\D{0,2})\Z")


def around_numbers(inputs: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str]]:
    """What stands around a number that many outputs begin or end with, though their inputs have no digits."""
    found: Counter[tuple[str, str]] = Counter()
    for given, made in zip(inputs, outputs):
        if any(map(str.isdigit, given)):
            continue
        last, first = _NUMBER_LAST.search(made), _NUMBER_FIRST.match(made)
        found.update(
            {
                (before, after)
                for match in (last, first)
                if match
                for before in {match[1][-size:] if size else "" for size in range(3)}
                for after in {match[2][:size] for size in range(3)}
            }
        )
    least = max(_FEWEST, len(outputs) // 3)
    often = [around for around, count in found.items() if count >= least]
    return sorted(often, key=lambda around: (-found[around] * (1 + len("".join(around))), around))[:2]
