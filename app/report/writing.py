"""From a run to one self-contained HTML file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...agent.record import RunRecord
from ..files import write_whole
from .bundle import packed_plotly, policy
from .figures import embed_json
from .page import compose


class ReportError(Exception):
    """A report that could not be written. The message says where and what to do."""


def render_report(record: RunRecord) -> str:
    """The whole page for a run, finished or not: styles, plots and code inside it, nothing fetched."""
    from markupsafe import Markup

    page = compose(record)
    script = _resource("report.js")
    figures = [f.as_dict() for f in page.figures]
    return str(
        _template().render(
            page=page,
            style=Markup(_resource("report.css")),
            script=Markup(script),
            policy=policy(script),
            figures=Markup(embed_json(figures)),
            plotly=Markup(packed_plotly()) if figures else "",
        )
    )


def write_report(record: RunRecord, path: Path | str) -> Path:
    """The report of a run at `path`, whole or not at all; folders on the way are made. Raises ReportError."""
    html = render_report(record)
    path = Path(path).expanduser().absolute()
    try:
        write_whole(html, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            f"expected to write the report to {path}, got: {reason.lower()}; pass another place with --report PATH"
        ) from error
    return path


@dataclass(frozen=True, slots=True)
class NotebookReport:
    """A report as a notebook shows it: the last value of a cell, in a frame of its own."""

    record: RunRecord
    height: int = 900

    def _repr_html_(self) -> str:
        html = render_report(self.record)
        frame = f'width="100%" height="{self.height}" style="border: 0" sandbox="allow-scripts"'
        return f'<iframe title="zetetic report" srcdoc="{escape(html, quote=True)}" {frame}></iframe>'


@lru_cache(maxsize=4)
def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=False)
    return environment.from_string(_resource("report.html.j2"))
