"""A pool that loses workers and keeps its promises."""

from __future__ import annotations

import math
import os
import time
from contextlib import closing

import psutil

from zetetic.benchmarks.pool import run_all


def children() -> set[int]:
    return {p.pid for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE}


def test_every_task_ends_once() -> None:
    ended = list(run_all(math.sqrt, [float(k) for k in range(20)], jobs=2, timeout_seconds=30))
    assert {e.task: e.result for e in ended} == {float(k): math.sqrt(k) for k in range(20)}
    assert all(e.error is None for e in ended)


def test_a_raising_task_is_an_error_of_its_own() -> None:
    ended = {e.task: e for e in run_all(math.sqrt, [4.0, -1.0, 9.0], jobs=1, timeout_seconds=30)}
    assert ended[4.0].result == 2.0
    assert ended[9.0].result == 3.0
    assert ended[-1.0].result is None
    assert "ValueError" in (ended[-1.0].error or "")


def test_a_stuck_task_is_killed_and_the_rest_goes_on() -> None:
    began = time.monotonic()
    ended = {e.task: e for e in run_all(time.sleep, [60.0, 0.01, 0.02], jobs=1, timeout_seconds=1.0)}
    assert time.monotonic() - began < 30
    assert "1 s" in (ended[60.0].error or "")
    assert ended[0.01].error is None
    assert ended[0.02].error is None


def test_a_task_that_takes_its_worker_down_is_an_error_of_its_own() -> None:
    ended = list(run_all(os._exit, [3, 4], jobs=1, timeout_seconds=30))
    assert sorted(e.task for e in ended) == [3, 4]
    assert all("died" in (e.error or "") for e in ended)


def test_nothing_to_do_starts_nobody() -> None:
    assert list(run_all(math.sqrt, [], jobs=4, timeout_seconds=1)) == []


def test_closing_early_leaves_no_worker() -> None:
    before = children()
    with closing(run_all(time.sleep, [0.01, 60.0, 60.0], jobs=2, timeout_seconds=90)) as running:
        assert next(running).task == 0.01
    assert children() <= before | _trackers()


def _trackers() -> set[int]:
    """multiprocessing's own resource tracker may stay."""
    return {p.pid for p in psutil.Process().children() if any("resource_tracker" in part for part in p.cmdline())}
