"""What a person has is read as it is meant, or refused with what to do."""

from __future__ import annotations

import json

import numpy as np
import pytest

from zetetic.tools.dataset_explanation import DatasetError, Options, TableData, TextData, read_dataset

TEXTS = [f"the cat number {i} sat on the mat" for i in range(12)]


def write(path, lines, encoding="utf-8"):
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def rows(**columns):
    return [dict(zip(columns, cells)) for cells in zip(*columns.values())]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_two_files_are_two_groups_named_after_them(tmp_path, encoding):
    one = write(tmp_path / "böse.txt", [*TEXTS, "", "  "], encoding)
    data = read_dataset(one, write(tmp_path / "gut.txt", TEXTS, encoding))
    assert isinstance(data, TextData)
    assert (data.target.a, data.target.b, len(data.texts)) == ("böse", "gut", 24)
    assert data.target.values.sum() == 12


def test_columns_are_detected(tmp_path):
    path = tmp_path / "reviews.csv"
    lines = [f'{i},"{t}, indeed",{i % 2}' for i, t in enumerate(TEXTS * 2)]
    lines = [line.replace("cat", f"cat{k}") for k, line in enumerate(lines)]
    data = read_dataset(write(path, ["id,review,label", *lines]))
    assert isinstance(data, TextData)
    assert data.target.kind == "groups"
    assert (data.target.a, data.target.b) == ("label 1", "label 0")
    assert data.texts[0].endswith("indeed")


def test_a_number_is_a_target_and_overrides_hold(tmp_path):
    path = tmp_path / "x.jsonl"
    some = [{"text": f"{t} {i}", "stars": i % 5, "site": "ab"[i % 2]} for i, t in enumerate(TEXTS * 3)]
    write(path, [json.dumps(row) for row in some])
    data = read_dataset(path, options=Options(target="stars"))
    assert isinstance(data, TextData)
    assert data.target.kind == "number"
    by_site = read_dataset(path, options=Options(label="site"))
    assert by_site.target.kind == "groups"


def test_one_class_of_several_against_the_rest_or_another():
    some = rows(text=[f"{t} {i}" for i, t in enumerate(TEXTS * 3)], label=list("abc") * 12)
    assert read_dataset(some, options=Options(a="b")).target.b == "not b"
    data = read_dataset(some, options=Options(a="b", b="c"))
    assert len(data.target) == 24
    with pytest.raises(DatasetError, match="pick one as a"):
        read_dataset(some)


def test_a_table_without_texts_has_features_and_says_what_it_left_out():
    rng = np.random.default_rng(0)
    data = read_dataset(
        rows(
            id=list(range(30)), size=rng.normal(size=30).tolist(), kind=["x", "y", None] * 10, same=["s"] * 30,
            day=[f"2024-01-{i + 1:02d}" for i in range(30)], price=rng.normal(size=30).tolist(),
        )
    )  # fmt: skip
    assert isinstance(data, TableData)
    assert [f.name for f in data.features] == ["size", "kind", "day (year)"]
    assert any("identifier" in note for note in data.notes)
    assert any("always the same" in note for note in data.notes)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty file"),
        (b"one line only", "single line"),
        (b"a\nb\nc", "at least 8 texts"),
        (b"caf\xe9\n" * 9, "name its encoding"),
        (b"a\0b\nc\0d\n", "binary"),
    ],
)
def test_a_bad_file_of_texts_is_refused(tmp_path, content, message):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    with pytest.raises(DatasetError, match=message):
        read_dataset(bad, write(tmp_path / "good.txt", TEXTS))


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (rows(text=TEXTS, label=["a"] * 12), {"label": "label"}, "got only 'a'"),
        (rows(text=TEXTS, label=["a", "b"] * 6), {}, "at least 8 texts of a"),
        (rows(text=TEXTS, label=["a", "b"] * 6), {"label": "labl"}, "got columns 'text', 'label'"),
        (rows(text=TEXTS, label=["a", "b"] * 6), {"label": "label", "a": "z"}, "its groups are"),
        (rows(text=TEXTS * 2, n=["x", *range(23)]), {"target": "n"}, "expected numbers in 'n', got 'x'"),
        (rows(text=TEXTS * 2, n=[3.0] * 24), {"target": "n"}, "numbers that differ"),
        (rows(text=["same words here"] * 30, label=["a", "b"] * 15), {"text": "text"}, "texts that differ"),
        (rows(u=TEXTS * 2, v=list(range(24)), w=list(range(24))), {}, "name it with"),
    ],
)
def test_a_bad_table_is_refused_with_what_to_do(table, options, message):
    with pytest.raises(DatasetError, match=message):
        read_dataset(table, options=Options(**options))


def test_one_lot_of_texts_is_not_enough(tmp_path):
    with pytest.raises(DatasetError, match="second"):
        read_dataset(TEXTS)
    with pytest.raises(DatasetError, match="second file"):
        read_dataset(write(tmp_path / "a.txt", TEXTS))
    with pytest.raises(DatasetError, match="cannot read"):
        read_dataset(tmp_path / "none.csv")
