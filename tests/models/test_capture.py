"""Captured hidden states are the model's own, whatever the batch, the padding or the choice of layers."""

from __future__ import annotations

import pytest
import torch

from zetetic.models import AddressError, LanguageModel, PositionError

ALL = ["embedding", "layers.0.residual", "layers.1.residual", "layers.2.residual"]
CLOSE = {"atol": 3e-5, "rtol": 0.0}


def own_states(model, ids):
    with torch.no_grad():
        return model.model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states


def test_block_l_is_hidden_state_l_plus_1_and_the_last_is_raw(decoder, prompts):
    """Pitfalls 11 and 12: `hidden_states[-1]` has been normed already; what is captured has not."""
    [ids] = prompts(6)
    own = own_states(decoder, ids)
    found = decoder.capture([ids], ALL)
    for layer, address in enumerate(ALL[:-1]):
        torch.testing.assert_close(found[address][0], own[layer][0], **CLOSE)
    raw = found[ALL[-1]][0]
    assert raw.shape != own[-1][0].shape or not torch.allclose(raw, own[-1][0], atol=1e-3)
    norm = decoder.blocks.norm
    with torch.no_grad():
        once = norm(raw)
        if decoder.name == "tiny-opt":  # projects out before it hands out its last hidden state
            once = decoder.blocks.tail[1](once)
        torch.testing.assert_close(once, own[-1][0], **CLOSE)


def test_a_batch_gives_what_one_by_one_gives(any_model, prompts):
    """Pitfall 9, with the last batch a partial one (pitfall 15)."""
    rows = prompts()
    batched = any_model.capture(rows, ALL, batch_size=2)
    for i, ids in enumerate(rows):
        alone = any_model.capture([ids], ALL)
        for address in ALL:
            torch.testing.assert_close(batched[address][i], alone[address][0], **CLOSE)


def test_left_padding_gives_what_right_padding_gives(any_model, prompts):
    """Pitfall 9: masks, and positions that do not count the padding (absolute ones too)."""
    rows = prompts()
    left = any_model.capture(rows, ALL, padding="left")
    right = any_model.capture(rows, ALL, padding="right")
    for address in ALL:
        for a, b in zip(left[address], right[address]):
            torch.testing.assert_close(a, b, **CLOSE)


def test_padding_matters_without_a_mask(tiny, prompts):
    """Guards the two tests above: without a mask the same rows would come out otherwise."""
    model = tiny("gpt2")
    short, long = prompts(3, 9)
    padded = torch.tensor([[0] * 6 + short, long])
    with torch.no_grad():
        states = model.model(input_ids=padded, output_hidden_states=True).hidden_states[2][0, -1]
    assert float((states - model.capture([short], "layers.1")["layers.1"][0][-1]).abs().max()) > 1e-2


def test_some_layers_and_positions_give_what_all_give(typical, prompts):
    """Pitfall 15."""
    rows = prompts()
    everything = typical.capture(rows, ALL)
    where = [[0], [8, 2], [-1, 1, -1], [], [3]]
    some = typical.capture(rows, [ALL[2], ALL[0]], where)
    assert some.positions == ((0,), (8, 2), (4, 1, 4), (), (3,))
    for address in (ALL[2], ALL[0]):
        for full, part, at in zip(everything[address], some[address], some.positions):
            torch.testing.assert_close(part, full[list(at)], **CLOSE)


@pytest.mark.parametrize(
    ("addresses", "blocks"),
    [
        (["embedding"], 0),
        (["layers.0.residual"], 1),
        (["layers.1.residual", "embedding"], 2),
        (["layers.1.attention"], 2),
        (["layers.2.mlp.neurons.3", "layers.0.residual"], 3),
    ],
)
def test_nothing_above_the_deepest_address_runs(any_model, prompts, count_calls, addresses, blocks):
    if any_model.name == "tiny-mixtral" and "neurons" in addresses[0]:
        addresses = ["layers.2.mlp"]
    any_model.logits([[5]])
    ran = count_calls(*(writers.attention for writers in any_model.blocks.writers))
    after = count_calls(*any_model.blocks.tail)
    any_model.capture(prompts(3, 5, 1), addresses)
    assert len(ran) == blocks
    assert not after


def test_the_mlp_does_not_run_where_only_the_attention_before_it_is_asked_for(tiny, prompts, count_calls):
    model = tiny("llama")
    ran = count_calls(model.blocks[1].mlp)
    model.capture(prompts(), ["layers.1.attention", "layers.1.attention.head.0"])
    assert not ran


def test_captured_states_can_be_trained_on(tiny, prompts):
    """They are plain tensors, not those of inference mode, which autograd refuses."""
    states = tiny("llama").capture(prompts(4), "layers.1")["layers.1"][0]
    weight = torch.zeros(32, requires_grad=True)
    (states @ weight).sum().backward()
    assert weight.grad is not None


