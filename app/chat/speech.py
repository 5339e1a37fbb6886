"""A model's words on a terminal while they come: whole rows, for a prompt stands below them."""

from __future__ import annotations

from collections.abc import Callable

from .showing import Line, Tell

_LEAST_WIDTH = 20


class Speech:
    """Collects words and tells them row by row; `untold` is what a finished reply has beside."""

    def __init__(self, tell: Tell, width: Callable[[], int]) -> None:
        self._tell, self._width = tell, width
        self._told = ""
        self._pending = ""

    def hear(self, text: str | None) -> None:
        """Take the next words of a reply; None where one begins."""
        if text is None:
            self._told = self._pending = ""
            return
        self._pending += text
        if not self._told:
            self._pending = self._pending.lstrip()
        while True:
            row = self._next_row()
            if row is None:
                return
            self._told += row
            self._pending = self._pending[len(row) :]
            self._tell(Line("model", row.rstrip()))

    def untold(self, line: Line) -> list[Line]:
        """What is left to tell of a line: of a model's reply, what was not told while it came."""
        told = self._told
        if line.kind != "model" or not told or not line.text.startswith(told.rstrip()):
            return [line]
        self.hear(None)
        rest = line.text[len(told) :].strip("\n")
        return [Line("model", rest)] if rest else []

    def _next_row(self) -> str | None:
        """A row that is complete: up to a line break, or to the last space that the terminal has room for."""
        line, end, _ = self._pending.partition("\n")
        width = max(_LEAST_WIDTH, self._width()) - 1
        if len(line) <= width:
            return line + end if end else None
        cut = line.rfind(" ", 0, width + 1)
        return line[: cut + 1] if cut > 0 else line[:width]
