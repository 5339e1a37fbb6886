"""Descriptions mean what a person means by them: each is tried on texts it applies to and on texts it does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zetetic.tools.concepts import ConceptError, Meaning, code, parse

SURFACE = [
    ("is longer than 5 words", ["one two three four five six"], ["one two three four five"]),
    ("has at most three words", ["one two three"], ["one two three four"]),
    ("The text is between 2 and 3 words long.", ["one two", "one two three"], ["one", "one two three four"]),
    ("fewer than ten characters", ["short"], ["not so short"]),
    ("consists of a single sentence", ["It rained."], ["It rained. We left."]),
    ("multiple sentences", ["It rained. We left."], ["It rained."]),
    ("is a question", ["Who left?", "Is it, he asked, late?"], ["I know who left."]),
    ("asks a question", ["Who left? Tell me."], ["Tell me."]),
    ("ends with a question mark", ["Who left?", '"Who left?"'], ["Who left? Tell me."]),
    ("does not end with a period", ["Stop!"], ["Stop."]),
    ("ends without punctuation", ["Stop"], ["Stop.", "Stop!"]),
    ("contains an exclamation point", ["Stop! Now."], ["Stop."]),
    ("sentences with at least two commas", ["a, b, c"], ["a, b"]),
    ("contains no digits", ["seven"], ["7"]),
    ("contains the digit 7", ["Room 17"], ["Room 12"]),
    ("more than one number", ["3 cats, 4 dogs"], ["3 cats"]),
    ("mentions a year", ["Born in 1931."], ["Born in room 31."]),
    ("includes a URL or a hashtag", ["see https://example.org", "#tag"], ["see example"]),
    ("contains quoted speech", ['He said "no".', "He said “no”."], ["He said no, it's late."]),
    ("is written in all caps", ["STOP THAT"], ["Stop THAT"]),
    ("is all lowercase", ["stop that"], ["Stop that"]),
    ("begins with a capital letter", ["Stop", '"Stop"'], ["stop"]),
    ('starts with the word "the"', ["The end"], ["Then what", "At the end"]),
    ("the last word is storm", ["after the storm."], ["storm damage"]),
    ("contains the word storm", ["Storms came.", "a storm's eye"], ["a brainstorming day", "wind"]),
    ('mentions "storm" twice', ["storm after storm"], ["one storm"]),
    ("contains a word ending in -ing", ["He is running."], ["He ran in."]),
    ("has a word starting with z", ["a zebra"], ["a lazy day"]),
    ("contains a number in the first half", ["7 cats sat on mats"], ["cats sat on 7 mats"]),
    ("is in the past tense", ["She walked home and slept."], ["She walks home."]),
    ("uses the first person", ["I left.", "They saw us."], ["They left."]),
    ("addresses the reader directly", ["You will like it."], ["They will like it."]),
    ("uses the passive voice", ["The bridge was built in May."], ["They built the bridge in May."]),
    ("is in French", ["Le chat est sur la table."], ["The cat is on the table.", "El gato está en la mesa."]),
    ("non-English text", ["Der Hund schläft in dem Haus.", "Кошка спит."], ["The dog sleeps in the house."]),
    ("is in Spanish or German", ["El gato está en la mesa.", "Der Hund ist hier."], ["Le chat est là avec nous."]),
    ("contains a number but no comma", ["7 cats"], ["7 cats, 1 dog", "cats"]),
    ("contains neither digits nor capital letters", ["cats"], ["Cats", "7 cats"]),
    ("either ends with an exclamation mark or contains a semicolon", ["Stop!", "a; b"], ["a, b."]),
    ("does not contain a question mark and is longer than two words", ["It is late."], ["It is late?", "Late."]),
    ("short questions", ["Who left?"], ["Late.", "Who on earth would have left so early on such a rainy day as this?"]),
    ("Does the text contain a number?", ["7 cats"], ["cats"]),
    ("texts that don't contain numbers", ["cats"], ["7 cats"]),
    ("the first sentence is a question", ["Why? Because."], ["Because. Why?"]),
]


@pytest.mark.parametrize(("description", "yes", "no"), SURFACE, ids=[row[0] for row in SURFACE])
def test_surface_descriptions_decide_as_a_person_would(description, yes, no, minilm):
    concept = parse(description, minilm)
    degrees = concept.degrees([*yes, *no])
    assert (degrees[: len(yes)] > 0.5).all(), f"{concept.description}: {degrees}"
    assert (degrees[len(yes) :] <= 0.5).all(), f"{concept.description}: {degrees}"
    assert code(concept) is not None, "what the surface decides has code"


@pytest.mark.parametrize("description", [row[0] for row in SURFACE])
def test_the_canonical_description_means_the_same(description, minilm):
    concept = parse(description, minilm)
    again = parse(concept.description, minilm)
    texts = [text for row in SURFACE for text in (*row[1], *row[2])]
    assert ((concept.degrees(texts) > 0.5) == (again.degrees(texts) > 0.5)).all(), again.description


MEANING = [
    ("mentions food", ["We had soup and bread."], ["The server crashed."]),
    ("food", ["We had soup and bread."], ["The server crashed."]),
    ("does not mention food", ["The server crashed."], ["We had soup and bread."]),
    ("is about sports but not about money", ["She won the tennis final."], ["The bank raised its fees."]),
    (
        "mentions both music and travel",
        ["He took his violin on the train to Rome."],
        ["He tuned his violin.", "A train."],
    ),
    ("mentions animals without mentioning food", ["A fox ran off."], ["The dog ate the bread.", "We ate bread."]),
    ("questions about food", ["Do you like soup?"], ["I like soup.", "Who called?"]),
    (
        "mentions an animal in the second half",
        ["We left late because of the old horse"],
        ["The horse was late so we left"],
    ),
    (
        "is about war and has fewer than six words",
        ["Tanks crossed the border."],
        ["Tanks crossed the border at dawn again.", "It rained."],
    ),
    ("expresses a positive opinion", ["Absolutely lovely, I will come back!"], ["Awful, never again."]),
]


@pytest.mark.parametrize(("description", "yes", "no"), MEANING, ids=[row[0] for row in MEANING])
def test_meaning_is_joined_negated_and_placed(description, yes, no, minilm):
    degrees = parse(description, minilm).degrees([*yes, *no])
    assert degrees[: len(yes)].min() > 0.5 >= degrees[len(yes) :].max(), degrees
    assert ((degrees >= 0) & (degrees <= 1)).all()


def test_what_no_rule_knows_is_left_to_meaning(minilm):
    concept = parse("search and rescue", minilm)
    assert isinstance(concept, Meaning)
    assert concept.topic == "search and rescue"
    assert code(concept) is None


def test_saying_the_word_is_mentioning_it(minilm):
    [said, unsaid] = parse("mentions storms", minilm).degrees(["After the storm the bank sent a bill.", "A bill."])
    assert said > 0.8 > 0.5 > unsaid


def test_a_script_that_the_embedder_cannot_read_has_no_topic(minilm):
    assert parse("is about Russia", minilm).degrees(["Кошка спит на диване."])[0] == 0.0


@pytest.mark.parametrize("nothing", ["", "  ", "?", "…"])
def test_a_description_that_says_nothing_is_refused(nothing, minilm):
    with pytest.raises(ConceptError, match="expected a description"):
        parse(nothing, minilm)


def test_odd_texts_have_degrees(minilm):
    odd = ["", " ", "?", "\x00", "a" * 5000, "🙂", "\n\n"]
    for description in ("mentions food", "is short", "is a question", "is in French", "contains a number at the end"):
        degrees = parse(description, minilm).degrees(odd)
        assert degrees.shape == (len(odd),)
        assert ((degrees >= 0) & (degrees <= 1)).all()
    assert parse("mentions food", minilm).degrees([]).shape == (0,)


def test_any_words_can_be_read(minilm):
    """Phrases that no person would write: no rule runs away, and what it prints as code agrees with it."""
    rng = np.random.default_rng(0)
    joints = "and or but without either neither nor both with in of than that , . ?"
    scraps = f"{joints} the text is not no any contains does first half begins ends word at least two more between 3 20"
    scraps += ' words question mark a storm "x" French longer all caps has'
    text = "Storm? 3"
    for _ in range(300):
        phrase = " ".join(rng.choice(scraps.split(), rng.integers(1, 11)))
        try:
            concept = parse(phrase, minilm)
        except ConceptError:
            continue
        program = code(concept)
        if program is not None:
            scope: dict[str, Any] = {}
            exec(program, scope)
            assert scope["explained"](text) == pytest.approx(concept.degrees([text])[0]), phrase
