"""From a page to one self-contained HTML file: styles, plots and code inside it, nothing fetched."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from .. import report
from ..files import write_whole
from ..report.bundle import packed_plotly, policy
from ..report.figures import embed_json
from .layout import Page


class PageError(Exception):
    """A page that could not be written. The message says where and what to do."""


def render_page(page: Page) -> str:
    """The page as HTML, with the look and the scripts of a run's report."""
    from markupsafe import Markup

    script = _resource(report.__name__, "report.js")
    style = _resource(report.__name__, "report.css") + _resource(__package__, "page.css")
    figures = [f.as_dict() for f in page.figures]
    return str(
        _template().render(
            page=page,
            style=Markup(style),
            script=Markup(script),
            policy=policy(script),
            figures=Markup(embed_json(figures)),
            plotly=Markup(packed_plotly()) if figures else "",
        )
    )


def write_page(page: Page, path: Path | str) -> Path:
    """The page at `path`, whole or not at all; folders on the way are made. Raises `PageError`."""
    html = render_page(page)
    path = Path(path).expanduser().absolute()
    try:
        write_whole(html, path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PageError(
            f"expected to write the page to {path}, got: {reason}; pass another place with --html"
        ) from error
    return path


@lru_cache(maxsize=8)
def _resource(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=False)
    return environment.from_string(_resource(__package__, "page.html.j2"))
