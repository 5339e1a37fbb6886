"""A chat whose process is killed loses nothing that was said or answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zetetic.agent import Store

DRIVER = """
import sys
from zetetic.app.cli import root
from zetetic.app.cli.chat import chat, chat_about
root.app.command("try-chat")(chat)
root.app.command("try-chat-about")(chat_about)
sys.exit(root.main())
"""
BOX = """
import time
def line(x):
    time.sleep(0.02)
    with open({log!r}, "a") as log:
        log.write(repr(x) + "\\n")
    return 3.0 * x + 1.0
"""


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_a_killed_chat_goes_on(tmp_path: Path) -> None:
    log, box, store = tmp_path / "log", tmp_path / "box.py", tmp_path / "store.sqlite"
    box.write_text(BOX.format(log=str(log)))
    at = ("--store", str(store))
    chat = [sys.executable, "-c", DRIVER, "try-chat", f"python:{box}:line", "--domain=-5:5", *at]
    first = subprocess.Popen(
        [*chat, "--budget-queries", "60"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert first.stdin is not None
    first.stdin.write("/pause\n/query 4.5 4.25\n/resume\n")
    first.stdin.flush()
    end = time.monotonic() + 60
    while not log.exists() or log.read_text().count("\n") < 12:
        assert first.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    with Store.open(store, read_only=True) as opened:
        before = [(o.purpose, o.input, o.repeat) for o in opened.journal("latest").observations()]
    assert len(before) >= 10
    again = subprocess.run(
        [sys.executable, "-c", DRIVER, "try-chat-about", "latest", *at],
        input="/conclude\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert again.returncode == 0, again.stderr
    with Store.open(store, read_only=True) as opened:
        record = opened.journal("latest").record()
    after = [(o.purpose, o.input, o.repeat) for o in record.observations]
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    assert [o.input for o in record.observations if o.why == "a person asked"] == [(4.5,), (4.25,)]
    assert len(log.read_text().splitlines()) <= len(after) + 1, "more than the input under way was asked again"
    assert record.explanation is not None
    assert record.explanation.outcome == "explained"
