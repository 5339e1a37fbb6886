"""The chat on a terminal: a prompt that stays while lines come in above it. And as a script, from any stream."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from .commands import NAMES
from .showing import Line

if TYPE_CHECKING:
    from .session import ChatSession

MARKS = {
    "person": ("> ", "bold"),
    "answer": ("", ""),
    "model": ("", "bold cyan"),
    "tool": ("· ", "dim"),
    "observations": ("  ", "dim"),
    "hypotheses": ("? ", "yellow"),
    "verdict": ("= ", "magenta"),
    "ending": ("= ", "bold green"),
    "remark": ("· ", "dim"),
    "error": ("! ", "red"),
}
FLUSH_SECONDS = 3.0
"""How long an asking may go on before what it has brought is told."""


class Screen:
    """Prints lines, one thread at a time. Whatever a black box or a model says cannot steer the terminal."""

    def __init__(self, console: Console, *, echo: bool) -> None:
        """`echo`: print the person's own lines too; a prompt has them on the screen already."""
        self._console = console
        self._echo = echo
        self._guard = threading.Lock()

    @property
    def width(self) -> int:
        return self._console.width

    @property
    def streams(self) -> bool:
        """Whether there is somebody to see words come."""
        return self._console.is_terminal

    def tell(self, line: Line) -> None:
        if line.kind == "person" and not self._echo:
            return
        mark, style = MARKS[line.kind]
        with self._guard:
            if line.drawing is not None and self._console.is_terminal:
                self._console.print(line.drawing, highlight=False)
            elif self._console.is_terminal:
                self._console.print(_hanging(mark, Text(harmless(line.text)), style))
            else:
                self._console.print(Text(mark + harmless(line.text)), soft_wrap=True)


def _hanging(mark: str, body: Text, style: str) -> RenderableType:
    """The text with its mark in a margin of its own."""
    if not mark:
        body.stylize(style)
        return body
    grid = Table.grid()
    grid.add_column(width=len(mark), style=style)
    grid.add_column(style=style, overflow="fold")
    grid.add_row(mark, body)
    return grid


def harmless(text: str) -> str:
    """`text` without control characters, line breaks apart."""
    return "".join(c if c == "\n" or (c.isprintable() or c == "\t") else "�" for c in text)


def converse(session: ChatSession, *, prompt_input: Any = None, prompt_output: Any = None) -> bool:
    """Read lines from a person until they leave; whether nothing had to be abandoned."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.formatted_text import FormattedText

    def status() -> FormattedText:
        session.flush_old(FLUSH_SECONDS)
        now = session.standing
        said = f" {now.state} · {now.queries} of {now.queries_limit} queries · Ctrl-C stops a step, Ctrl-D leaves "
        return FormattedText([("class:bottom-toolbar", said)])

    prompt: PromptSession[str] = PromptSession(
        "> ",
        completer=WordCompleter([f"/{name}" for name in NAMES], sentence=True),
        complete_while_typing=False,
        bottom_toolbar=status,
        refresh_interval=0.5,
        reserve_space_for_menu=0,
        input=prompt_input,
        output=prompt_output,
    )
    session.start()
    try:
        while True:
            try:
                line = prompt.prompt()
            except KeyboardInterrupt:
                session.stop()
                continue
            except EOFError:
                break
            try:
                if not session.take(line):
                    break
            except KeyboardInterrupt:
                session.stop()
    finally:
        ended = session.leave()
    return ended


def follow_script(session: ChatSession, lines: Iterable[str]) -> bool:
    """Take lines one after the other, each once what came before has been done; /pause is taken at once."""
    session.start()
    try:
        for line in lines:
            if line.strip() != "/pause":
                session.settle()
            session.flush()
            if not session.take(line):
                break
        else:
            session.settle()
    finally:
        ended = session.leave()
    return ended


def on_terminal(session_of: Any) -> bool:
    """The chat that `session_of(screen)` makes, on this process's own terminal or streams."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        from prompt_toolkit.patch_stdout import patch_stdout

        with patch_stdout(raw=True):
            screen = Screen(_console(), echo=False)
            return converse(session_of(screen))
    screen = Screen(Console(), echo=True)
    return follow_script(session_of(screen), sys.stdin)


def _console() -> Console:
    """A console on the stream that prints above the prompt; its width follows the terminal's."""
    return Console(file=sys.stdout, force_terminal=True, highlight=False)


def left_text(session: ChatSession, where: str) -> str:
    """What to say on leaving."""
    run = session.journal.run_id
    if session.is_over:
        return f"ask about it again with: zetetic runs chat {run}{where}"
    return f"the run is kept; go on with: zetetic runs chat {run}{where}, or zetetic runs resume {run}{where}"
