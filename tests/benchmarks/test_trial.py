"""A trial is a whole investigation, and leaves nothing behind."""

from __future__ import annotations

import math
from pathlib import Path

from zetetic.benchmarks.trial import Effort, Trial, explain_box, failed_trial, scratch_folder
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox

DOMAIN = NumericDomain((Interval(-10.0, 10.0),))


def test_a_line_is_explained_within_its_budget() -> None:
    with scratch_folder() as scratch:
        trial = explain_box(FunctionBox(lambda x: 2.0 * x - 1.0, DOMAIN), DOMAIN, Effort(100, 20.0, 0), scratch)
        assert list(scratch.iterdir()) == []
    assert not Path(scratch).exists()
    function = trial.function()
    assert function is not None
    assert math.isclose(function(3.3), 5.6)
    assert 0 < trial.queries <= 100
    assert trial.error is None
    assert trial.outcome == "explained"


def test_a_box_that_only_fails_is_a_trial_without_code() -> None:
    with scratch_folder() as scratch:
        trial = explain_box(FunctionBox(lambda x: 1 / 0, DOMAIN), DOMAIN, Effort(40, 10.0, 0), scratch)
    assert trial.error
    assert trial.function() is None


def test_code_that_does_not_run_is_no_function() -> None:
    for code in ("", "explained = 3", "raise SystemError", "def other(x): return x", "def explained(x:"):
        assert Trial(code, "", "", (), 0.0, "explained", 1, 1.0, 1.0).function() is None
    assert failed_trial("why").error == "why"
