"""`zetetic qa-embed` as a user runs it: tables, targets, whole files or none, mistakes in one line."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from zetetic.app.cli.qa_emb import qa_emb
from zetetic.app.failures import CommandError
from zetetic.app.patchscopes import write_page
from zetetic.app.qa_emb import ReadingError, read_questions, read_rows, write_features
from zetetic.app.qa_emb.outcome import Outcome
from zetetic.app.qa_emb.page import qa_page
from zetetic.tools.qa_emb import held_out
from zetetic.tools.qa_emb.sparse import fit_sparse
from zetetic.tools.qa_emb.wording import sentence

QUESTIONS = ["Does the text mention a number?", "Is the text about football?", "Is the text about cooking?"]
SPORT = ["The striker scored {} goals.", "The keeper saved the penalty in minute {}.", "The cup final drew {} fans."]
FOOD = ["Fry {} onions in butter.", "Bake the bread for {} minutes.", "Serve the soup with {} herbs."]


@pytest.fixture(scope="module")
def runner():
    app = typer.Typer()
    app.command()(qa_emb)

    def run(*arguments):
        return CliRunner().invoke(app, list(map(str, arguments)))

    return run


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "texts.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "kind", "same"])
        for i in range(8):
            writer.writerows([[t.format(i), "sport", 1] for t in SPORT] + [[t.format(i), "food", 1] for t in FOOD])
    return path


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text("# three\n" + "\n".join(QUESTIONS) + "\n")
    return path


def test_a_target_is_explained_and_everything_is_written(runner, table, questions, tmp_path):
    out, page = tmp_path / "new" / "features.csv", tmp_path / "page.html"
    result = runner(
        table, "--target", "kind", "--questions", questions, "--out", out, "--html", page, "--json"
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["classes"] == ["food", "sport"]
    assert found["score"]["metric"] == "AUC"
    assert found["score"]["value"] > 0.9
    assert {c["question"] for c in found["coefficients"]} <= set(QUESTIONS[1:])
    with out.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["text", *QUESTIONS]
    assert len(rows) == 49
    assert "zetetic qa-embed" in page.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "colour"], "has no column 'colour'; its columns are text, kind, same"),
        (["--target", "same"], "a column 'same' that varies .* got '1' in every row"),
        (["--target", "text"], "expected numbers or two classes in the column 'text'"),
        (["--column", "body"], "has no column 'body'"),
        (["--questions", "missing.txt"], "cannot read missing.txt"),
        (["--out", "features.pdf"], "expected a file that ends with .csv, .npz, .jsonl for --out"),
        (["--model", "a", "--chat", "b:c"], "expected --model or --chat, got both"),
        (["--chat", "nobody"], "a chat model is named PROVIDER:MODEL"),
    ],
)
def test_a_mistake_is_named(runner, table, arguments, message):
    result = runner(table, *arguments)
    assert isinstance(result.exception, CommandError)
    with pytest.raises(CommandError, match=message):
        raise result.exception


@pytest.mark.parametrize("content", ["", "  \n\n"])
def test_a_file_without_texts_is_refused(tmp_path, content):
    path = tmp_path / "texts.txt"
    path.write_text(content)
    with pytest.raises(ReadingError, match="got an empty file"):
        read_rows(path)


def test_texts_come_from_lines_tables_and_objects(tmp_path):
    lines, objects, bare = tmp_path / "a.txt", tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    lines.write_text("one\n\n two \n")
    objects.write_text('{"sentence": "one", "y": 2}\n{"sentence": "", "y": 3}\n{"sentence": "three", "y": 4.5}\n'
                       '{"sentence": "four", "y": 1}\n')  # fmt: skip
    bare.write_text('"one"\n"two"\n')
    assert read_rows(lines).texts == ("one", "two")
    assert read_rows(bare).texts == ("one", "two")
    found = read_rows(objects, target="y")
    assert (found.texts, found.target, found.left_out) == (("one", "three", "four"), (2, 4.5, 1), 1)
    with pytest.raises(ReadingError, match=r"expected a \.csv, \.tsv or \.jsonl file for --target"):
        read_rows(lines, target="y")


def test_questions_come_from_lines_or_json(tmp_path):
    (tmp_path / "q.json").write_text(json.dumps(QUESTIONS))
    assert read_questions(tmp_path / "q.json") == QUESTIONS
    (tmp_path / "q.json").write_text("{}")
    with pytest.raises(ReadingError, match="a JSON list of questions"):
        read_questions(tmp_path / "q.json")


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".jsonl"])
def test_features_are_written_whole_or_not_at_all(tmp_path, suffix):
    features = np.array([[0.25, 1.0]])
    path = tmp_path / f"f{suffix}"
    write_features(path, ["a, “b”\nc"], QUESTIONS[:2], features)
    if suffix == ".npz":
        with np.load(path) as kept:
            np.testing.assert_array_equal(kept["features"], features)
            assert list(kept["questions"]) == QUESTIONS[:2]
    elif suffix == ".jsonl":
        [row] = [json.loads(line) for line in path.read_text().splitlines()]
        assert row == {"text": "a, “b”\nc", "features": {QUESTIONS[0]: 0.25, QUESTIONS[1]: 1.0}}
    blocked = tmp_path / f"folder{suffix}"
    blocked.mkdir()
    with pytest.raises(OSError):
        write_features(blocked, ["a"], QUESTIONS[:2], features)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, blocked.name])


def outcome(tmp_path) -> Outcome:
    rng = np.random.default_rng(0)
    path = tmp_path / "x.csv"
    X = rng.uniform(size=(40, 3))
    y = 3 * X[:, 1] + rng.normal(size=40) * 0.1
    path.write_text("text,y\n" + "\n".join(f"<b>t{i}</b>,{v}" for i, v in enumerate(y)) + "\n")
    rows = read_rows(path, target="y")
    fit = fit_sparse(X, y, QUESTIONS, resamples=20)
    score = held_out.held_out_score(X, y, rows.texts, QUESTIONS, kind="regression")
    return Outcome(rows, QUESTIONS, X, "someone", fit, score, sentence(fit), ("a </script> note",))


def test_the_page_shows_coefficients_and_escapes_texts(tmp_path):
    found = outcome(tmp_path)
    page = qa_page(found, "y")
    assert page.badge == "Predicts texts it has not seen"
    assert page.figures[0].traces[0]["y"] == [QUESTIONS[1]]
    html = write_page(page, tmp_path / "page.html").read_text()
    assert "<b>t1</b>" not in html
    assert "&lt;b&gt;" in html


def test_a_score_counts_only_texts_that_chose_no_questions(tmp_path):
    rng = np.random.default_rng(1)
    X, y = rng.uniform(size=(40, 3)), rng.normal(size=40)
    texts = [f"t{i // 2}" for i in range(40)]
    found = held_out.held_out_score(X, y, texts, QUESTIONS, kind="regression", seen=[0, 2])
    assert found.texts == 18, "equal texts count once, and those that were seen do not count"
    assert found.value < 0.2
    assert not found.beats_baselines


@pytest.mark.parametrize(("name", "content"), [("q.txt", ""), ("q.txt", "# only a remark\n"), ("q.json", "[]")])
def test_a_file_without_questions_is_told_as_one_without_questions(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ReadingError, match="got no questions"):
        read_questions(path)
