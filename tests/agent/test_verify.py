"""Verification: fresh inputs, code that is really run, and an honest word."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.agent import Observation
from zetetic.agent.frozen import Frozen
from zetetic.agent.verify import draw_held_out, held_out_stream, judge, repeat_deviation
from zetetic.tools.black_boxes import Failure, Interval, NumericDomain, Reply
from zetetic.tools.induction import ExceptionRegion, Noise

LINE = NumericDomain((Interval(-100.0, 100.0),))


def frozen(code, *, noise=None, exceptions=()):
    return Frozen("form", "words", "formula", code, exceptions, noise)


def observe(points, function, purpose="held_out", first=1):
    made = []
    for number, x in enumerate(points, start=first):
        try:
            reply = Reply(function(*x))
        except ValueError as error:
            reply = Reply(None, Failure("raised", str(error)))
        made.append(Observation(number, x, reply, "", purpose, 0, 0.0))
    return made


def verdict_on(code, function, domain=LINE, queries=60, held_out=50, **more):
    rng = np.random.default_rng(3)
    asked = observe(domain.sample(rng, queries), function, "query")
    fresh = draw_held_out(domain, held_out, held_out_stream(0, 1), {o.input for o in asked})
    return judge(frozen(code, **more), observe(fresh, function, first=queries + 1), asked, seed=0, round=1)


intervals = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6)).map(lambda p: Interval(p[0], p[0] + p[1] + 1e-3))


@given(st.lists(intervals, min_size=1, max_size=3), st.integers(1, 64), st.integers(0, 2**40))
def test_held_out_inputs_are_new_different_and_inside(parts, count, seed):
    domain = NumericDomain(tuple(parts))
    queried = set(domain.sample(np.random.default_rng(seed), 50))
    drawn = draw_held_out(domain, count, held_out_stream(seed, 1), queried)
    assert len(drawn) == len(set(drawn)) == count
    assert not set(drawn) & queried
    assert all(domain.contains(p) for p in drawn)
    assert drawn == draw_held_out(domain, count, held_out_stream(seed, 1), queried)
    assert drawn != draw_held_out(domain, count, held_out_stream(seed, 2), queried)


@given(st.integers(0, 2**40))
def test_the_stream_is_not_the_scientists(seed):
    ours = draw_held_out(LINE, 20, held_out_stream(seed, 1), set())
    theirs = LINE.sample(np.random.default_rng(seed), 1000)
    assert not set(ours) & set(theirs)


def test_whole_numbers_run_out_honestly():
    domain = NumericDomain((Interval(0, 9, integer=True),))
    drawn = draw_held_out(domain, 30, held_out_stream(0, 1), {(float(k),) for k in range(7)})
    assert set(drawn) == {(7.0,), (8.0,), (9.0,)}


def test_some_inputs_lie_at_tiny_scales_and_near_the_ends():
    drawn = [x for (x,) in draw_held_out(LINE, 64, held_out_stream(0, 1), set())]
    assert any(abs(x) < 0.1 for x in drawn)
    assert any(abs(abs(x) - 100) < 0.1 for x in drawn)
    assert sum(0.1 < abs(x) < 99.9 for x in drawn) >= 48


def test_exact_code_stands_even_where_a_baseline_is_exact_too():
    verdict = verdict_on("def explained(x): return 3 * x + 1", lambda x: 3 * x + 1)
    assert verdict.explains
    assert (verdict.score.value, verdict.agreement, verdict.failed) == (1.0, 1.0, 0)
    assert verdict.score.baselines["linear"] == pytest.approx(1.0)
    assert "exactly" in verdict.reason


def test_a_wrong_explanation_does_not_stand_and_names_what_it_got_wrong():
    verdict = verdict_on("def explained(x): return 3 * x", lambda x: 3 * x if x < 50 else -x)
    assert not verdict.explains
    assert verdict.failed == round((1 - verdict.agreement) * 50) > 0
    assert all(f.observation.input[0] >= 50 for f in verdict.failing)
    assert len(verdict.failing) <= 16
    misses = [abs(f.predicted - f.observation.reply.value) for f in verdict.failing]
    assert misses == sorted(misses, reverse=True)


def test_what_counts_is_the_code_not_the_description():
    verdict = verdict_on("def explained(x): raise RuntimeError", lambda x: x * x)
    assert (verdict.agreement, verdict.explains) == (0.0, False)
    broken = verdict_on("def explain(x): return x * x", lambda x: x * x)
    assert not broken.explains
    assert "explained" in broken.reason


def test_where_the_box_fails_the_code_must_be_undefined():
    def root(x):
        if x < 0:
            raise ValueError("negative")
        return math.sqrt(x)

    right = verdict_on("import math\ndef explained(x): return math.sqrt(x)", root)
    assert right.agreement == 1.0
    assert 0 < right.score.held_out < 50, "the score is over inputs with a usable reply"
    bold = verdict_on("import math\ndef explained(x): return math.sqrt(abs(x))", root)
    assert bold.score.value == 1.0
    assert bold.agreement < 0.8
    assert not bold.explains
    assert "black box fails" in bold.reason
    assert {f.observation.reply.value for f in bold.failing} == {None}


def test_an_explanation_that_is_undefined_where_the_box_answers_does_not_stand():
    shy = verdict_on("def explained(x): return x * x if x > 0 else float('nan')", lambda x: x * x)
    assert not shy.explains
    assert "none where it answers" in shy.reason


def test_failures_that_no_place_explains_do_not_count_against_an_explanation():
    rng = np.random.default_rng(8)

    def flaky(x):
        if rng.random() < 0.2:
            raise ValueError("no reading now")
        return x * x

    verdict = verdict_on("def explained(x): return x * x", flaky, queries=100)
    assert verdict.failed > 0.05 * 50
    assert verdict.explains


def test_one_miss_next_to_a_pole_does_not_outweigh_all_other_replies():
    code = "def explained(x): return 1 / (-7.8 * x) if abs(x) > 1e-3 else float('nan')"
    points = [*[(x,) for x in np.linspace(-127.3, 128, 59)], (2e-5,)]
    asked = observe([(x,) for x in np.linspace(-128, 127.7, 100)], lambda x: 1 / (-7.8 * x), "query")
    verdict = judge(frozen(code), observe(points, lambda x: 1 / (-7.8 * x)), asked, seed=0, round=1)
    assert verdict.score.value < 0.0
    assert verdict.failed == 1
    assert verdict.explains
    assert "all but 1 of 60" in verdict.reason


def noise_verdict(code, scale, *, slope=0.0, repeats=6, seed=1):
    rng = np.random.default_rng(seed)

    def box(x):
        return 5.0 + slope * x + rng.normal(0.0, 2.0)

    asked = observe([*LINE.sample(rng, 80), *[(1.0,)] * repeats, *[(-30.0,)] * repeats], box, "query")
    fresh = observe(draw_held_out(LINE, 60, held_out_stream(seed, 1), set()), box)
    return judge(frozen(code, noise=Noise("normal", scale)), fresh, asked, seed=0, round=1)


@pytest.mark.parametrize("seed", range(6))
def test_pure_noise_is_explained_by_its_constant_which_says_that_nothing_is_predicted(seed):
    verdict = noise_verdict("def explained(x): return 5.0", 2.0, seed=seed)
    assert verdict.explains
    assert verdict.score.low <= 0.0
    assert "nothing to predict" in verdict.reason


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("def explained(x): return 5.0", {"scale": 20.0}),
        ("def explained(x): return 5.0", {"scale": 0.2}),
        ("def explained(x): return 5.0", {"scale": 2.0, "repeats": 1}),
        ("def explained(x): return 5.0", {"scale": 2.0, "slope": 0.1}),
        ("def explained(x): return 9.0", {"scale": 2.0}),
        ("import math\ndef explained(x): return 5.0 + 0.1 * math.sin(x)", {"scale": 2.0}),
    ],
    ids=["too much noise", "too little", "no repeats", "a slope is left", "another constant", "structure"],
)
def test_noise_that_is_not_what_repeats_show_or_structure_that_is_not_there_does_not_stand(code, fields):
    assert not noise_verdict(code, **fields).explains


@pytest.mark.parametrize(
    ("code", "scale", "stands"),
    [
        ("0.2 / x if not -15 <= x <= 30 else 0.0", 0.1, True),
        ("0.2 / x if not -15 <= x <= 30 else 0.0", 10.0, False),
        ("0.2 / x if not -15 <= x <= 30 else 0.1", 0.01, False),
        ("0.4 / x if not -15 <= x <= 30 else 0.0", 0.1, False),
    ],
    ids=["as it is", "too much noise", "too little", "wrong outside"],
)
def test_noise_in_an_exception_that_drowns_the_rule_around_it_is_no_failure(code, scale, stands):
    rng = np.random.default_rng(2)

    def box(x):
        return 0.2 / x if not -15 <= x <= 30 else rng.normal(0.0, 0.1)

    region = ExceptionRegion(-15.0, 30.0, "noise", Noise("normal", scale))
    verdict = verdict_on(f"def explained(x): return {code}", box, exceptions=(region,))
    assert verdict.explains is stands, verdict.reason


def test_structure_called_noise_in_an_exception_does_not_stand():
    region = ExceptionRegion(-15.0, 30.0, "noise", Noise("normal", 10.0))
    code = "def explained(x): return 1 / x if not -15 <= x <= 30 else 7.0"
    verdict = verdict_on(code, lambda x: 1 / x if not -15 <= x <= 30 else x, exceptions=(region,), queries=200)
    assert verdict.agreement == 1.0
    assert not verdict.explains


def test_what_agrees_everywhere_stands_though_it_claims_a_noise_too_small_to_see():
    code, noise = "def explained(x): return 3 * x + 1", Noise("normal", 1e-9)
    verdict = verdict_on(code, lambda x: 3 * x + 1, noise=noise)
    assert verdict.agreement == 1.0
    assert verdict.explains


def test_a_noisy_explanation_that_is_as_good_as_can_be_stands():
    rng = np.random.default_rng(1)
    asked = observe([*LINE.sample(rng, 60), *[(1.0,)] * 6], lambda x: 2 * x + rng.normal(0, 3), "query")
    fresh = observe(draw_held_out(LINE, 50, held_out_stream(0, 1), set()), lambda x: 2 * x + rng.normal(0, 3))
    good = judge(frozen("def explained(x): return 2 * x", noise=Noise("normal", 3.0)), fresh, asked, seed=0, round=1)
    assert good.explains
    assert good.agreement == 1.0
    assert good.tolerance == pytest.approx(15.0, rel=0.01)


def test_claiming_great_noise_does_not_make_a_wrong_explanation_stand():
    rng = np.random.default_rng(1)
    asked = observe([*LINE.sample(rng, 60), *[(1.0,)] * 6], lambda x: x * x, "query")
    fresh = observe(draw_held_out(LINE, 50, held_out_stream(0, 1), set()), lambda x: x * x)
    boast = judge(frozen("def explained(x): return 0", noise=Noise("normal", 1e6)), fresh, asked, seed=0, round=1)
    assert boast.agreement == 1.0
    assert not boast.explains
    assert "interpolation" in boast.reason or "linear" in boast.reason


def test_noise_inside_an_exception_widens_the_tolerance_there_alone():
    region = ExceptionRegion(10.0, 50.0, "noisy", Noise("normal", 1.0))
    fresh = observe([(float(k),) for k in range(0, 100, 5)], lambda x: x + (2.0 if 10 <= x <= 50 or x == 95 else 0.0))
    verdict = judge(
        frozen("def explained(x): return x", exceptions=(region,)),
        fresh,
        observe([(1.0,)], lambda x: x),
        seed=0,
        round=1,
    )
    assert [f.observation.input for f in verdict.failing] == [(95.0,)]


def test_a_constant_box_is_explained_by_its_constant():
    assert verdict_on("def explained(x): return 40.0", lambda x: 40.0).explains
    assert not verdict_on("def explained(x): return 41.0", lambda x: 40.0).explains


def test_a_table_of_the_queries_is_no_explanation():
    rng = np.random.default_rng(3)
    table = sorted((x, math.sin(x / 9) * 3 + x / 50) for (x,) in LINE.sample(rng, 60))
    xs, ys = [x for x, _ in table], [y for _, y in table]
    code = f"import numpy as np\ndef explained(x): return float(np.interp(x, {xs}, {ys}))"
    verdict = verdict_on(code, lambda x: math.sin(x / 9) * 3 + x / 50)
    assert not verdict.explains
    assert verdict.score.value == pytest.approx(verdict.score.baselines["interpolation"])


def test_nothing_held_out_is_no_score():
    verdict = judge(frozen("def explained(x): return x"), [], observe([(1.0,)], lambda x: x), seed=0, round=1)
    assert verdict.score.held_out == 0
    assert not verdict.explains


def test_the_measured_noise_is_pooled_over_repeats():
    def reply(number, x, y):
        return Observation(number, (x,), Reply(y), "", "query", 0, 0.0)

    pairs = [reply(k, float(k // 2), 10.0 * (k // 2) + (1.0 if k % 2 else -1.0)) for k in range(8)]
    assert repeat_deviation(pairs) == pytest.approx(math.sqrt(2.0))
    assert repeat_deviation(pairs[:4]) is None
