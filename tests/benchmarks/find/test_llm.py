"""A language model investigates numeric functions: over HTTP, cut short, by a script, from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import Store
from zetetic.app.cli import main
from zetetic.benchmarks.errors import BenchmarkError, Unfinished
from zetetic.benchmarks.find import FindOptions, Investigator, run_find
from zetetic.benchmarks.find.category import Task
from zetetic.benchmarks.find.llm import explain_by_model
from zetetic.benchmarks.find.llm_chats import KeptChat, Silent, kept_spending
from zetetic.benchmarks.find.llm_costs import JOURNAL, costs_of
from zetetic.benchmarks.find.llm_transcript import transcript
from zetetic.benchmarks.find.numeric.measure import measure
from zetetic.benchmarks.find.numeric.sources import load_subject
from zetetic.benchmarks.trial import Trial
from zetetic.models.chat import Call, Fail, ScriptedChatModel, StubServer
from zetetic.models.chat.stub_server import Answer, Cue
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox
from zetetic.tools.chat import Chat

TRUE_CODE = "def explained(x):\n    return 2.5 * x - 4\n"
WORDS = "2.5 times x, less 4"
DOMAIN = NumericDomain((Interval(-128.0, 128.0),))
STEPS: list[Cue] = [
    Answer("First a look.", (("query", {"inputs": [-128, -3, 0, 1, 7.5, 128], "why": "a spread"}),)),
    Answer(calls=(("record_hypothesis", {"description": WORDS, "code": TRUE_CODE}),)),
    Answer(calls=(("conclude", {"id": "h1"}),)),
    "It is a line.",
]
PRICES = '["thinker"]\ninput = 1.0\noutput = 10.0\n'


def by_turn(steps: Sequence[Cue]) -> Callable[[Sequence[dict[str, Any]], int], Cue]:
    return lambda messages, _: steps[min(sum(m["role"] == "assistant" for m in messages), len(steps) - 1)]


def options(rows_file: Path, url: str | None, **more: Any) -> FindOptions:
    by = Investigator(kind="llm", model="openai:thinker", base_url=url)
    given = {"data": rows_file, "jobs": 1, "budget_queries": 80, "ids": ("f2",), "investigator": by}
    return FindOptions(**{**given, "out": rows_file.with_name("out.jsonl"), **more})


def test_a_numeric_function_over_http(rows_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prices.toml").write_text(PRICES)
    monkeypatch.setenv("ZETETIC_PRICES", str(tmp_path / "prices.toml"))
    monkeypatch.setenv("ZETETIC_CACHE", str(tmp_path / "cache"))
    with StubServer(by_turn(STEPS)) as server:
        given = options(rows_file, server.url, transcripts=tmp_path / "told")
        report = run_find(given)
        (row,) = report.rows  # type: ignore[attr-defined]
        assert row.mark.exact
        assert row.description == WORDS
        (cost,) = row.costs
        assert (cost.who, cost.model, cost.calls) == ("scientist", "openai:thinker", len(server.requests))
        assert (cost.input_tokens, cost.output_tokens) == (10 * cost.calls, 5 * cost.calls)
        assert cost.dollars == pytest.approx(cost.calls * (10 * 1.0 + 5 * 10.0) / 1e6)
        assert row.dollars == pytest.approx(cost.dollars)
        assert row.transcript == str(tmp_path / "told" / "numeric-f2.md")
        asked = len(server.requests)
        assert run_find(given) == report
        assert len(server.requests) == asked
    assert run_find(given) == report, "what is done needs no server"
    assert not (tmp_path / "cache").exists(), "replies are not cached unless asked for"
    told = Path(row.transcript).read_text()
    for part in ("First a look.", "Calls **query**", "#1 x=-128 -> -324", "**The verifier:** it stands", WORDS):
        assert part in told


def test_the_command_line_says_everything_it_needs(rows_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = rows_file.with_name("cli.jsonl")
    base = ["bench", "find", "--data", str(rows_file), "--jobs", "1", "--ids", "f2", "--quiet", "--out", str(out)]
    with StubServer(by_turn(STEPS)) as server:
        model = ["--scientist", "llm", "--model", "openai:thinker", "--base-url", server.url]
        assert main([*base, *model, "--budget-queries", "80", "--budget-money", "1", "--json"]) == 0
        printed = capsys.readouterr()
        assert "no price is known for openai:thinker, so --budget-money limits nothing" in printed.err
        said = json.loads(printed.out)
        assert said["scientist"] == "llm openai:thinker"
        assert said["rows"][0]["tokens"] > 0
    assert (out.parent / "cli-transcripts" / "numeric-f2.md").is_file()
    for arguments, expected in (
        (["--scientist", "llm"], "expected a --model for --scientist llm"),
        (["--model", "openai:x", "--base-url", "http://127.0.0.1:1/v1"], "nobody answers at http://127.0.0.1:1/v1"),
        (["--model", "nobody:x"], "--model: nobody:x could not be opened"),
        (["--judge", "gpt"], "--judge: a chat model is named PROVIDER:MODEL"),
        (["--judge-url", "http://127.0.0.1:1/v1"], "expected --judge PROVIDER:MODEL"),
        (["--category", "planets"], "expected a category of FIND"),
    ):
        assert main([*base, *arguments, "--fresh"]) == 2
        told = capsys.readouterr().err.strip()
        assert expected in told
        assert "Traceback" not in told
        assert len(told.splitlines()) == 1


@pytest.mark.slow
def test_cached_replies_make_a_whole_run_free(rows_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZETETIC_CACHE", str(tmp_path / "cache"))
    with StubServer(by_turn(STEPS)) as server:
        first = run_find(options(rows_file, server.url, cache_replies=True))
        asked = len(server.requests)
        again = run_find(options(rows_file, server.url, cache_replies=True, fresh=True))
        assert len(server.requests) == asked, "nothing is asked again"
    before, after = (report.rows[0] for report in (first, again))  # type: ignore[attr-defined]
    assert (before.description, before.code, before.mark) == (after.description, after.code, after.mark)
    assert before.tokens > 0
    assert (after.tokens, after.costs[0].calls) == (0, before.costs[0].calls)


def test_a_table_of_prices_that_cannot_be_read_is_refused_before_anything_is_paid_for(
    rows_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prices.toml").write_text("thinker = 3")
    monkeypatch.setenv("ZETETIC_PRICES", str(tmp_path / "prices.toml"))
    with StubServer(by_turn(STEPS)) as server:
        with pytest.raises(BenchmarkError, match=r"prices\.toml"):
            run_find(options(rows_file, server.url))
        assert not server.requests


@pytest.mark.slow
def test_a_benchmark_that_was_killed_goes_on_inside_the_function(rows_file: Path) -> None:
    out = rows_file.with_name("killed.jsonl")
    given = ["--data", str(rows_file), "--jobs", "1", "--ids", "f2", "--out", str(out), "--budget-queries", "80"]
    command = [sys.executable, "-m", "zetetic.app.cli", "bench", "find", *given, "--model", "openai:thinker"]
    slow = [*STEPS[:2], replace(STEPS[2], pause_seconds=20.0)]  # type: ignore[type-var]
    with StubServer(by_turn(slow)) as server:
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        running = subprocess.Popen(
            [*command, "--base-url", server.url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        deadline = time.monotonic() + 120
        while len(server.requests) < 3 and time.monotonic() < deadline:
            assert running.poll() is None
            time.sleep(0.02)
        os.kill(running.pid, signal.SIGKILL)
        running.wait(timeout=60)
        assert not out.exists()
        port = int(server.url.rpartition(":")[2].partition("/")[0])
    time.sleep(0.5)  # the worker sees that its parent is gone
    with StubServer(by_turn(STEPS), port=port) as server:
        url = server.url
        report = run_find(options(rows_file, url, out=out))
        assert len(server.requests) == 2, "only what had no answer yet: the conclusion and the closing words"
    (row,) = report.rows  # type: ignore[attr-defined]
    assert row.mark.exact
    assert row.costs[0].calls == 4
    assert "gone on with" in Path(row.transcript).read_text()


def box() -> FunctionBox:
    return FunctionBox(lambda x: 2.5 * x - 4, DOMAIN, spec="find:line")


def calls(*, fails: bool) -> ScriptedChatModel:
    conclude: Any = Call("conclude", {"id": "h1"})
    steps: list[Any] = [
        Call("query", {"inputs": [0, 1, 2, 50], "why": "a spread"}),
        Call("record_hypothesis", {"description": WORDS, "code": TRUE_CODE}),
        Fail(KeyboardInterrupt(), then=conclude) if fails else conclude,
        "It is a line.",
    ]
    return ScriptedChatModel(script=steps, model_name="scripted")


def test_a_killed_investigation_is_gone_on_with(rows_file: Path, tmp_path: Path) -> None:
    task = Task(options(rows_file, None), "f2", tmp_path, "key")
    with pytest.raises(KeyboardInterrupt):
        explain_by_model(box(), DOMAIN, task, chat=Chat(calls(fails=True)))
    (before,) = costs_of(task)
    assert before.calls == 2
    second = calls(fails=False)
    explanation = explain_by_model(box(), DOMAIN, task, chat=Chat(second))
    assert (explanation.outcome, explanation.description) == ("explained", WORDS)
    assert len(second.seen) == 2, "what it said before is not asked again"
    (after,) = costs_of(task)
    assert after.calls == 4
    assert after.output_tokens > before.output_tokens
    with Store.open(task.kept / JOURNAL) as store:
        told = transcript(store.journal(store.runs()[0].id), title="numeric f2")
    assert "gone on with" in told
    again = explain_by_model(box(), DOMAIN, task, chat=Chat(second))
    assert again == explanation
    assert len(second.seen) == 2


def test_code_of_a_language_model_never_runs_in_the_benchmark_itself(rows_file: Path, tmp_path: Path) -> None:
    subject = load_subject(rows_file, "f2")
    mark = tmp_path / "was-here"
    code = f"open({str(mark)!r}, 'w')\n{TRUE_CODE}"
    trial = Trial(code, "", WORDS, (), 0.0, "explained", 10, 1.0, 1.0)
    measure(subject, trial, seed=0, foreign=True)
    assert not mark.exists()
    good = Trial(TRUE_CODE, "", WORDS, (), 0.0, "explained", 10, 1.0, 1.0)
    assert measure(subject, good, seed=0, foreign=True).mark == measure(subject, good, seed=0).mark


def test_answers_of_boxes_and_judges_are_kept_by_their_prompts(tmp_path: Path) -> None:
    model = ScriptedChatModel(script=lambda messages: f"about {messages[-1].text}")
    file = tmp_path / "deep" / "judge.jsonl"
    chat = KeptChat(Chat(model, "judge"), file)
    assert [chat.ask("a"), chat.ask("b"), chat.ask("a")] == ["about a", "about b", "about a"]
    assert KeptChat(Chat(model, "judge"), file).ask("b") == "about b"
    assert len(model.seen) == 2
    assert KeptChat(Chat(model, "another"), file).ask("b") == "about b"
    assert len(model.seen) == 3, "another model's answers are its own"
    assert [output for _, output in kept_spending(file.parent, "judge")] == [2, 2, 2]
    file.write_text(file.read_text()[:-9])
    assert KeptChat(Chat(model, "another"), file).ask("b") == "about b", "a torn line is asked again"
    assert len(model.seen) == 4


@pytest.mark.parametrize(("plays_box", "kind"), [(True, Silent), (False, Unfinished)])
def test_a_chat_model_that_does_not_answer_is_gone_for_now(
    tmp_path: Path, plays_box: bool, kind: type[Exception]
) -> None:
    model = ScriptedChatModel(script=[RuntimeError("no key")])
    chat = KeptChat(Chat(model, "judge"), tmp_path / "judge.jsonl", plays_box=plays_box)
    with pytest.raises(kind, match=r"judge: .*no key"):
        chat.ask("a")
