"""Patches change exactly what they say, at their place, once, before anything above it is computed."""

from __future__ import annotations

import pytest
import torch

from zetetic.models import LayerError, Patch, PatchError, PositionError, PromptError

LAYERS = (-1, 0, 1, 2)
CLOSE = {"atol": 3e-5, "rtol": 0.0}


def address(layer):
    return f"layers.{layer}.residual"


def vector(seed=0, size=32):
    return torch.randn(size, generator=torch.Generator().manual_seed(seed))


def test_the_identity_patch_changes_nothing(any_model, prompts):
    """Pitfall 1: bit for bit, at every layer and position."""
    [ids] = prompts(6)
    plain = any_model.logits([ids], None)[0]
    states = any_model.capture([ids], [address(layer) for layer in LAYERS])
    for layer in LAYERS:
        for position in range(6):
            patch = Patch(layer, position, states[address(layer)][0][position])
            patched = any_model.logits([ids], None, patches=[patch])[0]
            assert torch.equal(patched, plain)


def test_the_identity_patch_changes_nothing_in_16_bits(raw, prompts):
    """Pitfall 1, exactly 0 in bfloat16."""
    from zetetic.models import LanguageModel

    for kind in ("gpt2", "gpt_neox", "llama"):
        model = LanguageModel(raw(kind).to(torch.bfloat16))
        state = model.capture(prompts(6), "layers.1", 3)["layers.1"][0]
        patch = Patch(1, 3, state[0])
        assert torch.equal(model.logits(prompts(6), None, patches=[patch])[0], model.logits(prompts(6), None)[0])


def test_a_patch_into_the_last_layer_gives_its_unembedding(any_model, prompts):
    """Pitfall 2: the logit lens is a patch from any layer into the last."""
    [ids] = prompts(6)
    states = any_model.capture([ids], [address(layer) for layer in LAYERS], 2)
    for layer in LAYERS:
        hidden = states[address(layer)][0]
        patched = any_model.logits([ids], 2, patches=[Patch(2, 2, hidden)])[0]
        torch.testing.assert_close(patched, any_model.unembed(hidden), **CLOSE)


def test_every_position_of_a_source_makes_its_logits_and_one_does_not(typical, prompts):
    """Pitfall 4."""
    source, target = prompts(6, 6)
    theirs = typical.logits([source], None)[0]
    for layer in LAYERS:
        states = typical.capture([source], address(layer))[address(layer)][0]
        every = typical.logits([target], None, patches=[Patch(layer, range(6), states)])[0]
        assert torch.equal(every, theirs)
        one = typical.logits([target], None, patches=[Patch(layer, 3, states[3])])[0]
        assert not torch.allclose(one, theirs, atol=1e-3)


def test_logits_before_the_patched_position_do_not_move(decoder, prompts):
    """Pitfall 5; those at and after it do, so the patch was made."""
    [ids] = prompts(6)
    plain = decoder.logits([ids], None)[0]
    for layer in LAYERS:
        moved = decoder.logits([ids], None, patches=[Patch(layer, 3, 5 * vector())])[0]
        torch.testing.assert_close(moved[:3], plain[:3], **CLOSE)
        assert not torch.allclose(moved[3], plain[3], atol=1e-3)


def test_a_target_of_one_token_is_patched_too(typical):
    """Pitfall 8."""
    plain = typical.logits([[7]])[0]
    for layer in LAYERS:
        patched = typical.logits([[7]], patches=[Patch(layer, 0, 5 * vector())])[0]
        assert not torch.allclose(patched, plain, atol=1e-3)
        torch.testing.assert_close(typical.logits([[7]], patches=[Patch(layer, -1, 5 * vector())])[0], patched)


@pytest.mark.parametrize("padding", ["left", "right"])
def test_each_row_of_a_batch_gets_its_own_patches(typical, prompts, padding):
    """Pitfall 9: positions count a prompt's own tokens, wherever its padding is."""
    rows = prompts()
    patches = [
        [Patch(1, -1, vector(1)), Patch(0, 0, vector(2))],
        [Patch(1, 4, vector(3), "add", 2.0)],
        [],
        [Patch(-1, 0, vector(4))],
        [Patch(2, [1, 5], torch.stack([vector(5), vector(6)]))],
    ]
    together = typical.logits(rows, None, patches=patches, padding=padding, batch_size=3)
    for ids, own, found in zip(rows, patches, together):
        torch.testing.assert_close(found, typical.logits([ids], None, patches=[own])[0], **CLOSE)


