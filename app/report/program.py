"""The explanation's code: as a function to draw, and in colour to read."""

from __future__ import annotations

import atexit
from functools import cache
from typing import Any

from ...sandboxes.types import LoadError, Returned, Sandbox, SandboxError
from ...tools.scoring import CodeError, load_explained
from .curve import Function


def function_of(code: str, *, own: bool) -> Function | None:
    """`explained` as defined by `code`; None where there is no code or it does not run.

    Code that is not our `own`, but a language model's or a person's, runs in a sandbox, or not at all.
    """
    if not code:
        return None
    try:
        return load_explained(code) if own else _contained(code)
    except (CodeError, SandboxError, LoadError):
        return None


def _contained(code: str) -> Function:
    loaded = _sandbox().load(code, "explained")

    def call(*inputs: Any) -> Any:
        [result] = loaded.call([inputs])
        if not isinstance(result, Returned):
            raise ArithmeticError(str(result))
        return result.value

    return call


@cache
def _sandbox() -> Sandbox:
    """One for all pages of this process."""
    from ...sandboxes import open_sandbox

    opened = open_sandbox()
    atexit.register(opened.close)
    return opened


def highlighted(code: str) -> Any:
    """`code` as safe HTML with pygments' classes; a `Markup`, so that the template leaves it as it is."""
    from markupsafe import Markup
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    return Markup(highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)))
