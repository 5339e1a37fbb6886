"""Words as such: does a text hold a word, in any inflection? Plain functions on `re` alone, as in `measures`."""

from __future__ import annotations

import re

IRREGULAR = (
    "be am is are was were been being",
    "have has had having",
    "do does did done doing",
    "go goes went gone going",
    "say says said saying",
    "make makes made making",
    "take takes took taken taking",
    "come comes came coming",
    "see sees saw seen seeing",
    "know knows knew known knowing",
    "get gets got gotten getting",
    "give gives gave given giving",
    "find finds found finding",
    "think thinks thought thinking",
    "tell tells told telling",
    "become becomes became becoming",
    "leave leaves left leaving",
    "feel feels felt feeling",
    "bring brings brought bringing",
    "begin begins began begun beginning",
    "write writes wrote written writing",
    "run runs ran running",
    "pay pays paid paying",
    "sit sits sat sitting",
    "speak speaks spoke spoken speaking",
    "lead leads led leading",
    "grow grows grew grown growing",
    "lose loses lost losing",
    "fall falls fell fallen falling",
    "send sends sent sending",
    "build builds built building",
    "break breaks broke broken breaking",
    "spend spends spent spending",
    "rise rises rose risen rising",
    "drive drives drove driven driving",
    "buy buys bought buying",
    "eat eats ate eaten eating",
    "drink drinks drank drunk drinking",
    "sing sings sang sung singing",
    "swim swims swam swum swimming",
    "fly flies flew flown flying",
    "throw throws threw thrown throwing",
    "catch catches caught catching",
    "teach teaches taught teaching",
    "fight fights fought fighting",
    "sleep sleeps slept sleeping",
    "win wins won winning",
    "sell sells sold selling",
    "steal steals stole stolen",
    "die dies died dying",
    "lie lies lied lying lay",
    "man men",
    "woman women",
    "child children",
    "foot feet",
    "tooth teeth",
    "mouse mice",
    "goose geese",
    "person people persons",
    "life lives",
    "wife wives",
    "knife knives",
    "wolf wolves",
    "leaf leaves",
    "shelf shelves",
    "half halves",
    "thief thieves",
    "loaf loaves",
)


def inflections(word: str) -> list[str]:
    """`word` and its likely inflections: plural, -ed, -ing, -'s, and back from a plural to its singular."""
    word = word.lower()
    forms = {word}
    for family in IRREGULAR:
        if word in family.split():
            forms.update(family.split())
    stems = {word}
    if word.endswith("ies") and len(word) > 4:
        stems.add(word[:-3] + "y")
    elif re.search(r"(?:ss|x|z|ch|sh)es$", word):
        stems.add(word[:-2])
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        stems.add(word[:-1])
    for stem in stems:
        forms.add(stem)
        if re.search(r"(?:s|x|z|ch|sh)$", stem):
            forms.update({stem + "es", stem + "ed", stem + "ing"})
        elif re.search(r"[^aeiou]y$", stem):
            forms.update({stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"})
        elif stem.endswith("e"):
            forms.update({stem + "s", stem + "d", stem[:-1] + "ing"})
        else:
            forms.update({stem + "s", stem + "es" if stem.endswith("o") else stem + "s", stem + "ed", stem + "ing"})
            if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", stem):
                forms.update({stem + stem[-1] + "ed", stem + stem[-1] + "ing"})
    return sorted(forms)


def word_mentions(text: str, word: str) -> int:
    """How often the text holds `word`, or words one after the other, the last in any inflection; case is ignored."""
    *before, last = word.lower().split()
    start = "".join(re.escape(w) + r"[\s-]+" for w in before)
    forms = "|".join(re.escape(form) for form in inflections(last))
    return len(re.findall(r"(?<!\w)" + start + "(?:" + forms + r")(?:['’]s)?(?!\w)", text.lower()))


def exact_mentions(text: str, word: str) -> int:
    """How often the text holds just these words, in this form; case is ignored."""
    return len(re.findall(r"(?<!\w)" + re.escape(word.lower()) + r"(?!\w)", text.lower()))


def string_mentions(text: str, string: str) -> int:
    """How often the text holds these characters, inside words too; case is ignored."""
    return text.lower().count(string.lower())


def words_beginning(text: str, beginning: str) -> int:
    return len(re.findall(r"(?<!\w)" + re.escape(beginning.lower()) + r"\w*", text.lower()))


def words_ending(text: str, ending: str) -> int:
    return len(re.findall(r"\w+" + re.escape(ending.lower()) + r"(?!\w)", text.lower()))
