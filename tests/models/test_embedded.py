"""The embedded model itself: what is stored is SmolLM2, it loads fast, and its hidden states do what they should."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
import torch

from zetetic.models import Patch
from zetetic.models.embedded import SMOLLM2, ensure, is_stored
from zetetic.models.storage import damage


def test_it_is_the_model_it_says_it_is(smollm2):
    assert (smollm2.name, smollm2.n_layers, smollm2.d_model, smollm2.context_length) == (SMOLLM2.title, 30, 576, 8192)
    assert smollm2.dtype == torch.float32
    [[best, *_]] = smollm2.next_token("The capital of France is")
    assert best.text == " Paris"
    [answer] = smollm2.generate([[{"role": "user", "content": "What is the capital of Italy?"}]], max_new_tokens=60)
    assert answer.finish == "end", "it answers in a sentence and stops (what it says need not be true)"
    assert "Italy" in answer.text


def test_it_loads_in_three_seconds_once_transformers_is_there(smollm2):
    """Measured in processor time, for other work may share the machine."""
    from zetetic.models import load

    begin = time.process_time()
    load("smollm2")
    assert time.process_time() - begin < 3


def test_the_identity_patch_and_the_last_layer(smollm2):
    """Pitfalls 1 and 2 on real weights."""
    text = "The Eiffel Tower is in the city of"
    plain = smollm2.logits([text])[0]
    states = smollm2.capture([text], ["layers.0.residual", "layers.14.residual", "layers.29.residual"], -1)
    for layer in (0, 14, 29):
        state = states[f"layers.{layer}.residual"][0][0]
        assert torch.equal(smollm2.logits([text], patches=[Patch(layer, -1, state)])[0], plain)
        lens = smollm2.logits([text], patches=[Patch(29, -1, state)])[0]
        torch.testing.assert_close(lens[0], smollm2.unembed(state), atol=3e-4, rtol=0.0)


def test_the_first_position_is_an_attention_sink(smollm2):
    """Pitfall 13: its norm is far above all others."""
    norms = smollm2.capture(["The weather today is nice"], "layers.15.residual")["layers.15.residual"][0].norm(dim=-1)
    assert float(norms[0]) > 10 * float(norms[1:].max())


def test_a_batch_and_either_padding_give_the_same_words(smollm2):
    texts = ["The capital of Italy is", "One, two, three,", "Water boils at"]
    together = smollm2.generate(texts, max_new_tokens=8)
    for text, found in zip(texts, together):
        assert found.ids == smollm2.generate([text], max_new_tokens=8)[0].ids
    left, right = (smollm2.logits(texts, padding=padding) for padding in ("left", "right"))
    for a, b in zip(left, right):
        torch.testing.assert_close(torch.log_softmax(a, -1), torch.log_softmax(b, -1), atol=1e-3, rtol=0.0)


def test_choices_are_weighed_as_the_text_would_be(smollm2):
    [[paris, rome]] = smollm2.choice_log_probabilities(["The capital of France is"], [" Paris", " Rome"]).tolist()
    [best] = smollm2.next_token("The capital of France is", top=1)
    assert paris == pytest.approx(best[0].log_probability, abs=1e-4)
    assert paris > rome + 3


@pytest.mark.slow
def test_from_nothing_it_is_fetched_converted_and_stored(tmp_path, monkeypatch):
    from zetetic.models import DownloadError

    monkeypatch.setenv("ZETETIC_CACHE", str(tmp_path))
    told: list[tuple[str, float | None]] = []
    try:
        folder = ensure(SMOLLM2, lambda step, share: told.append((step, share)))
    except DownloadError as error:
        pytest.skip(f"the embedded model cannot be fetched: {error}")
    assert is_stored(SMOLLM2)
    assert damage(folder, full=True) is None
    steps = list(dict.fromkeys(step for step, _ in told))
    assert [s.split()[0] for s in steps] == ["fetching", "checking", "reading", "converting", "storing", "adding"]
    assert len({share for step, share in told if step.startswith("converting")}) > 100
    assert sorted(p.name for p in folder.parent.iterdir()) == [f".{folder.name}.lock", folder.name]


@pytest.mark.slow
def test_killed_half_way_it_is_not_there_and_comes_the_next_time(tmp_path):
    environment = {**os.environ, "ZETETIC_CACHE": str(tmp_path)}
    command = [sys.executable, "-m", "zetetic.app.cli", "models", "get", "smollm2"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("converting"):
            break
    else:
        pytest.skip("the embedded model cannot be fetched")
    process.kill()
    process.wait()
    process.stderr.close()
    stored = tmp_path / "models" / f"{SMOLLM2.name}-{SMOLLM2.version}"
    assert not stored.exists()
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=280)
    assert damage(stored, full=True) is None
    assert sorted(p.name for p in stored.parent.iterdir()) == [f".{stored.name}.lock", stored.name]
