"""A concept's code decides as the concept does, and stands alone."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.concepts import code, parse, surface_bank

TEXTS = [
    "Who said “never”, and when? It was in 1931, at 10:30.",
    "STOP!",
    "we walk; they walked (slowly)…",
    "",
    "Le chat est là.",
    "You must see https://example.org #now @me :) – it's 30% off, only $5!",
    "Кошка спит.",
    "the the end of the storm",
]


def run(program: str, texts: list[str]) -> list[float]:
    scope: dict[str, object] = {}
    exec(compile(program, "explained.py", "exec"), scope)
    explained = scope["explained"]
    assert callable(explained)
    return [float(explained(text)) for text in texts]


def test_every_concept_of_the_bank_runs_as_printed() -> None:
    bank = surface_bank()
    assert len({concept.description for concept in bank}) == len(bank) > 100
    for concept in bank:
        program = code(concept)
        assert program is not None, concept.description
        np.testing.assert_allclose(run(program, TEXTS), concept.degrees(TEXTS), atol=1e-12, err_msg=program)


@pytest.mark.parametrize(
    "description",
    [
        "contains at least two numbers but no question mark",
        'mentions "storm" in the second half',
        "either begins with a capital letter or is in French",
        "the last sentence is a question",
        "is not longer than 20 characters",
    ],
)
def test_negations_places_and_conjunctions_print_too(description, minilm):
    concept = parse(description, minilm)
    program = code(concept)
    assert program is not None
    np.testing.assert_allclose(run(program, TEXTS), concept.degrees(TEXTS), atol=1e-12, err_msg=program)


def test_meaning_spoils_the_code_of_the_whole(minilm):
    assert code(parse("mentions food and contains a number", minilm)) is None
