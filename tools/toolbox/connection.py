"""One connection to an MCP server, on the event loop that carries it.

The adapter is LangChain's own `langchain.mcp.MCPAdapter`, which stands on fastmcp and so on mcp 2.x and speaks with
servers of both generations. The older package `langchain-mcp-adapters` pins mcp below 2 and starts a process for every
call unless told otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import warnings
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

from .errors import ToolboxError
from .servers import Server, expand

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

_LEAVING_SECONDS = 3.0
_METHOD_NOT_FOUND = -32601
_INSTALL = "MCP servers need an extra: pip install 'zetetic[mcp]'"


class Connection:
    """From `open` to `close`: one process, or one session over HTTP, that all calls share."""

    def __init__(self, name: str, server: Server, words: IO[str]) -> None:
        """`words`: where a program's standard error goes."""
        self.tools: dict[str, BaseTool] = {}
        self._adapter = _adapter(name, server, words)
        self._ready, self._stop = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._calls: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Start, shake hands, list the tools. Raises whatever went wrong."""
        self._task = asyncio.create_task(self._live())
        ready = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._task.cancel()
            raise
        finally:
            ready.cancel()
        if self._task.done():
            await self._task

    async def call(self, tool: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        """The content blocks of the answer. `ToolException` where the server says that the call failed."""
        # The coroutine itself, because BaseTool keeps arguments called `config` or `run_manager` for itself.
        call: Any = getattr(self.tools[tool], "coroutine", None)
        working = asyncio.current_task()
        assert working is not None
        self._calls.add(working)
        try:
            content, _ = await call(**arguments)
        finally:
            self._calls.discard(working)
        return list(content)

    async def is_alive(self) -> bool:
        """Whether the server answers. Newer protocols know no ping: that they say so is an answer."""
        try:
            await self._adapter.client.ping()
        except Exception as error:
            return getattr(error, "code", getattr(getattr(error, "error", None), "code", None)) == _METHOD_NOT_FOUND
        return True

    async def close(self) -> None:
        """End the session; a program is asked, then told, then killed with all it started.

        Calls in flight go first: they share the session, and whoever leaves it last must not be one that is cancelled.
        """
        for call in self._calls:
            call.cancel()
        if self._calls:
            await asyncio.wait(self._calls, timeout=_LEAVING_SECONDS)
        self._stop.set()
        if self._task is not None:
            await asyncio.wait({self._task})
            if not self._task.cancelled():
                self._task.exception()  # it is over, whatever it says

    async def _live(self) -> None:
        """Hold the session open; entering and leaving it must happen in one task."""
        async with self._adapter as adapter:
            self.tools = {tool.name: tool for tool in await adapter.list_tools()}
            self._ready.set()
            await self._stop.wait()


def _adapter(name: str, server: Server, words: IO[str]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its place in LangChain is not settled is our affair, not the user's
        try:
            adapters = import_module("langchain.mcp")
            clients, transports = import_module("fastmcp.client"), import_module("fastmcp.client.transports")
        except ImportError as error:
            raise ToolboxError(f"{_INSTALL} ({error})") from error
    _hush()
    # Nobody is there to answer a server's questions: declined, they end the call with the server's own message.
    client = clients.Client(
        _transport(name, server, words, transports),
        elicitation_handler=_decline,
        init_timeout=server.start_seconds,
    )
    return adapters.MCPAdapter(client)


def _transport(name: str, server: Server, words: IO[str], transports: Any) -> Any:
    where = f"the MCP server {name!r}"
    if server.command is not None:
        return transports.StdioTransport(
            expand(server.command, where),
            [expand(argument, where) for argument in server.args],
            env={key: expand(value, where) for key, value in server.env.items()},
            cwd=server.cwd,
            keep_alive=False,
            log_file=words,
        )
    assert server.url is not None
    kind = transports.SSETransport if server.type == "sse" else transports.StreamableHttpTransport
    return kind(expand(server.url, where), headers={key: expand(value, where) for key, value in server.headers.items()})


async def _decline(*_: Any, **__: Any) -> Any:
    return import_module("fastmcp.client.elicitation").ElicitResult(action="decline")


def _hush() -> None:
    """Keep the libraries' own log off the terminal: what matters of it reaches the user in our errors."""
    for name in ("mcp", "fastmcp", "client"):
        logger = logging.getLogger(name)
        if name == "fastmcp":
            with contextlib.suppress(ValueError):
                logger.setLevel(logging.CRITICAL)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
