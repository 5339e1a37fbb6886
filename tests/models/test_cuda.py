"""On a GPU everything is what it is on the processor: states, patches, rows, text. Skipped where torch sees no GPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from zetetic.models import LanguageModel, Patch, load
from zetetic.models.choices import continuation_log_probabilities

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no GPU here")
CLOSE = {"atol": 1e-3, "rtol": 1e-3}
PARTS = ("embedding", "layers.0.residual", "layers.1.attention", "layers.2.mlp", "layers.1.mlp.neurons.7")


@pytest.fixture
def pair(decoder: LanguageModel, raw: Any, tokenizer: Any) -> tuple[LanguageModel, LanguageModel]:
    """One model on the processor and on the GPU."""
    kind = decoder.name.removeprefix("tiny-")
    return decoder, LanguageModel(raw(kind).to("cuda"), tokenizer, name=kind)


def vectors(n: int, size: int) -> torch.Tensor:
    return torch.randn((n, size), generator=torch.Generator().manual_seed(0))


def close(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    torch.testing.assert_close(ours.cpu().float(), theirs.cpu().float(), **CLOSE)


def test_hidden_states_and_logits_are_the_same(pair: Any, prompts: Any) -> None:
    cpu, gpu = pair
    known = [part for part in PARTS if "mlp" not in part or not cpu.name.endswith("mixtral")]
    here, there = cpu.capture(prompts(), known), gpu.capture(prompts(), known)
    for part in known:
        for one, other in zip(here[part], there[part]):
            close(one, other)
    for one, other in zip(cpu.logits(prompts(), None), gpu.logits(prompts(), None)):
        close(one, other)


def test_patched_rows_are_the_same_and_what_hooks_give(pair: Any, prompts: Any) -> None:
    cpu, gpu = pair
    [ids] = prompts(9)
    layers = list(range(-1, cpu.n_layers))
    states = vectors(len(layers), cpu.d_model)
    for position in (4, -1):
        there = gpu.target(ids, position).logits(layers, states)
        close(cpu.target(ids, position).logits(layers, states), there)
        patches = [[Patch(layer, position, state)] for layer, state in zip(layers, states)]
        close(torch.cat(gpu.logits([ids] * len(layers), patches=patches)), there)


def test_patched_generation_is_the_same(pair: Any, prompts: Any) -> None:
    rows = prompts()
    patches = [[Patch(1, -1, state)] for state in vectors(len(rows), pair[0].d_model)]
    here, there = (m.generate(rows, max_new_tokens=8, patches=patches, batch_size=3) for m in pair)
    assert [g.ids for g in here] == [g.ids for g in there]
    layers = list(range(pair[0].n_layers))
    described = [m.target(rows[1]).describe(layers, vectors(len(layers), m.d_model), max_new_tokens=6) for m in pair]
    assert described[0] == described[1]


def test_choices_are_the_same(pair: Any, prompts: Any) -> None:
    [beginning] = prompts(8)
    found = []
    for model in pair:
        rows = [model.prompt([*beginning, *ids]) for ids in prompts(2, 5, 1, 3, seed=2)]
        found.append(continuation_log_probabilities(model, rows, prompts(1, 3, 2, 4, seed=3), batch_size=3))
    for one, other in zip(*found):
        close(torch.as_tensor(one), torch.as_tensor(other))


@pytest.mark.parametrize("device_map", ["auto", "cuda", "split"])
def test_a_folder_is_loaded_onto_devices(
    raw: Any, tokenizer: Any, prompts: Any, tmp_path: Path, device_map: Any
) -> None:
    """`split`: the last block and what follows stay on the processor, so the states change device on their way."""
    made = raw("llama")
    made.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    if device_map == "split":
        device_map = {"model.embed_tokens": 0, "model.layers.0": 0, "model.layers.1": 0, "model.rotary_emb": 0}
        device_map |= {"model.layers.2": "cpu", "model.norm": "cpu", "lm_head": "cpu"}
    cpu, gpu = load(tmp_path), load(tmp_path, device_map=device_map)
    assert gpu.device.type == "cuda"
    [ids] = prompts(7)
    layers = list(range(-1, cpu.n_layers))
    states = vectors(len(layers), cpu.d_model)
    close(cpu.target(ids).logits(layers, states), gpu.target(ids).logits(layers, states))
    patches = [[Patch(layer, -1, state)] for layer, state in zip(layers, states)]
    for model in (cpu, gpu):
        assert len(model.generate([ids] * len(layers), max_new_tokens=4, patches=patches)) == len(layers)
    for part in ("embedding", "layers.2.residual"):
        close(cpu.capture([ids], part)[part][0], gpu.capture([ids], part)[part][0])


def test_in_16_bits_the_identity_patch_changes_nothing(raw: Any, prompts: Any) -> None:
    for kind in ("gpt2", "gpt_neox", "llama"):
        model = LanguageModel(raw(kind).to("cuda", torch.bfloat16))
        state = model.capture(prompts(6), "layers.1", 3)["layers.1"][0]
        patched = model.logits(prompts(6), None, patches=[Patch(1, 3, state[0])])[0]
        assert torch.equal(patched, model.logits(prompts(6), None)[0])


def test_a_state_goes_from_a_model_on_the_processor_to_one_on_the_gpu(tiny: Any, raw: Any, tokenizer: Any) -> None:
    from zetetic.tools.patchscope import Source, Target, grid

    here, there = tiny("llama"), LanguageModel(raw("llama").to("cuda"), tokenizer, name="there")
    crossed = grid(Source(here, "the cat"), Target(there, "a→a; ?"), controls=["it is ?"])
    plain = grid(Source(here, "the cat"), Target(here, "a→a; ?"), controls=["it is ?"])
    for one, other in zip(crossed.target.cells, plain.target.cells):
        assert one.tokens[0].id == other.tokens[0].id


def test_a_place_in_a_model_on_the_gpu_is_a_black_box(raw: Any, tokenizer: Any, tmp_path: Path) -> None:
    from zetetic.tools.black_boxes import open_box

    raw("llama").save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    texts = ["the cat sat", "on", "a mat of straw"]
    found = []
    for device in ("cpu", "cuda"):
        with_device = f"hf:{tmp_path}/layers.1.mlp.neurons.7?pool=max&device={device}"
        box = open_box(with_device)
        found.append([reply.value for reply in box.ask(texts)])
        box.close()
    assert found[0] == pytest.approx(found[1], abs=1e-3)
