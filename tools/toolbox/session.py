"""One MCP server for the length of a run: its tools as synchronous LangChain tools, and what happens when it fails."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from langchain_core.tools import BaseTool, ToolException

from .connection import Connection
from .errors import ToolboxError
from .loops import LoopThread
from .servers import Server

if TYPE_CHECKING:
    from concurrent.futures import Future

_CLOSING_SECONDS = 10.0
_PROBE_SECONDS = 2.0
_LONGEST_NAME = 64
_LONGEST_DESCRIPTION = 1000
_LAST_WORDS = 300


class McpTool(BaseTool):
    """A tool of an MCP server. Its arguments are checked by the server; what goes wrong is told to the model."""

    asks: Callable[[dict[str, Any]], str]
    handle_tool_error: Any = True

    def _run(self, /, **arguments: Any) -> str:
        return self.asks(arguments)


class McpSession:
    """A server, kept open from `start` to `close`: no process per call. One that dies is restarted once.

    Calls may come from any thread and wait for their answer. `close` leaves no process behind; it is called at exit
    where nobody did.
    """

    def __init__(self, name: str, server: Server, place: str = "") -> None:
        self.name, self.server = name, server
        self.label = f"the MCP server {name}"
        self.source = f"MCP server {name}" + (f" ({place})" if place else "")
        self._words = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._thread = LoopThread(f"mcp-{name}")
        self._begun: Future[Connection] | None = None
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._restarts_left = 1
        self._closed = False
        atexit.register(self.close)

    def begin(self) -> None:
        """Begin to connect, and do not wait."""
        self._begun = self._thread.begin(self._connect())

    def start(self) -> None:
        """Connect, or wait for what was begun. Raises `ToolboxError` with the server's last words."""
        if self._begun is None:
            self.begin()
        begun, self._begun = self._begun, None
        assert begun is not None
        try:
            self._connection = self._thread.wait(begun, self.server.start_seconds)
        except ToolboxError:
            raise
        except (TimeoutError, FutureTimeout) as error:
            seconds = f"{self.server.start_seconds:g}"
            raise ToolboxError(
                f"{self.source} did not speak MCP within {seconds} s{self._last_words()}; try {self._how()} yourself, "
                "or raise start_seconds"
            ) from error
        except Exception as error:
            raise ToolboxError(
                f"{self.source} cannot be started ({_leaf(error)}){self._last_words()}; try {self._how()} yourself"
            ) from error

    @property
    def remote_tools(self) -> dict[str, BaseTool]:
        """What the server has, by its own names."""
        return dict(self._connection.tools) if self._connection is not None else {}

    def tools(self) -> list[BaseTool]:
        """The tools that are allowed, called `server__tool`. Raises `ToolboxError` for a pattern that fits none."""
        remote = self.remote_tools
        for pattern in self.server.allow:
            if not any(fnmatchcase(name, pattern) for name in remote):
                raise ToolboxError(f"{self.source} has no tool {pattern!r}; it has: {', '.join(sorted(remote))}")
        return [self._wrap(name, tool) for name, tool in remote.items() if self.allows(name)]

    def allows(self, tool: str) -> bool:
        """Whether the configuration lets the tool be used."""
        return any(fnmatchcase(tool, pattern) for pattern in self.server.allow)

    def call(self, tool: str, arguments: dict[str, Any]) -> str:
        """The answer as text, cut to size. `ToolException`, with what to do, where there is none."""
        self._ensure_alive()
        try:
            connection = self._open_connection()
            if tool not in connection.tools:
                raise ToolException(f"{self.label} has no tool {tool!r} any more; go on without it")
            blocks = self._thread.run(connection.call(tool, arguments), self.server.timeout_seconds)
        except ToolException as error:
            raise ToolException(self._cut(str(error))) from error
        except (TimeoutError, FutureTimeout) as error:
            raise ToolException(
                f"{tool} of {self.label} took longer than {self.server.timeout_seconds:g} s and was left; ask for "
                "less, or go on without it"
            ) from error
        except Exception as error:
            raise ToolException(self._after(tool, error)) from error
        return self._cut("\n".join(_told(block) for block in blocks))

    def close(self) -> None:
        """End the server and the thread. May be called twice."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        with contextlib.suppress(Exception):
            self._disconnect()
        self._thread.close(_CLOSING_SECONDS)
        self._words.close()

    async def _connect(self) -> Connection:
        connection = Connection(self.name, self.server, self._words)
        await connection.open()
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._thread.run(connection.close(), _CLOSING_SECONDS)

    def _open_connection(self) -> Connection:
        if self._connection is None:
            raise ToolException(f"{self.label} is gone for the rest of this run; go on without it")
        return self._connection

    def _ensure_alive(self) -> None:
        """Restart a server that died since its last answer, before anything is asked of it."""
        with self._lock:
            if self._connection is not None and not self._is_alive():
                self._restart("it had ended")

    def _after(self, tool: str, error: BaseException) -> str:
        """What to tell the model of a call that neither was answered nor refused."""
        with self._lock:
            if self._connection is not None and self._is_alive():
                return self._cut(f"{tool} of {self.label} failed ({_leaf(error)}); change the call, or do without it")
            try:
                self._restart(f"it ended during this call ({_leaf(error)})")
            except ToolException as gone:
                return str(gone)
        return (
            f"{self.label} ended during this call of {tool} and was restarted; whether the call did anything is not "
            "known. It is restarted only once: call again with care"
        )

    def _is_alive(self) -> bool:
        assert self._connection is not None
        try:
            return self._thread.run(self._connection.is_alive(), _PROBE_SECONDS)
        except (TimeoutError, FutureTimeout):
            return True  # busy, for all we know
        except Exception:
            return False

    def _restart(self, why: str) -> None:
        """Raises `ToolException` where that cannot be."""
        with contextlib.suppress(Exception):
            self._disconnect()
        self._connection = None
        if self._restarts_left < 1 or self._closed:
            raise ToolException(f"{self.label} is gone for the rest of this run: {why}; do without it")
        self._restarts_left -= 1
        try:
            self.start()
        except ToolboxError as error:
            raise ToolException(f"{self.label} is gone for the rest of this run: {why}, and {error}") from error

    def _wrap(self, name: str, tool: BaseTool) -> BaseTool:
        description = (tool.description or f"{name} of the MCP server {self.name}").strip()
        return McpTool(
            name=wire_name(self.name, name),
            description=description[:_LONGEST_DESCRIPTION],
            args_schema=tool.args_schema,
            asks=lambda arguments: self.call(name, arguments),
            metadata={"source": self.source},
        )

    def _cut(self, text: str) -> str:
        most = self.server.most_characters
        if len(text) <= most:
            return text
        return f"{text[:most]}\n({len(text) - most} of {len(text)} characters were cut off; ask for less at a time)"

    def _last_words(self) -> str:
        """The end of what the program wrote to its standard error, as a clause."""
        try:
            self._words.seek(0)
            said = " ".join(self._words.read().split())
        except (OSError, ValueError):
            return ""
        return f"; its last words: {said[-_LAST_WORDS:]}" if said else ""

    def _how(self) -> str:
        return " ".join([self.server.command, *self.server.args]) if self.server.command else str(self.server.url)


@contextlib.contextmanager
def one_session(name: str, server: Server, place: str = "") -> Iterator[McpSession]:
    """A session that is started and, whatever happens, closed."""
    session = McpSession(name, server, place)
    try:
        session.start()
        yield session
    finally:
        session.close()


def wire_name(server: str, tool: str) -> str:
    """`server__tool` as chat models accept it: at most 64 letters, digits, _ and -."""
    name = f"{server}__{re.sub(r'[^A-Za-z0-9_-]', '_', tool)}"
    if len(name) <= _LONGEST_NAME and name == f"{server}__{tool}":
        return name
    mark = hashlib.sha256(tool.encode()).hexdigest()[:6]  # keeps apart what looks alike now
    return f"{name[: _LONGEST_NAME - 7]}_{mark}"


def _told(block: dict[str, Any]) -> str:
    """A content block as text: what is no text is named, not shown."""
    if block.get("type") == "text":
        return str(block.get("text", ""))
    size = len(str(block.get("base64") or "")) * 3 // 4
    where = block.get("url") or f"{size} bytes"
    return f"[{block.get('type')} {block.get('mime_type') or ''}, {where}: not shown]"


def _leaf(error: BaseException) -> str:
    """The innermost cause in one line."""
    seen = error
    while True:
        group = getattr(seen, "exceptions", None)
        inner = group[0] if group else seen.__cause__
        if inner is None:
            break
        seen = inner
    said = " ".join(str(seen).split())[:_LAST_WORDS]
    return f"{type(seen).__name__}: {said}" if said else type(seen).__name__
