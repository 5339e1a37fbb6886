"""Patchscopes between models of different sizes and tokenizers."""

from __future__ import annotations

import pytest
import torch

from zetetic.tools.patchscope import Source, Target, fit_cross_model, grid
from zetetic.tools.patchscope.crossing import aligned
from zetetic.tools.patchscope.mappings import Affine

TEXTS = [f"the cat {i} sat on the mat and the dog {i * 3 % 7} sat on the log" for i in range(30)]


def test_tokens_are_aligned_where_they_end_at_one_character(tiny):
    text = "the cat sat on zz mats"
    one, other = tiny().prompt(text), tiny(words=True).prompt(text)
    here, there = aligned(one, other)
    assert len(here) == len(there) > 3
    for i, j in zip(here, there):
        assert one.offsets[i][1] == other.offsets[j][1]
    assert 0 not in here
    assert 0 not in there


def test_a_known_map_carries_a_state_over(tiny):
    """A model and a copy whose residual stream is turned: the turn, as a mapping, makes both one."""
    model = tiny("Llama", seed=2)
    turn = torch.linalg.qr(torch.randn(32, 32, generator=torch.Generator().manual_seed(0)))[0]
    there_and_back = Affine(turn @ turn.T, torch.zeros(32))
    plain = grid(Source(model, "the cat"), Target(model, "a→a; ?"), controls=[])
    carried = grid(Source(model, "the cat"), Target(model, "a→a; ?"), there_and_back, controls=[])
    for one, other in zip(plain.target.cells, carried.target.cells):
        assert one.tokens[0].id == other.tokens[0].id
        assert one.surprisal == pytest.approx(other.surprisal, abs=1e-3)


def test_between_twins_the_learned_mapping_is_nearly_the_identity(tiny):
    model = tiny("Llama", seed=2)
    fitted = fit_cross_model(model, model, TEXTS, source_layers=[1, 2], target_layer=1)
    assert fitted[1].explained > 0.999
    assert fitted[2].explained < fitted[1].explained


def test_models_of_other_sizes_and_tokenizers_can_be_crossed(tiny):
    small, large = tiny("GPT2"), tiny("Llama", size=48, seed=1, words=True)
    fitted = fit_cross_model(small, large, TEXTS, source_layers=[1, 2], target_layer=2)
    assert fitted[1].mapping.weight.shape == (32, 48)
    found = grid(Source(small, "the cat sat", layer=[1, 2]), Target(large, "cat→cat; ?", layer=2), fitted, controls=[])
    assert len(found.target.cells) == 2
    assert (found.source_model, found.target_model) == ("tiny-GPT2", "tiny-Llama")
    own = small.next_token(["the cat sat"], top=1)[0][0].text
    assert found.reference.text == own
    assert large.decode([found.reference.ids[0]])[0] == own[0]


def test_two_models_without_a_mapping_bring_a_remark(tiny):
    found = grid(Source(tiny("GPT2"), "the cat", layer=1), Target(tiny("Llama"), "a→a; ?", layer=1), controls=[])
    assert any("no mapping" in note for note in found.notes)
