"""Models load from folders with what was asked for, and what cannot be loaded says why and what to do."""

from __future__ import annotations

import pytest
import torch

from zetetic.models import LoadError, load
from zetetic.models.loading import bfloat16_is_fast


@pytest.fixture(scope="module")
def folders(tmp_path_factory, raw, tokenizer):
    """Saved tiny models by kind."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    made = {}
    for kind in ("llama", "gpt2", "bert"):
        made[kind] = tmp_path_factory.mktemp("models") / f"my-{kind}"
        raw(kind).save_pretrained(made[kind])
        tokenizer.save_pretrained(made[kind])
    logging.enable_progress_bar()
    return made


@pytest.mark.parametrize("kind", ["llama", "gpt2", "bert"])
def test_a_folder_gives_the_model_that_was_saved(folders, tiny, prompts, kind):
    model = load(folders[kind])
    assert model.name == f"my-{kind}"
    assert model.is_causal == (kind != "bert")
    for a, b in zip(model.logits(prompts(), None), tiny(kind).logits(prompts(), None)):
        torch.testing.assert_close(a, b, atol=3e-5, rtol=0.0)
    assert model.prompt("text").ids == tiny(kind).prompt("text").ids


def test_a_device_map_goes_through_accelerate(folders, tiny, prompts):
    model, same = load(folders["llama"], device_map="auto"), tiny("llama")
    for ours, theirs in zip(model.logits(prompts()), same.logits(prompts())):
        torch.testing.assert_close(
            ours.cpu(), theirs, atol=3e-3 if torch.accelerator.is_available() else 3e-5, rtol=0.0
        )
    assert [len(f.ids) for f in model.generate(prompts(), max_new_tokens=3)] == [3] * 5


def test_blocks_offloaded_to_the_disk_are_read_patched_and_generate(folders, tiny, prompts, tmp_path):
    """A device map in parts: hidden states move between devices, and early stops leave nothing behind."""
    from zetetic.models import Patch

    layers = {f"model.layers.{i}": "disk" if i else "cpu" for i in range(3)}
    parts = {"model.embed_tokens": "cpu", "model.norm": "cpu", "model.rotary_emb": "cpu", "lm_head": "cpu"}
    model, same = load(folders["llama"], device_map=parts | layers, offload_folder=str(tmp_path)), tiny("llama")
    assert set(model.model.hf_device_map.values()) == {"cpu", "disk"}
    patch = [Patch(1, 0, torch.ones(32))]
    for _ in range(2):
        for run in (
            lambda m: m.logits(prompts(), patches=patch),
            lambda m: m.capture(prompts(), "layers.1")["layers.1"],
        ):
            for a, b in zip(run(model), run(same)):
                torch.testing.assert_close(a, b, atol=3e-5, rtol=0.0)
        weights = {p.device.type for p in model.blocks[2].parameters()}
        assert weights == {"meta"}, "what was taken from the disk has been let go of"
    assert model.generate([5, 6], max_new_tokens=3)[0].ids == same.generate([5, 6], max_new_tokens=3)[0].ids


def test_the_dtype_is_what_was_asked_for_or_suits_the_processor(folders, tmp_path, raw, monkeypatch):
    assert load(folders["llama"]).dtype == torch.float32
    assert load(folders["llama"], dtype="bfloat16").dtype == torch.bfloat16
    assert load(folders["llama"], dtype=torch.float16).dtype == torch.float16
    raw("llama").to(torch.bfloat16).save_pretrained(tmp_path)
    for fast, expected in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr("zetetic.models.loading.bfloat16_is_fast", lambda fast=fast: fast)
        assert load(tmp_path, device_map="cpu").dtype == expected
    raw("llama").to(torch.float16).save_pretrained(tmp_path)
    assert load(tmp_path).dtype == torch.float32


def test_whether_16_bits_are_fast_is_measured():
    """Pitfall 16: the answer is true to what the same product takes here."""
    import time

    def seconds(dtype):
        matrix = torch.ones(192, 192, dtype=dtype)
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            matrix @ matrix
            times.append(time.perf_counter() - begin)
        return min(times)

    ratio = seconds(torch.bfloat16) / seconds(torch.float32)
    if not 0.7 < ratio < 3:
        assert bfloat16_is_fast() == (ratio < 1)


def test_options_go_through_to_transformers(folders):
    assert load(folders["llama"], attn_implementation="eager").model.config._attn_implementation == "eager"


def test_no_bars_are_drawn(folders, capfd):
    load(folders["gpt2"])
    said = capfd.readouterr()
    assert "Loading weights" not in said.out + said.err


def test_a_folder_without_tokenizer_loads_for_token_ids(tmp_path, raw):
    raw("gpt2").save_pretrained(tmp_path)
    model = load(tmp_path)
    assert model.tokenizer is None
    assert len(model.logits([[5, 6]])) == 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/no/such/folder", "no model at '/no/such/folder'; pass smollm2, minilm, a folder that exists, or a hub id"),
        ("./nothing", "no model at './nothing'"),
        ("a/b/c", "no model at 'a/b/c'"),
        ("two words", "no model at 'two words'"),
        ("", "no model at ''"),
        ("--x", "no model at '--x'"),
    ],
)
def test_a_name_that_can_be_no_model_is_refused_at_once(name, says):
    with pytest.raises(LoadError) as raised:
        load(name)
    assert says in str(raised.value)


def test_a_hub_that_cannot_be_reached_is_named_at_once(monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with pytest.raises(
        LoadError, match=r"neither an embedded model \(smollm2, minilm\) nor a folder.*127\.0\.0\.1:9, which cannot"
    ):
        load("nobody/no-such-model")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(LoadError, match="HF_HUB_OFFLINE forbids"):
        load("nobody/no-such-model")


def test_a_folder_that_holds_no_model_says_so(tmp_path):
    with pytest.raises(LoadError, match=r"a folder with a model's config\.json in it"):
        load(tmp_path)
    (tmp_path / "config.json").write_text("{not json")
    with pytest.raises(LoadError, match="could not be loaded"):
        load(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "no-such-thing"}')
    with pytest.raises(LoadError, match=r"could not be loaded.*no-such-thing"):
        load(tmp_path)
    with pytest.raises(LoadError, match="a model's folder, got the file"):
        load(tmp_path / "config.json")
