"""The command line with `tools` and `mcp`, wherever the root command stands. Runs as a program, too."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from zetetic.app.cli import root
from zetetic.app.cli.mcp import mcp
from zetetic.app.cli.tools import tools_app

if "tools" not in {group.name for group in root.app.registered_groups}:
    root.app.add_typer(tools_app, name="tools")
if "mcp" not in {command.name for command in root.app.registered_commands}:
    root.app.command("mcp")(mcp)


def main(arguments: Sequence[str] | None = None) -> int:
    return root.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
