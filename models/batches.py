"""Padded batches of prompts of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import torch

Padding = Literal["left", "right"]
DEFAULT_BATCH_SIZE = 32


@dataclass(frozen=True, eq=False)
class Batch:
    """Token ids of several prompts side by side.

    `numbers`: which prompts these rows are. `ids` and `positions` are (rows, columns), `mask` as well, or longer where
    a cache holds what precedes the columns: it is 1 on tokens and 0 on padding. `positions` count each row's tokens
    from 0 wherever its padding is. `starts`: for each row, the column of its prompt's first token, which is negative
    where a cache holds that token.
    """

    numbers: tuple[int, ...]
    ids: torch.Tensor
    mask: torch.Tensor
    positions: torch.Tensor
    starts: tuple[int, ...]

    def after(self, n: int) -> Batch:
        """These columns as the continuation of `n` tokens that every row begins with and a cache holds."""
        seen = torch.ones((self.mask.shape[0], n), dtype=self.mask.dtype)
        return Batch(
            self.numbers,
            self.ids,
            torch.cat([seen, self.mask], dim=1),
            self.positions + n,
            tuple(start - n for start in self.starts),
        )

    def cells(self, positions: Sequence[Sequence[int]]) -> Cells:
        """The cells of the given positions of each row's prompt, counted from 0, row after row."""
        rows = [row for row, found in enumerate(positions) for _ in found]
        columns = [self.starts[row] + position for row, found in enumerate(positions) for position in found]
        return Cells(torch.tensor(rows, dtype=torch.long), torch.tensor(columns, dtype=torch.long))


@dataclass(frozen=True, eq=False)
class Cells:
    """(row, column) pairs of a batch, as two index tensors of one length."""

    rows: torch.Tensor
    columns: torch.Tensor


def make_batches(
    sequences: Sequence[Sequence[int]],
    *,
    size: int = DEFAULT_BATCH_SIZE,
    padding: Padding = "right",
    pad_id: int = 0,
    border: int | None = None,
) -> Iterator[Batch]:
    """Batches of at most `size` rows, the longest first, so that little is padded and what does not fit fails early.

    Rows up to `border` tokens long and longer ones do not share a batch (see `rope.length_border`).
    """
    order = sorted(range(len(sequences)), key=lambda i: -len(sequences[i]))
    long = [i for i in order if border is not None and len(sequences[i]) > border]
    for group in (long, order[len(long) :]):
        for start in range(0, len(group), max(1, size)):
            numbers = group[start : start + max(1, size)]
            yield _pad(numbers, [sequences[i] for i in numbers], padding, pad_id)


def common_prefix(sequences: Sequence[Sequence[int]]) -> int:
    """How many token ids all of `sequences` begin with."""
    low, high = min(sequences, key=tuple), max(sequences, key=tuple)
    return next((i for i, (a, b) in enumerate(zip(low, high)) if a != b), min(len(low), len(high)))


def _pad(numbers: Sequence[int], rows: Sequence[Sequence[int]], padding: Padding, pad_id: int) -> Batch:
    longest = max(len(row) for row in rows)
    starts = tuple(longest - len(row) if padding == "left" else 0 for row in rows)
    ids = torch.full((len(rows), longest), pad_id, dtype=torch.long)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for i, (row, start) in enumerate(zip(rows, starts)):
        ids[i, start : start + len(row)] = torch.tensor(list(row), dtype=torch.long)
        mask[i, start : start + len(row)] = 1
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    return Batch(tuple(numbers), ids, mask, positions, starts)
