"""Synthetic neurons as they are published, and under other names."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.find.concepts.data import load_functions

ROOT = Path(__file__).resolve().parents[4]


def test_the_published_folder_is_read_from_wherever_it_is_named(published: Path) -> None:
    for path in (published, published.parent, published / "neurons_entities", published / "neurons_entities/data.json"):
        functions = load_functions(path, "entities")
        assert [*functions] == ["f00000", "f00001"]
    assert functions["f00001"].concept2 == "dogs"
    assert functions["f00000"].initial == ("soup", "tax")
    assert functions["f00000"].items[1].inputs == ("river", "bread", "law")
    assert functions["f00000"].items[1].correct == 1


def test_relations_have_outputs_and_exceptions(published: Path) -> None:
    functions = load_functions(published, "relations")
    assert [*functions] == ["f00000", "f00001"], "only the last part of a published path names the function"
    assert functions["f00000"].exception is None
    assert functions["f00001"].exception == "the country is in Asia"
    item = functions["f00000"].items[0]
    assert item.outputs == ("Rome", "Music", "7")


def test_two_files_under_other_names_are_read_too(published: Path, tmp_path: Path) -> None:
    data, tests = tmp_path / "entities_data_dev.json", tmp_path / "entities_unit_tests_dev.json"
    data.write_text((published / "neurons_entities/data.json").read_text())
    with pytest.raises(BenchmarkError, match="no unit tests beside it"):
        load_functions(data, "entities")
    tests.write_text((published / "neurons_entities/unit_test_data.json").read_text())
    assert load_functions(data, "entities") == load_functions(published, "entities")


@pytest.mark.parametrize(
    ("rows", "tests", "said"),
    [
        ([], [], "holds no function"),
        ([{"dir": "f1"}], [], "concept1"),
        ([{"dir": "f1", "concept1": "a"}], [{"name": "f1", "test_vec": [["a", "b"]], "correct_inx": [1]}], "test_vec"),
        (
            [{"dir": "f1", "concept1": "a"}],
            [{"name": "f1", "test_vec": [["a", "b", "c"]], "correct_inx": [4]}],
            "no right answer from 1 to 3",
        ),
    ],
)
def test_data_of_another_shape_is_refused(tmp_path: Path, rows: object, tests: object, said: str) -> None:
    (tmp_path / "entities_data.json").write_text(json.dumps(rows))
    (tmp_path / "entities_unit_tests.json").write_text(json.dumps(tests))
    with pytest.raises(BenchmarkError, match=said):
        load_functions(tmp_path, "entities")


def test_a_folder_without_neurons_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"neurons_relations/data\.json"):
        load_functions(tmp_path, "relations")


def test_entities_are_no_relations(published: Path) -> None:
    with pytest.raises(BenchmarkError, match="no concept2"):
        load_functions(published / "neurons_entities/data.json", "relations")


@pytest.mark.parametrize("category", ["entities", "relations"])
def test_every_development_function_has_its_ten_items(category: str) -> None:
    folder = Path(os.environ.get("ZETETIC_DATA") or ROOT.parent / "shared" / "data") / "find"
    if not (folder / f"{category}_data_dev.json").is_file():
        pytest.skip(f"needs find/{category}_data_dev.json below $ZETETIC_DATA (looked in {folder})")
    functions = load_functions(folder, category).values()
    assert all(len(function.items) == 10 for function in functions)
    assert any(function.concept2 and (category == "relations" or function.concept1) for function in functions)
