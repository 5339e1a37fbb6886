"""The speed benchmark counts what it says it counts, and notices what it should."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.patchscope_speed.__main__ import main
from zetetic.benchmarks.patchscope_speed.measure import CONTESTS, Bound, Measurement, Outcome, Sizes, measure
from zetetic.benchmarks.patchscope_speed.programs import Program, Reply, outside
from zetetic.benchmarks.patchscope_speed.report import disagreements, rows_of
from zetetic.benchmarks.peers.counting import fastest_rate, operations
from zetetic.models import LanguageModel

WORKLOAD = {"threads": 1}


class Scripted:
    """A program that answers at once: each cell's token is its number, save where it is told to err."""

    def __init__(self, seconds: float, wrong: int | None = None) -> None:
        self.seconds = seconds
        self.wrong = wrong
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def ask(self, task: str, **arguments: Any) -> Reply:
        self.asked.append((task, arguments))
        if task in ("method", "operations", "rate"):
            return Reply({"method": "blocks", "operations": 1e9, "rate": 1e9}[task], 0.0, 10)
        cells = arguments.get("cells") or [cell for batch in arguments["batches"] for cell in batch]
        tokens = [100 * source + target for source, target in cells]
        if self.wrong is not None:
            tokens = [t + (t == self.wrong) for t in tokens]
        return Reply(tokens, self.seconds * len(cells), 1000)


def run(n_layers: int = 4, sizes: Sizes | None = None, **programs: Scripted) -> Measurement:
    given: Any = {"engine": Scripted(0.01), "hooks": Scripted(0.5), **programs}
    return measure(given, n_layers, sizes or Sizes(), 3, lambda _: None)


def test_a_sample_is_scaled_up_to_the_whole() -> None:
    for sizes in (Sizes(cells=5, batches=2, descriptions=1), Sizes(None, None, None)):
        found = run(sizes=sizes)
        for outcome in found.outcomes:
            assert outcome.theirs == pytest.approx([0.5 * outcome.total] * 3)
            assert outcome.ratio == pytest.approx(50)
            assert outcome.total == (16 if outcome.contest.what == "grid" else 4)


def test_each_contest_is_run_where_its_program_is_there() -> None:
    assert {o.contest.program for o in run().outcomes} == {"hooks"}
    assert len(run(nnsight=Scripted(0.1), transformer_lens=Scripted(0.1)).outcomes) == len(CONTESTS)


def test_a_different_answer_is_noticed() -> None:
    assert disagreements(run()) == []
    told = disagreements(run(sizes=Sizes(None, None, None), hooks=Scripted(0.5, wrong=303)))
    assert len(told) == 5
    assert "3 of 48 answers differ" in told[0]


def test_bars_are_met_or_missed_by_the_median() -> None:
    contest = CONTESTS[0]
    outcome = Outcome(contest, 1, 1, ours=[1.0, 1.0, 1.0], theirs=[39.0, 41.0, 500.0], agreed=1, compared=1)
    bound = Bound("grid", 2e9, rates=[1e9] * 3, ours=[5.1, 5.2, 1.0])
    found = Measurement("blocks", 1, [outcome], {"grid": bound}, peak_bytes=3_000_000_000)
    assert [row["met"] for row in rows_of(found, with_bars=True)] == [True, False, False]
    assert [row["met"] for row in rows_of(found, with_bars=False)] == [None, None, None]


def test_operations_are_those_of_the_linear_layers_and_attention() -> None:
    from torch.utils.flop_counter import FlopCounterMode
    from transformers import LlamaConfig, LlamaForCausalLM

    width, length, depth = 64, 7, 3
    sizes: Any = {"hidden_size": width, "num_hidden_layers": depth, "num_attention_heads": 4, "intermediate_size": 96}
    made: Any = LlamaForCausalLM(LlamaConfig(**sizes, vocab_size=200, max_position_embeddings=32)).eval()
    made.set_attn_implementation("eager")
    model = LanguageModel(made)
    counter = FlopCounterMode(display=False)
    with torch.inference_mode(), counter:
        made(input_ids=torch.zeros((1, length), dtype=torch.long), use_cache=False)
    per_key, head = 4 * width * depth, 2 * width * 200
    seen_twice = per_key * length * (length - 1) / 2  # what causal attention need not do
    alone = operations(model.blocks, length, [], 1)
    assert alone == counter.get_total_flops() - seen_twice - length * head
    linear = (alone - per_key * length * (length + 1) / 2) / length
    assert operations(model.blocks, length, [depth - 1], 1) - alone == head
    assert operations(model.blocks, length, [-1], 1) - alone == linear + per_key * length + head
    longer = operations(model.blocks, length, [-1], 2) - operations(model.blocks, length, [-1], 1)
    assert longer == linear + per_key * (length + 1) + head


def test_the_rate_is_one_that_processors_have() -> None:
    assert 1e8 < fastest_rate(64, "cpu", torch.float32) < 1e13


def test_a_program_that_ends_early_is_quoted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such library')"]
    with pytest.raises(BenchmarkError, match="fake ended before it was done: no such library"):
        Program("fake", command, WORKLOAD, tmp_path / "log")


def test_programs_of_libraries_run_without_our_package(tmp_path: Path) -> None:
    """The library's own program says that its library is missing, which is as far as it gets here."""
    if importlib.util.find_spec("nnsight"):
        pytest.skip("nnsight is installed beside zetetic")
    workload = {
        "folder": str(tmp_path),
        "vectors": "none",
        "source": [],
        "target": [],
        "describing": [],
        "device": "cpu",
        "dtype": "float32",
        "threads": 1,
    }
    with pytest.raises(BenchmarkError, match="No module named 'nnsight'"):
        Program("nnsight", outside("nnsight_traces", Path(sys.executable)), workload, tmp_path / "log")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--layers", "2"], "together"),
        (["--layers", "2", "--hidden", "100"], "multiple of 64"),
        (["--rounds", "0"], "expected --rounds of 1 or more, got 0"),
    ],
)
def test_mistakes_get_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.slow
def test_a_small_model_goes_through_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--layers", "2", "--hidden", "64", "--rounds", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["method"] == "blocks"
    assert found["differing"] == []
    assert len(found["rows"]) == 8
    assert all(row["ratio"] > 0 for row in found["rows"] if row["theirs"] is not None)
