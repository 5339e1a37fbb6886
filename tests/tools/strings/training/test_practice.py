"""Programs drawn for training: the same for a seed, each with a right candidate, and weights that a fit improves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zetetic.tools.strings.guidance import COUNT
from zetetic.tools.strings.training import train
from zetetic.tools.strings.training.practice import problems


def test_problems_are_the_same_for_a_seed_and_differ_between_seeds() -> None:
    one, again, other = (list(problems(seed, 3, steps=3)) for seed in (5, 5, 6))
    assert [p.candidates[0].name for p in one] == [p.candidates[0].name for p in again]
    assert all((a.before == b.before).all() for a, b in zip(one, again))
    assert any((a.before != b.before).any() for a, b in zip(one, other))


@pytest.mark.parametrize("steps", [2, 3])
def test_every_problem_has_right_candidates_and_more_wrong_ones(steps: int) -> None:
    for problem in problems(7, 5, steps=steps):
        right = [c for c in problem.candidates if c.right]
        assert 0 < len(right) < len(problem.candidates) / 2
        assert all(c.after.shape == (COUNT,) for c in problem.candidates)


def test_too_few_problems_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert train.main(["--three", "10", "--out", str(tmp_path / "w.npz")]) == 2
    assert "expected at least" in capsys.readouterr().err
    assert not (tmp_path / "w.npz").exists()


@pytest.mark.slow
def test_a_fit_beats_chance_on_problems_left_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "w.npz"
    assert train.main(["--three", "500", "--two", "500", "--epochs", "3", "--jobs", "2", "--out", str(out)]) == 0
    shares = [float(line.rsplit(" ", 1)[1]) for line in capsys.readouterr().out.splitlines() if "right first" in line]
    assert min(shares[2], shares[5]) > 0.2  # of about 60 candidates
    with np.load(out) as stored:
        assert {"names", "mean", "spread"} < set(stored.files)
