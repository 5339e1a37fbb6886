"""A store that cannot be used says so in one line, and what it holds stays whole."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest

from zetetic.agent import Investigation, Store, StoreError, UnknownRunError, default_path


def one_line(info) -> str:
    text = str(info.value)
    assert "\n" not in text
    assert ";" in text, "a remedy follows the complaint"
    return text


def test_a_new_store_is_made_with_its_folders_and_opens_again(tmp_path):
    path = tmp_path / "deep" / "er" / "journal.sqlite"
    with Store.open(path) as store:
        assert store.runs() == []
    with Store.open(path), sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()


def test_the_environment_says_where_the_store_is(tmp_path, monkeypatch):
    monkeypatch.setenv("ZETETIC_STORE", str(tmp_path / "elsewhere.sqlite"))
    assert default_path() == tmp_path / "elsewhere.sqlite"
    with Store.open() as store:
        assert store.path == tmp_path / "elsewhere.sqlite"


def test_ids_are_found_by_unique_prefix_and_latest(store, begin, make_box):
    ids = [begin(make_box()).run_id for _ in range(5)]
    assert ids == sorted(ids) or len({i[:9] for i in ids}) < 5  # within a millisecond the order is by chance
    assert len(set(ids)) == 5
    for run_id in ids:
        assert store.journal(run_id).run_id == run_id
        shortest = next(run_id[:n] for n in range(1, 14) if sum(i.startswith(run_id[:n]) for i in ids) == 1)
        assert store.journal(shortest).run_id == run_id
    assert store.journal("latest").run_id == max(ids)
    with pytest.raises(UnknownRunError, match="5 runs begin with"):
        store.journal(min(ids)[: next(n for n in range(13) if len({i[: n + 1] for i in ids}) > 1)])
    for nothing in ("nowhere", "%", "_"):
        with pytest.raises(UnknownRunError, match="no run"):
            store.journal(nothing)


def test_deleting_a_run_leaves_the_others(store, begin, make_box):
    keep, drop = begin(make_box()), begin(make_box())
    assert store.delete(drop.run_id) == drop.run_id
    assert [r.id for r in store.runs()] == [keep.run_id]
    with pytest.raises(StoreError, match="no longer"):
        drop.append("note", {"text": "too late"})


def test_a_text_file_is_not_a_store(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, only words, and enough of them to fill a header\n" * 20)
    with pytest.raises(StoreError) as info:
        Store.open(path)
    assert "not a zetetic store" in one_line(info)
    assert path.read_text().startswith("not a database")


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE recipes (id INTEGER)")
    raw.close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreError) as info:
            Store.open(path, read_only=read_only)
        assert "another program" in one_line(info)
    assert path.read_bytes() == before


def test_a_newer_store_is_refused(store):
    with sqlite3.connect(store.path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreError) as info:
        Store.open(store.path)
    assert "newer zetetic (schema 99, this one knows 1)" in one_line(info)


def test_a_damaged_event_is_named(store, begin, make_box):
    journal = begin(make_box())
    journal.append("note", {"text": "whole"})
    with sqlite3.connect(store.path) as raw:
        raw.execute("UPDATE events SET data = '{torn' WHERE sequence = 2")
    raw.close()
    with pytest.raises(StoreError, match="event 2") as info:
        list(journal.events())
    one_line(info)
    with sqlite3.connect(store.path) as raw:
        raw.execute("UPDATE events SET data = '{}' WHERE sequence = 1")
    raw.close()
    with pytest.raises(StoreError, match="first event"):
        store.journal(journal.run_id)


def test_a_damaged_file_is_refused(store, begin, make_box, tmp_path):
    for _ in range(30):
        begin(make_box())
    store.close()
    data = bytearray(store.path.read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(bytes(data))
    with pytest.raises(StoreError) as info, Store.open(broken) as opened:
        opened.runs()
    assert "damaged" in one_line(info)


def test_a_store_locked_by_another_program_is_reported_in_time(store, begin, make_box):
    journal = begin(make_box())
    raw = sqlite3.connect(store.path, isolation_level=None)
    raw.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreError) as info:
            Store.open(store.path, busy_seconds=0.05)
        assert "locked by another program" in one_line(info)
    finally:
        raw.execute("ROLLBACK")
        raw.close()
    journal.append("note", {"text": "free again"})


AS_NOBODY = """
import os, sys
from zetetic.agent import Store, StoreError
with Store.open(sys.argv[1], read_only=True) as store:
    store.journal("latest")  # everything is imported before the rights go
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    Store.open(sys.argv[1])
except StoreError as error:
    print(error)
with Store.open(sys.argv[1], read_only=True) as store:
    print(len(store.runs()), len(list(store.journal("latest").events())))
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs file permissions that bind")
def test_a_read_only_place_is_refused_for_writing_and_serves_reading(store, begin, make_box, tmp_path):
    begin(make_box())
    store.close()
    os.chmod(store.path, 0o444)
    os.chmod(tmp_path, 0o555)
    for folder in (tmp_path, *tmp_path.parents):  # the test's own folders, so that the other user can get there
        if folder.stat().st_uid == os.getuid() and folder.name.startswith(("pytest-", tmp_path.name)):
            os.chmod(folder, folder.stat().st_mode | 0o055)
    try:
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(store.path)], capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        os.chmod(tmp_path, 0o755)
    assert done.returncode == 0, done.stderr
    complaint, counts = done.stdout.splitlines()
    assert "cannot be written; pass a store in a folder that you may write to" in complaint
    assert counts == "1 1"


def test_reading_what_is_not_there_makes_nothing(tmp_path):
    with pytest.raises(StoreError) as info:
        Store.open(tmp_path / "none.sqlite", read_only=True)
    assert "there is no store" in one_line(info)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_cannot_write(store, begin, make_box):
    run_id = begin(make_box()).run_id
    with Store.open(store.path, read_only=True) as reader, pytest.raises(StoreError, match="reading only"):
        reader.journal(run_id).append("note", {})


def test_a_full_disk_ends_the_run_with_all_answers_kept(store, begin, make_box, polynomials):
    box = make_box()
    journal = begin(box)
    ((pages,),) = store.query("PRAGMA page_count")
    store.query(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StoreError) as info:
        Investigation(box, polynomials.PolynomialScientist(), journal).run()
    assert "no space left" in one_line(info)
    kept = len(journal.observations())
    assert 0 < len(box.asked) - 1 <= kept <= len(box.asked), "at most the answer that found the disk full is lost"
    store.query("PRAGMA max_page_count = 1000000")
    again = make_box()
    assert Investigation(again, polynomials.PolynomialScientist(), journal).resume().queries == kept + len(again.asked)
