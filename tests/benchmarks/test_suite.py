"""Suites: their functions are what they say, and judging them is fair."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zetetic.benchmarks import formulas, generality, relu
from zetetic.benchmarks.accuracy import evaluate
from zetetic.benchmarks.suite import AddedNoise, SuiteOptions, Target, fresh_points, judge, run_suite
from zetetic.benchmarks.suite_report import SuiteReport, add_up
from zetetic.benchmarks.trial import Effort, Trial, failed_trial
from zetetic.tools.black_boxes import Interval, NumericDomain

UNIT = NumericDomain((Interval(0.0, 10.0),))


def trial(code: str, exceptions: tuple[tuple[float, float], ...] = ()) -> Trial:
    return Trial(f"def explained(x):\n    return {code}\n", "", "", exceptions, 0.0, "explained", 400, 1.0, 0.5)


def test_the_truth_is_recovered_and_a_near_miss_is_not() -> None:
    target = Target("t", "c", lambda x: 3.0 * x + 100.0, UNIT)
    assert judge(target, trial("3.0 * x + 100.0"), seed=0).exact
    near = judge(target, trial("3.0 * x + 100.1"), seed=0)
    assert not near.exact, "the NMSE is centred: a large level does not hide an error"
    assert near.r2 > 0.99
    undefined = judge(target, trial("float('nan')"), seed=0)
    assert not undefined.recovered
    assert undefined.nmse == math.inf
    assert not judge(target, failed_trial("nothing"), seed=0).recovered


def test_noise_excuses_what_it_must() -> None:
    target = Target("t", "c", lambda x: 3.0 * x, UNIT, AddedNoise("normal", 1.0), parameters=2)
    assert judge(target, trial("3.0 * x + 0.2"), seed=0).recovered
    assert not judge(target, trial("3.0 * x + 0.2"), seed=0).exact
    assert not judge(target, trial("3.0 * x + 0.3"), seed=0).recovered
    counted = Target("t", "c", lambda x: 3.0 * x, UNIT, AddedNoise("poisson", 4.0))
    assert judge(counted, trial("3.0 * x + 4.0"), seed=0).exact


def test_exceptions_are_counted() -> None:
    target = Target("t", "c", lambda x: 9.0 if 2 <= x <= 3 else x, UNIT, exceptions=((2.0, 3.0),))
    found = judge(target, trial("9.0 if 2 <= x <= 3 else x", ((2.01, 2.99),)), seed=0)
    assert (found.exact, found.exceptions, found.exceptions_found, found.false_claim) == (True, 1, 1, False)
    missed = judge(target, trial("x", ((2.1, 3.0),)), seed=0)
    assert (missed.exact, missed.exceptions_found) == (False, 0)
    plain = Target("t", "c", lambda x: x, UNIT)
    assert judge(plain, trial("x", ((1.0, 2.0),)), seed=0).false_claim
    report = add_up("title", [found, missed], missing=0)
    assert (report.total.exceptions, report.total.exceptions_found, report.total.exact) == (2, 1, 1)


@pytest.mark.parametrize("kind", ["normal", "uniform", "laplace", "poisson", "proportional"])
def test_noise_has_the_spread_it_says(kind: str) -> None:
    noise = AddedNoise(kind, 2.0)  # type: ignore[arg-type]
    rng = np.random.default_rng(0)
    drawn = np.array([noise.draw(1.0, rng) for _ in range(20000)])
    assert np.mean(drawn) == pytest.approx(noise.mean, abs=0.06)
    assert np.std(drawn) == pytest.approx(noise.deviation(np.ones(1, dtype=complex)), rel=0.05)


def test_a_box_answers_with_the_law_and_its_noise() -> None:
    noisy = Target("t", "c", lambda x: x, UNIT, AddedNoise("normal", 0.1))
    first, again, other = ([r.value for r in noisy.box(seed).ask([(1.0,), (2.0,)])] for seed in (0, 0, 1))
    assert first == again != other
    assert first == pytest.approx([1.0, 2.0], abs=0.6)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_general_set_is_wide_and_well_formed(seed: int) -> None:
    targets = [generality.target(name, seed) for name in generality.names(seed)]
    assert len(targets) >= 150
    assert len({t.name for t in targets}) == len(targets)
    assert len({t.category for t in targets}) >= 15
    for target in targets:
        points = fresh_points(target, 0)
        values = evaluate(target.law, points)
        finite = np.isfinite(values)
        assert finite.mean() > (0.3 if not target.domain.stated else 0.99), target.name
        assert np.std(values[finite]) > 0, target.name
        assert len(points) > 700, target.name
        for low, high in target.exceptions:
            assert target.domain.inputs[0].low < low < high < target.domain.inputs[0].high, target.name
            assert (high - low) / target.domain.inputs[0].width > 0.009, target.name


def test_the_general_set_depends_on_its_seed_alone() -> None:
    for name in generality.names(0)[::10]:
        one, same, other = generality.target(name, 0), generality.target(name, 0), generality.target(name, 1)
        points = fresh_points(one, 0)[:50]
        assert np.array_equal(evaluate(one.law, points), evaluate(same.law, points), equal_nan=True)
        assert one.domain == same.domain
        shared = [p for p in points if other.domain.contains(p)]
        differs = one.domain != other.domain or not np.array_equal(
            evaluate(one.law, shared), evaluate(other.law, shared), equal_nan=True
        )
        assert differs, name


def test_scales_run_from_small_to_large() -> None:
    widths = [generality.target(n, 0).domain.inputs[0].width for n in generality.names(0)]
    assert min(widths) < 1e-4
    assert max(widths) > 1e5


def test_formulas_are_enough_and_finite() -> None:
    targets = [formulas.target(name, 0) for name in formulas.names(0)]
    assert len(targets) >= 30
    assert {t.domain.arity for t in targets} == {2, 3, 4}
    for target in targets:
        values = evaluate(target.law, fresh_points(target, 0))
        assert np.isfinite(values).all(), target.name
        assert np.std(values) > 0, target.name
        first = fresh_points(target, 0)[0]
        (reply,) = target.box(0).ask([first])
        assert reply.value == target.law(*first)


def test_networks_are_piecewise_linear_and_trained() -> None:
    assert len(relu.names(0)) >= 20
    for name in relu.names(0)[:3]:
        target = relu.target(name, 0)
        xs = np.linspace(-100.0, 100.0, 4001)
        values = evaluate(target.law, [(float(x),) for x in xs]).real
        assert np.std(values) > 0
        bends = np.abs(np.diff(values, 2)) > 1e-9 * np.max(np.abs(values))
        assert 1 <= bends.sum() <= 2 * relu.HIDDEN


def test_a_suite_runs_and_goes_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("suite") / "out.jsonl"
    given = SuiteOptions("zetetic.benchmarks.formulas", Effort(60, 2.0, 0), jobs=1, out=out, limit=1)
    report = run_suite(given)
    assert report.total.functions == 1
    assert report.total.failed == 0
    assert SuiteReport.model_validate_json(report.model_dump_json()) == report
    assert len(out.read_text().splitlines()) == 1
    assert run_suite(given) == report
    assert len(out.read_text().splitlines()) == 1
