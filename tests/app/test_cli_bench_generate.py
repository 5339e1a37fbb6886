"""`zetetic bench generate` writes data sets that `zetetic bench find` reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zetetic.app.cli import main
from zetetic.tools.black_boxes.find import find_layout
from zetetic.tools.black_boxes.find_strings import string_layout


def test_functions_of_texts_and_of_numbers_lie_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["bench", "generate", "--out", str(tmp_path / "set"), "--count", "6", "--seed", "3"]
    assert main([*command, "--families", "case,order", "--depth", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["count"] == 6
    assert main([*command, "--category", "numeric", "--noise", "0", "--corruptions", "1"]) == 0
    assert "zetetic bench find --category numeric" in capsys.readouterr().out
    assert [len(function.families) for function in string_layout(tmp_path / "set")] == [2] * 6
    assert {function.kind for function in find_layout(tmp_path / "set")} == {"corrupted"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--count", "0"], "bad value for --count"),
        (["--depth", "1-7"], "bad value for --depth"),
        (["--depth", "3-1"], "bad value for --depth"),
        (["--depth", "deep"], "a range such as 1-3, got 'deep'"),
        (["--families", "colours"], "there is no family 'colours'"),
        (["--category", "sounds"], "bad value for --category"),
        (["--noise", "2"], "bad value for --noise"),
        (["--category", "numeric", "--noise", "1", "--corruptions", "1"], "at most 1"),
        (["--out", "FILE"], "pass another --out"),
    ],
)
def test_a_users_mistake_is_one_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    given = [str(file) if argument == "FILE" else argument for argument in arguments]
    assert main(["bench", "generate", "--out", str(tmp_path / "set"), *given]) == 2
    complaint = capsys.readouterr().err.strip()
    assert message in complaint
    assert "\n" not in complaint
    assert not (tmp_path / "set").exists()
