"""Time that is spent waiting for a person is not the run's."""

from __future__ import annotations

from zetetic.agent.replay import Clock


def test_time_at_rest_is_not_the_run_s():
    now = [0.0]
    clock = Clock(lambda: now[0])
    now[0] = 2.0
    with clock.stopped():
        now[0] = 100.0
    assert clock.elapsed == 2.0
    clock.replay(5.0, 6.0, 9.0)
    with clock.stopped():
        now[0] = 5000.0
    assert clock.elapsed == 5.0
    now[0] = 5000.5
    assert clock.elapsed == 5.5
