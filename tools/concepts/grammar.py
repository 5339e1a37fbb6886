"""Cheap grammar of English: counts by word lists and endings. Plain functions on `re` alone, as in `measures`."""

from __future__ import annotations

import re

from .measures import frozen, lower_words, sentences

FIRST_PERSON = frozen("i me my mine myself we us our ours ourselves i'm i've i'll i'd we're we've we'll we'd")
FIRST_PERSON_SINGULAR = frozen("i me my mine myself i'm i've i'll i'd")
FIRST_PERSON_PLURAL = frozen("we us our ours ourselves we're we've we'll we'd")
SECOND_PERSON = frozen("you your yours yourself yourselves you're you've you'll you'd")
THIRD_PERSON = frozen(
    "he him his himself she her hers herself they them their theirs themselves he's she's they're they've they'll "
    "he'd she'd they'd he'll she'll"
)
FEMALE = frozen("she her hers herself she's she'd she'll")
MALE = frozen("he him his himself he's he'd he'll")
QUESTION_WORDS = frozen("who whom whose what which when where why how")
AUXILIARIES = frozen(
    "is are was were am do does did have has had can could will would shall should may might must isn't aren't "
    "wasn't weren't don't doesn't didn't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't"
)
NEGATIONS = frozen("no not never none nobody nothing nowhere neither nor cannot without")
MODALS = frozen(
    "can could may might must shall should will would ought cannot can't couldn't won't wouldn't shouldn't "
    "mustn't mightn't"
)
OBLIGATIONS = frozen("must should ought shouldn't mustn't")
HEDGES = frozen("maybe perhaps possibly probably might seems seem apparently likely somewhat roughly")
INTENSIFIERS = frozen("very really extremely so too absolutely totally completely incredibly highly quite utterly")
POLITE = re.compile(r"\b(?:please|thank you|thanks|sorry|excuse me|pardon|kindly|grateful|appreciate)\b", re.I)
GREETING = re.compile(r"\b(?:hello|hi|hey|dear|greetings|welcome|good (?:morning|evening|afternoon|day))\b", re.I)
CAUSES = re.compile(r"\b(?:because|since|therefore|thus|hence|due to|so that|as a result|consequently)\b", re.I)
CONTRASTS = re.compile(r"\b(?:but|however|although|though|despite|yet|whereas|nevertheless|instead|unlike)\b", re.I)
CONDITIONS = re.compile(r"\b(?:if|unless|provided that|in case|whether|otherwise)\b", re.I)
COMPARISONS = re.compile(
    r"\b(?:more|less|fewer|better|worse|larger|smaller|bigger|higher|lower|older|younger|faster|slower|stronger|"
    r"weaker|cheaper|longer|shorter|earlier|later|easier|harder|greater|warmer|colder|taller|richer|poorer|\w+er than|"
    r"as \w+ as)\b",
    re.I,
)
SUPERLATIVES = re.compile(
    r"\b(?:most|least|best|worst|(?!(?:fo|for|inter|hon|mod|har|requ|conqu|prot|b|r|t|w|n|qu|gu|ch|arr|inv|sugg|cont|"
    r"dig|earn|temp|pri)est\b)\w{2,}est)\b",
    re.I,
)
FUTURE = re.compile(r"\b(?:will|won't|shall|(?:is|are|am|'m|'re|'s) going to|gonna)\b|\w['’]ll\b", re.I)
PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being|be|get|gets|got)\s+(?:\w+ly\s+|not\s+)?"
    r"(?:\w{2,}ed|made|built|seen|given|taken|written|found|known|told|sold|held|kept|left|lost|paid|put|read|sent|"
    r"shown|thought|won|broken|chosen|done|drawn|driven|eaten|grown|hidden|stolen|thrown|born|caught|bought|brought|"
    r"taught|cut|hit|hurt|set|shut|led|struck|worn|spoken|forgotten|forbidden|sung|beaten|bitten|felt|laid|burnt)\b",
    re.I,
)
PAST = frozen(
    "was were had did went came saw said made took got gave knew thought told became left felt brought began kept "
    "held wrote stood heard meant met ran paid sat spoke lay led grew lost fell sent built understood drew broke "
    "spent rose drove bought wore chose ate drank sang swam flew threw caught taught fought slept won forgot hid "
    "shook woke rode sold stole struck blew froze tore wept swept crept dug hung found wasn't weren't hadn't "
    "didn't"
)
NOT_PAST = frozen(
    "need needs red bed shed seed feed speed indeed hundred kindred sacred naked wicked breed bleed greed weed "
    "exceed proceed succeed embed sled fled bred reed deed ted ed fed led wed"
)
PRESENT = frozen(
    "is are am has have do does says goes makes takes gets gives knows thinks tells becomes leaves feels brings "
    "begins keeps holds writes stands hears means meets runs pays sits speaks lies leads grows loses falls sends "
    "builds wants needs likes loves seems looks uses works lives plays helps shows tries asks moves believes "
    "happens includes provides remains i'm you're we're they're isn't aren't don't doesn't hasn't haven't"
)
IMPERATIVES = frozen(
    "add avoid bake be boil bring buy call check choose clean click close come contact cook cut do don't download "
    "drink eat enjoy enter explain fill find finish follow get give go heat help hold join keep leave let listen "
    "look make mix move never open pay pick place please pour prepare press put read remember remove repeat "
    "return rinse run save see select send serve set sign sit start stir stop take talk tell think try turn use "
    "visit wait walk wash watch wear write"
)
SPEECH = re.compile(r"\b(?:said|says|asked|asks|replied|answered|told|whispered|shouted|exclaimed|added|cried)\b", re.I)
COLOURS = frozen(
    "red green blue yellow orange purple pink brown black white grey gray golden silver violet turquoise crimson "
    "scarlet beige"
)


