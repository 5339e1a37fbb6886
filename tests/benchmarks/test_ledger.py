"""Results survive being cut off anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.ledger import Ledger, content_key


def test_what_was_appended_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "results.jsonl"
    ledger = Ledger(path)
    ledger.append("a", {"value": 1.5})
    ledger.append("b", {"value": None})
    ledger.append("a", {"value": 2.5})
    again = Ledger(path)
    assert len(again) == 2
    assert again.get("a") == {"value": 2.5}
    assert again.get("c") is None


def test_a_file_cut_anywhere_keeps_its_whole_lines_and_takes_more(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    ledger = Ledger(path)
    for key in "abc":
        ledger.append(key, {"text": "é" * 3})
    whole = path.read_bytes()
    ends = [k + 1 for k, byte in enumerate(whole) if byte == ord("\n")]
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        torn = Ledger(path)
        # A line that lacks only its newline is whole.
        assert len(torn) == sum(end - 1 <= cut for end in ends)
        torn.append("d", {"n": cut})
        again = Ledger(path)
        assert len(again) == len(torn)
        assert again.get("d") == {"n": cut}


def test_lines_that_are_not_results_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_bytes(b'[1]\n{"key": 1, "result": {}}\n\xff\xfe\n\n{"key": "k", "result": {"x": 1}}\n')
    ledger = Ledger(path)
    assert len(ledger) == 1
    assert ledger.get("k") == {"x": 1}


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BenchmarkError, match=r"cannot use the results file .*--out"):
        Ledger(tmp_path / "file" / "results.jsonl").append("a", {})
    with pytest.raises(BenchmarkError, match="--out"):
        Ledger(tmp_path)


def test_clear_forgets(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "results.jsonl")
    ledger.append("a", {})
    ledger.clear()
    assert len(ledger) == 0
    assert len(Ledger(ledger.path)) == 0


def test_keys_depend_on_every_part() -> None:
    assert content_key(a=1, b=2) == content_key(b=2, a=1)
    assert len({content_key(a=1), content_key(a=2), content_key(a=1, b=None)}) == 3
