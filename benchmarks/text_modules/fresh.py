"""Twenty more synthetic modules, written after the parser of concepts was done: the check that it is not fitted to."""

from __future__ import annotations

import re

from .modules import Module, about, halves, has

WAR, SCHOOL, COMPUTERS, FAMILY = about("war"), about("school"), about("computers"), about("family")
SPORT, MUSIC, FOOD, HEALTH, MONEY = about("sport"), about("music"), about("food"), about("health"), about("money")
I_OR_WE = re.compile(r"\b(?:i|we|my|our|me|us)\b")

FRESH = (
    Module(
        "no war",
        "negation",
        lambda t: float(WAR(t) == 0),
        "never mentions war or soldiers",
        ("mentions war or soldiers", "never mentions school", "is about peace", "has no numbers", "is brief"),
    ),
    Module(
        "no first person",
        "negation",
        lambda t: float(I_OR_WE.search(t.lower()) is None),
        "is not written in the first person",
        (
            "is written in the first person",
            "is not written in the second person",
            "is written in the past tense",
            "does not mention family",
            "is not a question",
        ),
    ),
    Module(
        "no sport",
        "negation",
        lambda t: float(SPORT(t) == 0),
        "texts that have nothing to do with sports",
        (
            "texts that have to do with sports",
            "texts that have nothing to do with music",
            "texts about illness",
            "texts without an exclamation mark",
            "texts about winning",
        ),
    ),
    Module(
        "school and computers",
        "two concepts",
        lambda t: float(SCHOOL(t) > 0 and COMPUTERS(t) > 0),
        "talks about school and about computers",
        (
            "talks about school",
            "talks about computers",
            "talks about school but not about computers",
            "talks about school or computers",
            "talks about school and about music",
        ),
    ),
    Module(
        "family or war",
        "two concepts",
        lambda t: float(FAMILY(t) > 0 or WAR(t) > 0),
        "mentions relatives or mentions the military",
        (
            "mentions relatives",
            "mentions the military",
            "mentions relatives and the military",
            "mentions the military or a computer",
            "mentions neither relatives nor the military",
        ),
    ),
    Module(
        "food without a question",
        "two concepts",
        lambda t: float(FOOD(t) > 0 and "?" not in t),
        "mentions something to eat without asking a question",
        (
            "mentions something to eat",
            "does not ask a question",
            "asks a question about something to eat",
            "mentions something to eat or asks a question",
            "mentions an illness without asking a question",
        ),
    ),
    Module(
        "money, short",
        "two concepts",
        lambda t: float(MONEY(t) > 0 and len(t.split()) < 15),
        "is about money and has fewer than 15 words",
        (
            "is about money",
            "has fewer than 15 words",
            "is about money and has more than 15 words",
            "is about travel and has fewer than 15 words",
            "is about money or has fewer than 15 words",
        ),
    ),
    Module(
        "one sentence",
        "length",
        lambda t: float(len(re.findall(r"[.!?…](?:\s|$)", t)) <= 1 and ";" not in t),
        "consists of a single sentence",
        (
            "consists of several sentences",
            "contains at least one number",
            "is a question",
            "contains exactly three sentences",
            "is written in German",
        ),
    ),
    Module(
        "between 10 and 20 words",
        "length",
        lambda t: float(10 <= len(t.split()) <= 20),
        "has between 10 and 20 words",
        (
            "has more than 10 words",
            "has fewer than 20 words",
            "has between 20 and 30 words",
            "has fewer than 10 words",
            "has more than 20 words",
        ),
    ),
    Module(
        "over 100 characters",
        "length",
        lambda t: float(len(t) > 100),
        "is over 100 characters long",
        (
            "is under 100 characters long",
            "is over 200 characters long",
            "is over 50 characters long",
            "has many commas",
            "contains a number",
        ),
    ),
    Module(
        "music late",
        "position",
        lambda t: float(MUSIC(halves(t)[1]) > 0),
        "mentions music in the second half of the text",
        (
            "mentions music",
            "mentions music in the first half of the text",
            "mentions sport in the second half of the text",
            "does not mention music",
            "mentions a number in the second half of the text",
        ),
    ),
    Module(
        "opens with yesterday",
        "position",
        has(r"^(?i:yesterday)\b"),
        'starts with "Yesterday"',
        (
            'ends with "yesterday"',
            'starts with "However"',
            "is written in the past tense",
            "starts with a number",
            "is about time",
        ),
    ),
    Module(
        "ends in a tag",
        "position",
        has(r"#\w+$"),
        "ends with a hashtag",
        (
            "starts with a hashtag",
            "ends with a link",
            "ends with a number",
            "contains a link or a user mention",
            "is informal",
        ),
    ),
    Module(
        "number early",
        "position",
        lambda t: float(any(c.isdigit() for c in halves(t)[0])),
        "has a number in its first half",
        (
            "has a number in its second half",
            "has a number",
            "has a question mark in its first half",
            "starts with a number",
            "has no number in its first half",
        ),
    ),
    Module(
        "parentheses",
        "punctuation",
        has(r"\("),
        "includes a remark in parentheses",
        (
            "includes a quotation",
            "includes a semicolon",
            "includes a comma",
            "includes no parentheses",
            "includes a number",
        ),
    ),
    Module(
        "no final mark",
        "punctuation",
        lambda t: float(t[-1] not in ".!?…"),
        "does not end with punctuation",
        (
            "ends with punctuation",
            "does not end with a question mark",
            "contains no punctuation",
            "is in lower case",
            "ends with a full stop",
        ),
    ),
    Module(
        "all capitals",
        "punctuation",
        lambda t: float(t.isupper()),
        "is written in all caps",
        (
            "is written in lowercase",
            "contains an exclamation mark",
            "starts with a capital letter",
            "expresses anger",
            "contains no capital letters",
        ),
    ),
    Module(
        "Russian",
        "language",
        has("[а-яё]"),
        "the text is in Russian",
        (
            "the text is in English",
            "the text is in German",
            "the text is in Spanish",
            "the text is about Russia",
            "the text is not in Russian",
        ),
    ),
    Module(
        "Spanish or Italian",
        "language",
        has(
            r"\b(?:El tren|Ella|No sabemos|Hace mucho|Mi hermano|Il treno|Lei|"
            r"Non sappiamo|Fa molto|Mio fratello|Chi ha)\b|¿"
        ),
        "is in Spanish or in Italian",
        ("is in Spanish", "is in Italian", "is in French or in German", "is in Russian", "is in English or in French"),
    ),
    Module(
        "large numbers",
        "numbers",
        lambda t: float(any(int(n) > 99 for n in re.findall(r"\d+", t))),
        "contains a number with at least three digits",
        (
            "contains a number with exactly one digit",
            "contains a number",
            "contains a percentage",
            "contains no numbers",
            "contains at least three numbers",
        ),
    ),
)
