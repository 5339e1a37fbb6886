from __future__ import annotations

import json

import pytest

from zetetic.benchmarks import agent_overhead


def test_it_measures_both_agents(capsys: pytest.CaptureFixture[str]) -> None:
    code = agent_overhead.main(["--turns", "4", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["turns"] == 4
    assert found["plain_ms"] > 0
    assert 0 < found["tool_call_ms"] < found["turn_ms"]
    assert code in (0, 1)


def test_no_turns_are_refused() -> None:
    with pytest.raises(SystemExit):
        agent_overhead.main(["--turns", "0"])
