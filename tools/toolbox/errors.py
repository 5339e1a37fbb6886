"""What goes wrong between us and tools that others wrote."""

from __future__ import annotations


class ToolboxError(ValueError):
    """A tool, plug-in or MCP server that cannot be had. The message names who offers it and the remedy."""
