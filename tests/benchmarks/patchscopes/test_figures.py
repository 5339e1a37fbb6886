"""The benchmark's figures: computed right from what was measured, and honest about controls."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.benchmarks.patchscopes.extraction import SHARES, attributes_report, pick, spread
from zetetic.benchmarks.patchscopes.next_token import LOGIT_LENS, METHODS, TOKEN_IDENTITY, TUNED_LENS, Measured
from zetetic.benchmarks.patchscopes.report import by_origin, next_token_report
from zetetic.benchmarks.patchscopes.sample import split_origins
from zetetic.tools.patchscope.task_files import Example


def measured(shares, n=200, layers=4):
    """Made-up results: each method hits with its share, for the same draws."""
    draws = np.random.default_rng(0).random((n, layers))
    return {name: Measured((draws < share).astype(float), -np.log(draws + 1e-3)) for name, share in shares.items()}


def shares(identity, control, lens=0.2, tuned=0.3):
    controls = {m.name: control for m in METHODS if m.kind == "control"}
    return {LOGIT_LENS: lens, TUNED_LENS: tuned, TOKEN_IDENTITY: identity} | controls


ORIGINS = tuple(f"o{i % 50}" for i in range(200))


@pytest.mark.parametrize(
    ("identity", "control", "met", "said"),
    [
        (0.45, 0.50, True, "an unrelated target does better"),
        (0.45, 0.45, True, "an unrelated target does as well"),
        (0.45, 0.20, True, "It beats every unrelated control"),
        (0.30, 0.20, False, "a tuned lens, which runs no further layer, does as well"),
    ],
)
def test_the_bar_and_the_controls_are_told(identity, control, met, said):
    report = next_token_report("m", ORIGINS, measured(shares(identity, control)))
    assert report.bar_met is met
    assert said in report.verdict
    assert len(report.methods) == len(METHODS)
    assert len(report.differences) == len(METHODS) - 1


def test_means_are_over_positions_and_bands_hold_them():
    report = next_token_report("m", ORIGINS, measured(shares(0.5, 0.4)))
    by_name = {m.name: m for m in report.methods}
    found = measured(shares(0.5, 0.4))[TOKEN_IDENTITY].hits
    curve = by_name[TOKEN_IDENTITY].precision
    assert curve.mean == pytest.approx(found.mean(axis=0).tolist())
    assert all(low <= mean <= high for low, mean, high in zip(curve.low, curve.mean, curve.high))
    assert by_name[TOKEN_IDENTITY].mean_precision.value == pytest.approx(found.mean())


def test_origins_of_unequal_size_keep_the_mean():
    values = np.random.default_rng(0).random((10, 3))
    grouped = by_origin(values, list("aaaabbbccd"))
    assert grouped.shape == (4, 3)
    assert grouped.mean(axis=0) == pytest.approx(values.mean(axis=0))


def test_where_all_rows_agree_no_origin_differs():
    assert by_origin(np.ones((10, 3)), list("aaaabbbccd")) == pytest.approx(np.ones((4, 3)))


def test_results_survive_a_file():
    one = measured({"a": 0.4})["a"]
    again = Measured.from_dict(one.as_dict())
    assert (again.hits == one.hits).all()
    assert again.surprisals == pytest.approx(one.surprisals, abs=1e-4)


def test_no_origin_is_both_fitted_to_and_evaluated_on():
    evaluated, fitted = split_origins(0)
    assert not {p.origin for p in evaluated} & {p.origin for p in fitted}
    assert len({p.origin for p in evaluated[:100]}) == 100
    assert [p.text for p in split_origins(0)[0]] == [p.text for p in evaluated]
    assert [p.text for p in split_origins(1)[0]] != [p.text for p in evaluated]


def test_examples_are_of_different_subjects():
    rows = [Example("t", i, "", f"s{i % 7}", 0, "", "", "a") for i in range(50)]
    chosen = pick(rows, 5, 0)
    assert len({e.subject for e in chosen}) == 5
    assert pick(rows, 20, 0) == pick(rows, 20, 0)
    assert len(pick(rows, 20, 0)) == 7


def test_layers_are_spread_and_leave_the_last_out():
    assert spread(30, 6) == [0, 6, 11, 17, 22, 28]
    assert spread(4, 10) == [0, 1, 2]


def test_attributes_are_compared_with_each_control():
    n, layers = 40, 2
    right = {name: np.zeros((n, layers), dtype=int).tolist() for name in SHARES}
    right["chosen_patched"] = [[1, i % 2] for i in range(n)]
    right["chosen_unrelated"] = [[1, i % 2] for i in range(n)]
    kept = right | {"direct": [1] * n, "unpatched": [0] * n}
    report = attributes_report("m", {"task": kept}, [0, 1], [0], 20)
    assert report.overall is not None
    assert report.overall.mean_chosen_patched.value == pytest.approx(0.75)
    assert "beats the same question patched with another subject" in report.verdict
    assert "does not beat the subject in a question about nothing" in report.verdict
    assert report.tasks[0].by_layer[1].chosen_patched == pytest.approx(0.5)
