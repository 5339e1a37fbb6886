"""Functions come from rows or from a published folder, with the same figures."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.find import FindOptions
from zetetic.benchmarks.find.numeric import CATEGORY
from zetetic.benchmarks.find.numeric.sources import load_subject, open_source
from zetetic.benchmarks.find.run import choose
from zetetic.tools.black_boxes import SpecError
from zetetic.tools.black_boxes.sandboxed import standing_of

PLAIN = "def function(x):\n    return 2.0 * x + 1.0\n"
NOISED = "import numpy as np\ndef function(x):\n    return 2.0 * x + 1.0 + np.random.normal(0, 0.5)\n"
CORRUPTED = (
    "import numpy as np\ndef function(x):\n    return np.random.normal(40.0, 0.1) if x <= -30.5 else 2.0 * x + 1.0\n"
)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder as FIND's authors publish it: a plain, a noised and a corrupted function."""
    numeric = tmp_path / "find_dataset" / "numeric"
    used = {"f00000": "function_code.py", "f00001": "noised_function_code.py", "f00002": "corrupted_function_code.py"}
    rows = []
    for name in used:
        (numeric / name).mkdir(parents=True)
        for file, code in zip(sorted(used.values()), (CORRUPTED, PLAIN, NOISED)):
            (numeric / name / file).write_text(code)
        rows.append(
            {
                "dir": name,
                "name": "linear(2.0, 1.0)",
                "domain": [-100, 100],
                "noise_type": "normal",
                "noise_params": 0.5,
                "corruption_type": "half",
                "corruption_params": {"boundary": [-30.5], "std": 40.0},
            }
        )
    (numeric / "data.json").write_text(json.dumps(rows))
    (numeric / "func_name_dict.json").write_text(json.dumps(used))
    return tmp_path / "find_dataset"


def test_rows_carry_their_truth(rows_file: Path) -> None:
    xs = np.array([-50.0, 50.0])
    noised = load_subject(rows_file, "f3")
    assert noised.truth(xs) == pytest.approx(0.5 * xs + 6.0)
    assert (noised.noise_sd, noised.parameters) == (1.0, 3)
    corrupted = load_subject(rows_file, "f4")
    assert corrupted.truth(xs) == pytest.approx(1.5 * xs + 2.0)
    assert corrupted.expected(xs) == pytest.approx([-73.0, -60.0])
    assert corrupted.draw(xs, 0)[1] == pytest.approx(-60.0, abs=1.0)


def test_draws_depend_on_the_seed_alone(rows_file: Path) -> None:
    xs = np.linspace(-128, 128, 50)
    subject = load_subject(rows_file, "f3")
    assert (subject.draw(xs, 5) == subject.draw(xs, 5)).all()
    assert not (subject.draw(xs, 5) == subject.draw(xs, 6)).all()


def test_a_published_folder_gives_the_same_kind_of_subject(published: Path) -> None:
    source = open_source(published)
    assert source.ids == ("f00000", "f00001", "f00002")
    plain, noised, corrupted = (load_subject(published, name) for name in source.ids)
    xs = np.linspace(-100.0, 100.0, 9)
    for subject in (plain, noised, corrupted):
        assert subject.truth(xs) == pytest.approx(2.0 * xs + 1.0)
        assert subject.family == "linear"
    assert plain.draw(xs, 0) == pytest.approx(2.0 * xs + 1.0)
    assert (noised.variant, noised.noise_sd, noised.corruption) == ("noised", 0.5, None)
    assert 0.01 < np.std(noised.draw(xs, 0) - noised.truth(xs)) < 2.0
    assert corrupted.corruption is not None
    assert (corrupted.corruption.low, corrupted.corruption.high) == (-128.0, -30.5)
    assert corrupted.expected(np.array([-64.0, 0.0])) == pytest.approx([40.0, 1.0])
    assert corrupted.corruption_stands_out()


def test_an_undefined_function_differs_from_any_corruption(rows_file: Path) -> None:
    rows_file.write_text(
        json.dumps(
            {
                "id": "f9",
                "family": "logarithm",
                "variant": "corrupted",
                "expression": "np.log(x)",
                "domain": [1, 100],
                "corruption": {"region": [None, -10.0], "mean": 0.0, "scale": 0.1},
            }
        )
    )
    subject = load_subject(rows_file.rename(rows_file.with_name("other.jsonl")), "f9")
    assert math.isnan(abs(subject.truth(np.array([-20.0]))[0]))
    assert subject.corruption_stands_out()


def test_functions_are_chosen_in_order(rows_file: Path) -> None:
    def chosen(**given: Any) -> list[str]:
        return choose(CATEGORY, FindOptions(data=rows_file, **given))

    assert chosen(limit=2) == ["f1", "f2"]
    assert chosen(ids=("f3", "f1")) == ["f1", "f3"]
    with pytest.raises(BenchmarkError, match=r"no function 'f7'; its ids look like 'f1'"):
        chosen(ids=("f7",))


def test_data_that_is_not_there_or_not_ours_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"there is no .*--data"):
        open_source(tmp_path / "missing.jsonl")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "f1"}\n')
    with pytest.raises(BenchmarkError, match="line 1"):
        open_source(bad)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BenchmarkError, match="no FIND folder"):
        open_source(tmp_path / "empty")


def test_published_code_runs_in_a_sandbox_unless_it_is_trusted(published: Path) -> None:
    standings = []
    for trusted in (False, True):
        box = load_subject(published, "f00000", trusted=trusted).open(0)
        standings.append(standing_of(box))
        box.close()
    assert [standing is not None for standing in standings] == [True, False]


def test_a_function_with_neighbours_needs_trust(published: Path) -> None:
    folder = published / "numeric" / "f00000"
    (folder / "function_code.py").write_text("from neighbour import function\n")
    (folder / "neighbour.py").write_text(PLAIN)
    with pytest.raises(SpecError, match=r"neighbour.*--trusted"):
        load_subject(published, "f00000").draw(np.array([1.0]), 0)
    assert load_subject(published, "f00000", trusted=True).draw(np.array([1.0]), 0) == pytest.approx([3.0])