def among(text: str, known: frozenset[str]) -> int:
    """How many words of the text are among the `known`."""
    return len([w for w in lower_words(text) if w in known])


def first_person(text: str) -> int:
    return among(text, FIRST_PERSON)


def first_person_singular(text: str) -> int:
    return among(text, FIRST_PERSON_SINGULAR)


def first_person_plural(text: str) -> int:
    return among(text, FIRST_PERSON_PLURAL)


def second_person(text: str) -> int:
    return among(text, SECOND_PERSON)


def third_person(text: str) -> int:
    return among(text, THIRD_PERSON)


def female_pronouns(text: str) -> int:
    return among(text, FEMALE)


def male_pronouns(text: str) -> int:
    return among(text, MALE)


def question_words(text: str) -> int:
    return among(text, QUESTION_WORDS)


def negations(text: str) -> int:
    return len([w for w in lower_words(text) if w in NEGATIONS or w.endswith("n't")])


def modal_verbs(text: str) -> int:
    return among(text, MODALS)


def obligations(text: str) -> int:
    return among(text, OBLIGATIONS) + len(re.findall(r"\b(?:have|has|had|need|needs) to\b", text, re.I))


def hedges(text: str) -> int:
    return among(text, HEDGES)


def intensifiers(text: str) -> int:
    return among(text, INTENSIFIERS)


def polite_words(text: str) -> int:
    return len(POLITE.findall(text))


def greetings(text: str) -> int:
    return len(GREETING.findall(text))


def causal_words(text: str) -> int:
    return len(CAUSES.findall(text))


def contrasts(text: str) -> int:
    return len(CONTRASTS.findall(text))


def conditions(text: str) -> int:
    return len(CONDITIONS.findall(text))


def comparatives(text: str) -> int:
    return len(COMPARISONS.findall(text))


def superlatives(text: str) -> int:
    return len(SUPERLATIVES.findall(text))


def future_forms(text: str) -> int:
    return len(FUTURE.findall(text))


def passives(text: str) -> int:
    return len(PASSIVE.findall(text))


def speech_verbs(text: str) -> int:
    return len(SPEECH.findall(text))


def contractions(text: str) -> int:
    return len(re.findall(r"\w['’](?:t|s|re|ve|ll|d|m)\b", text, re.I))


def adverbs_in_ly(text: str) -> int:
    plain = {
        "family",
        "only",
        "early",
        "reply",
        "supply",
        "apply",
        "july",
        "italy",
        "fly",
        "rely",
        "daily",
        "holy",
        "ugly",
        "lovely",
        "lonely",
        "friendly",
        "likely",
        "belly",
        "bully",
        "jelly",
        "silly",
        "elderly",
        "ally",
    }
    return len([w for w in lower_words(text) if w.endswith("ly") and len(w) > 3 and w not in plain])


def words_in_ing(text: str) -> int:
    plain = {
        "thing",
        "nothing",
        "something",
        "anything",
        "everything",
        "morning",
        "evening",
        "king",
        "ring",
        "sing",
        "spring",
        "string",
        "wing",
        "bring",
        "during",
        "ceiling",
        "being",
        "sibling",
        "swing",
        "sting",
    }
    return len([w for w in lower_words(text) if w.endswith("ing") and len(w) > 4 and w not in plain])


def colours(text: str) -> int:
    return among(text, COLOURS)


def past_verbs(text: str) -> int:
    return len([w for w in lower_words(text) if w in PAST or (w.endswith("ed") and len(w) > 3 and w not in NOT_PAST)])


def present_verbs(text: str) -> int:
    return len([w for w in lower_words(text) if w in PRESENT])


def past_tense(text: str) -> float:
    """The share of finite verbs known by form that are past."""
    past, present = past_verbs(text), present_verbs(text) + future_forms(text)
    return past / (past + present) if past + present else 0.0


def present_tense(text: str) -> float:
    past, present = past_verbs(text) + future_forms(text), present_verbs(text)
    return present / (past + present) if past + present else 0.0


def future_tense(text: str) -> float:
    future = future_forms(text)
    return future / (future + 0.5)


def is_question(text: str) -> float:
    """Whether a sentence asks: a question mark ends it, or it begins as questions do (which says less)."""
    asked = [s for s in sentences(text) if s.rstrip("\"'”’») ").endswith(("?", "？", "؟"))]
    if asked:
        return 1.0
    first = lower_words(text)[:2]
    inverted = len(first) > 1 and first[0] in AUXILIARIES and (first[1] in FIRST_PERSON | SECOND_PERSON | THIRD_PERSON)
    open_end = not text.rstrip().endswith((".", "!"))
    return 0.7 if open_end and first and (inverted or first[0] in QUESTION_WORDS) else 0.0


def is_imperative(text: str) -> float:
    """Whether a sentence begins with a bare verb that is common in instructions, and does not ask."""
    starts = [lower_words(s)[0] for s in sentences(text) if lower_words(s) and not s.rstrip().endswith("?")]
    orders = len([w for w in starts if w in IMPERATIVES])
    return max(0.6, orders / len(starts)) if orders else 0.0
