"""Rows of one target computed together are what a hook in a whole forward pass gives for each."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from zetetic.models import (
    ArchitectureError,
    LanguageModel,
    LayerError,
    Patch,
    PatchedTargets,
    PatchError,
    PositionError,
    PromptError,
)

TOLERANCE = 4e-4


def vectors_for(model: LanguageModel, n: int, *, seed: int = 0) -> torch.Tensor:
    return torch.randn((n, model.d_model), generator=torch.Generator().manual_seed(seed))


def all_layers(model: LanguageModel) -> list[int]:
    return list(range(-1, model.n_layers))


def patches(layers: list[int], position: int, vectors: torch.Tensor) -> list[list[Patch]]:
    return [[Patch(layer, position, vector)] for layer, vector in zip(layers, vectors)]


def hooked(model: LanguageModel, ids: list[int], position: int, layers: list[int], vectors: torch.Tensor) -> Any:
    return torch.cat(model.logits([ids] * len(layers), patches=patches(layers, position, vectors)))


def assert_same(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    assert ours.shape == theirs.shape
    assert float((ours - theirs).abs().max()) <= TOLERANCE
    assert torch.equal(ours.argmax(-1), theirs.argmax(-1))


@pytest.mark.parametrize("position", [0, 4, -1])
def test_every_row_is_what_hooks_give(any_model: LanguageModel, prompts: Any, position: int) -> None:
    [ids] = prompts(9)
    layers = [*all_layers(any_model), 0, -1]  # not in order, and some twice
    vectors = vectors_for(any_model, len(layers))
    ours = any_model.target(ids, position).logits(layers, vectors)
    assert_same(ours, hooked(any_model, ids, position, layers, vectors))


@pytest.mark.parametrize("position", [0, 4, -1])
def test_continuations_are_what_hooks_give(decoder: LanguageModel, prompts: Any, position: int) -> None:
    [ids] = prompts(9)
    layers = all_layers(decoder)
    vectors = vectors_for(decoder, len(layers))
    ours = decoder.target(ids, position).describe(layers, vectors, max_new_tokens=8)
    theirs = decoder.generate([ids] * len(layers), max_new_tokens=8, patches=patches(layers, position, vectors))
    assert ours == theirs


@pytest.mark.parametrize("position", [2, -1])
def test_with_eager_attention_as_well(raw: Any, prompts: Any, position: int) -> None:
    for kind in ("llama", "gemma2", "gpt2"):
        made = raw(kind)
        made.set_attn_implementation("eager")
        model = LanguageModel(made, name=kind)
        [ids] = prompts(7)
        layers = all_layers(model)
        vectors = vectors_for(model, len(layers))
        assert model.targets.method == "blocks"
        assert_same(model.target(ids, position).logits(layers, vectors), hooked(model, ids, position, layers, vectors))


def test_what_can_be_run_block_by_block_is(decoder: LanguageModel) -> None:
    if decoder.name.endswith("mpt"):  # its blocks number their positions by what the cache holds after them
        assert decoder.targets.method == "hooks"
        assert "cannot be run one by one" in str(decoder.targets.reason)
    else:
        assert (decoder.targets.method, decoder.targets.reason) == ("blocks", None)


def test_a_model_that_sees_both_sides_says_why_it_is_run_whole(tiny: Any, prompts: Any) -> None:
    model = tiny("bert")
    assert model.targets.method == "hooks"
    assert "see what follows" in model.targets.reason
    with pytest.raises(ArchitectureError, match="load a decoder"):
        model.target(prompts(5)[0]).describe([0], vectors_for(model, 1))


def test_an_identity_patch_is_a_no_op(typical: LanguageModel, prompts: Any) -> None:
    [ids] = prompts(8)
    for position in (0, 3, 7):
        addresses = [f"layers.{layer}.residual" for layer in all_layers(typical)]
        states = typical.capture([ids], addresses, position)
        vectors = torch.cat([states[a][0] for a in addresses])
        ours = typical.target(ids, position).logits(all_layers(typical), vectors)
        assert float((ours - typical.logits([ids])[0]).abs().max()) <= 3e-5


def test_a_patch_after_the_last_block_is_head_of_norm(typical: LanguageModel, prompts: Any) -> None:
    vectors = vectors_for(typical, 4)
    ours = typical.target(prompts(6)[0]).logits([typical.n_layers - 1] * 4, vectors)
    assert_same(ours, typical.unembed(vectors))


def test_a_patch_after_the_last_block_does_not_reach_later_tokens(typical: LanguageModel, prompts: Any) -> None:
    """Pitfall: a placeholder's keys and values stay its own up to the patched layer."""
    [ids] = prompts(6)
    [written] = typical.target(ids).describe([typical.n_layers - 1], vectors_for(typical, 1), max_new_tokens=6)
    first, *rest = written.ids
    if rest:
        assert list(typical.generate([[*ids, first]], max_new_tokens=5)[0].ids) == rest
    before_last = typical.target(ids, -2).logits([typical.n_layers - 1], vectors_for(typical, 1))
    assert_same(before_last, typical.logits([ids])[0])


