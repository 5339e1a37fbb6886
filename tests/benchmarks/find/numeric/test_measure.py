"""Rows of results: the official score, exceptions, noise, and what stands beside them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from zetetic.benchmarks.find.numeric.baselines import fit_baselines
from zetetic.benchmarks.find.numeric.measure import ORACLE, RowResult, clip_claims, complement, measure, names_interval
from zetetic.benchmarks.find.numeric.official import OFFICIAL_GRID, succeeds
from zetetic.benchmarks.find.numeric.report import FindReport, figures, report_on
from zetetic.benchmarks.find.numeric.sources import load_subject, open_source
from zetetic.benchmarks.find.numeric.subject import Subject
from zetetic.benchmarks.trial import Trial, failed_trial


def trial(code: str, exceptions: tuple[tuple[float, float], ...] = (), queries: int = 300) -> Trial:
    return Trial(code, "", "", exceptions, 0.0, "explained", queries, 1.0, 0.5)


def direct_indicator(drawn: np.ndarray, predicted: np.ndarray) -> bool:
    wrong = whole = 0.0
    for truth, guess in zip(drawn, predicted):
        if math.isnan(abs(truth)) or math.isinf(abs(truth)):
            continue
        if not math.isfinite(abs(guess)):
            return False
        wrong += abs(truth - guess) ** 2
        whole += abs(truth) ** 2
    return wrong / whole < 0.1


def test_the_official_grid() -> None:
    assert OFFICIAL_GRID.tolist() == [i + 0.5 for i in range(-128, 128)]


def test_the_official_score_is_what_a_direct_reading_gives(find_data: Path) -> None:
    for name in open_source(find_data).ids[::9]:
        subject = load_subject(find_data, name)
        drawn, predicted = subject.draw(OFFICIAL_GRID, 3), subject.draw(OFFICIAL_GRID, 4)
        assert succeeds(drawn, predicted) == direct_indicator(drawn, predicted), name


def test_the_oracle_reaches_its_known_score(find_data: Path) -> None:
    names = open_source(find_data).ids
    subjects = [load_subject(find_data, name) for name in names]
    hits = sum(succeeds(s.draw(OFFICIAL_GRID, 0), s.expected(OFFICIAL_GRID)) for s in subjects)
    assert hits / len(names) == pytest.approx(0.894, abs=0.01)


def test_baselines_do_better_with_more_knots(find_data: Path) -> None:
    names = open_source(find_data).ids[::5]
    rows = [measure(load_subject(find_data, n), failed_trial("nothing"), seed=0) for n in names]
    report = report_on(rows, data="", engine="", seed=0, budget_queries=1, missing=0)
    official = {p.name: p.official.hits for p in report.predictors}
    order = ["constant", "linear", "interpolation of 17", "interpolation of 65", "interpolation of 257", ORACLE]
    hits = [official[name] for name in order]
    assert hits == sorted(hits)
    assert hits[0] < hits[-1]


def test_baselines_fit_what_they_can_express() -> None:
    xs = np.linspace(-128, 128, 777)
    line = fit_baselines(lambda at: (3 * at - 1 + 2j * at).astype(np.complex128))
    assert np.allclose(line["linear"](xs), 3 * xs - 1 + 2j * xs)
    assert np.allclose(line["interpolation of 17"](xs), 3 * xs - 1 + 2j * xs)
    assert np.allclose(line["constant"](xs), -1)
    nowhere = fit_baselines(lambda at: np.full(len(at), complex(math.nan, math.nan)))
    assert all(np.isnan(predict(xs)).all() for predict in nowhere.values())
    half = fit_baselines(lambda at: np.where(at >= 0, at, math.nan).astype(np.complex128))
    assert half["interpolation of 65"](np.array([-50.0, 50.0])) == pytest.approx([0.0, 50.0])


def test_the_true_formula_is_exact_and_a_wrong_one_is_not(rows_file: Path) -> None:
    subject = load_subject(rows_file, "f2")
    right = measure(subject, trial("def explained(x):\n    return 2.5 * x - 4.0\n"), seed=0)
    assert right.mark.official
    assert right.mark.exact
    assert right.mark.close == 1.0
    off = measure(subject, trial("def explained(x):\n    return 2.6 * x - 4.0\n"), seed=0)
    assert off.mark.official
    assert not off.mark.exact
    for code in ("def explained(x):\n    return 2.5 * x - 4.0 if x < 100 else float('nan')\n", "not python", "x = 1"):
        assert not measure(subject, trial(code), seed=0).mark.official


def test_noise_is_allowed_for_and_its_mean_belongs_to_the_function(rows_file: Path) -> None:
    subject = load_subject(rows_file, "f3")
    lifted = measure(subject, trial("def explained(x):\n    return 0.5 * x + 6.0\n"), seed=0)
    assert lifted.within_noise
    assert lifted.rms == pytest.approx(0.0, abs=1e-9)
    assert lifted.allowance == pytest.approx(3 * math.sqrt(3 / 300))
    bare = measure(subject, trial("def explained(x):\n    return 0.5 * x + 5.0\n"), seed=0)
    assert bare.within_noise is False


def test_a_corruption_is_found_by_its_ends_only(rows_file: Path) -> None:
    subject = load_subject(rows_file, "f4")
    code = "def explained(x):\n    return 1.5 * x + 2.0\n"
    for claims, found, complemented in [
        ((), False, False),
        (((20.5, 128.0),), True, False),
        (((21.4, math.inf),), True, False),
        (((21.6, 128.0),), False, False),
        (((-math.inf, 20.0),), False, True),
        (((0.0, 5.0), (20.0, 500.0)), True, False),
    ]:
        row = measure(subject, trial(code, claims), seed=0)
        assert (row.corrupted, row.stands_out) == (True, True)
        assert (row.found, row.found_by_complement) == (found, complemented), claims
        assert row.mark.exact, "noise-free figures leave the corruption out"
        assert not row.mark.official


def test_false_claims_count_functions_without_corruption(rows_file: Path) -> None:
    line = "def explained(x):\n    return 2.5 * x - 4.0\n"
    rows = [
        measure(load_subject(rows_file, "f1"), trial(line), seed=0),
        measure(load_subject(rows_file, "f2"), trial(line, ((3.0, 4.0), (8.0, 9.0))), seed=0),
        measure(load_subject(rows_file, "f3"), trial(line, ((300.0, 400.0),)), seed=0),
        measure(load_subject(rows_file, "f4"), trial(line, ((3.0, 4.0),)), seed=0),
    ]
    total = figures(rows)
    assert (total.false_claims.hits, total.false_claims.count) == (1, 3)
    assert (total.found.hits, total.found.count) == (0, 1)
    assert (total.exact_clean.hits, total.exact_clean.count) == (1, 2)


def test_a_failed_trial_fails_everything(rows_file: Path) -> None:
    row = measure(load_subject(rows_file, "f2"), failed_trial("not done after 9 s", seconds=9.0), seed=0)
    assert [row.mark.official, row.mark.fresh, row.mark.exact, row.found] == [False] * 4
    assert figures([row]).failed == 1
    assert figures([row]).seconds.median is None


def test_results_survive_json(rows_file: Path) -> None:
    row = measure(load_subject(rows_file, "f2"), failed_trial("broken"), seed=0)
    assert row.mark.official_nmse == math.inf
    assert RowResult.model_validate_json(row.model_dump_json()) == row
    report = report_on([row], data="d", engine="e", seed=0, budget_queries=400, missing=0)

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    for text in (report.model_dump_json(), json.dumps(report.model_dump(mode="json"))):
        assert FindReport.model_validate(json.loads(text, parse_constant=refuse)) == report


def test_claims_are_clipped_and_compared() -> None:
    assert clip_claims([(-math.inf, -100.0), (130.0, 140.0), (0.0, 1.0)]) == ((-128.0, -100.0), (0.0, 1.0))
    assert complement((-128.0, 20.0)) == [(20.0, 128.0)]
    assert complement((-5.0, 5.0)) == [(-128.0, -5.0), (5.0, 128.0)]
    assert names_interval([(-128, -5.5), (5.5, 128)], *complement((-5.0, 5.0)))
    assert not names_interval([(-128, -5.5)], *complement((-5.0, 5.0)))
    assert not names_interval([(0, 1)])


def test_a_signal_is_visible_or_not(rows_file: Path) -> None:
    base = load_subject(rows_file, "f1")

    def like(truth: object) -> Subject:
        fields = {f: getattr(base, f) for f in Subject.__slots__}
        return Subject(**{**fields, "truth": truth})

    assert base.visible()
    assert not like(lambda xs: np.zeros(len(xs), dtype=complex)).visible()
    assert not like(lambda xs: np.full(len(xs), complex(math.nan, 0))).visible()
    assert like(lambda xs: np.exp(-((xs - 20.0) ** 2)).astype(complex)).visible()
    assert not like(lambda xs: np.exp(-((xs - 400.0) ** 2)).astype(complex)).visible()
