"""A corpus of made-up texts on four subjects, and a text module that counts the words of one."""

from __future__ import annotations

import random

from zetetic.tools.texts import Corpus

SUBJECTS = {
    "food": ["bread", "cheese", "soup", "onion", "pepper", "oven"],
    "sea": ["ship", "whale", "wave", "harbour", "sailor", "island"],
    "war": ["army", "cannon", "battle", "soldier", "trench", "siege"],
    "sport": ["goal", "match", "referee", "team", "coach", "league"],
}
FILL = ["the", "a", "very", "with", "some", "under", "near", "of", "and", "into", "from", "over"]


def _texts(count: int) -> tuple[str, ...]:
    rng = random.Random(7)
    texts = []
    for _ in range(count):
        words = SUBJECTS[rng.choice(sorted(SUBJECTS))]
        texts.append(" ".join(rng.choice(words if rng.random() < 0.4 else FILL) for _ in range(rng.randint(7, 12))))
    return tuple(dict.fromkeys(texts))


CORPUS = Corpus("toy", _texts(400))


def words_of_the_sea(text: str) -> float:
    return float(sum(word in SUBJECTS["sea"] for word in text.split()))
