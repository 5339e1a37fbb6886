"""What chat models cost, as a table under a category's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .category import Cost, Report, Row

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_COLUMNS = ("n", "calls", "read", "written", "each", "dollars", "each")
"""Functions, calls, tokens read and written in all and for a function (the median), dollars likewise."""


def with_costs_table(table: RenderableType, report: Report) -> RenderableType:
    """`table`, and under it what each chat model cost on the rows of `report`."""
    from rich.console import Group
    from rich.text import Text

    rows: Sequence[Row] = getattr(report, "rows", ())
    costs = [cost for row in rows for cost in row.costs]
    if not costs:
        return table
    notes = ["n: functions; read, written: tokens; each: a function's tokens or dollars, the median."]
    if any(cost.dollars is None for cost in costs):
        models = sorted({cost.model for cost in costs if cost.dollars is None})
        notes.append(f"No price is known for {', '.join(models)}; name a table of prices in ZETETIC_PRICES.")
    if any(cost.estimated for cost in costs):
        notes.append("Some tokens were counted by us, for want of the provider's figures.")
    folders = sorted({row.transcript.rpartition("/")[0] or "." for row in rows if row.transcript})
    if folders:
        notes.append(f"Transcripts: {', '.join(folders)}")
    return Group(table, _table(costs), Text("\n".join(notes), style="dim"))


def _table(costs: Sequence[Cost]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title="What chat models cost: tokens, dollars", box=SIMPLE_HEAD)
    table.add_column("model", overflow="fold")
    for column in _COLUMNS:
        table.add_column(column, justify="right", no_wrap=True)
    for who, model in dict.fromkeys((cost.who, cost.model) for cost in costs):
        table.add_row(f"{who}: {model}", *_cells([c for c in costs if (c.who, c.model) == (who, model)]))
    return table


def _cells(costs: Sequence[Cost]) -> list[str]:
    tokens = [cost.input_tokens + cost.output_tokens for cost in costs]
    dollars = [cost.dollars for cost in costs if cost.dollars is not None]
    return [
        str(len(costs)),
        str(sum(cost.calls for cost in costs)),
        str(sum(cost.input_tokens for cost in costs)),
        str(sum(cost.output_tokens for cost in costs)),
        f"{np.median(tokens):.0f}",
        f"{sum(dollars):.4f}" if dollars else "–",
        f"{np.median(dollars):.4f}" if dollars else "–",
    ]
