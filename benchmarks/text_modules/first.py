"""Twenty synthetic modules, written beside the parser of concepts."""

from __future__ import annotations

import math

from .modules import Module, about, count, halves, has

FOOD, ANIMALS, WEATHER, SPORT = about("food"), about("animals"), about("weather"), about("sport")
MUSIC, TRAVEL, MONEY, HEALTH = about("music"), about("travel"), about("money"), about("health")

FIRST = (
    Module(
        "no food",
        "negation",
        lambda t: float(FOOD(t) == 0),
        "does not mention food",
        ("mentions food", "does not mention animals", "mentions weather", "is short", "does not contain a number"),
    ),
    Module(
        "no question mark",
        "negation",
        lambda t: float("?" not in t),
        "contains no question mark",
        ("is a question", "contains no exclamation mark", "contains no number", "is about travel", "is short"),
    ),
    Module(
        "no digits",
        "negation",
        lambda t: float(not any(c.isdigit() for c in t)),
        "does not contain any digits",
        (
            "contains a number",
            "contains no capital letters",
            "does not mention money",
            "is about music",
            "contains no question mark",
        ),
    ),
    Module(
        "food and animals",
        "two concepts",
        lambda t: float(FOOD(t) > 0 and ANIMALS(t) > 0),
        "mentions both food and animals",
        (
            "mentions food",
            "mentions animals",
            "mentions food but not animals",
            "mentions food or animals",
            "mentions both music and animals",
        ),
    ),
    Module(
        "sport or music",
        "two concepts",
        lambda t: float(SPORT(t) > 0 or MUSIC(t) > 0),
        "either mentions sport or mentions music",
        (
            "mentions sport",
            "mentions music",
            "mentions both sport and music",
            "mentions sport or money",
            "mentions neither sport nor music",
        ),
    ),
    Module(
        "travel, not money",
        "two concepts",
        lambda t: float(TRAVEL(t) > 0 and MONEY(t) == 0),
        "is about travel but does not mention money",
        (
            "is about travel",
            "does not mention money",
            "mentions travel and money",
            "is about money but not travel",
            "is about travel but does not mention weather",
        ),
    ),
    Module(
        "health, with a number",
        "two concepts",
        lambda t: float(HEALTH(t) > 0 and any(c.isdigit() for c in t)),
        "mentions illness and contains a number",
        (
            "mentions illness",
            "contains a number",
            "mentions illness but contains no number",
            "mentions illness and contains a question mark",
            "mentions illness or contains a number",
        ),
    ),
    Module(
        "long",
        "length",
        lambda t: float(len(t.split()) > 20),
        "is longer than 20 words",
        (
            "is shorter than 20 words",
            "is longer than 10 words",
            "is longer than 30 words",
            "contains a number",
            "contains more than two sentences",
        ),
    ),
    Module(
        "short",
        "length",
        lambda t: float(len(t.split()) <= 8),
        "has at most 8 words",
        (
            "has more than 8 words",
            "has at most 15 words",
            "has fewer than 4 words",
            "is in French",
            "contains no number",
        ),
    ),
    Module(
        "log length",
        "length",
        lambda t: math.log(1 + len(t.split())),
        "is long",
        ("is short", "contains a number", "mentions food", "contains a question mark", "contains many commas"),
    ),
    Module(
        "animals early",
        "position",
        lambda t: float(ANIMALS(halves(t)[0]) > 0),
        "mentions an animal in the first half",
        (
            "mentions an animal in the second half",
            "mentions an animal",
            "mentions food in the first half",
            "begins with a capital letter",
            "does not mention an animal",
        ),
    ),
    Module(
        "question at the end",
        "position",
        has(r"\?\s*$"),
        "ends with a question mark",
        (
            "contains a question mark",
            "contains a question in the first half",
            "ends with an exclamation mark",
            "begins with a question word",
            "does not end with a question mark",
        ),
    ),
    Module(
        "starts with The",
        "position",
        has(r"^[Tt][Hh][Ee]\b"),
        'begins with the word "the"',
        (
            'contains the word "the"',
            'begins with the word "a"',
            'ends with the word "the"',
            "begins with a lower-case letter",
            'contains the word "the" at least twice',
        ),
    ),
    Module(
        "exclaims",
        "punctuation",
        has("!"),
        "contains an exclamation mark",
        (
            "contains a question mark",
            "ends with a full stop",
            "is in capital letters",
            "expresses excitement",
            "contains no exclamation mark",
        ),
    ),
    Module(
        "semicolons",
        "punctuation",
        has(";"),
        "has a semicolon in it",
        (
            "contains a colon",
            "contains a comma",
            "is longer than 15 words",
            "contains parentheses",
            "contains no semicolon",
        ),
    ),
    Module(
        "quotes",
        "punctuation",
        has('"'),
        "contains quoted speech",
        (
            "contains parentheses",
            "contains an apostrophe",
            "contains a question mark",
            "is a conversation",
            "contains no quotation marks",
        ),
    ),
    Module(
        "French",
        "language",
        has(r"\b(?:Le|Elle a|Nous ne|Il fait|Mon frère|Qui a)\b"),
        "is written in French",
        (
            "is written in Spanish",
            "is not in English",
            "is written in English",
            "is written in Italian",
            "is about travel",
        ),
    ),
    Module(
        "not English",
        "language",
        has(
            r"[а-я]|\b(?:Le|Elle|Nous|Il|Mon|Qui|Der|Sie|Wir|Es ist|Mein|Wer|El|Ella|No sabemos|Hace|Mi|Lei|Non|Fa|Mio|"
            r"Chi|De|Zij|Wij|Het|Mijn|Wie)\b|¿"
        ),
        "is not in English",
        ("is in English", "is in Russian", "is in German", "is short", "contains accented letters"),
    ),
    Module(
        "two numbers",
        "numbers",
        lambda t: float(count(r"\d+")(t) >= 2),
        "contains at least two numbers",
        (
            "contains a number",
            "contains exactly one number",
            "contains no numbers",
            "contains at least two commas",
            "contains a year",
        ),
    ),
    Module(
        "how many numbers",
        "numbers",
        count(r"\d+"),
        "contains many numbers",
        (
            "contains many capital letters",
            "contains no numbers",
            "mentions money",
            "is short",
            "contains many question marks",
        ),
    ),
)
