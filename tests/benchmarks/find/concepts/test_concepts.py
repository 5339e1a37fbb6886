"""Entities and relations from beginning to end: by a chat model over HTTP, cut short and gone on with."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from zetetic.agent.frozen import Frozen
from zetetic.benchmarks.errors import BenchmarkError, Unfinished
from zetetic.benchmarks.find import FindOptions, Row, render, run_find
from zetetic.benchmarks.find.categories import category_of
from zetetic.benchmarks.find.category import Facts, Task
from zetetic.benchmarks.find.concepts.ground import WordGround, common_words
from zetetic.benchmarks.find.llm_costs import with_costs
from zetetic.models.chat import StubServer
from zetetic.models.chat.stub_server import Refusal
from zetetic.tools.texts import Corpus

from .conftest import MAPS, RESPONDS, Cast

DOINGS = (
    *("eats soup", "bakes bread", "cooks rice", "likes food", "buys apples", "ate a cake", "drinks tea", "fries fish"),
    *("pays taxes", "reads the news", "swims", "went to war", "plays chess", "drives a bus", "sings", "sleeps late"),
)
Serve = Callable[[Cast], StubServer]
Options = Callable[..., FindOptions]


def run_here(options: FindOptions, id: str, scratch: Path) -> Row:
    """One function, in this process."""
    task = Task(options, id, scratch, "key")
    return with_costs(category_of(options.category).run(task), task)


def test_a_relation_over_http(serve: Serve, options: Options, tmp_path: Path) -> None:
    cast = Cast(MAPS)
    given = options(serve(cast).url, "relations", hints=True)
    report = run_find(given)
    assert report.missing == 0
    rows = {row.id: row for row in report.rows}  # type: ignore[attr-defined]
    row = rows["f00000"]
    assert (row.language, row.items, row.error, row.outcome) == (1.0, 2, None, "explained")
    assert row.metric == "exact match"
    assert row.held_out > 0
    assert [cost.who for cost in row.costs] == ["scientist", "box", "judge"]
    assert [cost.calls for cost in row.costs][::2] == [4, 2]
    assert row.costs[0].input_tokens == 40
    assert row.costs[0].output_tokens == 20
    assert row.tokens == 15 * sum(cost.calls for cost in row.costs)
    assert row.dollars is None, "nobody said what these models cost"
    told = Path(row.transcript).read_text()
    for part in ("# relations f00000", "Calls **conclude**", '"Italy" -> "Rome"', "def explained(text)", "exact match"):
        assert part in told
    assert not given.runs.exists()
    before = dict(cast.asked)
    assert run_find(given).model_dump() == report.model_dump()
    assert cast.asked == before
    shown = io.StringIO()
    Console(file=shown, width=80).print(render(report))
    assert max(map(len, shown.getvalue().splitlines())) <= 80
    for word in ("language", "scientist: ", "judge: ", "with an exception", "No price is known"):
        assert word in " ".join(shown.getvalue().split())
    json.loads(report.model_dump_json())


def test_the_exception_and_the_hints_reach_those_whom_they_concern(
    serve: Serve, options: Options, tmp_path: Path
) -> None:
    server = serve(Cast(MAPS))
    run_here(options(server.url, "relations", hints=True), "f00001", tmp_path)
    said = [json.dumps(request["messages"]) for request in server.requests]
    assert any("where the country is in Asia" in text for text in said if "You play a function" in text)
    scientist = next(text for text in said if "careful scientist" in text)
    assert "Asia" not in scientist
    assert "Peru" in scientist.partition("Words that may help")[2]


def test_an_entity_graded_by_a_chat_model(
    serve: Serve, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = (f"{who} {does}." for who in ("She", "A man", "Nobody") for does in DOINGS)
    corpus = Corpus("a few doings", tuple(texts))
    monkeypatch.setattr("zetetic.tools.texts.default_corpus", lambda: corpus)
    row = run_here(options(serve(Cast(RESPONDS)).url, "entities"), "f00000", tmp_path)
    assert (row.description, row.error) == ("is about food", None)
    assert (row.language, row.metric) == (1.0, "AUC")  # type: ignore[attr-defined]
    assert row.score is not None  # type: ignore[attr-defined]
    assert {cost.who for cost in row.costs} == {"scientist", "box", "judge"}


@pytest.mark.parametrize(("part", "number"), [("scientist", 3), ("box", 2), ("judge", 2)])
def test_what_is_cut_short_goes_on_and_pays_nothing_twice(
    serve: Serve, options: Options, tmp_path: Path, part: str, number: int
) -> None:
    """A refusal that does not pass stops a run wherever it comes; a whole one asks as often as two halves."""
    whole = Cast(MAPS)
    run_here(options(serve(whole).url, "relations", out=tmp_path / "whole.jsonl"), "f00000", tmp_path)
    broken = {"now": True}

    def fault(who: str, at: int) -> Refusal | None:
        return Refusal(401) if broken["now"] and (who, at) == (part, number) else None

    cast = Cast(MAPS, fault)
    given = options(serve(cast).url, "relations")
    with pytest.raises(Unfinished, match="401"):
        run_here(given, "f00000", tmp_path)
    broken["now"] = False
    row = run_here(given, "f00000", tmp_path)
    assert row.language == 1.0  # type: ignore[attr-defined]
    expected = dict(whole.asked)
    expected[part] += 1  # the refused one
    assert cast.asked == expected
    assert {cost.who: cost.calls for cost in row.costs} == whole.asked


def test_a_model_that_stops_answering_ends_the_run_with_one_line(serve: Serve, options: Options) -> None:
    cast = Cast(MAPS, lambda part, at: Refusal(401) if part == "scientist" and at > 5 else None)
    given = options(serve(cast).url, "relations")
    with pytest.raises(BenchmarkError, match=r"f00001 is not done: .*401.*run it again") as error:
        run_find(given)
    assert "\n" not in str(error.value)
    assert len(given.out.read_text().splitlines()) == 1
    assert given.runs.is_dir()


@pytest.mark.slow
def test_the_embedder_plays_and_judges_for_the_inductive_scientist(published: Path, tmp_path: Path) -> None:
    given = FindOptions(
        data=published, category="entities", judge="embedder", budget_queries=100, seconds=8, out=tmp_path / "o.jsonl"
    )
    row = run_here(given, "f00000", tmp_path)
    assert row.language == 1.0  # type: ignore[attr-defined]
    assert row.oracle == 1.0  # type: ignore[attr-defined]
    assert row.costs == ()
    assert (row.tokens, row.transcript) == (None, None)
    category = category_of("entities")
    report = category.report([row], Facts("inductive", "d", "e", 0, 120, 1))
    assert report.total.language == 1.0
    shown = io.StringIO()
    Console(file=shown, width=80).print(render(report))
    assert "1 functions are still to do" in shown.getvalue()


def test_a_worker_that_was_killed_leaves_a_failed_row(options: Options, tmp_path: Path) -> None:
    task = Task(options("http://127.0.0.1:1/v1", "relations"), "f00000", tmp_path)
    row = category_of("relations").failed(task, "not done", 3.0)
    assert (row.error, row.language, row.items) == ("not done", 0.0, 2)
    assert category_of("relations").read(json.loads(row.model_dump_json())) == row


def test_held_out_words_say_something_and_are_never_ones_that_were_asked() -> None:
    words = common_words()
    assert len(words) > 400
    assert all(word == word.strip() and word for word in words)
    ground = WordGround([*words, "Peru", "zebra crossing"])
    frozen = Frozen("h", "a description", "", "", (), None)
    first = ground.draw(frozen, 40, {"Peru"}, [], seed=1, round=1)
    assert len(set(first)) == 40
    assert set(first) <= {*words, "zebra crossing"} - {"Peru"}
    assert first == ground.draw(frozen, 40, {"Peru"}, [], seed=1, round=1)
    assert first != ground.draw(frozen, 40, {"Peru"}, [], seed=1, round=2)


def check(given: FindOptions) -> str:
    with pytest.raises(BenchmarkError) as error:
        run_find(given)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_does_not_fit_together_is_said_before_anything_is_paid_for(serve: Serve, options: Options) -> None:
    cast = Cast(MAPS)
    url = serve(cast).url
    wrong: Sequence[tuple[str, FindOptions]] = [
        ("no judge was named", options(url, "relations", judge=None, judge_url=None)),
        ("--judge embedder", options(url, "entities", judge=None, judge_url=None)),
        ("judged by a chat model", options(url, "relations", judge="embedder", judge_url=None)),
        ("add --box-model", options(url, "relations", box_model=None, box_url=None)),
        ("--scientist llm", options(url, "relations", investigator={"kind": "inductive"})),
        ("leave one out", options(url, "entities", embedder=True)),
        ("nobody answers at http://127.0.0.1:1/v1", options("http://127.0.0.1:1/v1", "relations")),
        ("--judge", options(url, "relations", judge="openai:judge", judge_url="ftp://x")),
        ("--box-model", options(url, "relations", box_model="gpt")),
    ]
    for said, given in wrong:
        assert said in check(given)
    assert sum(cast.asked.values()) == 0
