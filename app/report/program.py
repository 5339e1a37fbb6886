"""The explanation's code: as a function to draw, and in colour to read."""

from __future__ import annotations

from typing import Any

from ...tools.scoring import CodeError, load_explained
from .curve import Function


def function_of(code: str) -> Function | None:
    """`explained` as defined by `code`; None where there is no code or it does not run."""
    try:
        return load_explained(code) if code else None
    except CodeError:
        return None


def highlighted(code: str) -> Any:
    """`code` as safe HTML with pygments' classes; a `Markup`, so that the template leaves it as it is."""
    from markupsafe import Markup
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return Markup(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))