def test_a_target_of_one_token_is_patched_too(typical: LanguageModel, prompts: Any) -> None:
    [ids] = prompts(1)
    layers = all_layers(typical)
    vectors = vectors_for(typical, len(layers))
    ours = typical.target(ids).logits(layers, vectors)
    assert_same(ours, hooked(typical, ids, 0, layers, vectors))
    assert float((ours[0] - typical.logits([ids])[0]).abs().max()) > TOLERANCE


def test_rows_do_not_depend_on_what_else_is_asked(typical: LanguageModel, prompts: Any) -> None:
    [ids] = prompts(9)
    layers = all_layers(typical) * 3
    vectors = vectors_for(typical, len(layers))
    target = typical.target(ids, 5)
    whole = target.logits(layers, vectors)
    chosen = [10, 0, 7]
    assert_same(target.logits([layers[i] for i in chosen], vectors[chosen]), whole[chosen])
    for chunk_bytes in (1, 60_000):  # rows one by one, and a few at a time with fewer in the last
        small = typical.targets.target(ids, 5, chunk_bytes=chunk_bytes)
        assert_same(small.logits(layers, vectors), whole)
    assert_same(target.logits(layers, vectors), whole)


def test_samples_do_not_depend_on_the_chunks(typical: LanguageModel, prompts: Any) -> None:
    [ids] = prompts(9)
    layers = all_layers(typical) * 2
    vectors = vectors_for(typical, len(layers))

    def sampled(chunk_bytes: int, seed: int = 3) -> list[tuple[int, ...]]:
        target = typical.targets.target(ids, 5, chunk_bytes=chunk_bytes)
        options: Any = {"max_new_tokens": 6, "temperature": 1.0, "seed": seed}
        return [g.ids for g in target.describe(layers, vectors, **options)]

    assert sampled(1) == sampled(10**9)
    assert sampled(1) != sampled(1, seed=4)


def test_the_way_by_hooks_gives_the_same_samples(tiny: Any, prompts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tiny("llama")
    [ids] = prompts(9)
    layers = all_layers(model)
    vectors = vectors_for(model, len(layers))
    options: Any = {"max_new_tokens": 6, "temperature": 1.0, "seed": 3}
    ours = model.target(ids, 5).describe(layers, vectors, **options)
    by_hooks = PatchedTargets(model)
    monkeypatch.setattr(by_hooks, "reason", "for the test")
    theirs = by_hooks.target(ids, 5, chunk_bytes=1).describe(layers, vectors, **options)
    assert ours == theirs


def test_a_stop_string_ends_its_row_alone(tiny: Any, prompts: Any) -> None:
    model = tiny("llama")
    [ids] = prompts(9)
    layers = all_layers(model)
    vectors = vectors_for(model, len(layers))
    target = model.target(ids)
    free = target.describe(layers, vectors, max_new_tokens=8)
    stop = free[1].text[2]
    stopped = target.describe(layers, vectors, max_new_tokens=8, stop=stop)
    assert stopped[1].finish == "stop"
    assert [g.text for g in stopped] == [g.text.partition(stop)[0] for g in free]


def test_only_what_a_row_has_for_itself_is_run(tiny: Any, prompts: Any, count_calls: Any) -> None:
    model = tiny("llama")
    target = model.target(prompts(9)[0], 6)
    target.logits([0], vectors_for(model, 1))  # what is shared is run here
    shapes: list[list[tuple[int, int]]] = [[] for _ in range(model.n_layers)]
    removers = [
        block.register_forward_hook(
            lambda _, args, kwargs, output, n=n: shapes[n].append(tuple(output.shape[:2])), with_kwargs=True
        ).remove
        for n, block in enumerate(model.blocks.modules)
    ]
    target.logits([1, 0, 0, 2], vectors_for(model, 4))
    for remove in removers:
        remove()
    assert shapes == [[], [(2, 3)], [(3, 3)]]


def test_next_tokens_are_the_likeliest_with_their_probabilities(tiny: Any, prompts: Any) -> None:
    model = tiny("gpt2")
    target = model.target(prompts(5)[0])
    layers, vectors = [2, 0], vectors_for(model, 2)
    found = target.next_tokens(layers, vectors, top=3)
    best = torch.log_softmax(target.logits(layers, vectors), -1).topk(3)
    assert torch.equal(found.ids, best.indices)
    torch.testing.assert_close(found.log_probabilities, best.values)


def test_half_precision_agrees_with_hooks_in_probabilities(raw: Any, prompts: Any) -> None:
    model = LanguageModel(raw("llama").to(torch.bfloat16), name="llama16")
    [ids] = prompts(9)
    layers = all_layers(model)
    vectors = vectors_for(model, len(layers))
    assert model.targets.method == "blocks"
    ours, theirs = (
        torch.log_softmax(logits.float(), -1)
        for logits in (model.target(ids, 4).logits(layers, vectors), hooked(model, ids, 4, layers, vectors))
    )
    assert float((ours - theirs).abs().max()) < 0.05


def test_a_prompt_whose_rotary_positions_depend_on_its_length_is_not_split(prompts: Any) -> None:
    from transformers import Phi3Config, Phi3ForCausalLM

    torch.manual_seed(0)
    rope = {
        "rope_type": "longrope",
        "rope_theta": 100.0,
        "short_factor": [1.0, 1.0],
        "long_factor": [1.0, 4.0],
        "original_max_position_embeddings": 6,
    }
    sizes: Any = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 8, "intermediate_size": 48}
    positions: Any = {"rope_parameters": rope, "original_max_position_embeddings": 6, "max_position_embeddings": 24}
    config = Phi3Config(**sizes, **positions, vocab_size=300, num_key_value_heads=8, pad_token_id=0, eos_token_id=2)
    model = LanguageModel(Phi3ForCausalLM(config).eval(), name="stretched")
    with torch.no_grad():
        for parameter in model.model.parameters():
            parameter.mul_(10)
    [ids] = prompts(12)
    layers = all_layers(model)
    vectors = vectors_for(model, len(layers))
    assert model.targets.method == "blocks"
    for n, position in ((4, 2), (12, 5), (12, 8), (12, 0)):
        ours = model.target(ids[:n], position).logits(layers, vectors)
        theirs = hooked(model, ids[:n], position, layers, vectors)
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=TOLERANCE)


