"""Tools that others wrote: plug-ins of installed packages, and MCP servers."""

from .errors import ToolboxError
from .opening import open_offers, open_tools
from .registry import GROUP, Offer, installed_tools, known_tools, load_tools
from .servers import Server, Servers, default_config, find_servers, read_servers

__all__ = [
    "GROUP",
    "Offer",
    "Server",
    "Servers",
    "ToolboxError",
    "default_config",
    "find_servers",
    "installed_tools",
    "known_tools",
    "load_tools",
    "open_offers",
    "open_tools",
    "read_servers",
]
