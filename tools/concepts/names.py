"""What people call what can be counted."""

from __future__ import annotations

from collections.abc import Callable

from . import grammar, measures
from .nodes import Measure

MEASURES: dict[str, Measure] = {}
"""By every name that people use, one and many."""
COUNTABLE: list[Measure] = []
"""Each once, in order."""


def _add(one: str, many: str, function: Callable[..., float], *others: str) -> None:
    measure = Measure(one, many, function)
    COUNTABLE.append(measure)
    for name in (one, many, *others):
        MEASURES[name] = measure
        if name.endswith("y") and name[-2:-1] not in ("a", "e", "o"):
            MEASURES.setdefault(name[:-1] + "ies", measure)
        elif not name.endswith("s"):
            MEASURES.setdefault(name + "s", measure)


_add("word", "words", measures.word_count, "token")
_add("character", "characters", measures.character_count, "char", "letter")
_add("sentence", "sentences", measures.sentence_count)
_add("line", "lines", measures.line_count, "line of text")
_add("question mark", "question marks", measures.question_marks, "?", "interrogation mark", "question", "question-mark")
_add(
    "exclamation mark",
    "exclamation marks",
    measures.exclamation_marks,
    "!",
    "exclamation point",
    "exclamation",
    "exclamation-mark",
)
_add("comma", "commas", measures.commas, ",")
_add("semicolon", "semicolons", measures.semicolons, ";", "semi-colon")
_add("colon", "colons", measures.colons, ":")
_add("period", "periods", measures.periods, "full stop", ".")
_add("dash", "dashes", measures.dashes, "em dash", "em-dash", "long dash", "—")
_add("hyphen", "hyphens", measures.hyphens, "hyphenated word", "hyphenated compound")
_add("ellipsis", "ellipses", measures.ellipses, "...", "…", "three dots")
_add(
    "parenthesis",
    "parentheses",
    measures.parentheses,
    "parenthetical",
    "parenthetical remark",
    "round bracket",
    "remark in parentheses",
    "text in parentheses",
    "words in parentheses",
    "words in brackets",
)
_add("square bracket", "square brackets", measures.brackets, "bracket")
_add("apostrophe", "apostrophes", measures.apostrophes)
_add("slash", "slashes", measures.slashes)
_add("ampersand", "ampersands", measures.ampersands, "&")
_add(
    "quotation",
    "quotations",
    measures.quotations,
    "quote",
    "quotation mark",
    "quoted speech",
    "direct speech",
    "quoted phrase",
    "quoted words",
    "words in quotation marks",
    "dialogue",
    "quoted text",
    "direct quote",
    "direct quotation",
    "speech in quotation marks",
    "text in quotation marks",
    "words in quotes",
    "quoted word",
    "text in quotes",
    "inverted commas",
    "spoken dialogue",
    "someone's words in quotation marks",
)
_add("punctuation mark", "punctuation marks", measures.punctuation_marks, "punctuation")
_add("digit", "digits", measures.digits, "numerical digit", "numeric digit", "numeric character")
_add(
    "number",
    "numbers",
    measures.numerals,
    "numeral",
    "figure",
    "numeric value",
    "numerical value",
    "number in digits",
    "number written in digits",
    "number written as digits",
    "number in figures",
    "numeric figure",
    "numbers written in digits",
    "numerical figure",
)
_add(
    "number in words",
    "numbers in words",
    measures.number_words,
    "number word",
    "spelled-out number",
    "number spelled out",
    "number written in words",
    "number written out",
    "spelled out number",
    "written-out number",
    "numbers spelled out",
    "numbers written in words",
    "numbers written out",
    "number written as a word",
)
_add("year", "years", measures.years, "four-digit year", "year number", "calendar year")
_add(
    "amount of money",
    "amounts of money",
    measures.amounts_of_money,
    "price",
    "dollar amount",
    "sum of money",
    "currency amount",
    "monetary amount",
    "amount in dollars",
    "prices",
)
_add("percentage", "percentages", measures.percentages, "percent sign", "per cent", "percent", "percentage sign")
_add("time of day", "times of day", measures.clock_times, "clock time")
_add("date", "dates", measures.dates, "calendar date")
_add(
    "month or day of the week",
    "months or days of the week",
    measures.months_and_days,
    "day of the week",
    "days of the week",
    "weekday",
    "month",
    "name of a month",
    "month name",
    "name of a weekday",
    "names of months",
)
_add("URL", "URLs", measures.urls, "url", "link", "web address", "hyperlink", "web link", "website address")
_add("email address", "email addresses", measures.emails, "e-mail address", "mail address")
_add(
    "@-mention",
    "@-mentions",
    measures.mentions,
    "user mention",
    "@ mention",
    "@mention",
    "user handle",
    "handle",
    "twitter handle",
    "@username",
    "username",
)
_add("hashtag", "hashtags", measures.hashtags, "hash tag", "#hashtag")
_add("emoji", "emoji", measures.emoji, "emojis", "emoticon", "smiley")
_add(
    "capital letter",
    "capital letters",
    measures.capital_letters,
    "uppercase letter",
    "upper-case letter",
    "capital",
    "upper case letter",
)
_add(
    "word in capitals",
    "words in capitals",
    measures.words_in_capitals,
    "all-caps word",
    "capitalised acronym",
    "word in all caps",
    "fully capitalized word",
    "acronym",
    "uppercase word",
    "word in capital letters",
    "abbreviation",
    "word in uppercase",
    "words in all caps",
    "words in capital letters",
    "words in uppercase",
    "all caps word",
    "word written in capitals",
    "words written in capitals",
    "word written in capital letters",
    "words written in capital letters",
    "words written in all caps",
)
_add("proper name", "proper names", measures.proper_names, "proper noun", "capitalized name", "name", "named entity")
_add(
    "capitalized word",
    "capitalized words",
    measures.capitalized_words,
    "capitalised word",
    "word starting with a capital letter",
    "word that starts with a capital letter",
)
_add("long word", "long words", measures.long_words, "word of ten letters or more")
_add(
    "repeated word", "repeated words", measures.repeated_words, "repetition", "word repetition", "word that is repeated"
)
_add("doubled word", "doubled words", measures.doubled_words, "word twice in a row", "immediate repetition")
_add(
    "letter outside ASCII",
    "letters outside ASCII",
    measures.non_ascii_letters,
    "non-ascii character",
    "non-English letter",
    "non-latin letter",
)
_add(
    "accented letter",
    "accented letters",
    measures.accented_letters,
    "accent",
    "diacritic",
    "letter with an accent",
    "accented character",
    "letters with accents",
    "umlaut",
)
_add(
    "first-person pronoun",
    "first-person pronouns",
    grammar.first_person,
    "first person pronoun",
    "first person",
    "the first person",
)
_add(
    "first-person singular pronoun",
    "first-person singular pronouns",
    grammar.first_person_singular,
    "first person singular pronoun",
    "first person singular",
)
_add(
    "first-person plural pronoun",
    "first-person plural pronouns",
    grammar.first_person_plural,
    "first person plural pronoun",
    "first person plural",
)
_add(
    "second-person pronoun",
    "second-person pronouns",
    grammar.second_person,
    "second person pronoun",
    "second person",
    "the second person",
)
_add(
    "third-person pronoun",
    "third-person pronouns",
    grammar.third_person,
    "third person pronoun",
    "third person",
    "the third person",
)
_add("female pronoun", "female pronouns", grammar.female_pronouns, "feminine pronoun", "she or her")
_add("male pronoun", "male pronouns", grammar.male_pronouns, "masculine pronoun", "he or him")
_add("question word", "question words", grammar.question_words, "wh-word", "interrogative word", "interrogative")
_add("negation", "negations", grammar.negations, "negative word", "negated verb", "word of negation", "negation word")
_add("modal verb", "modal verbs", grammar.modal_verbs, "modal", "modal auxiliary")
_add("word of obligation", "words of obligation", grammar.obligations, "obligation")
_add("hedge", "hedges", grammar.hedges, "hedging word", "hedging", "hedging language")
_add("intensifier", "intensifiers", grammar.intensifiers, "intensifying adverb")
_add("polite word", "polite words", grammar.polite_words, "politeness marker", "polite phrase")
_add("greeting", "greetings", grammar.greetings, "salutation")
_add(
    "causal word",
    "causal words",
    grammar.causal_words,
    "causal connective",
    "because-clause",
    "word of cause",
    "causal conjunction",
)
_add(
    "word of contrast",
    "words of contrast",
    grammar.contrasts,
    "contrast word",
    "contrastive conjunction",
    "adversative conjunction",
    "contrastive word",
    "contrasting conjunction",
    "concession",
)
_add(
    "condition",
    "conditions",
    grammar.conditions,
    "conditional",
    "if-clause",
    "conditional clause",
    "conditional sentence",
)
_add("comparative", "comparatives", grammar.comparatives, "comparative adjective", "comparative form")
_add("superlative", "superlatives", grammar.superlatives, "superlative adjective", "superlative form")
_add(
    "passive",
    "passives",
    grammar.passives,
    "passive verb",
    "passive construction",
    "passive voice",
    "the passive",
    "the passive voice",
    "passive form",
    "passive sentence",
)
_add("future form", "future forms", grammar.future_forms, "future verb", "future-tense verb")
_add("verb of speaking", "verbs of speaking", grammar.speech_verbs, "reporting verb", "speech verb", "reported speech")
_add("contraction", "contractions", grammar.contractions, "contracted form")
_add("adverb in -ly", "adverbs in -ly", grammar.adverbs_in_ly, "-ly adverb", "adverb ending in -ly", "adverb")
_add(
    "word in -ing",
    "words in -ing",
    grammar.words_in_ing,
    "-ing form",
    "gerund",
    "present participle",
    "-ing verb",
    "-ing word",
)
_add(
    "colour",
    "colours",
    grammar.colours,
    "color",
    "colour word",
    "color word",
    "colour name",
    "color name",
    "name of a colour",
    "name of a color",
    "names of colours",
)
_add(
    "past-tense verb",
    "past-tense verbs",
    grammar.past_verbs,
    "past tense verb",
    "verb in the past tense",
    "verb in past tense",
    "verbs in the past tense",
)
_add(
    "present-tense verb",
    "present-tense verbs",
    grammar.present_verbs,
    "present tense verb",
    "verb in the present tense",
)
_add(
    "word beginning with a vowel",
    "words beginning with a vowel",
    measures.vowel_starts,
    "word that starts with a vowel",
    "word starting with a vowel",
)
