"""`zetetic patchscope` and `zetetic bench patchscopes` as a user runs them, on a tiny saved model, and their pages."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from zetetic.app.cli import main
from zetetic.app.cli.patchscope import parse_layers
from zetetic.app.failures import CommandError

TARGET = "a→a; b→b; ?"
FETCHES = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?https?:""")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama with random weights and a tokenizer of bytes, as transformers saves them."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = ["<pad>", "<eos>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 48}
    ids = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 1}
    folder = tmp_path_factory.mktemp("tiny-model")
    LlamaForCausalLM(LlamaConfig(**sizes, **ids, vocab_size=258, max_position_embeddings=192)).save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>").save_pretrained(folder)
    return folder


def test_a_grid_as_a_table_with_controls_and_a_page(cli, saved, tmp_path):
    page = tmp_path / "made" / "page.html"
    run = cli("patchscope", "--model", str(saved), "--source", "the cat sat", "--target", TARGET, "--html", str(page))
    assert run.returncode == 0, run.stderr
    assert "→ 3" in run.stdout
    assert "Against the controls" in run.stdout
    assert "The weather today is nice and the ?" in run.stdout
    assert "Right is" in run.stdout
    html = page.read_text(encoding="utf-8")
    assert not FETCHES.search(re.sub(r'<script type="application/octet-stream".*?</script>', "", html, flags=re.DOTALL))
    assert "default-src 'none'" in unescape(html)
    figures = json.loads(re.search(r'<script type="application/json" id="figures">(.*?)</script>', html, re.DOTALL)[1])
    maps = [f for f in figures if f["data"][0]["type"] == "heatmap"]
    assert len(maps) == 4
    assert [len(row) for row in maps[0]["data"][0]["z"]] == [4] * 4
    assert "layer 2 → layer 1" in maps[0]["data"][0]["text"][2][1]


@pytest.mark.slow
def test_descriptions_for_several_sources_as_json(cli, saved):
    run = cli(
        "patchscope", "--model", str(saved), "--source", "the cat sat", "--source", "a dog ran", "--position", "-2",
        "--target", TARGET, "--layers", "0,2", "--describe", "--max-new-tokens", "5", "--control", "the end is ?",
        "--answer", "cat", "--json",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)["results"]
    assert len(found) == 2
    assert [(c["source_layer"], c["target_layer"]) for c in found[0]["target"]["cells"]] == [(0, 0), (2, 2)]
    assert all(isinstance(c["continuation"], str) for c in found[0]["target"]["cells"])
    assert [c["prompt"] for c in found[0]["controls"]] == ["the end is ?"]
    assert {c["units"] for c in found[0]["comparisons"]} == {"prompts"}
    assert found[0]["source_position"] == 9
    assert found[0]["reference"] == {"text": "cat", "ids": found[0]["reference"]["ids"], "given": True}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--position", "99"], "outside the prompt of 11 tokens"),
        (["--position", "dog"], "stands 0 times"),
        (["--layers", "7"], "layer 7 is not one of 0..3"),
        (["--layers", "two"], "expected --layers such as 5 or 0,4,8"),
        (["--target", "nothing"], "expected a target with a placeholder"),
        (["--source", ""], "empty"),
        (["--source", "a" * 300], "at most 192 tokens"),
        (["--control", "a ?", "--no-controls"], "got both"),
        (["--model", "/no/such/folder"], "no model at"),
    ],
)
def test_mistakes_are_one_line(saved, capsys, arguments, said):
    code = main(["patchscope", "--model", str(saved), "--source", "the cat sat", "--target", TARGET, *arguments])
    assert_one_line(capsys, code, said)


def assert_one_line(capsys, code, said):
    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1


def test_a_page_that_cannot_be_written_is_told(cli, saved, tmp_path):
    run = cli(
        "patchscope", "--model", str(saved), "--source", "cat", "--target", "?", "--layers", "0", "--no-controls",
        "--html", str(tmp_path),
    )  # fmt: skip
    assert run.returncode == 74
    assert "another place with --html" in run.stderr


@pytest.mark.parametrize(
    ("text", "layers"),
    [(None, None), ("5", [5]), ("0,4", [0, 4]), ("0:10:3", [0, 3, 6, 9]), ("-1,0:2", [-1, 0, 1])],
)
def test_layers_are_read(text, layers):
    assert parse_layers(text, "--layers") == layers


@pytest.mark.parametrize("text", ["", "a", "3:1", "0:4:0", "-2"])
def test_layers_that_name_none_are_refused(text):
    with pytest.raises(CommandError):
        parse_layers(text, "--layers")


def task_file(folder):
    place = folder / "patchscopes" / "made" / "sounds.tsv"
    place.parent.mkdir(parents=True)
    rows = ["prompt_source\tsource_cropped_toks\tprompt_target\ttarget_baseline\tsubject\tobject"]
    for name, sound in (("cat", "mew"), ("dog", "bark"), ("hen", "cluck"), ("cow", "moo"), ("kit", "mew")):
        rows.append(
            f"we saw the {name} today\t['we saw the {name}']\tThe sound of x\tThe sound of {name}\t{name}\t{sound}"
        )
    place.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.slow
def test_the_benchmark_runs_resumes_and_writes_a_page(cli, saved, tmp_path):
    task_file(tmp_path)
    asked = (
        "bench", "patchscopes", "--model", str(saved), "--positions", "24", "--data", str(tmp_path), "--examples", "4",
        "--source-layers", "2", "--target-layers", "2", "--out", "results.jsonl", "--html", "page.html", "--quiet",
    )  # fmt: skip
    run = cli(*asked)
    assert run.returncode == 0, run.stderr
    assert "token identity" in run.stdout
    assert "Bar: token identity beats the logit lens" in run.stdout
    assert "sounds" in run.stdout
    kept = (tmp_path / "results.jsonl").read_text()
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert 'id="plot-precision"' in html
    assert 'id="plot-attributes"' in html
    again = cli(*asked, "--json")
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "results.jsonl").read_text() == kept
    report = json.loads(again.stdout)
    assert report["next_token"]["positions"] == 24
    assert len(report["next_token"]["methods"]) == 6
    assert report["attributes"]["tasks"][0]["task"] == "sounds"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--positions", "3"], "bad value for --positions"),
        (["--part", "none"], "bad value for --part"),
        (["--part", "attributes", "--data", "."], "expected task files"),
    ],
)
def test_mistakes_with_the_benchmark_are_one_line(saved, capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert_one_line(capsys, main(["bench", "patchscopes", "--model", str(saved), "--quiet", *arguments]), said)
