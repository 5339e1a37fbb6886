"""A place in a language model as a black box: text to number, pooled over the text's own tokens."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from zetetic.models import LanguageModel
from zetetic.tools.black_boxes import (
    BlackBox,
    BlackBoxError,
    OpenOptions,
    SpecError,
    TextDomain,
    TokenLevel,
    open_box,
)
from zetetic.tools.black_boxes.hf import HiddenStateBox, _load
from zetetic.tools.black_boxes.hidden_states import BATCH_TOKENS

TEXTS = ["one", "two words", "a", "the longest of these texts"]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    """A tiny model with a tokenizer of bytes that adds a mark at the beginning."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(["<bos>", *alphabet])}, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.post_processor = processors.TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 0)])
    torch.manual_seed(0)
    sizes: Any = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24}
    config = LlamaConfig(**sizes, vocab_size=257, max_position_embeddings=40, bos_token_id=0, eos_token_id=1)
    return LanguageModel(LlamaForCausalLM(config), PreTrainedTokenizerFast(tokenizer_object=backend), name="tiny")


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory):
    from transformers.utils import logging

    logging.disable_progress_bar()
    place = tmp_path_factory.mktemp("models") / "tiny"
    model.model.save_pretrained(place)
    model.tokenizer.save_pretrained(place)
    logging.enable_progress_bar()
    yield place
    _load.cache_clear()


def values(box: BlackBox, texts: Any) -> list[float]:
    return [reply.number for reply in box.ask(texts)]


def states(model, text, address):
    """Of the text's own tokens: the mark at the beginning is left out."""
    return model.capture([text], address)[address][0][1:].double()


@pytest.mark.parametrize("pool", ["mean", "max", "last"])
def test_it_pools_a_neuron_over_the_texts_own_tokens(model, pool):
    address = "layers.1.mlp.neurons.5"
    found = values(HiddenStateBox(model, address, pool=pool), TEXTS)
    for text, value in zip(TEXTS, found):
        own = states(model, text, address)
        expected = {"mean": own.mean(), "max": own.max(), "last": own[-1]}[pool]
        assert value == pytest.approx(float(expected), abs=1e-5)


def test_batches_change_nothing_but_rounding(model):
    box = HiddenStateBox(model, "layers.0.attention.head.1.3", pool="max")
    assert isinstance(box, BlackBox)
    together = values(box, TEXTS)
    assert together == values(box, TEXTS), "the same batch gives the same numbers"
    single = HiddenStateBox(model, "layers.0.attention.head.1.3", pool="max", batch_size=1)
    alone = values(single, TEXTS)
    assert together == pytest.approx(alone, abs=1e-5)


