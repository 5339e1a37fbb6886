"""Templates `NAME.md.j2` beside this file, rendered with strict variables; a user's folder may override each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

FOLDER_VARIABLE = "ZETETIC_PROMPTS"
"""The environment variable that names a folder whose templates win over ours."""
SUFFIX = ".md.j2"


class PromptError(ValueError):
    """A template that does not exist, cannot be read, or lacks a variable. The message says which."""


def render(name: str, variables: Mapping[str, Any] | None = None, /, **more: Any) -> str:
    """The prompt `name` (such as `sasc/summarize`) with its variables filled in; what is not given is an error.

    Values are put in as they are: a prompt is plain text, not HTML. Raises `PromptError`.
    """
    from jinja2 import TemplateError, UndefinedError

    try:
        return str(_template(source(name)).render({**(variables or {}), **more})).strip()
    except UndefinedError as error:
        raise PromptError(f"the prompt {name!r} needs a variable: {error.message}; pass it to render()") from error
    except TemplateError as error:
        raise PromptError(f"the prompt {name!r} is no valid template: {error}; mend {_place(name)}") from error


def source(name: str) -> str:
    """The text of the template `name`: the user's, if there is one in `$ZETETIC_PROMPTS`, else ours."""
    override = _override(name)
    try:
        if override is not None:
            return override.read_text(encoding="utf-8")
        return files(__package__).joinpath(name + SUFFIX).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"no prompt {name!r}; there are: {', '.join(names())}") from error


def prompt_hash(name: str) -> str:
    """The version of the template `name`: twelve hexadecimal digits of the sha256 of its text."""
    return hashlib.sha256(source(name).encode()).hexdigest()[:12]


def names() -> list[str]:
    """The names of our templates, sorted."""
    root = Path(str(files(__package__)))
    return sorted(str(p.relative_to(root).as_posix()).removesuffix(SUFFIX) for p in root.rglob(f"*{SUFFIX}"))


def _override(name: str) -> Path | None:
    folder = os.environ.get(FOLDER_VARIABLE, "").strip()
    path = Path(folder).expanduser() / (name + SUFFIX) if folder else None
    return path if path is not None and path.is_file() else None


def _place(name: str) -> str:
    override = _override(name)
    return str(override) if override is not None else f"prompts/{name}{SUFFIX}"


@lru_cache(maxsize=64)
def _template(text: str) -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(text)
