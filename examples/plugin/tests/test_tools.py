"""Run with pytest, once the package is installed."""

from __future__ import annotations

import pytest
from zetetic_text_statistics import contrast, traits

from zetetic.tools.toolbox import load_tools


def test_the_word_that_was_planted_comes_first():
    common = "the river runs through the valley"
    found = contrast([f"{common} otter"] * 20, [f"{common} heron"] * 20)
    assert [found[0].word, found[1].word] == ["otter", "heron"]
    assert found[0].z > 2 > -2 > found[1].z
    assert all(abs(c.z) < 1e-9 or c.word in ("otter", "heron") for c in found)


def test_easy_texts_read_more_easily_than_hard_ones():
    easy, hard = traits("The cat sat. It ran."), traits("Notwithstanding considerable institutional deliberation.")
    assert easy.reading_ease > 80 > 20 > hard.reading_ease
    assert easy.sentence_length == 2.5
    assert traits("").words == 0
    assert traits("AB 12!").digits == pytest.approx(2 / 6)


def test_zetetic_finds_the_tools_and_mistakes_come_back_as_answers():
    tools = {tool.name: tool for tool in load_tools(["text_statistics"])}
    assert set(tools) == {"text_traits", "word_contrast"}
    assert "otter: z +" in tools["word_contrast"].invoke({"texts_a": ["an otter"], "texts_b": ["a heron"]})
    assert "pass texts with words" in tools["word_contrast"].invoke({"texts_a": ["1"], "texts_b": ["a heron"]})
