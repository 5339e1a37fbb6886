"""Functions from a text to a number, to be explained in words.

zetetic explain python:examples/text_module.py:urgency
zetetic explain python:examples/text_module.py:weather
zetetic explain python:examples/text_module.py:hesitation

The annotation says what goes in: `str` is one text at a time, `list[str]` many in one call.
"""

from __future__ import annotations

import math
import re

DEADLINES = ("now", "today", "tonight", "tomorrow", "immediately", "urgent", "asap", "hurry", "deadline", "minutes")
WEATHER = {
    "rain": 1.0,
    "snow": 1.0,
    "storm": 1.2,
    "thunder": 1.2,
    "wind": 0.8,
    "cloud": 0.7,
    "sun": 0.7,
    "sunny": 0.8,
    "fog": 0.9,
    "hail": 1.0,
    "weather": 1.0,
    "forecast": 0.8,
    "frost": 0.8,
    "hurricane": 1.2,
    "tornado": 1.2,
    "blizzard": 1.2,
    "drought": 1.0,
    "flood": 0.8,
    "rainfall": 1.0,
    "rainy": 1.0,
    "stormy": 1.2,
    "windy": 1.0,
    "cloudy": 0.9,
    "heat": 0.6,
    "cold": 0.5,
    "temperature": 0.8,
    "climate": 0.6,
}
HEDGES = ("maybe", "perhaps", "possibly", "might", "could", "probably", "guess", "seems", "unsure", "somewhat")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def urgency(message: str) -> float:
    """How urgent a message sounds: words of little time, exclamation marks, capital letters."""
    said = words(message)
    if not said:
        return 0.0
    pressing = sum(word in DEADLINES for word in said)
    letters = [c for c in message if c.isalpha()]
    shouted = sum(c.isupper() for c in letters) / len(letters)
    return 2.0 * pressing / math.sqrt(len(said)) + 0.5 * min(message.count("!"), 3) + max(0.0, shouted - 0.3)


def weather(texts: list[str]) -> list[float]:
    """How much each text talks about the weather. A plural counts like the word itself."""
    return [sum(WEATHER.get(word, WEATHER.get(word.removesuffix("s"), 0.0)) for word in words(text)) for text in texts]


def hesitation(text: str) -> float:
    """The share of words that hedge, less where the text commits itself with a number."""
    said = words(text)
    share = sum(word in HEDGES for word in said) / max(1, len(said))
    return share * (0.5 if re.search(r"\d", text) else 1.0)
