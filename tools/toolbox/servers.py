"""Which MCP servers a user has: a TOML or JSON file, read once and checked."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, ValidationError, model_validator

from .errors import ToolboxError

VARIABLE = "ZETETIC_MCP"
"""The environment variable that names the file."""
FILE_NAME = "mcp.toml"
"""Its name in the user's configuration folder."""
_SERVER_NAME = re.compile(r"[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*")
_TABLES = ("servers", "mcpServers")
_FOREIGN = frozenset({"autoApprove", "alwaysAllow", "description"})
"""What other programs keep in the same file, and what means nothing to us."""
_REFERENCE = re.compile(r"\$\{(\w+)\}")


class Server(BaseModel):
    """One MCP server: a program that speaks over its standard streams, or the URL where one listens.

    `allow`: patterns of the tools that may be used (`read_*`, `*`); none are without it. `timeout_seconds`: of one
    call; `start_seconds`: until it is ready; `most_characters`: of one answer. In `env`, `headers` and `url`,
    `${NAME}` stands for an environment variable. A program sees `env` and a few harmless variables, nothing else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str | None = None
    args: tuple[str, ...] = ()
    env: dict[str, str] = {}
    cwd: str | None = None
    url: str | None = None
    headers: dict[str, str] = {}
    type: Literal["stdio", "http", "streamable-http", "streamable_http", "sse"] | None = None
    disabled: bool = False
    allow: Annotated[tuple[str, ...], Field(min_length=0)] = ()
    timeout_seconds: PositiveFloat = 30.0
    start_seconds: PositiveFloat = 30.0
    most_characters: PositiveInt = 6000

    @model_validator(mode="after")
    def _one_way(self) -> Server:
        if (self.command is None) == (self.url is None):
            raise ValueError("expected a command or a url, and not both")
        if self.url is not None and not self.url.startswith(("http://", "https://", "${")):
            raise ValueError(f"expected a url with http:// or https://, got {self.url!r}")
        return self


@dataclass(frozen=True)
class Servers:
    """The servers of a file by name. `place`: that file, for messages."""

    by_name: dict[str, Server]
    place: str = ""


def default_config() -> Path:
    """Where the user's own file is looked for."""
    from platformdirs import user_config_path

    return user_config_path("zetetic", appauthor=False) / FILE_NAME


def find_servers(path: Path | None = None) -> Servers:
    """The servers in `path`, else in the file that `$ZETETIC_MCP` names, else in the user's own if there is one.

    Raises `ToolboxError` where the file is named but missing, or holds what is no configuration.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if path is None and named:
        path = Path(named)
    if path is not None:
        return read_servers(path)
    own = default_config()
    return read_servers(own) if own.exists() else Servers({})


def read_servers(path: Path) -> Servers:
    """Read `[servers.NAME]` of a TOML file or `"mcpServers"` of a JSON file. Raises `ToolboxError`."""
    path = path.expanduser()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ToolboxError(f"expected a file that names MCP servers at {path}, got: {error}; pass another") from error
    try:
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise ToolboxError(f"{path} is no {kind}: {error}; mend it") from error
    table = next((data[name] for name in _TABLES if isinstance(data, dict) and name in data), None)
    if not isinstance(table, dict):
        wanted = '{"mcpServers": {"NAME": {…}}}' if path.suffix == ".json" else "[servers.NAME]"
        raise ToolboxError(f"expected {wanted} in {path}, got none; see docs/plugins.md")
    read = {str(name): _read(str(name), fields, path) for name, fields in table.items()}
    return Servers({name: server for name, server in read.items() if not server.disabled}, str(path))


def _read(name: str, fields: Any, path: Path) -> Server:
    if not _SERVER_NAME.fullmatch(name):
        raise ToolboxError(
            f"expected letters, digits, - and single _ in the name of a server in {path}, got {name!r}; rename it"
        )
    if not isinstance(fields, dict):
        raise ToolboxError(f"expected fields such as command or url for the server {name!r} in {path}, got {fields!r}")
    try:
        return Server.model_validate({key: value for key, value in fields.items() if key not in _FOREIGN})
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        said = str(fault["msg"]).removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            said = f"not a field; known: {', '.join(Server.model_fields)}"
        raise ToolboxError(f"the server {name!r} in {path}: {where + ': ' if where else ''}{said}; mend it") from error


def expand(text: str, where: str) -> str:
    """`text` with `${NAME}` replaced by environment variables. Raises `ToolboxError` for one that is not set."""

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            raise ToolboxError(f"{where} needs the environment variable {match[1]}, which is not set; set it first")
        return found

    return _REFERENCE.sub(value, text)