def test_a_direction_projects_a_vector(model):
    direction = np.arange(16.0)
    found = values(HiddenStateBox(model, "layers.1.residual", direction=direction, pool="last"), TEXTS)
    for text, value in zip(TEXTS, found):
        expected = states(model, text, "layers.1.residual")[-1] @ torch.arange(16.0, dtype=torch.float64)
        assert value == pytest.approx(float(expected), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("pool", ["mean", "max", "last"])
def test_token_values_are_what_is_pooled(model, pool):
    box = HiddenStateBox(model, "layers.1.mlp.neurons.5", pool=pool, skip=1)
    assert isinstance(box, TokenLevel)
    for text, value in zip(["two words", "né"], values(box, ["two words", "né"])):
        found = box.token_values(text)
        numbers = [token.value for token in found]
        assert numbers == pytest.approx(states(model, text, "layers.1.mlp.neurons.5")[1:].tolist(), abs=1e-5)
        expected = {"mean": np.mean(numbers), "max": max(numbers), "last": numbers[-1]}[pool]
        assert value == pytest.approx(expected, abs=1e-5)
    assert [text[t.start : t.end] for t in found] == ["é", "é"], "one character of two tokens"
    assert box.token_values("") == box.token_values("a") == box.token_values("x" * 100) == []


def test_a_prefix_is_read_and_not_pooled_over(model):
    address = "layers.1.mlp.neurons.5"
    box = HiddenStateBox(model, address, prefix="so: ")
    for text, value in zip(TEXTS, values(box, TEXTS)):
        own = states(model, "so: " + text, address)[4:]
        assert value == pytest.approx(float(own.mean()), abs=1e-5)
        found = box.token_values(text)
        assert [text[t.start : t.end] for t in found] == list(text)
        assert [t.value for t in found] == pytest.approx(own.tolist(), abs=1e-5)
    assert [r.failure and r.failure.kind for r in box.ask([""])] == ["raised"]


def test_a_latent_of_a_dictionary_is_read_off_the_vector(folder, model, tmp_path):
    weights, center = np.random.default_rng(0).normal(size=(16, 30)), np.arange(16.0) / 16
    np.savez(tmp_path / "sae.npz", W_enc=weights, b_dec=center, b_enc=np.full(30, 0.1))
    box = open_box(f"hf:{folder}/layers.1.residual?dictionary={tmp_path}/sae.npz&latent=7&pool=max")
    for text, value in zip(TEXTS, values(box, TEXTS)):
        before = (states(model, text, "layers.1.residual").numpy() - center) @ weights[:, 7] + 0.1
        assert value == pytest.approx(max(0.0, before.max()), abs=1e-4)
        tokens = [token.value for token in box.token_values(text)]
        assert tokens == pytest.approx(np.maximum(before, 0).tolist(), abs=1e-4)
    assert values(open_box(box.spec), TEXTS) == values(box, TEXTS)
    sparse = open_box(f"{box.spec}&k=1")
    assert all(b in (0.0, pytest.approx(a)) for a, b in zip(values(box, TEXTS), values(sparse, TEXTS)))


def test_texts_of_all_lengths_are_batched_by_tokens(model, monkeypatch):
    sizes = []
    capture = model.capture
    monkeypatch.setattr(model, "capture", lambda p, *a, **k: sizes.append([len(q) for q in p]) or capture(p, *a, **k))
    texts = [f"{'x' * (n % 30)}{n}" for n in range(300)]
    found = values(HiddenStateBox(model, "layers.1.residual.0"), texts)
    assert all(len(batch) * max(batch) <= BATCH_TOKENS for batch in sizes)
    assert len(sizes) < 40
    assert sum(map(len, sizes)) == 300
    assert found[::37] == pytest.approx(
        [values(HiddenStateBox(model, "layers.1.residual.0"), [t])[0] for t in texts[::37]], abs=1e-5
    )


def test_tokens_at_the_beginning_can_be_left_out(model):
    address = "layers.1.residual.0"
    [skipped] = values(HiddenStateBox(model, address, skip=2), ["abcdef"])
    assert skipped == pytest.approx(float(states(model, "abcdef", address)[2:].mean()), abs=1e-5)
    [reply] = HiddenStateBox(model, address, skip=2).ask(["ab"])
    assert reply.failure.message == "expected a text of more than 2 tokens, got 2"


def test_a_text_that_cannot_be_asked_fails_alone(model):
    box = HiddenStateBox(model, "layers.1.residual.0")
    replies = list(box.ask(["fine", "", "x" * 100, (1.0,), "fine"]))
    assert [r.failure and r.failure.kind for r in replies] == [None, "raised", "raised", "wrong_kind", None]
    assert replies[0].value == replies[4].value
    assert "at most 40 tokens" in replies[2].failure.message
    assert list(box.ask([])) == []


def test_it_says_what_it_takes(model):
    box = HiddenStateBox(model, "layers.1.residual.0")
    assert box.signature.names == ("text",)
    assert box.signature.output == "number"
    assert isinstance(box.signature.domain, TextDomain)
    longest = "~" * box.signature.domain.max_length
    assert next(iter(box.ask([longest]))).failure is None
    assert box.spec == "hf:tiny/layers.1.residual.0?pool=mean&skip=0"


def test_a_spec_opens_it_and_its_own_spec_opens_it_again(folder, model, tmp_path):
    np.save(tmp_path / "direction.npy", np.ones(16))
    (tmp_path / "direction.json").write_text(json.dumps([1.0] * 16))
    file = f"direction={tmp_path}/direction"
    for query in ("", "?pool=max", f"?{file}.npy", f"?{file}.json&skip=1"):
        spec = f"hf:{folder}/layers.1.residual{'' if 'direction' in query else '.3'}{query}"
        box = open_box(spec)
        again = open_box(box.spec)
        assert again.spec == box.spec
        assert values(again, TEXTS[1:2]) == values(box, TEXTS[1:2])
        box.close()
    plain = HiddenStateBox(model, "layers.1.residual.3")
    assert values(open_box(f"hf:{folder}/layers.1.residual.3"), TEXTS) == pytest.approx(values(plain, TEXTS), abs=1e-5)


def test_boxes_on_one_model_share_it(folder):
    _load.cache_clear()
    for unit in range(3):
        open_box(f"hf:{folder}/layers.1.residual.{unit}")
    assert _load.cache_info().misses == 1


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        ("", "SCHEME:REST"),
        ("tiny", "named hf:MODEL/ADDRESS, such as hf:smollm2/layers.12.mlp.neurons.345"),
        ("{folder}/", "named hf:MODEL/ADDRESS"),
        ("{folder}/layers.7.residual.0", "layer 7 is not one of 0..1 in tiny"),
        ("{folder}/nothing", "expected an address such as embedding"),
        ("{folder}/layers.1.residual", "a vector of 16 numbers; name one of them (layers.1.residual.0)"),
        ("{folder}/layers.1.residual.0?pool=sum", "pool to be one of mean, max, last, got 'sum'"),
        ("{folder}/layers.1.residual.0?pol=max", "center, device after the ? of an hf spec, got 'pol'"),
        ("{folder}/layers.1.residual.0?pool", "pool to be one of mean, max, last, got ''"),
        ("{folder}/layers.1.residual.0?skip=-1", "skip to be a whole number of at least 0, got '-1'"),
        ("{folder}/layers.1.residual?direction=/no/file.npy", "a file with a vector (.npy, or a JSON list)"),
        ("{folder}/layers.1.residual?direction={folder}/config.json", "a file with a vector"),
        ("{folder}/layers.1.residual.0?prefix=a&prefix=b", "each of prefix once"),
        ("{folder}/layers.1.residual?latent=3", "latent belongs to a dictionary"),
        ("{folder}/layers.1.residual?dictionary=x.npz", "add &latent=5"),
        ("{folder}/layers.1.residual.0?dictionary=x.npz&latent=1", "is one number; name layers.1.residual"),
        ("{folder}/layers.1.residual?dictionary=/no/x.npz&latent=1", "there is no file /no/x.npz"),
        ("{folder}/layers.1.residual?dictionary=x.npz&latent=1&center=1", "center to be one of yes, no"),
        ("/no/such/model/layers.1.residual.0", "no model at '/no/such/model'"),
    ],
)
def test_a_spec_that_names_nothing_says_what_to_do(folder, rest, says):
    with pytest.raises(SpecError) as raised:
        open_box("hf:" + rest.format(folder=folder))
    assert says in str(raised.value)


def test_directions_that_do_not_fit_are_refused(model):
    for direction in (np.ones(15), np.ones((2, 8)), np.full(16, np.nan), np.array(["x"] * 16)):
        with pytest.raises(SpecError, match="expected a direction of 16 finite numbers"):
            HiddenStateBox(model, "layers.1.residual", direction=direction)
    with pytest.raises(SpecError, match="at the address of a vector"):
        HiddenStateBox(model, "layers.1.residual.3", direction=np.ones(1))


def test_it_gives_numbers_only(folder):
    from zetetic.tools.black_boxes.hf import open_box as opener

    with pytest.raises(SpecError, match="gives numbers, and text was asked for"):
        opener(f"{folder}/layers.1.residual.0", OpenOptions(output="text"))


def test_a_model_that_fails_takes_the_box_with_it(model, monkeypatch):
    box = HiddenStateBox(model, "layers.1.residual.0")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(model, "capture", fail)
    with pytest.raises(BlackBoxError, match="could not be computed: out of memory"):
        list(box.ask(["x"]))
