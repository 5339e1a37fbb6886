"""The published task files: subjects found by their characters, in any tokenizer."""

from __future__ import annotations

import pytest

from zetetic.tools.patchscope import TaskFileError
from zetetic.tools.patchscope.task_files import COLUMNS, data_folder, read_task, task_files


def write(folder, rows, name="made/up_task.tsv"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_occurrence_is_the_one_where_the_published_cut_ends(tmp_path):
    text = "Rome is old. We saw Rome in May"
    cut = "['Rome', ' is', ' old', '.', ' We', ' saw', ' Rome']"
    [example] = read_task(write(tmp_path, [(text, cut, "The land of x", "The land of Rome", "Rome", "Italy")]))
    assert text[: example.subject_end] == "Rome is old. We saw Rome"
    assert (example.task, example.answer) == ("up_task", "Italy")


def test_a_cut_that_was_printed_without_commas_is_understood(tmp_path):
    cut = "\"[' saw' ' Rome']\"".strip('"')
    [example] = read_task(write(tmp_path, [("we saw Rome", cut, "of x", "of Rome", "Rome", "Italy")]))
    assert example.subject_end == 11


def test_rows_without_their_subject_are_left_out(tmp_path):
    rows = [("no city", "[]", "of x", "of Rome", "Rome", "Italy"), ("Rome", "['Rome']", "of x", "of Rome", "Rome", "")]
    assert read_task(write(tmp_path, rows)) == []


def test_files_are_found_by_task(tmp_path, monkeypatch):
    path = write(tmp_path, [("Rome", "['Rome']", "of x", "of Rome", "Rome", "Italy")], "patchscopes/g/a_task.tsv")
    monkeypatch.setenv("ZETETIC_DATA", str(tmp_path))
    assert task_files() == {"a_task": path}
    assert task_files(tmp_path / "patchscopes") == {"a_task": path}


def test_missing_data_is_told_with_the_remedy(tmp_path, monkeypatch):
    with pytest.raises(TaskFileError, match="got none"):
        task_files(tmp_path)
    monkeypatch.setenv("ZETETIC_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(TaskFileError, match="set ZETETIC_DATA"):
        task_files()
    (tmp_path / "bad.tsv").write_text("a\tb\n1\t2\n")
    with pytest.raises(TaskFileError, match="got no prompt_source"):
        read_task(tmp_path / "bad.tsv")
    with pytest.raises(TaskFileError, match="cannot be read"):
        read_task(tmp_path / "none.tsv")


def test_every_published_row_has_its_subject():
    if data_folder() is None or not (data_folder() / "patchscopes").is_dir():
        pytest.skip("needs the published task files: set ZETETIC_DATA")
    for path in task_files().values():
        examples = read_task(path)
        assert len(examples) > 20
        for example in examples:
            assert example.text[: example.subject_end].endswith(example.subject)
            assert example.subject in example.direct
            assert example.target.endswith(" x")
