"""Published string functions from ten pairs: what is read, what is left out, what is found."""

import json
from pathlib import Path

import pytest

from zetetic.benchmarks.strings_published import DESCRIPTIONS_FILE, PAIRS_FILE, data_folder, main, read_items, run


def write(folder: Path) -> None:
    rows = [
        {
            "name": f"f{number:05d}",
            "test_vec": [[["x", text, "y"], ["wrong", made, "wrong"]] for text, made in pairs],
            "correct_inx": [2] * len(pairs),
        }
        for number, pairs in enumerate(
            [
                [("abc", "cba"), ("hello", "olleh"), ("Zebra 1", "1 arbeZ")],
                [("abc", "q"), ("abc", "z")],
                [("abc", "b"), ("q", "q")],
            ]
        )
    ]
    texts = ["reverses", "does something", "picks a character randomly"]
    told = [{"name": row["name"], "description": text} for row, text in zip(rows, texts, strict=True)]
    folder.mkdir()
    (folder / PAIRS_FILE).write_text(json.dumps(rows), encoding="utf-8")
    (folder / DESCRIPTIONS_FILE).write_text(json.dumps(told), encoding="utf-8")


def test_the_true_pairs_are_read_and_chance_is_seen(tmp_path: Path) -> None:
    write(tmp_path / "find")
    items = read_items(tmp_path / "find")
    assert items[0].pairs[1] == ("hello", "olleh")
    assert [item.random for item in items] == [False, True, True]
    (outcome,) = run(items[:1], seconds=5.0)
    assert outcome.search.programs[0].sentence() == "Reverses the text."


def test_the_command_says_the_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "find")
    monkeypatch.setenv("ZETETIC_DATA", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["strings_published", "--limit", "1", "--details"])
    main()
    said = capsys.readouterr().out
    assert "Reverses the text." in said
    assert "1 of 1 functions" in said


def test_missing_data_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETETIC_DATA", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["strings_published"])
    assert data_folder() == tmp_path / "find"
    with pytest.raises(SystemExit, match="set ZETETIC_DATA"):
        main()
