"""From an explanation of a data set to the page that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...tools.dataset_explanation import DatasetExplanation, TableExplanation
from ..patchscopes.layout import Page
from .tables import table_sections
from .texts import text_sections

if TYPE_CHECKING:
    from ..patchscopes.layout import Section

COMMAND = "explain-dataset"


def dataset_page(found: DatasetExplanation | TableExplanation) -> Page:
    """A page for texts or for a table."""
    if isinstance(found, TableExplanation):
        return _of_table(found)
    return _of_texts(found)


def _of_texts(found: DatasetExplanation) -> Page:
    what = f"{found.a} and {found.b}" if found.kind == "groups" else f"texts by {found.target}"
    count = len(found.differences)
    badge = f"{count} difference{'s' if count != 1 else ''}" if count else "No difference found"
    sections: tuple[Section, ...] = text_sections(found)
    return Page(
        command=COMMAND,
        title=f"What tells apart {what}",
        headline=f"What tells apart {what}",
        badge=badge,
        tone="good" if count else "warn",
        lead=(found.summary, *(f"{number}. {one.sentence}." for number, one in enumerate(found.differences, 1))),
        sections=sections,
        facts=(
            ("Compared", what),
            ("Discovery half", f"{found.discovery} texts: candidates are proposed and oriented here"),
            ("Held-out half", f"{found.held_out} texts: every number on this page comes from here"),
            ("Tested", f"{found.tested} candidates; p-values are corrected for all of them (Holm)"),
            ("Judge", ", ".join(found.judges) or "none; everything reported is counted"),
            ("Seed", str(found.seed)),
            *(("Note", note) for note in found.notes),
        ),
    )


def _of_table(found: TableExplanation) -> Page:
    what = found.target if found.kind == "number" else f"{found.a} against {found.b}"
    return Page(
        command=COMMAND,
        title=f"What {what} goes with",
        headline=f"What {what} goes with",
        badge=f"{found.metric} {found.score.value:.2f}" if found.found else "Nothing found",
        tone="good" if found.found else "warn",
        lead=(found.summary, *(one.sentence for one in found.effects)),
        sections=table_sections(found),
        facts=(
            ("Model", found.form),
            ("Training rows", str(found.training)),
            ("Held-out rows", f"{found.held_out}: no model was fitted on or chosen by them"),
            ("Seed", str(found.seed)),
            *(("Note", note) for note in found.notes),
        ),
    )
