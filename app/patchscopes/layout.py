"""What a page holds, as plain values that the template lays out: every text still raw, to be escaped there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ..report.figures import Figure
from ..report.tables import Table

Tone: TypeAlias = str
"""The colour of the badge: good, warn or bad."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: what is said, then plots, then tables."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page. `badge` is its verdict in a word or two; `command` is what made it."""

    title: str
    headline: str
    badge: str
    tone: Tone
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = field(default=())
    command: str = "patchscope"

    @property
    def figures(self) -> list[Figure]:
        return [figure for section in self.sections for figure in section.figures]
