"""Text modules at the command line: what is refused, and how a run on texts is shown."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from zetetic.agent import Brief, Budget, Investigation, RunRecord, Store, refer, replay_state
from zetetic.agent.wordwise import word_ground, word_scientist
from zetetic.app.cli.results import explanation_json, facts, finite
from zetetic.app.cli.showing import record_json, show_record
from zetetic.app.cli.texts import TextWish, open_chat, open_corpus
from zetetic.app.failures import CommandError
from zetetic.app.progress import Progress
from zetetic.app.report import render_report
from zetetic.tools.black_boxes import FunctionBox, Interval, NumericDomain, TextDomain
from zetetic.tools.texts import Corpus

HOSTILE = "</script><script>alert(1)</script><b>bold</b> & {{ 7 * 7 }}"
SEA = ("whale", "harbour", "island")
PLACES = itertools.product((*SEA, "onion", "soup"), ("cheese", "pepper", *SEA), ("table", "street", "river", "window"))
CORPUS = Corpus(
    "sea and kitchen",
    tuple(f"the {a} and the {b} under some {HOSTILE if n % 5 == 0 else c}" for n, (a, b, c) in enumerate(PLACES)),
)


@pytest.fixture(scope="module")
def record(tmp_path_factory) -> RunRecord:
    with Store.open(tmp_path_factory.mktemp("texts") / "store.sqlite") as store:
        box = FunctionBox(lambda text: float("whale" in text.split()), TextDomain("", 1000))
        journal = store.create(Brief.of(box, budget=Budget(queries=260, seconds=60), corpus=refer(CORPUS)))
        ground = word_ground(CORPUS, seed=0)
        Investigation(box, word_scientist(ground), journal, ground=ground).run()
        return replay_state(journal.events(), run_id=journal.run_id)


@pytest.mark.parametrize(
    ("content", "says"), [("", "empty"), ("one line only\n", "two different"), ("Same.\nsame\n", "two different")]
)
def test_a_corpus_that_cannot_be_held_out_is_a_users_mistake(tmp_path, content, says):
    place = tmp_path / "texts.txt"
    place.write_text(content)
    with pytest.raises(CommandError, match=says):
        open_corpus(place)


def test_a_missing_corpus_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"gone\.txt"):
        open_corpus(tmp_path / "gone.txt")


def test_what_is_said_of_texts_is_refused_for_numbers_and_the_reverse():
    with pytest.raises(CommandError, match="takes numbers"):
        TextWish(corpus=Path("a.txt")).refuse("python:x.py:f")
    with pytest.raises(CommandError, match="--corpus FILE"):
        TextWish().refuse_numbers(NumericDomain((Interval(0, 1),)))
    TextWish().refuse("python:x.py:f")


def test_a_chat_model_that_cannot_be_opened_is_refused_before_anything_is_spent():
    with pytest.raises(CommandError, match="PROVIDER:MODEL"):
        open_chat("nonsense")


def test_options_that_do_not_go_together_are_refused(cli, boxes, tmp_path):
    (tmp_path / "texts.txt").write_text("one text\nanother text\n")
    both = cli("explain", f"python:{boxes}:line", "--domain=0:1", "--corpus", "texts.txt")
    assert both.returncode == 2
    assert "--domain or --corpus" in both.stderr
    numbers = cli("explain", "find:nowhere/numeric/f00001", "--chat", "openai")
    assert numbers.returncode == 2
    assert "Traceback" not in both.stderr + numbers.stderr


def test_the_result_names_judge_corpus_baselines_and_the_number_tried(record):
    told = dict(facts(record.explanation))
    assert told["score"].startswith("AUC 1.0000")
    assert "hypotheses tried" in told["p"]
    assert "words alone" in told["judge"]
    assert told["corpus"] == CORPUS.name
    assert "standard deviations" in told["effect"]
    assert "noise" not in told
    baselines = [text for label, text in facts(record.explanation) if label == "baseline"]
    assert len(baselines) == 3


def test_the_json_interface_stays_and_says_what_a_score_in_words_rests_on(record):
    data = json.loads(json.dumps(finite(explanation_json(record.explanation, None)), allow_nan=False))
    assert data["score"]["metric"] == "AUC"
    assert data["exceptions"] == []
    assert data["noise"] is None
    assert data["wording"]["tried"] == len(record.hypotheses)
    assert set(data["baselines"]) == {"most frequent word", "no ranking", "random phrase"}
    whole = json.loads(json.dumps(finite(record_json(record, None)), allow_nan=False))
    assert whole["corpus"]["texts"] == len(CORPUS)


def test_show_lists_what_was_tried_on_a_narrow_terminal(record):
    console = Console(width=80, force_terminal=True, color_system=None, record=True)
    with console.capture() as shown:
        show_record(console, record, None)
    lines = shown.get().splitlines()
    assert any("What was tried" in line for line in lines)
    assert all(len(line) <= 80 for line in lines)


def test_the_plan_narrows_what_progress_counts_towards():
    from zetetic.agent import Event

    progress = Progress(4000, 60.0)
    progress.take(Event(3, 0.0, "note", {"memo": "plan", "value": {"queries": 700}}))
    assert progress.queries_total == 700


def test_the_report_shows_texts_as_texts(record):
    html = render_report(record)
    assert "What the module responds to" in html
    assert "What was tried and rejected" in html
    assert "Responses with and without the concept" in html
    assert "most frequent word" in html
    assert "<mark class=" in html
    assert HOSTILE not in html
    assert "&lt;b&gt;bold" in html


def test_a_text_run_that_was_cut_off_is_shown_as_far_as_it_went(record):
    cut = replace(record, explanation=None, trials=(), steps=record.steps[:1], status="stopped", stopped="killed")
    html = render_report(cut)
    assert "Nothing was scored" in html
    assert "Interrupted" in html
    empty = replace(cut, steps=(), hypotheses={}, observations=(), memos={})
    assert "Nothing was scored" in render_report(empty)


def test_a_withheld_score_is_said_to_be(record):
    trial = record.trials[-1]
    wording = replace(trial.verdict.wording, withheld="the judge is at chance", rivals=(), effect=None)
    nothing = replace(trial.verdict.score, value=float("nan"), held_out=0, baselines={})
    verdict = replace(trial.verdict, wording=wording, score=nothing, explains=False)
    explanation = replace(record.explanation, wording=wording, score=nothing, outcome="not_better_than_baseline")
    told = dict(facts(explanation))
    assert told["score"] == "withheld: the judge is at chance"
    html = render_report(replace(record, trials=(replace(trial, verdict=verdict),), explanation=explanation))
    assert "The score is withheld" in html


def test_a_corpus_of_which_too_little_can_be_held_out_is_told_as_too_small(tmp_path):
    place = tmp_path / "texts.txt"
    place.write_text("\n".join(f"text number {word}" for word in ("one", "two", "three")))
    with pytest.raises(CommandError, match=r"at least 8 different texts.* got 3 in .*too few"):
        open_corpus(place)


def test_a_small_corpus_is_remarked_upon_and_a_large_one_is_not():
    from zetetic.app.cli.texts import _if_few

    assert "12 different texts are few" in _if_few(Corpus("c", tuple(f"text {n}" for n in range(12))))[0]
    assert _if_few(Corpus("c", tuple(f"text {n}" for n in range(200)))) == ()
