"""Our tools for other agents, over the Model Context Protocol."""

from .boxes import BoxRules
from .serving import own_wire, serve
from .tools import Explainer, query_tool, status_of

__all__ = ["BoxRules", "Explainer", "own_wire", "query_tool", "serve", "status_of"]
