"""Blocks are found by structure: in every kind of model, what is found does what it is said to do."""

from __future__ import annotations

import pytest
import torch

from zetetic.models import AddressError, ArchitectureError, Blocks, LanguageModel, LayerError

ADDS_WHAT_IT_WRITES = (
    *("gpt2", "gptj", "gpt_neo", "gpt_neox", "llama", "mistral", "qwen2", "qwen3", "gemma", "opt"),
    *("phi", "phi3", "falcon", "bloom", "mpt", "cohere"),
)
"""The others scale what is written, or normalize it, before it is added."""


def test_sizes_and_tail_are_found_in_every_kind(any_model):
    blocks = any_model.blocks
    assert (blocks.n_layers, blocks.d_model, blocks.n_heads) == (3, 32, 4)
    assert blocks.head is not None
    assert blocks.embedding is any_model.model.get_input_embeddings()
    is_encoder = not any_model.is_causal
    assert (blocks.norm is None) == is_encoder, "an encoder's blocks end with their own norm"


@pytest.mark.parametrize("kind", ADDS_WHAT_IT_WRITES)
def test_what_attention_and_mlp_write_adds_up_to_the_residual_stream(tiny, prompts, kind):
    model = tiny(kind)
    addresses = ["embedding", *(f"layers.{i}.{s}" for i in range(3) for s in ("residual", "attention", "mlp"))]
    found = model.capture(prompts(6), addresses)
    before = found["embedding"][0]
    for i in range(3):
        after = found[f"layers.{i}.residual"][0]
        written = found[f"layers.{i}.attention"][0] + found[f"layers.{i}.mlp"][0]
        torch.testing.assert_close(before + written, after, atol=2e-5, rtol=1e-4)
        before = after


def test_neurons_and_heads_are_what_the_projections_mix(dense, prompts):
    heads = [f"layers.1.attention.head.{h}" for h in range(4)]
    found = dense.capture(prompts(6), ["layers.1.mlp", "layers.1.mlp.neurons", "layers.1.attention", *heads])
    down, out = (dense.blocks.projection(1, which) for which in ("mlp", "attention"))
    mixed = torch.cat([found[h][0] for h in heads], dim=-1)
    with torch.no_grad():
        torch.testing.assert_close(down(found["layers.1.mlp.neurons"][0]), found["layers.1.mlp"][0])
        torch.testing.assert_close(out(mixed), found["layers.1.attention"][0])


def test_neurons_come_after_the_activation_function_and_gate(tiny, prompts):
    ids = prompts(5)
    model = tiny("llama")
    mlp = model.blocks[1].mlp
    inputs = []
    handle = mlp.register_forward_pre_hook(lambda _, args: inputs.append(args[0]))
    neurons = model.capture(ids, "layers.1.mlp.neurons")["layers.1.mlp.neurons"][0]
    handle.remove()
    torch.testing.assert_close(neurons, (mlp.act_fn(mlp.gate_proj(inputs[0])) * mlp.up_proj(inputs[0]))[0])


def test_a_mixture_of_experts_says_that_it_has_no_single_mlp(tiny, prompts):
    model = tiny("mixtral")
    with pytest.raises(ArchitectureError, match=r"block 0 of tiny-mixtral.*down projection of its MLP.*mlp \(Mixtral"):
        model.address("layers.0.mlp.neurons.3")
    assert model.capture(prompts(4), "layers.0.mlp")["layers.0.mlp"][0].shape == (4, 32)


def test_an_unknown_architecture_is_told_what_was_looked_for_and_what_is_there(raw):
    model = raw("gpt2")
    model.config.n_layer = 5
    with pytest.raises(ArchitectureError, match=r"one module list of 5 blocks.*none.*transformer\.h \(3 × GPT2Block\)"):
        Blocks(model)


def test_a_model_without_blocks_or_config_is_refused():
    with pytest.raises(ArchitectureError, match="expected a model of transformers, which has a config, got Linear"):
        Blocks(torch.nn.Linear(2, 2))


def test_an_encoder_decoder_is_refused():
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(d_model=32, num_layers=2, num_heads=4, d_ff=48, d_kv=8, vocab_size=50)
    with pytest.raises(ArchitectureError, match="one stack of blocks, got the encoder-decoder T5"):
        Blocks(T5ForConditionalGeneration(config))


def test_two_stacks_of_one_depth_are_not_guessed_between(raw):
    model = raw("gpt2")
    model.transformer.twin = torch.nn.ModuleList([torch.nn.Linear(32, 32) for _ in range(3)])
    with pytest.raises(ArchitectureError, match=r"found more than one.*transformer\.h.*transformer\.twin"):
        Blocks(model)


def test_looking_leaves_no_hooks_behind(any_model, prompts):
    any_model.logits(prompts())
    hooks = [n for n, m in any_model.model.named_modules() if m._forward_hooks or m._forward_pre_hooks]
    assert not hooks


@pytest.mark.parametrize(
    ("address", "width"),
    [
        ("embedding", 32),
        ("layers.-1.residual", 32),
        ("layers.2", 32),
        ("layers.2.residual", 32),
        ("layers.2.residual.31", 1),
        ("layers.0.attention", 32),
        ("layers.0.attention.head.3", 8),
        ("layers.0.attention.head.3.7", 1),
        ("layers.0.mlp", 32),
        ("layers.0.mlp.neurons", 48),
        ("layers.0.mlp.neurons.47", 1),
    ],
)
def test_an_address_has_the_width_of_what_is_captured_there(tiny, prompts, address, width):
    model = tiny("llama")
    found = model.capture(prompts(4), address)[address][0]
    assert model.width(address) == width
    assert found.shape == ((4,) if width == 1 else (4, width))
    assert model.address(str(model.address(address))) == model.address(address)


@pytest.mark.parametrize(
    ("address", "error", "says"),
    [
        ("layers.40.residual", LayerError, "layer 40 is not one of 0..2 in tiny-llama; pass a layer between 0 and 2"),
        ("layers.3.mlp", LayerError, "layer 3 is not one of 0..2"),
        ("layers.-1.mlp", AddressError, "expected an address such as embedding, layers.7.residual"),
        ("layers.1.attention.head.4", AddressError, "head 4 is not one of 0..3"),
        ("layers.1.mlp.neurons.48", AddressError, "neuron 48 is not one of 0..47 of layers.1.mlp.neurons"),
        ("layers.1.residual.32", AddressError, "coordinate 32 is not one of 0..31"),
        ("layer.1.residual", AddressError, "got 'layer.1.residual'"),
        ("", AddressError, "expected an address"),
        (7, AddressError, "expected an address"),
    ],
)
def test_an_address_the_model_does_not_have_is_refused_before_anything_runs(tiny, count_calls, address, error, says):
    model = tiny("llama")
    model.blocks.writers  # noqa: B018  # looked at once, whatever is asked for
    calls = count_calls(model.model)
    with pytest.raises(error) as raised:
        model.capture([[5, 6]], [address])
    assert says in str(raised.value)
    assert not calls


def test_a_model_keeps_the_name_it_was_given(raw):
    model = raw("gpt2")
    model.config.name_or_path = "somewhere/some-model/"
    assert Blocks(model).name == "some-model"
    assert LanguageModel(model, name="mine").name == "mine"
