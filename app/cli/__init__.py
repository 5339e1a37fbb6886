"""The command line: `zetetic explain`, `zetetic runs`, `zetetic bench`, `zetetic sandbox`."""

from .root import app, main

__all__ = ["app", "main"]
