"""What can be counted in a text. Plain functions on `re` alone: an explanation's code is printed from their source."""

from __future__ import annotations

import re


def frozen(words: str) -> frozenset[str]:
    """The words of a string as a set."""
    return frozenset(words.split())


WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:[.,:]\d+)*(?:st|nd|rd|th|s)?(?!\w)|\d+(?:[.,:]\d+)*")
NUMBER_WORDS = frozen(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million "
    "billion dozen"
)
QUOTATION = re.compile(
    r"\"[^\"\n]+\"|“[^”]+”|«[^»]+»|„[^“”]+[“”]|(?<!\w)['‘](?=\w)[^'’\n]+(?:['’]\w[^'’\n]*)*['’](?!\w)"
)
URL = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|edu|gov|io)\b", re.I)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
MENTION = re.compile(r"(?<![\w.])@\w+")
HASHTAG = re.compile(r"(?<![\w&])#\w*[^\W\d]\w*")
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]|(?<!\\w)[:;=8]['-]?[)(DPpOo/\\\\|](?!\\w)")
MONEY = re.compile(
    r"[$€£¥]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:dollars?|euros?|pounds?|cents?|yen|francs?|usd|eur|gbp)\b", re.I
)
PERCENT = re.compile(r"\d\s?%|\bper\s?cent\b|\bpercent(?:age)?\b", re.I)
YEAR = re.compile(r"(?<![\w.,$€£])(?:1[0-9]|20)\d\d(?:s)?(?![\w%])")
CLOCK = re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2}\s?[ap]\.?m\b|\bo['’]clock\b", re.I)
MONTHS_AND_DAYS = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)\b"
)
SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)\]]*\s+(?=\S)")


def words(text: str) -> list[str]:
    return WORD.findall(text)


def lower_words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def sentences(text: str) -> list[str]:
    return [part for part in SENTENCE_END.split(text.strip()) if part]


def word_count(text: str) -> int:
    return len(text.split())


def character_count(text: str) -> int:
    return len(text)


def sentence_count(text: str) -> int:
    return len(sentences(text))


def line_count(text: str) -> int:
    return len([line for line in text.splitlines() if line.strip()])


def question_marks(text: str) -> int:
    return text.count("?") + text.count("？") + text.count("؟")


def exclamation_marks(text: str) -> int:
    return text.count("!") + text.count("！")


def commas(text: str) -> int:
    return text.count(",") + text.count("，") + text.count("、")


def semicolons(text: str) -> int:
    return text.count(";")


def colons(text: str) -> int:
    return len(re.findall(r":(?!//)", text))


def periods(text: str) -> int:
    return len(re.findall(r"(?<!\.)\.(?!\.)", text)) + text.count("。")


def dashes(text: str) -> int:
    return len(re.findall(r"[—–]|--|(?<=\s)-(?=\s)", text))


def hyphens(text: str) -> int:
    return len(re.findall(r"(?<=\w)-(?=\w)", text))


def ellipses(text: str) -> int:
    return len(re.findall(r"…|\.{3,}", text))


def parentheses(text: str) -> int:
    return len(re.findall(r"\([^()]*\)", text))


def brackets(text: str) -> int:
    return len(re.findall(r"\[[^\[\]]*\]", text))


def apostrophes(text: str) -> int:
    return len(re.findall(r"(?<=\w)['’](?=\w)|(?<=s)['’](?=\s)", text))


def slashes(text: str) -> int:
    return len(re.findall(r"(?<!/)/(?!/)", text))


def ampersands(text: str) -> int:
    return text.count("&")


def quotations(text: str) -> int:
    return len(QUOTATION.findall(text))


def punctuation_marks(text: str) -> int:
    return len(re.findall(r"[.,;:!?…—–\"“”()\[\]«»]", text))


def digits(text: str) -> int:
    return len(re.findall(r"\d", text))


def numerals(text: str) -> int:
    return len(NUMBER.findall(text))


def number_words(text: str) -> int:
    return len([w for w in lower_words(text) if all(part in NUMBER_WORDS for part in w.split("-"))])


def years(text: str) -> int:
    return len(YEAR.findall(text))


def amounts_of_money(text: str) -> int:
    return len(MONEY.findall(text))


def percentages(text: str) -> int:
    return len(PERCENT.findall(text))


def clock_times(text: str) -> int:
    return len(CLOCK.findall(text))


def months_and_days(text: str) -> int:
    return len(MONTHS_AND_DAYS.findall(text))


def dates(text: str) -> int:
    return len(re.findall(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b", text)) + months_and_days(text) + years(text)


def urls(text: str) -> int:
    return len(URL.findall(text))


def emails(text: str) -> int:
    return len(EMAIL.findall(text))


def mentions(text: str) -> int:
    return len(MENTION.findall(text))


def hashtags(text: str) -> int:
    return len(HASHTAG.findall(text))


def emoji(text: str) -> int:
    return len(EMOJI.findall(text))


def capital_letters(text: str) -> int:
    return sum(letter.isupper() for letter in text)


def words_in_capitals(text: str) -> int:
    return len([w for w in words(text) if len(w) > 1 and w.isupper()])


def capitalized_words(text: str) -> int:
    return len([w for w in words(text) if w[0].isupper()])


def proper_names(text: str) -> int:
    """Capitalized words that do not begin a sentence ("I" aside)."""
    inner = [w for s in sentences(text) for w in words(s)[1:]]
    return len([w for w in inner if w[0].isupper() and w.split("'")[0].split("’")[0] != "I"])


def long_words(text: str) -> int:
    return len([w for w in words(text) if len(w) >= 10])


def longest_word(text: str) -> int:
    return max((len(w) for w in words(text)), default=0)


def word_length(text: str) -> float:
    found = words(text)
    return sum(map(len, found)) / len(found) if found else 0.0


def sentence_length(text: str) -> float:
    return len(text.split()) / max(1, len(sentences(text)))


def repeated_words(text: str) -> int:
    """Words said at least twice, those of three letters or fewer aside."""
    seen = [w for w in lower_words(text) if len(w) > 3]
    return len({w for w in seen if seen.count(w) > 1})


def doubled_words(text: str) -> int:
    return len(re.findall(r"\b(\w+)\s+\1\b", text.lower()))


def non_ascii_letters(text: str) -> int:
    return sum(letter.isalpha() and not letter.isascii() for letter in text)


def accented_letters(text: str) -> int:
    return len(re.findall("[à-öø-ÿÀ-ÖØ-ßā-ž]", text))


def vowel_starts(text: str) -> int:
    return len([w for w in words(text) if w[0].lower() in "aeiou"])
