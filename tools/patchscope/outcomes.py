"""What a Patchscope shows: cells, the readings they make up, and the controls beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ...models.language_model import NextToken
from .comparison import Comparison, verdict
from .errors import PatchscopeError

UNNEEDED = "But the target is right without any patch: what it says need not come from the hidden state."


@dataclass(frozen=True)
class Reference:
    """What a reading is measured by: an answer that was given, or what the source's own model says next.

    `ids` are the token ids of the target's model that begin it: a readout hits if its likeliest token is one of them.
    """

    text: str
    ids: tuple[int, ...]
    given: bool

    @property
    def words(self) -> str:
        """What the reference is, for a sentence."""
        return f"the answer {self.text!r}" if self.given else f"{self.text!r} (what the source's model says next)"


@dataclass(frozen=True, slots=True)
class Cell:
    """One patched run. `surprisal` is that of the reference, in nats: -log of its probability as the next token.

    `hit`: the likeliest next token begins the reference; where an answer was given and there is a `continuation`, the
    answer stands in it.
    """

    source_layer: int
    target_layer: int
    tokens: tuple[NextToken, ...]
    surprisal: float
    hit: bool
    continuation: str | None = None


@dataclass(frozen=True)
class Reading:
    """One target under every patch, and unpatched. `diagonal`: each source layer went to the same target layer."""

    prompt: str
    position: int
    token: str
    cells: tuple[Cell, ...]
    unpatched: Cell
    diagonal: bool

    @cached_property
    def source_layers(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(c.source_layer for c in self.cells))

    @cached_property
    def target_layers(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(c.target_layer for c in self.cells))

    @cached_property
    def _by_layers(self) -> dict[tuple[int, int], Cell]:
        return {(c.source_layer, c.target_layer): c for c in self.cells}

    def __getitem__(self, layers: tuple[int, int]) -> Cell:
        """The cell of (source layer, target layer)."""
        if layers not in self._by_layers:
            raise PatchscopeError(
                f"expected (source layer, target layer) among those that were run, got {layers}; source layers are "
                f"{_listed(self.source_layers)}, target layers {_listed(self.target_layers)}"
                + (" (each source layer at its own)" if self.diagonal else "")
            )
        return self._by_layers[layers]

    @property
    def precision(self) -> float:
        """The share of cells that hit."""
        return sum(c.hit for c in self.cells) / len(self.cells)

    @property
    def surprisal(self) -> float:
        """Mean over cells, in nats."""
        return sum(c.surprisal for c in self.cells) / len(self.cells)

    def by_source_layer(self) -> list[list[Cell]]:
        """The cells of each source layer."""
        return [[c for c in self.cells if c.source_layer == layer] for layer in self.source_layers]


@dataclass(frozen=True)
class Patchscope:
    """A reading of `target`, the same hidden states in unrelated `controls`, and what the difference is.

    `comparisons` has one entry a control and metric; `notes` are remarks that a reader should know.
    """

    source: str
    source_position: int
    source_token: str
    source_model: str
    target_model: str
    reference: Reference
    target: Reading
    controls: tuple[Reading, ...]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    described: bool

    def __getitem__(self, layers: tuple[int, int]) -> Cell:
        """The cell of (source layer, target layer) of the target."""
        return self.target[layers]

    def __str__(self) -> str:
        """A plain table: a line a source layer, the likeliest token or the continuation of each target layer."""
        layers = self.target.target_layers
        shown = layers if self.target.diagonal else [layers[i] for i in _spread(len(layers), 6)]
        lines = [f"{self.source!r} at {self.source_token!r} → {self.target.prompt!r} at {self.target.token!r}"]
        for row in self.target.by_source_layer():
            cells = [c for c in row if c.target_layer in shown]
            said = "  ".join(f"{c.target_layer:>2}: {saying(c)!r:<14}" for c in cells)
            lines.append(f"layer {row[0].source_layer:>2} → {said}".rstrip())
        return "\n".join([*lines, self.verdict, *self.notes])

    @property
    def seeks_answers(self) -> bool:
        """Whether right means a continuation with a given answer, and not the likeliest next token."""
        return self.described and self.reference.given

    @property
    def verdict(self) -> str:
        """What the comparison with the controls says, in plain words, and whether a patch was needed at all."""
        said = verdict(self.comparisons, self.reference.words, described=self.seeks_answers)
        return f"{said} {UNNEEDED}" if self.target.unpatched.hit else said


def saying(cell: Cell) -> str:
    """What a cell says: its continuation, else its likeliest token."""
    return cell.tokens[0].text if cell.continuation is None else cell.continuation


def _spread(count: int, most: int) -> Sequence[int]:
    """Indices of at most `most` of `count` things, the first and the last among them."""
    if count <= most:
        return range(count)
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)})


def _listed(layers: Sequence[int]) -> str:
    whole = len(layers) > 2 and list(layers) == list(range(layers[0], layers[-1] + 1))
    return f"{layers[0]}..{layers[-1]}" if whole else ", ".join(map(str, layers))
