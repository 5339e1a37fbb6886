"""Patchscopes as self-contained HTML pages: one Patchscope, and the benchmark."""

from .writing import PageError, write_page

__all__ = ["PageError", "write_page"]
