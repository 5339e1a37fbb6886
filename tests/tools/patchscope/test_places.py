"""Positions: numbers, the last token of a part, a character, the placeholder."""

from __future__ import annotations

import pytest

from zetetic.models import PositionError
from zetetic.tools.patchscope import AtCharacter, LastTokenOf, Source, Target
from zetetic.tools.patchscope.places import PLACEHOLDER, resolve, resolve_position

TEXT = "the cat sat on the mat"


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize(
    ("part", "occurrence", "end"), [("cat", 0, 7), ("the", 0, 3), ("the", -1, 18), ("sat on", 0, 14)]
)
def test_a_part_is_found_by_its_characters_whatever_the_tokens(tiny, words, part, occurrence, end):
    prompt = tiny(words=words).prompt(TEXT)
    position = resolve_position(prompt, LastTokenOf(part, occurrence))
    low, high = prompt.offsets[position]
    assert low < end <= high
    assert resolve_position(prompt, AtCharacter(end - 1)) == position


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("cat→cat; ?", 11),  # bytes: the arrow has three
        ("who? what? end", 9),
        ("The capital of x is", 15),
        ("fox x box", 4),
        ("x is it?", 7),
    ],
)
def test_the_placeholder_is_the_last_question_mark_or_lone_x(tiny, text, at):
    assert resolve(Target(tiny(), text)).position == at
    assert resolve(Target(tiny(), text)).token in "?x"


def test_negative_positions_count_from_the_end(tiny):
    assert resolve(Source(tiny(), TEXT, -2)).position == len(TEXT) - 2
    assert resolve(Source(tiny(), TEXT, -2)).token == "a"


def test_token_ids_and_chats_may_be_prompts_with_numbered_positions(tiny):
    assert resolve(Target(tiny(), [5, 6, 7], -1)).position == 2
    with pytest.raises(PositionError, match="bare token ids"):
        resolve(Target(tiny(), [5, 6, 7], PLACEHOLDER))
    with pytest.raises(PositionError, match="bare token ids"):
        resolve(Source(tiny(), [5, 6, 7], AtCharacter(1)))


@pytest.mark.parametrize(
    ("position", "said"),
    [
        (LastTokenOf("dog"), "stands 0 times"),
        (LastTokenOf("the", 5), "occurrence 5"),
        (AtCharacter(99), "no token covers character 99"),
        ("cat", r"LastTokenOf\('cat'\)"),
        (22, "outside the prompt of 22 tokens"),
    ],
)
def test_a_place_that_is_not_there_is_told(tiny, position, said):
    with pytest.raises(PositionError, match=said):
        resolve(Source(tiny(), TEXT, position))
