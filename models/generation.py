"""Generating text: greedy or sampled, in batches, with patches that are made once and live on in keys and values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import torch

from .addresses import residual
from .batches import DEFAULT_BATCH_SIZE, Batch, common_prefix, make_batches
from .errors import ArchitectureError, PromptError
from .patching import Patch, PatchesLike, check_patches, edits_of
from .prefix import SharedPrefix
from .prompt import Prompt
from .rope import splits_badly

if TYPE_CHECKING:
    from .language_model import LanguageModel

Finish = Literal["end", "stop", "length", "context"]
LEAST_SHARED = 4
"""Tokens that all rows must begin with before running those once is worth a cache of their own."""


@dataclass(frozen=True)
class Generation:
    """What a model wrote after `prompt`. `ids` are all tokens it generated; `text` ends before a stop string.

    `finish`: it came to its end-of-text token (`end`), to a stop string (`stop`), to as many tokens as were allowed
    (`length`), or to the end of its context (`context`).
    """

    prompt: Prompt
    text: str
    ids: tuple[int, ...]
    finish: Finish


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is picked: the likeliest if `temperature` is 0, else drawn from the `top_p` share.

    Row i of all prompts draws from its own stream, which `seed` and i determine: how prompts are batched does not
    matter, and equal prompts get different samples.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.temperature) and self.temperature >= 0):
            raise PromptError(f"expected a temperature of 0 (greedy) or more, got {self.temperature}")
        if not 0 < self.top_p <= 1:
            raise PromptError(f"expected top_p above 0 and up to 1, got {self.top_p}")

    def pick(self, logits: torch.Tensor, streams: Sequence[torch.Generator]) -> list[int]:
        """The next token of each row of `logits` (rows, vocabulary)."""
        if self.temperature == 0:
            return [int(i) for i in logits.argmax(-1).tolist()]
        shares = torch.softmax(logits.float().cpu() / self.temperature, -1)
        if self.top_p < 1:
            ordered, order = shares.sort(stable=True, dim=-1, descending=True)
            before = ordered.cumsum(-1) - ordered
            shares = torch.zeros_like(shares).scatter(-1, order, ordered.where(before < self.top_p, 0.0))
        return [int(torch.multinomial(row, 1, generator=stream)) for row, stream in zip(shares, streams)]

    def stream(self, number: int) -> torch.Generator:
        """Where row `number` draws from."""
        return torch.Generator().manual_seed((self.seed * 1_000_003 + number) % (1 << 63))


def generate(
    model: LanguageModel,
    prompts: Sequence[Prompt],
    *,
    max_new_tokens: int = 50,
    sampling: Sampling | None = None,
    stop: str | Sequence[str] = (),
    patches: PatchesLike = None,
    batch_size: int = DEFAULT_BATCH_SIZE,
    numbers: Sequence[int] | None = None,
) -> list[Generation]:
    """Continue each prompt by at most `max_new_tokens` tokens.

    `patches` are made while the prompt is read, never again: what they changed lives on in the keys and values of the
    layers above. Equal-length prompts that begin alike share that beginning, up to the first patched position.
    `numbers`: which stream of samples each prompt draws from, its place among `prompts` unless given.
    """
    stops = check_writing(model, max_new_tokens, stop)
    changes = check_patches(patches, prompts, model.blocks)
    sampling = sampling or Sampling()
    found: dict[int, Generation] = {}
    for batch in model.batches(prompts, size=batch_size, padding="left"):
        rows = [Row(i, prompts[i], sampling.stream(i if numbers is None else numbers[i])) for i in batch.numbers]
        writer = Writer(model, rows, sampling, stops, max_new_tokens)
        writer.write(batch, [changes[i] for i in batch.numbers])
        found |= {row.number: row.result(model) for row in rows}
    return [found[i] for i in range(len(prompts))]


def check_writing(model: LanguageModel, max_new_tokens: int, stop: str | Sequence[str]) -> tuple[str, ...]:
    """The stop strings. Raises `ArchitectureError` or `PromptError` for what cannot be written, before computing."""
    if not model.is_causal:
        raise ArchitectureError(
            f"expected a model that generates, got {model.name} ({type(model.model).__name__}), which sees both sides; "
            "load a decoder such as smollm2"
        )
    if max_new_tokens < 1:
        raise PromptError(f"expected max_new_tokens of 1 or more, got {max_new_tokens}")
    stops = (stop,) if isinstance(stop, str) else tuple(stop)
    if not all(stops):
        raise PromptError("expected stop strings of at least one character, got an empty one; leave it out")
    return stops


@dataclass(eq=False)
class Row:
    """One prompt while its continuation is being written."""

    number: int
    prompt: Prompt
    stream: torch.Generator
    ids: list[int] = field(default_factory=list)
    finish: Finish | None = None
    cut: str | None = None

    def result(self, model: LanguageModel) -> Generation:
        text = model.decode(self.ids, special_tokens=False) if self.cut is None else self.cut
        return Generation(self.prompt, text, tuple(self.ids), self.finish or "length")


class Writer:
    """Writes on at several rows at once. Rows that are done leave the batch when they are half of it."""

    def __init__(
        self, model: LanguageModel, rows: list[Row], sampling: Sampling, stops: tuple[str, ...], max_new_tokens: int
    ) -> None:
        self._model = model
        self._rows = rows
        self._sampling = sampling
        self._stops = stops
        self._max_new_tokens = max_new_tokens
        self._ends = model.end_ids
        self._last = residual(model.n_layers - 1)

    def write(self, batch: Batch, patches: Sequence[Sequence[Patch]]) -> None:
        """Read the prompts in, patched, then write until every row is done."""
        self.write_on(*self._read_in(batch, patches))

    def write_on(self, logits: torch.Tensor, cache: Any, mask: torch.Tensor) -> None:
        """Write until every row is done: prompts have been read into `cache`, `mask` covers it, `logits` follow it."""
        rows = list(self._rows)
        while True:
            for row, token in zip(rows, self._sampling.pick(logits, [row.stream for row in rows])):
                if row.finish is None:
                    self._take(row, token)
            alive = [i for i, row in enumerate(rows) if row.finish is None]
            if not alive:
                return
            if 2 * len(alive) <= len(rows):
                cache.batch_select_indices(torch.tensor(alive))  # on the CPU: layers may lie on several devices
                rows, mask = [rows[i] for i in alive], mask[alive]
            mask = torch.cat([mask, torch.ones((len(rows), 1), dtype=mask.dtype)], dim=1)
            logits = self._step(rows, mask, cache)

    def _read_in(self, batch: Batch, patches: Sequence[Sequence[Patch]]) -> tuple[torch.Tensor, Any, torch.Tensor]:
        ids = [row.prompt.ids for row in self._rows]
        shared = _shared(ids, patches)
        if splits_badly(self._model.runner.length_border, shared, len(ids[0])):
            shared = 0
        prefix = SharedPrefix(self._model.runner, self._model.blocks, ids[0][:shared])
        if shared:
            [rest] = make_batches([i[shared:] for i in ids], size=len(ids))
            batch = Batch(batch.numbers, rest.ids, rest.mask, rest.positions, rest.starts).after(shared)
        cache = prefix.cache(len(ids), grown=True)
        cells = batch.cells([[len(i) - 1] for i in ids])
        edits = edits_of(patches, batch)
        states = self._model.runner.read(batch, [self._last], cells, edits=edits, cache=cache)[self._last]
        return self._model.unembed(states), cache, batch.mask

    def _step(self, rows: Sequence[Row], mask: torch.Tensor, cache: Any) -> torch.Tensor:
        """Logits after the last token of each row; a row that is done repeats its last, unheeded."""
        positions = torch.tensor([[len(row.prompt) + len(row.ids) - 1] for row in rows])
        ids = torch.tensor([[row.ids[-1]] for row in rows])
        batch = Batch(tuple(range(len(rows))), ids, mask, positions, (0,) * len(rows))
        cells = batch.cells([[0]] * len(rows))
        return self._model.unembed(self._model.runner.read(batch, [self._last], cells, cache=cache)[self._last])

    def _take(self, row: Row, token: int) -> None:
        row.ids.append(token)
        limit = self._model.context_length
        if self._stops:
            text = self._model.decode(row.ids, special_tokens=False)
            at = min((text.find(s) for s in self._stops if s in text), default=None)
            if at is not None:
                row.finish, row.cut = "stop", text[:at]
                return
        if token in self._ends:
            row.finish = "end"
        elif len(row.ids) >= self._max_new_tokens:
            row.finish = "length"
        elif limit is not None and len(row.prompt) + len(row.ids) > limit:
            row.finish = "context"


def _shared(ids: Sequence[Sequence[int]], patches: Sequence[Sequence[Patch]]) -> int:
    """How many tokens to read once for all rows: none unless the rows are equally long, so that nothing is padded."""
    if len(ids) < 2 or len({len(i) for i in ids}) > 1:
        return 0
    patched = [p for row in patches for patch in row for p in _positions(patch)]
    shared = min([common_prefix(ids), len(ids[0]) - 1, *patched])
    return shared if shared >= LEAST_SHARED else 0


def _positions(patch: Patch) -> Sequence[int]:
    return [patch.positions] if isinstance(patch.positions, int) else patch.positions
