"""Scores and baselines: what r2 says in every corner, and that baselines are what they claim to be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zetetic.sandboxes import Limits, Lost, Returned, SandboxError, open_sandbox
from zetetic.tools.scoring import (
    CodeError,
    Score,
    as_numbers,
    bootstrap_r2,
    errors,
    finite_number,
    fit_baselines,
    load_explained,
    nearest_answered,
    predict_all,
    r2,
)

sizes = st.floats(-1e300, 1e300)


def score(truth, predicted):
    truth = as_numbers(truth)
    return r2(truth, errors(truth, as_numbers(predicted)))


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=30), st.integers(0, 10**6))
def test_r2_is_the_textbook_one(truth, seed):
    truth = np.array(truth)
    if np.ptp(truth) < 1e-3:
        return
    predicted = truth + np.random.default_rng(seed).normal(size=len(truth))
    expected = 1 - np.sum((truth - predicted) ** 2) / np.sum((truth - truth.mean()) ** 2)
    assert score(truth, predicted) == pytest.approx(max(expected, -1e6), rel=1e-6, abs=1e-9)


@given(st.lists(sizes, min_size=1, max_size=20))
@example([5e-324])
def test_a_perfect_prediction_scores_one_at_every_size(truth):
    assert score(truth, truth) == 1.0


@given(st.lists(sizes, min_size=2, max_size=20), st.lists(st.one_of(st.none(), sizes), min_size=20, max_size=20))
def test_r2_is_always_a_finite_number_up_to_one(truth, predicted):
    value = score(truth, predicted[: len(truth)])
    assert -1e6 <= value <= 1.0


def test_constant_replies_score_one_within_tolerance_and_else_nothing():
    assert score([40.0] * 5, [40.0 + 1e-6] * 5) == 1.0
    assert score([40.0] * 5, [40.1] * 5) == 0.0
    assert score([0.0] * 5, [0.0] * 5) == 1.0
    assert score([0.0] * 5, [1e-3] * 5) == 0.0
    assert score([7.0], [7.0]) == 1.0


def test_a_missing_prediction_costs_the_whole_range():
    assert score([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, None]) == pytest.approx(1 - 9 / 5)
    assert score([2.0, 2.0], [2.0, None]) == 0.0


def test_complex_replies_count_by_distance():
    assert score([1j, 2j, 3j], [1j, 2j, 3j]) == 1.0
    assert score([1j, 2j, 3j], [1.0, 2.0, 3.0]) < 0


def test_the_interval_holds_the_value_narrows_with_data_and_repeats_with_its_seed():
    rng = np.random.default_rng(0)
    widths = []
    for n in (20, 2000):
        truth = rng.normal(size=n).astype(complex)
        missed = errors(truth, truth + 0.3 * rng.normal(size=n))
        low, high = bootstrap_r2(truth, missed, np.random.default_rng(1))
        assert low < r2(truth, missed) < high
        assert bootstrap_r2(truth, missed, np.random.default_rng(1)) == (low, high)
        widths.append(high - low)
    assert widths[1] < widths[0] / 3


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(100):
        truth = rng.normal(size=60).astype(complex)
        low, high = bootstrap_r2(truth, np.abs(0.5 * rng.normal(size=60)), rng)
        hits += low <= 0.75 <= high
    assert hits >= 85


def test_baselines_of_a_line():
    x = np.linspace(-5, 5, 11)[:, None]
    fitted = fit_baselines(x, (3.0 * x[:, 0] + 1.0).astype(complex))
    fresh = np.array([[0.25], [4.9], [9.0]])
    assert fitted["constant"](fresh) == pytest.approx([1.0] * 3)
    assert fitted["linear"](fresh) == pytest.approx([1.75, 15.7, 28.0])
    assert fitted["interpolation"](fresh) == pytest.approx([1.75, 15.7, 16.0])
    assert fitted["lookup"](fresh) == pytest.approx([1.0, 16.0, 16.0])


def test_repeats_are_averaged():
    x = np.array([[0.0], [0.0], [1.0]])
    fitted = fit_baselines(x, np.array([1.0, 3.0, 5.0], dtype=complex))
    assert fitted["interpolation"](np.array([[0.0], [0.5]])) == pytest.approx([2.0, 3.5])


@pytest.mark.parametrize("arity", [2, 3, 4, 6])
def test_interpolation_of_several_inputs_returns_the_queries_and_reaches_everywhere(arity):
    rng = np.random.default_rng(arity)
    x = rng.uniform(-1, 1, (60, arity)) * np.array([1e-6, 1.0, 1e6, 1.0, 1.0, 1.0])[:arity]
    y = rng.normal(size=60) + 1j * rng.normal(size=60)
    predict = fit_baselines(x, y)["interpolation"]
    assert predict(x) == pytest.approx(y)
    assert np.all(np.isfinite(predict(3.0 * x)))


def test_queries_on_one_line_of_the_plane_are_no_obstacle():
    x = np.array([[t, 2.0 * t] for t in range(10)])
    fitted = fit_baselines(x, x[:, 0].astype(complex))
    assert all(np.all(np.isfinite(p(np.array([[3.5, -1.0]])))) for p in fitted.values())


def test_the_nearest_query_says_whether_the_box_answers():
    x = np.array([[0.0], [0.0], [0.0], [1.0], [2.0]])
    answers = nearest_answered(x, np.array([True, True, False, False, True]))
    assert answers(np.array([[-5.0], [0.4], [1.1], [9.0]])).tolist() == [True, True, False, True]


def test_one_query_is_enough_for_baselines():
    fitted = fit_baselines(np.array([[2.0]]), np.array([5.0], dtype=complex))
    assert all(p(np.array([[9.0]])) == pytest.approx([5.0]) for p in fitted.values())


def test_code_is_run_by_itself_with_scalars():
    code = "import math\nK = 2\n\ndef explained(x, y):\n    assert type(x) is float\n    return K * math.sqrt(x) / y\n"
    assert predict_all(code, [(4.0, 1.0), (-1.0, 1.0), (1.0, 0.0)]) == [4.0, None, None]
    assert predict_all("import numpy as np\ndef explained(x): return np.log(x)", [(1.0,), (0.0,), (-1.0,)]) == [
        0.0,
        None,
        None,
    ]
    assert predict_all("def explained(x): return x ** 0.5", [(-4.0,)])[0] == pytest.approx(2j)


CODES = ["def explained(x:", "x = 1", "explained = 3", "raise SystemError('no')"]


@pytest.mark.parametrize("code", CODES)
def test_code_without_the_function_is_refused(code):
    with pytest.raises(CodeError, match=r"explained|does not run"):
        load_explained(code)


@pytest.fixture(scope="module")
def sandbox():
    try:
        opened = open_sandbox(limits=Limits(wall_seconds=1.0))
    except SandboxError as error:
        pytest.skip(f"no sandbox works here: {error}")
    with opened:
        yield opened


@pytest.mark.parametrize(
    "code",
    [
        "import math\nK = 2.5\n\ndef explained(x, y):\n    return K * math.sqrt(x) / y\n",
        "import numpy as np\n\ndef explained(x, y):\n    return np.log(np.float64(x)) + np.where(y > 0, y, -np.inf)\n",
        "def explained(x, y):\n    return x ** 0.5 * y\n",
        "def explained(x, y):\n    return [1, True, None, 'text', 10**400, x, [y]][int(x) % 7]\n",
        "import numpy as np\n\ndef explained(x, y):\n    return np.array([[x]]) if y > 0 else np.array([x, y])\n",
        "import warnings\n\ndef explained(x, y):\n    warnings.warn('odd')\n    return 0.1 + 0.2 + x * y\n",
    ],
)
def test_code_in_a_sandbox_predicts_what_it_predicts_here(sandbox, code):
    points = [(float(x), float(y)) for x in range(-4, 9) for y in (-1.5, 0.0, 1e-300, 7.25)]
    here, there = predict_all(code, points), predict_all(code, points, sandbox=sandbox)
    assert there == here
    assert [type(value) for value in there] == [type(value) for value in here]
    assert not all(value is None for value in here)


@pytest.mark.parametrize("code", CODES)
def test_a_sandbox_refuses_the_same_code(sandbox, code):
    with pytest.raises(CodeError, match=r"explained|does not run"):
        predict_all(code, [(1.0,)], sandbox=sandbox)


def test_code_that_would_harm_us_predicts_nothing(sandbox):
    code = "import os, time\n\ndef explained(x):\n    x == 1 and time.sleep(60) or x and os._exit(1)\n    return x\n"
    assert predict_all(code, [(0.0,), (1.0,), (2.0,), (0.0,)], sandbox=sandbox) == [0.0, None, None, 0.0]


def test_a_lost_sandbox_is_no_verdict_on_the_code():
    class Loaded:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def call(self, inputs):
            return [Returned(1.0), Lost("its server died")]

    class Fake:
        def load(self, code, entry):
            return Loaded()

    with pytest.raises(SandboxError, match="its server died"):
        predict_all("def explained(x): return x", [(1.0,), (2.0,)], sandbox=Fake())


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3.0),
        (True, 1.0),
        (np.float64(2.5), 2.5),
        (np.bool_(True), 1.0),
        (np.int64(4), 4.0),
        (np.array([1.5]), 1.5),
        (1j, 1j),
        (math.nan, None),
        (math.inf, None),
        (complex(1, math.nan), None),
        ("3", None),
        (None, None),
        ([1.0], None),
        (10**400, None),
    ],
)
def test_what_counts_as_a_number(value, number):
    assert finite_number(value) == number


def test_a_score_beats_baselines_by_the_low_end_of_its_interval():
    assert Score(0.9, 0.8, 0.95, "r2", 30, baselines={"linear": 0.7}).beats_baselines
    assert not Score(0.9, 0.8, 0.95, "r2", 30, baselines={"linear": 0.85}).beats_baselines
