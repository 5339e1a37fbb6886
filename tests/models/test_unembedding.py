"""head(norm(h)) on the raw last residual stream is what the model itself says."""

from __future__ import annotations

import pytest
import torch

from zetetic.models import ArchitectureError, LanguageModel

CLOSE = {"atol": 3e-5, "rtol": 0.0}


def test_the_last_residual_stream_unembeds_to_the_models_own_logits(any_model, prompts):
    """With capped (Gemma 2) and scaled (Cohere, Granite) logits, and heads of several layers (BERT), as well."""
    rows = prompts()
    for ids, logits in zip(rows, any_model.logits(rows, None)):
        with torch.no_grad():
            own = any_model.model(input_ids=torch.tensor([ids])).logits[0]
        torch.testing.assert_close(logits, own, **CLOSE)


def test_norming_twice_would_change_the_answer(typical, prompts):
    """Pitfall 11, the other way round: guards against unembedding a state that was normed already."""
    raw = typical.capture(prompts(9), "layers.2")["layers.2"][0]
    with torch.no_grad():
        normed = typical.blocks.norm(raw)
    assert float((typical.unembed(raw) - typical.unembed(normed)).abs().max()) > 1e-3


def test_a_head_that_does_something_else_is_refused(raw):
    model = raw("llama")
    whole = model.forward

    def forward(*args, **kwargs):
        output = whole(*args, **kwargs)
        output.logits = output.logits.abs()
        return output

    model.forward = forward
    with pytest.raises(ArchitectureError, match="does more after its last block than run LlamaRMSNorm, Linear"):
        LanguageModel(model).unembed(torch.zeros(1, 32))


def test_a_model_without_head_says_so(tokenizer):
    from transformers import BertConfig, BertModel

    config = BertConfig(
        hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=48, vocab_size=300
    )
    model = LanguageModel(BertModel(config), tokenizer)
    assert model.capture("text", "layers.2").stack("layers.2").shape == (1, 4, 32)
    with pytest.raises(ArchitectureError, match=r"language-model head, got BertModel.*load a checkpoint that has one"):
        model.unembed(torch.zeros(1, 32))


def test_states_of_another_size_are_refused(tiny):
    with pytest.raises(ArchitectureError, match=r"size 32 \(the hidden size of tiny-llama\), got 2 × 33"):
        tiny("llama").unembed(torch.zeros(2, 33))


def test_next_tokens_come_with_their_probabilities(typical):
    [found] = typical.next_token("a text", top=300)
    total = sum(torch.tensor(token.log_probability).exp() for token in found)
    assert float(total) == pytest.approx(1, abs=1e-4)
    assert [t.log_probability for t in found] == sorted((t.log_probability for t in found), reverse=True)
    assert found[0].text == typical.decode([found[0].id])