def test_what_each_way_of_patching_does(tiny, prompts):
    model = tiny("gpt_neox")
    rows, v = prompts(6), vector()
    h = model.capture(rows, "layers.1")["layers.1"][0]
    ways = {
        Patch(1, 2, v): v,
        Patch(1, 2, v, "add", 3.0): h[2] + 3 * v,
        Patch(1, 2, how="scale", amount=0.25): 0.25 * h[2],
        Patch(1, 2, how="scale", amount=0.0): 0 * h[2],
        Patch(1, 2, v, "interpolate", 0.25): 0.75 * h[2] + 0.25 * v,
    }
    for patch, expected in ways.items():
        found = model.capture(rows, "layers.1", patches=[patch])["layers.1"][0]
        torch.testing.assert_close(found[2], expected)
        others = [0, 1, 3, 4, 5]
        assert torch.equal(found[others], h[others])


def test_patches_at_one_place_are_made_in_order(tiny, prompts):
    model = tiny("llama")
    v, w = vector(1), vector(2)
    patches = [Patch(1, 2, v), Patch(1, -4, w, "add"), Patch(1, 2, how="scale", amount=2.0)]
    found = model.capture(prompts(6), "layers.1", 2, patches=patches)["layers.1"][0][0]
    torch.testing.assert_close(found, 2 * (v + w))


def test_a_patch_is_seen_by_the_layers_above_it_only(tiny, prompts):
    model = tiny("llama")
    addresses = [address(layer) for layer in LAYERS]
    plain = model.capture(prompts(6), addresses)
    patched = model.capture(prompts(6), addresses, patches=[Patch(0, 1, 5 * vector())])
    assert torch.equal(patched["embedding"][0], plain["embedding"][0])
    for layer in (0, 1, 2):
        assert not torch.allclose(patched[address(layer)][0], plain[address(layer)][0], atol=1e-3)


@pytest.mark.parametrize(
    ("patches", "error", "says"),
    [
        ([Patch(3, 0, torch.ones(32))], LayerError, "layer 3 is not one of 0..2 in tiny-llama; pass a layer between 0"),
        ([Patch(-2, 0, torch.ones(32))], LayerError, "(or -1, the embedding)"),
        ([Patch(1, 6, torch.ones(32))], PositionError, "position 6 is outside the prompt of 6 tokens"),
        ([Patch(1, [0, -7], torch.ones(32))], PositionError, "position -7 is outside"),
        ([Patch(1, 0, torch.ones(33))], PatchError, "size 32 (the hidden size of tiny-llama) or 1 × 32, got 33"),
        ([Patch(1, [0, 1], torch.ones(3, 32))], PatchError, "or 2 × 32, got 3 × 32"),
        ([Patch(1, 0, torch.full((32,), torch.nan))], PatchError, "finite numbers in a patch, got NaN or infinity"),
        ([Patch(1, 0, torch.full((32,), torch.inf))], PatchError, "finite numbers"),
        ([Patch(1, 0)], PatchError, "expected values for how='replace', got none"),
        ([Patch(1, 0, torch.ones(32), "scale")], PatchError, "expected no values with how='scale'"),
        ([Patch(1, 0, torch.ones(32), "twist")], PatchError, "replace, add, scale or interpolate, got 'twist'"),
        ([Patch(1, 0, torch.ones(32), "add", float("nan"))], PatchError, "expected a finite amount"),
        ([[], []], PatchError, "one sequence of patches for each of 1 prompts, got 2 items"),
    ],
)
def test_a_wrong_patch_is_refused_before_anything_runs(tiny, prompts, count_calls, patches, error, says):
    model = tiny("llama")
    calls = count_calls(model.model)
    for run in (model.logits, model.generate, lambda p, patches: model.capture(p, "layers.0", patches=patches)):
        with pytest.raises(error) as raised:
            run(prompts(6), patches=patches)
        assert says in str(raised.value)
    assert not calls


@pytest.mark.parametrize("prompt", [[], [5] * 65])
def test_a_wrong_prompt_is_refused_before_anything_runs(tiny, count_calls, prompt):
    model = tiny("llama")
    calls = count_calls(model.model)
    for run in (model.logits, model.generate, model.next_token):
        with pytest.raises(PromptError):
            run([[5], prompt])
    assert not calls
