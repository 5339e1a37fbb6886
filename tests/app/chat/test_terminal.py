"""The prompt: typing while lines come in, Ctrl-C, Ctrl-D; and scripts from a pipe."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path
from typing import Any

from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from zetetic.agent import Budget
from zetetic.app.chat import ChatSession, Line
from zetetic.app.chat.terminal import Screen, converse, follow_script

from .room import Room, said, wait_until


def test_a_person_types_while_the_scientist_works_and_leaves(room: Room) -> None:
    def slow(x: float) -> float:
        time.sleep(0.01)
        return 2.0 * x

    room.function = slow
    room.budget = Budget(queries=60, seconds=300.0)
    journal = room.begin()
    session, lines = room.sit(journal)
    ended: list[bool] = []
    with create_pipe_input() as keys:

        def person() -> None:
            wait_until(lambda: len(room.asked) > 2)
            keys.send_text("/query 4")
            wait_until(lambda: len(room.asked) > 6)
            keys.send_text(".5\r")
            wait_until(lambda: bool(session.desk.steps))
            keys.send_text("\x03")
            wait_until(lambda: session.desk.is_paused)
            keys.send_text("\x04")

        typing = threading.Thread(target=person)
        typing.start()
        ended.append(converse(session, prompt_input=keys, prompt_output=DummyOutput()))
        typing.join(30)
    assert ended == [True]
    assert session.desk.steps[1].arguments == {"inputs": [[4.5]]}
    assert "stopping the current step" in said(lines)
    assert not journal.is_driven
    assert journal.record().explanation is None
    again = room.talk(journal, "/conclude")
    assert "#" in said(again, "answer")
    assert (4.5,) in room.asked
    assert room.asked.count((4.5,)) == 1


def test_a_script_takes_each_line_once_what_came_before_is_done(room: Room) -> None:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=200), echo=True)
    session = ChatSession(room.begin(), room.box(), room.opening(), screen.tell)
    room.open_sessions.append(session)
    assert follow_script(session, ["/query 15\n", "nonsense\n", "/quit\n", "/query 16\n"])
    text = out.getvalue()
    assert "> /query 15" in text
    assert "x=15 -> 40" in text
    assert "no chat model" in text
    assert (16.0,) not in room.asked
    assert "\x1b" not in text


def test_lines_fit_a_narrow_terminal() -> None:
    out = io.StringIO()
    console = Console(file=out, width=30, force_terminal=True, color_system=None)
    screen = Screen(console, echo=True)
    screen.tell(Line("observations", "asked #1 to #9, a spread of inputs over the whole domain: #1 x=-50 -> 151"))
    screen.tell(Line("error", "x" * 70))
    rows = [row.rstrip() for row in out.getvalue().split("\n")]
    assert max(len(row) for row in rows) <= 30
    assert rows[1].startswith("  ")


def test_the_command_line(tmp_path: Path) -> None:
    """From the shell: a script on stdin, a finished run questioned, mistakes of usage in one line."""
    import subprocess
    import sys

    box = tmp_path / "box.py"
    box.write_text("def line(x):\n    return 3.0 * x + 1.0\n")
    store = tmp_path / "store.sqlite"
    driver = (
        "import sys, typer\n"
        "from zetetic.app.cli.chat import chat, chat_about\n"
        "from zetetic.app.cli import root\n"
        "root.app.command('try-chat')(chat)\n"
        "root.app.command('try-chat-about')(chat_about)\n"
        "sys.exit(root.main())\n"
    )

    def run(*arguments: str, said: str = "") -> Any:
        return subprocess.run(
            [sys.executable, "-c", driver, *arguments],
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=tmp_path,
        )

    chat = ("try-chat", f"python:{box}:line", "--domain=-5:5", "--store", str(store), "--budget-queries", "80")
    done = run(*chat, said="/query 2\n/conclude\n")
    assert done.returncode == 0, done.stderr
    assert "x=2 -> 7" in done.stdout
    assert "concluded, explained" in done.stdout
    assert "runs chat" in done.stderr
    about = run("try-chat-about", "latest", "--store", str(store), said="/why\n")
    assert about.returncode == 0, about.stderr
    assert "for it: right on" in about.stdout
    wrong = run(*chat, "--model", "gpt")
    assert wrong.returncode == 2
    assert "PROVIDER:MODEL" in wrong.stderr
    assert wrong.stderr.count("\n") == 1
    alone = run(*chat, "--base-url", "http://127.0.0.1:1")
    assert alone.returncode == 2
    missing = run("try-chat-about", "zzz", "--store", str(store))
    assert missing.returncode == 2
