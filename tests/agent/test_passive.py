"""Runs on examples alone: what survives, what was foretold, what would tell programs apart, and honest endings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zetetic.agent import Event, RunRecord, Store
from zetetic.agent.foretelling import Foretold, Row, verdict_of
from zetetic.agent.passive import MEMO, brief_of, cast, kept_aside, searcher_of
from zetetic.agent.types import Explanation, Observation
from zetetic.tools.black_boxes import BlackBoxError, Reply
from zetetic.tools.examples import Examples, ExamplesBox, read_examples

WORDS = "hello world apple Banana kiwi Zebra9 grape melon lemon orange papaya cherry Plum fig date".split()  # noqa: SIM905


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def texts(function: Any, words: Sequence[str] = WORDS) -> Examples:
    pairs = tuple((w, said if isinstance(said := function(w), str) else float(said)) for w in words)
    return Examples("made up", "texts" if isinstance(pairs[0][1], str) else "counts", ("input",), "output", pairs)


def numbers(function: Any, points: Sequence[float]) -> Examples:
    return Examples("made up", "numbers", ("x",), "y", tuple(((float(x),), float(function(x))) for x in points))


def run(store: Store, examples: Examples, **brief: Any) -> tuple[Explanation, RunRecord]:
    box = ExamplesBox(examples)
    settings: dict[str, Any] = {"seed": 0, "seconds": 20.0, "options": {"seed": 0}} | brief
    journal = store.create(brief_of(box, **settings))
    return cast(journal, box).run(), journal.record()


def test_pairs_kept_aside_are_foretold_before_they_are_looked_at(store: Store) -> None:
    explanation, record = run(store, texts(lambda w: w[::-1]))
    assert explanation.outcome == "explained"
    assert explanation.score is not None
    assert (explanation.score.value, explanation.score.held_out) == (1.0, 4)
    assert "4 pairs kept aside were foretold by what the other 11 gave" in explanation.reason
    assert "found again from all 15" in explanation.reason
    aside = [o.why for o in record.observations].count("kept aside: foretold by what the others gave")
    assert aside == 4
    first_step = record.steps[0]
    assert first_step.queries == 11
    assert len(record.observations) == 15


def test_few_pairs_are_left_out_in_turn(store: Store) -> None:
    explanation, record = run(store, numbers(lambda x: x * x, range(1, 6)))
    assert explanation.formula == "x^2"
    assert explanation.outcome == "explained"
    assert explanation.score is not None
    assert explanation.score.held_out == 5
    assert "all 5 pairs were, left out in turn, foretold by what the other 4 gave" in explanation.reason
    assert record.memos[MEMO]["way"] == "left out"


def test_two_pairs_are_explained_but_nothing_is_claimed(store: Store) -> None:
    explanation, record = run(store, texts(lambda w: w.upper(), ["ab", "cde"]))
    assert explanation.description
    assert explanation.outcome == "not_better_than_baseline"
    assert explanation.score is None
    assert "how it does on others is not known" in explanation.reason
    assert record.memos[MEMO]["way"] == "none"


def test_every_survivor_is_ranked_and_the_input_that_separates_the_first_two_is_named(store: Store) -> None:
    _, record = run(store, texts(lambda w: w[::-1], ["ab", "cde", "fghi"]))
    account = record.memos[MEMO]
    bits = [s["bits"] for s in account["survivors"]]
    assert len(bits) > 1
    assert bits == sorted(bits)
    assert all("all 3 pairs" in s["evidence"] for s in account["survivors"])
    apart = account["separating"]
    assert apart["first"] != apart["other"]
    said = []
    for rank in (1, apart["rank"]):
        scope: dict[str, Any] = {}
        exec(account["survivors"][rank - 1]["code"], scope)
        said.append(scope["explained"](apart["input"]))
    assert said == [apart["first"], apart["other"]]


def test_numbers_computed_from_texts_are_numbers_in_the_code(store: Store) -> None:
    explanation, _ = run(store, texts(len))
    assert explanation.outcome == "explained"
    scope: dict[str, Any] = {}
    exec(explanation.code, scope)
    assert scope["explained"]("abcdefgh") == 8
    assert explanation.score is not None
    assert explanation.score.metric == "r2"


def test_contradictions_are_told_and_left_out_of_texts(store: Store) -> None:
    examples = texts(lambda w: w[::-1])
    doubtful = Examples("made up", "texts", ("input",), "output", (*examples.pairs, ("hello", "x")))
    explanation, record = run(store, doubtful)
    assert explanation.outcome == "explained"
    account = record.memos[MEMO]
    assert account["contradictions"] == [{"input": "hello", "answers": ["olleh", "x"]}]
    assert "one input has more than one answer (such as 'hello': 'olleh', 'x')" in account["notes"][0]


def test_noise_is_named_and_a_line_need_not_beat_the_linear_baseline(store: Store) -> None:
    rng = np.random.default_rng(3)
    examples = numbers(lambda x: 3 * x + 1 + 0.3 * rng.normal(), np.linspace(-5, 5, 16))
    explanation, _ = run(store, examples, seconds=6.0)
    assert explanation.noise is not None
    assert explanation.outcome == "explained"
    assert explanation.score is not None
    assert explanation.score.value > 0.98
    assert explanation.score.baselines["linear"] > 0.98


def test_what_only_fits_what_it_was_fitted_to_is_not_called_explained(store: Store) -> None:
    rng = np.random.default_rng(8)
    explanation, _ = run(store, numbers(lambda x: rng.normal(), np.linspace(0, 10, 16)), seconds=6.0)
    assert explanation.outcome == "not_better_than_baseline"


def test_texts_without_any_pattern_end_honestly(store: Store) -> None:
    said = ("qpxz", "wkjv", "mmno", "zzyx", "plok", "aqws")
    odd = Examples("made up", "texts", ("input",), "output", tuple(zip(WORDS[:6], said)))
    explanation, record = run(store, odd, seconds=4.0)
    assert explanation.outcome == "not_better_than_baseline"
    assert record.status == "concluded"


def test_sentences_that_nothing_fits_are_pointed_elsewhere() -> None:
    sentences = [f"the {a} ran over the {b} again" for a in ("dog", "cat") for b in ("hill", "road")]
    search = searcher_of(texts(lambda w: w.title(), sentences), 0)
    assert "explain-dataset" in search.notes(False)[0]
    assert not search.notes(True)


def test_an_interrupted_run_goes_on_and_ends_the_same(store: Store) -> None:
    examples = texts(lambda w: w[::-1])
    whole, _ = run(store, examples)
    box = ExamplesBox(examples)
    journal = store.create(brief_of(box, seed=0, seconds=20.0, options={"seed": 0}))

    def die(event: Event) -> None:
        if event.sequence == 14:
            raise KeyboardInterrupt

    forget = journal.subscribe(die)
    with pytest.raises(KeyboardInterrupt):
        cast(journal, box).run()
    forget()
    again = ExamplesBox(examples)
    resumed = cast(journal, again).resume()
    assert (resumed.description, resumed.reason) == (whole.description, whole.reason)
    assert len(journal.record().observations) == 15


def test_a_file_that_changed_since_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("x,y\nab,ba\nabc,cba\n")
    box = ExamplesBox(read_examples(path))
    journal = store.create(brief_of(box, seed=0, seconds=5.0, options={}))
    forget = journal.subscribe(_after_the_digest)
    with pytest.raises(KeyboardInterrupt):
        cast(journal, box).run()
    forget()
    path.write_text("x,y\nab,ba\nabc,xyz\n")
    with pytest.raises(BlackBoxError, match="other pairs than when the run was begun"):
        cast(journal, ExamplesBox(read_examples(path))).resume()


def _after_the_digest(event: Event) -> None:
    if event.data.get("memo") != "digest":
        raise KeyboardInterrupt


def test_every_fourth_is_kept_aside_over_all_sizes_and_the_same_for_a_seed() -> None:
    search = searcher_of(texts(len, [("ab" * n)[:n] for n in range(1, 25)]), 0)
    chosen = kept_aside(search.testable, search, 5)
    assert chosen == kept_aside(search.testable, search, 5)
    assert len(chosen) == 6
    sizes = sorted(search.size_of(k) for k in chosen)
    assert all(b - a == 4 for a, b in itertools.pairwise(sizes))


def test_pairs_of_one_input_are_kept_aside_together() -> None:
    points = [x for x in range(12) for _ in range(2)]
    rng = np.random.default_rng(0)
    search = searcher_of(numbers(lambda x: x + rng.normal(), points), 0)
    chosen = kept_aside(range(search.count), search, 0)
    assert all((k ^ 1) in chosen for k in chosen)


def observation(n: int, value: Any) -> Observation:
    return Observation(n, (float(n),), Reply(value), "", "query", 0, 0.0)


def test_a_verdict_on_exact_numbers_counts_what_came_out_otherwise() -> None:
    rows = tuple(Row(observation(n, 2.0 * n), 2.0 * n + (n == 3), {"constant": 5.0}) for n in range(5))
    verdict = verdict_of(Foretold("kept aside", rows, 20), [], seed=0, round=1)
    assert not verdict.explains
    assert (verdict.failed, verdict.score.held_out) == (1, 5)
    assert verdict.reason.startswith("1 of 5 pairs kept aside came out otherwise than foretold by what the other 15")
    assert verdict.failing[0].predicted == 7.0


def test_a_prediction_that_is_missing_counts_as_wrong() -> None:
    rows = tuple(Row(observation(n, 2.0 * n), None if n == 1 else 2.0 * n, {"constant": 5.0}) for n in range(5))
    assert verdict_of(Foretold("left out", rows, 5), [], seed=0, round=1).failed == 1
    words = tuple(Row(observation(n, "ab"), None if n < 2 else "ab", {"constant": "x"}) for n in range(5))
    verdict = verdict_of(Foretold("left out", words, 5), [], seed=0, round=1)
    assert (verdict.failed, verdict.score.value) == (2, 0.6)


def test_without_tested_pairs_nothing_is_scored() -> None:
    verdict = verdict_of(Foretold(pairs=3), [], seed=0, round=1)
    assert verdict.score.held_out == 0
    assert math.isnan(verdict.score.value)
    assert not verdict.explains
