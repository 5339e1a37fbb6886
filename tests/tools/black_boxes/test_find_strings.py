"""FIND's functions of texts in the layout of their authors, written here."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from zetetic.tools.black_boxes import SpecError, TextDomain, open_box
from zetetic.tools.black_boxes.find_strings import as_text_function, string_layout
from zetetic.tools.black_boxes.sandboxed import standing_of

CODE = """
import numpy as np
import scipy.signal
import sys


def function1(string):
    return len(string)

def function(string):
    {body}

if __name__ == '__main__':
    for arg in sys.argv[1:]:
        print(function(str(arg)))
"""
DESCRIPTIONS = [
    {"name": "f00000", "description": ": Reverses.\n\n", "test_inputs": ': "hello", “a b”, 12'},
    {"name": "f00001", "description": "Counts.", "test_inputs": ["hello, you", "x"]},
]
ITEMS = [{"name": "f00000", "test_vec": [[["ab", "cd", "ef"], ["ab", "dc", "x"]]], "correct_inx": [2]}]


@pytest.fixture(params=["find_dataset", "find-dataset"])
def strings(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / request.param / "strings"
    for name, body in (("f00000", "return string[::-1]"), ("f00001", "return function1(string)")):
        (folder / name).mkdir(parents=True)
        (folder / name / "function_code.py").write_text(CODE.format(body=body))
    (folder / "test_data.json").write_text(json.dumps(DESCRIPTIONS))
    (folder / "unit_test_data.json").write_text(json.dumps(ITEMS))
    return folder


def ask(folder: Path, texts: list[str], **options: Any) -> list[object]:
    with closing(open_box(f"find:{folder}", **options)) as box:
        assert box.spec == f"find:{folder.resolve()}"
        assert box.signature.output == "text"
        assert isinstance(box.signature.domain, TextDomain)
        return [reply.value for reply in box.ask(texts)]


@pytest.mark.parametrize("untrusted", [True, False])
def test_a_function_answers_as_the_published_program_prints(strings: Path, untrusted: bool) -> None:
    assert ask(strings / "f00000", ["abc", "", "日本"], untrusted=untrusted) == ["cba", "", "本日"]
    assert ask(strings / "f00001", ["abc", ""], untrusted=untrusted) == ["3", "0"]


def test_strangers_code_runs_in_a_sandbox_unless_it_is_trusted(strings: Path) -> None:
    with closing(open_box(f"find:{strings / 'f00000'}")) as box:
        assert standing_of(box) is not None
    with closing(open_box(f"find:{strings / 'f00000'}", untrusted=False)) as box:
        assert standing_of(box) is None


def test_imports_that_nothing_uses_are_left_out_and_the_others_stay() -> None:
    code = as_text_function(
        "import scipy.signal\nimport re as r, sys\ndef function(s):\n    return r.sub('a', 'b', s)\n"
    )
    assert "scipy" not in code
    assert "import re as r" in code


def test_the_files_beside_the_folders_say_what_a_function_is(strings: Path) -> None:
    functions = string_layout(strings.parent.parent)
    assert functions == string_layout(strings.parent) == string_layout(strings)
    reverse, count = functions
    assert (reverse.description, reverse.test_inputs) == ("Reverses.", ("hello", "a b", "12"))
    assert count.test_inputs == ("hello, you", "x")
    assert reverse.items[0].pair == ("cd", "dc")
    assert count.items == ()
    assert (reverse.families, reverse.exception, reverse.stochastic) == ((), None, None)


def test_a_function_s_own_files_win(strings: Path) -> None:
    (strings / "f00001" / "test_data.json").write_text(json.dumps({"description": "Own.", "test_inputs": ["q"]}))
    own = {"test_vec": ITEMS[0]["test_vec"], "correct_inx": [1]}
    (strings / "f00001" / "unit_test_data.json").write_text(json.dumps(own))
    reverse, count = string_layout(strings)
    assert (count.description, count.test_inputs, count.items[0].pair) == ("Own.", ("q",), ("ab", "ab"))
    assert (reverse.description, reverse.items[0].pair) == ("Reverses.", ("cd", "dc"))


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("test_data.json", "{", "cannot be read"),
        ("test_data.json", '[{"name": 3}]', "valid string"),
        (
            "unit_test_data.json",
            '[{"name": "f00000", "test_vec": [[["a"], ["b"]]], "correct_inx": [2]}]',
            "correct_inx",
        ),
        ("f00000/function_code.py", "def f(", None),
    ],
)
def test_a_broken_file_is_named(strings: Path, file: str, content: str, message: str | None) -> None:
    (strings / file).write_text(content)
    if message is None:
        with pytest.raises(SpecError, match="is not Python"):
            ask(strings / "f00000", ["a"])
    else:
        with pytest.raises(SpecError, match=message):
            string_layout(strings)


def test_what_is_no_folder_of_functions_is_said(strings: Path) -> None:
    with pytest.raises(SpecError, match="is no FIND folder"):
        string_layout(strings / "f00000")
    with pytest.raises(SpecError, match=r"holds no function_code\.py"):
        open_box(f"find:{strings / 'f00077'}")
    (strings / "f00000" / "function_code.py").write_text("x = 1\n")
    with pytest.raises(SpecError, match="defines no function"):
        open_box(f"find:{strings / 'f00000'}")
