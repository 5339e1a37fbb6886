"""`zetetic explain-dataset`: a table's numbers in the terminal, as JSON and on a page; mistakes in one line."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from zetetic.app.cli.explain_dataset import explain_dataset
from zetetic.app.dataset_explanation import dataset_page
from zetetic.app.dataset_explanation.texts import highlighted, wilson
from zetetic.app.failures import CommandError, ExitCode
from zetetic.app.patchscopes.writing import render_page
from zetetic.tools.dataset_explanation import DatasetExplanation, Difference, Example, Rejected, Together
from zetetic.tools.scoring.texts import Estimate

app = typer.Typer()
app.command()(explain_dataset)


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "rent.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["size", "floor", "rent"])
        for size, floor in zip(rng.uniform(20, 90, 120), rng.integers(0, 9, 120)):
            writer.writerow([f"{size:.1f}", floor, f"{12 * size + rng.normal(0, 30):.0f}"])
    return path


def test_a_table_is_told_in_words_and_on_a_page(table, tmp_path):
    page = tmp_path / "page.html"
    result = CliRunner().invoke(app, [str(table), "--target", "rent", "--html", str(page)])
    assert result.exit_code == ExitCode.EXPLAINED
    assert "Rent rises by" in result.output
    html = page.read_text(encoding="utf-8")
    assert "Rent rises by" in html
    assert "No effect shown: floor" in html


def test_json_is_strict_and_whole(table):
    result = CliRunner().invoke(app, [str(table), "--target", "rent", "--json"])
    found = json.loads(result.stdout)
    assert found["kind_of_data"] == "table"
    assert found["found"] is True
    slope = found["effects"][0]["segments"][0]["slope"]
    assert slope["low"] <= 12 <= slope["high"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--target", "rnt"], "got columns"),
        ([], "name it with"),
        (["--target", "rent", "--label", "floor"], "got both"),
    ],
)
def test_mistakes_are_one_line_with_the_remedy(table, more, message):
    result = CliRunner().invoke(app, [str(table), *more])
    assert isinstance(result.exception, CommandError)
    assert result.exception.code == ExitCode.BAD_INPUT
    assert message in str(result.exception)


def explanation(*, found=True):
    auc, gap = Estimate(0.8, 0.7, 0.9), Estimate(0.5, 0.3, 0.6)
    example = Example("a <b>tax</b> & more", "A", ((5, 8),))
    one = Difference(
        "contains the word “<tax>”", "words", "rule", "A", 0.6, 0.1, gap, auc, None, 0.001, 0.01, 0.01,
        "A text of A more often …", ("is about money",), (example,),
    )  # fmt: skip
    together = Together("AUC", auc if found else None, Estimate(0.9, 0.8, 0.95), 0.5)
    rejected = (Rejected("is about <cats>", "meaning", "may be chance", 0.52, 0.9),)
    return DatasetExplanation(
        "group", "groups", "A", "B", (one,) if found else (), rejected, 12, together, 40, 40, (20, 20), (), "A summary."
    )


def test_texts_are_escaped_and_marked_on_the_page():
    html = render_page(dataset_page(explanation()))
    assert "&lt;tax&gt;" in html
    assert "is about &lt;cats&gt;" in html
    assert "<b>tax" not in html
    assert highlighted(explanation().differences[0].examples[0]).count("<mark") == 1


def test_a_page_without_differences_says_so():
    html = render_page(dataset_page(explanation(found=False)))
    assert "No difference found" in html
    assert "may be chance" in html


@pytest.mark.parametrize(("share", "n"), [(0.0, 10), (1.0, 10), (0.3, 50)])
def test_wilson_holds_the_share_and_stays_within_bounds(share, n):
    low, high = wilson(share, n)
    assert 0 <= low <= share <= high <= 1
    assert high > low
