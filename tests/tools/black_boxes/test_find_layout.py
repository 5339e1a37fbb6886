"""FIND folders in the layout of their authors, written here."""

import json
import sys
from contextlib import closing
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from zetetic.tools.black_boxes import Interval, NumericDomain, SpecError, open_box
from zetetic.tools.black_boxes.find import FIND_DOMAIN, find_layout
from zetetic.tools.black_boxes.sandboxed import standing_of

CODE = """
import sys
import numpy as np

def function(x):
    {body}

if __name__ == '__main__':
    for arg in sys.argv[1:]:
        print(function(float(arg)))
"""
CORRUPTED = """if type(x) == int or type(x) == float:
        x = np.array(x)
    return np.where((x > 3) & (x < 5), np.random.normal(loc=40, scale=0.1, size=x.shape), 2*x)"""
FILES = {
    "f00000": {"function_code.py": "return x**(1.0 / 2)", "noised_function_code.py": "raise AssertionError"},
    "f00001": {"function_code.py": "return 2*x", "noised_function_code.py": "return 2*x + np.random.normal(scale=1)"},
    "f00002": {"function_code.py": "return 2*x", "corrupted_function_code.py": CORRUPTED},
    "f00003": {"function_code.py": "return 7*x"},
    "f00004": {"load_mlp.py": "import function_helper; return function_helper.f(x)", "function_helper.py": ""},
}
NAMES = {
    "f00001": "noised_function_code.py",
    "f00002": "corrupted_function_code.py",
    "f00003": "load_mlp.py",
    "f00004": "load_mlp.py",
}


@pytest.fixture(params=["find_dataset", "find-dataset"])
def numeric(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / request.param / "numeric"
    for name, files in FILES.items():
        (folder / name).mkdir(parents=True)
        for file, body in files.items():
            (folder / name / file).write_text(dedent(CODE).format(body=body) if body else "def f(x): return -x\n")
    rows: list[dict[str, Any]] = [
        {"type": "simple", "params": [1, 2], "name": f"linear(({i}, 2))", "dir": f"f0000{i}", "domain": [-100, 100]}
        | {"noise_type": "normal", "noise_params": 1, "corruption_type": "interval_inside", "GPT_description": ""}
        | {"corruption_params": {"std": 40, "boundary": [3, 5]}}
        for i in range(4)
    ]
    (folder / "data.json").write_text(json.dumps(rows))
    (folder / "func_name_dict.json").write_text(json.dumps(NAMES))
    return folder


def ask(path: Path, xs: list[float], **options: Any) -> list[object]:
    with closing(open_box(f"find:{path}", **options)) as box:
        assert box.spec == f"find:{path}"
        return [reply.value for reply in box.ask([(x,) for x in xs])]


def test_the_dictionary_says_which_file_answers(numeric: Path) -> None:
    assert ask(numeric / "f00000", [4.0, -4.0]) == [2.0, pytest.approx(2j)]
    noised = ask(numeric / "f00001", [1.0, 1.0], seed=1)
    assert noised == ask(numeric / "f00001", [1.0, 1.0], seed=1)
    assert noised[0] != noised[1]
    assert ask(numeric / "f00002", [1.0, 4.0]) == [2.0, pytest.approx(40, abs=1)]
    assert ask(numeric / "f00003", [1.0]) == [7.0]
    assert ask(numeric / "f00004", [1.0], untrusted=False) == [-1.0]


def test_strangers_code_runs_in_a_sandbox_unless_it_is_trusted(numeric: Path) -> None:
    with (
        closing(open_box(f"find:{numeric}/f00004")) as box,
        closing(open_box(f"find:{numeric}/f00004", untrusted=False)) as trusted,
    ):
        assert standing_of(box) is not None
        assert standing_of(trusted) is None
        [reply] = box.ask([(1.0,)])
    assert reply.failure is not None
    assert "function_helper" in reply.failure.message
    assert "--trusted" in reply.failure.message


def test_a_row_of_metadata_is_no_code(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="holds no code"):
        open_box(f"find:{tmp_path}/rows.jsonl#f00000", untrusted=True)


def test_they_are_asked_on_the_domain_of_the_paper(numeric: Path) -> None:
    mine = NumericDomain((Interval(0, 1),))
    with (
        closing(open_box(f"find:{numeric}/f00000")) as box,
        closing(open_box(f"find:{numeric}/f00000", domain=mine)) as own,
    ):
        assert (box.signature.domain, own.signature.domain) == (FIND_DOMAIN, mine)


def test_the_layout_is_listed(numeric: Path) -> None:
    functions = find_layout(numeric.parent.parent)
    assert functions == find_layout(numeric.parent) == find_layout(numeric)
    assert [(f.id, f.kind, f.file.name) for f in functions] == [
        ("f00000", "clean", "function_code.py"),
        ("f00001", "noised", "noised_function_code.py"),
        ("f00002", "corrupted", "corrupted_function_code.py"),
        ("f00003", "network", "function_code.py"),
        ("f00004", "network", "load_mlp.py"),
    ]
    second = functions[2]
    assert (second.family, second.domain, second.noise, second.noise_scale) == ("linear", (-100, 100), "normal", 1)
    assert (second.corruption, second.corruption_mean, second.corruption_boundary) == ("interval_inside", 40, (3, 5))
    assert functions[4].domain is None


def test_their_code_runs_as_a_command_too(numeric: Path) -> None:
    with closing(open_box(f"command:{sys.executable} {numeric}/f00003/function_code.py")) as box:
        assert [r.value for r in box.ask([(1.0,), (2.0,)])] == [7.0, 14.0]


def test_what_is_no_find_folder(numeric: Path, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no folder"):
        open_box(f"find:{numeric}/f99999")
    (numeric / "f00005").mkdir()
    with pytest.raises(SpecError, match=r"holds none of function_code\.py"):
        open_box(f"find:{numeric}/f00005")
    with pytest.raises(SpecError, match="no FIND folder"):
        find_layout(tmp_path / "elsewhere")
    (numeric / "func_name_dict.json").write_text('{"f00000": "../../evil.py"}')
    with pytest.raises(SpecError, match="plain name"):
        open_box(f"find:{numeric}/f00000")
    (numeric / "func_name_dict.json").write_text("{")
    with pytest.raises(SpecError, match=r"func_name_dict\.json cannot be read"):
        find_layout(numeric)
