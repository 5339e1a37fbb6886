"""The command line: `zetetic explain`, `zetetic runs`, `zetetic bench`."""

from .root import app, main

__all__ = ["app", "main"]
