"""The journal: append-only, committed at once, readable while it grows."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from zetetic.agent import Observation, Store, StoreError
from zetetic.tools.black_boxes import Reply


def observation(number, x, repeat=0, purpose="query"):
    return Observation(number, (x,), Reply(2.0 * x), "why not", purpose, repeat, 1.0)


def test_events_are_numbered_committed_and_told_to_listeners(store, begin, make_box):
    journal = begin(make_box())
    told = []
    stop = journal.subscribe(told.append)
    first = journal.append("note", {"text": "one"})
    stop()
    second = journal.append("note", {"text": "two"})
    assert told == [first]
    assert [e.sequence for e in journal.events()] == [1, 2, 3]
    assert list(journal.events(after=1)) == [first, second]
    with Store.open(store.path, read_only=True) as other:
        assert list(other.journal(journal.run_id).events(after=2)) == [second]


FOLLOW = """
import sys
from zetetic.agent import Store
with Store.open(sys.argv[1], read_only=True) as store:
    journal, seen = store.journal("latest"), 0
    for line in sys.stdin:
        events = list(journal.events(after=seen))
        seen = events[-1].sequence if events else seen
        print([e.kind for e in events], flush=True)
"""


def test_another_process_follows_a_live_run(store, begin, make_box):
    journal = begin(make_box())
    follower = subprocess.Popen(
        [sys.executable, "-c", FOLLOW, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def look():
        follower.stdin.write("\n")
        follower.stdin.flush()
        return follower.stdout.readline().strip()

    with follower:
        assert look() == "['started']"
        assert look() == "[]"
        journal.append("observation", {"observation": observation(1, 3.0)})
        journal.append("note", {})
        assert look() == "['observation', 'note']"
        follower.stdin.close()
    assert follower.returncode == 0


def test_one_address_holds_one_observation(begin, make_box):
    journal = begin(make_box())
    journal.append("observation", {"observation": observation(1, 0.1)})
    journal.append("observation", {"observation": observation(2, 0.1, repeat=1)})
    journal.append("observation", {"observation": observation(3, 0.1, purpose="held_out")})
    with pytest.raises(StoreError):
        journal.append("observation", {"observation": observation(4, 0.1)})
    assert [o.number for o in journal.observations()] == [1, 2, 3]


def test_export_is_strict_json_lines(begin, make_box, tmp_path):
    journal = begin(make_box())
    journal.append("observation", {"observation": Observation(1, (1.0,), Reply(complex("nan+1j")), "", "query", 0, 1)})
    stream = io.StringIO()
    assert journal.export_jsonl(stream) == 2

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    rows = [json.loads(line, parse_constant=refuse) for line in stream.getvalue().splitlines()]
    assert [r["sequence"] for r in rows] == [1, 2]
    assert {r["run"] for r in rows} == {journal.run_id}
    journal.export_jsonl(tmp_path / "run.jsonl")
    assert (tmp_path / "run.jsonl").read_text() == stream.getvalue()
    with pytest.raises(StoreError, match="cannot write"):
        journal.export_jsonl(tmp_path)


def test_what_is_no_data_is_not_written(begin, make_box):
    journal = begin(make_box())
    with pytest.raises(TypeError):
        journal.append("note", {"text": object()})
    assert len(list(journal.events())) == 1