def test_one_prompt_counts_as_a_list_of_one(tiny):
    model = tiny("llama")
    chat = [{"role": "user", "content": "x"}]
    for single in ("text", model.prompt("text"), [5, 6, 7], chat):
        assert len(model.capture(single, "embedding").prompts) == 1
    assert len(model.capture(["text", chat, [5, 6]], "embedding").prompts) == 3
    assert model.capture([], "embedding")["embedding"] == ()


def test_stacking_needs_as_many_positions_everywhere(tiny, prompts):
    model = tiny("llama")
    found = model.capture(prompts(), ["layers.1", "layers.1.mlp.neurons.5"], -1)
    assert found.stack("layers.1").shape == (5, 1, 32)
    assert found.stack("layers.1.mlp.neurons.5").shape == (5, 1)
    with pytest.raises(PositionError, match="as many positions in every prompt"):
        model.capture(prompts(), "layers.1").stack("layers.1")
    with pytest.raises(AddressError, match=r"one of the captured addresses \(layers\.1\.residual"):
        found["layers.0"]


@pytest.mark.parametrize("positions", [3, [0, 3], [[0], [1], [2], [3], [7]], [[0], 1]])
def test_positions_outside_a_prompt_are_refused_before_anything_runs(tiny, prompts, count_calls, positions):
    model = tiny("llama")
    calls = count_calls(model.model)
    with pytest.raises(PositionError):
        model.capture(prompts(), "layers.1", positions)
    assert not calls


def test_a_shifted_text_is_the_same_to_rotary_positions(tiny, prompts):
    """Pitfall 13: only differences of positions count for them; absolute ones would notice."""
    [ids] = prompts(6)
    moved = {}
    for kind in ("llama", "gpt2"):
        model = tiny(kind)
        states = []
        for shift in (0, 7):
            batch_ids = torch.tensor([ids])
            positions = torch.arange(6)[None] + shift
            with torch.no_grad():
                states.append(model.model(input_ids=batch_ids, position_ids=positions).logits)
        moved[kind] = float((states[0] - states[1]).abs().max())
    assert moved["llama"] < 3e-5
    assert moved["gpt2"] > 1e-2


def test_16_bits_agree_with_32_in_what_counts(raw, prompts):
    """Pitfall 10: log-probabilities of the likeliest tokens, not logits."""
    for kind in ("gpt2", "gpt_neox", "llama"):
        exact = LanguageModel(raw(kind))
        rough = LanguageModel(raw(kind).to(torch.bfloat16))
        assert rough.dtype == torch.bfloat16
        for a, b in zip(exact.next_token(prompts(), top=1), rough.next_token(prompts(), top=5)):
            near = {token.id: token.log_probability for token in b}
            assert a[0].id in near
            assert near[a[0].id] == pytest.approx(a[0].log_probability, abs=0.1)


def test_blocks_that_return_tuples_are_read_and_patched(raw, prompts):
    """Pitfall 14: transformers 5 returns tensors, older code tuples."""
    from zetetic.models import Patch

    plain = LanguageModel(raw("gpt2"))
    model = raw("gpt2")

    class Old(torch.nn.Module):
        def __init__(self, block):
            super().__init__()
            self.block = block

        def forward(self, *args, **kwargs):
            return (self.block(*args, **kwargs),)

    class Unpack(torch.nn.Module):
        """What older models did between their blocks."""

        def __init__(self, block):
            super().__init__()
            self.block = block

        def forward(self, hidden, *args, **kwargs):
            return self.block(hidden[0] if isinstance(hidden, tuple) else hidden, *args, **kwargs)

    model.transformer.h = torch.nn.ModuleList([Old(Unpack(b)) for b in model.transformer.h])
    model.transformer.ln_f.register_forward_pre_hook(lambda _, args: (args[0][0],))
    old_logits = model(input_ids=torch.tensor(prompts(5))).logits
    assert old_logits.shape == (1, 5, 300)
    old = LanguageModel.__new__(LanguageModel)
    old.model, old.tokenizer = model, None
    from zetetic.models.blocks import Blocks
    from zetetic.models.running import Runner

    old.blocks = Blocks(model)
    old.runner = Runner(model, old.blocks)
    patch = [Patch(0, 2, torch.ones(32))]
    for a in ("layers.0", "layers.1"):
        ours = old.capture(prompts(5), a, patches=patch)[a][0]
        torch.testing.assert_close(ours, plain.capture(prompts(5), a, patches=patch)[a][0])


@pytest.mark.parametrize("kind", ["llama", "mixtral", "gpt2"])
def test_what_a_fresh_model_is_asked_first_does_not_matter(raw, prompts, kind):
    """Looking for the parts of a model runs it once, which no capture may take for its own."""
    together = LanguageModel(raw(kind)).capture(prompts(), ["embedding", "layers.1.attention"])
    model = LanguageModel(raw(kind))
    for address in ("layers.1.attention", "embedding"):
        for one, other in zip(together[address], model.capture(prompts(), [address])[address], strict=True):
            assert torch.equal(one, other)