def test_mistakes_are_told_before_anything_is_run(tiny: Any, prompts: Any, count_calls: Any) -> None:
    model = tiny("llama")
    [ids] = prompts(5)
    good = vectors_for(model, 1)
    assert model.targets.method == "blocks"
    calls = count_calls(*model.blocks.modules)
    with pytest.raises(PositionError, match="position 5 is outside the prompt of 5 tokens"):
        model.target(ids, 5)
    with pytest.raises(PromptError, match="at least one token"):
        model.target([])
    target = model.target(ids)
    with pytest.raises(LayerError, match=r"layer 3 is not one of 0\.\.2"):
        target.logits([3], good)
    with pytest.raises(PatchError, match="finite"):
        target.logits([0], good * torch.nan)
    with pytest.raises(PatchError, match="hidden size"):
        target.logits([0], torch.zeros(1, 31))
    with pytest.raises(PatchError, match="one vector for each of 2 layers"):
        target.logits([0, 1], good)
    with pytest.raises(PatchError, match="at least one"):
        target.logits([], good[:0])
    with pytest.raises(PromptError, match="max_new_tokens"):
        target.describe([0], good, max_new_tokens=0)
    with pytest.raises(PromptError, match="stop strings"):
        target.describe([0], good, stop="")
    assert not calls


def test_a_reduction_gives_an_item_a_row(tiny: Any, prompts: Any) -> None:
    model = tiny("llama")
    target = model.target(prompts(5)[0])
    with pytest.raises(PatchError, match="one item a row"):
        target.reduced([0, 1], vectors_for(model, 2), lambda logits: logits.sum())


@pytest.mark.slow
def test_the_grid_of_a_real_model_is_what_hooks_give(smollm2: LanguageModel) -> None:
    ids = smollm2.prompt("cat -> cat; 1135 -> 1135; hello -> hello; ?").ids
    addresses = [f"layers.{layer}.residual" for layer in range(0, smollm2.n_layers, 7)]
    states = smollm2.capture(["The Eiffel Tower stands in"], addresses, -1)
    layers = [t for _ in addresses for t in range(-1, smollm2.n_layers, 6)]
    vectors = torch.cat([states[a][0] for a in addresses]).repeat_interleave(len(layers) // len(addresses), 0)
    for position in (-1, -3):
        ours = smollm2.target(ids, position).logits(layers, vectors)
        assert_same(ours, hooked(smollm2, list(ids), position, layers, vectors))
