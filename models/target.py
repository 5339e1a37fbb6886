"""One target prompt under many patches: next tokens and continuations of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from .errors import PatchError
from .generation import Generation, Sampling, check_writing
from .prompt import Prompt
from .rows import Rows, Way, Writing

if TYPE_CHECKING:
    from .language_model import LanguageModel

Reduce = Callable[[torch.Tensor], torch.Tensor]
"""Logits of some rows (rows, vocabulary) → what is kept of them, one item a row."""

CHUNK_BYTES = 192 * 2**20
"""What rows that run together may take on a CPU, beside the model."""
CHUNK_BYTES_GPU = 2 * 2**30


@dataclass(frozen=True, eq=False)
class TopTokens:
    """The likeliest next tokens of each row, the likeliest first: `ids` and natural log-probabilities, (rows, k)."""

    ids: torch.Tensor
    log_probabilities: torch.Tensor


class PatchedTarget:
    """A target prompt, and what becomes of it when vectors are put into its residual stream at one position.

    >>> target = model.target("The weather today is nice and the ?", position=-1)
    >>> target.next_tokens(layers=[3, 3, 20], vectors=states).ids

    A row is one patch: a layer (block outputs count from 0; -1 is the embedding) and a vector. Each row is as if it
    were alone: what else is asked in the same call does not matter. Patchscopes, section 3 (arXiv:2401.06102).
    """

    def __init__(
        self, model: LanguageModel, prompt: Prompt, position: int, way: Way, *, chunk_bytes: int | None = None
    ) -> None:
        self.model = model
        self.prompt = prompt
        self.position = position
        self._way = way
        default = CHUNK_BYTES if model.device.type == "cpu" else CHUNK_BYTES_GPU
        self._chunk_bytes = default if chunk_bytes is None else chunk_bytes

    def logits(self, layers: Sequence[int], vectors: torch.Tensor) -> torch.Tensor:
        """Next-token logits of every row: (rows, vocabulary). For many rows see `reduced`."""
        return self.reduced(layers, vectors, lambda logits: logits)

    def next_tokens(self, layers: Sequence[int], vectors: torch.Tensor, *, top: int = 5) -> TopTokens:
        """The `top` likeliest next tokens of every row."""
        k = min(top, self.model.n_tokens)

        def likeliest(logits: torch.Tensor) -> torch.Tensor:
            best = logits.topk(k)
            normal = best.values.double() - logits.float().logsumexp(-1, keepdim=True)
            return torch.stack([best.indices.double(), normal], dim=-1)

        found = self.reduced(layers, vectors, likeliest)
        return TopTokens(found[..., 0].long(), found[..., 1].float())

    def reduced(self, layers: Sequence[int], vectors: torch.Tensor, reduce: Reduce) -> torch.Tensor:
        """`reduce` of the next-token logits, called for some rows at a time, so that not all logits are kept."""
        rows = self._check(layers, vectors)
        parts = []
        with torch.inference_mode():
            for chunk in self._chunks(rows, room=0):
                kept = reduce(self.model.unembed(self._way.states(chunk)))
                if not isinstance(kept, torch.Tensor) or kept.shape[:1] != (len(chunk),):
                    shape = " × ".join(map(str, getattr(kept, "shape", ()))) or type(kept).__name__
                    raise PatchError(f"expected reduce to give a tensor of one item a row ({len(chunk)}), got {shape}")
                parts.append(kept)
        return torch.cat(parts)[_inverse(rows.numbers)]

    def describe(
        self,
        layers: Sequence[int],
        vectors: torch.Tensor,
        *,
        max_new_tokens: int = 20,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        stop: str | Sequence[str] = (),
    ) -> list[Generation]:
        """What the model writes after the target in every row; see `LanguageModel.generate`.

        A patch is made once, when the target is read. Later tokens see it through keys and values alone, and at the
        patched layer and below they see the target's own token.
        """
        stops = check_writing(self.model, max_new_tokens, stop)
        writing = Writing(max_new_tokens, Sampling(temperature, top_p, seed), stops)
        rows = self._check(layers, vectors)
        written: dict[int, Generation] = {}
        with torch.inference_mode():
            for chunk in self._chunks(rows, room=max_new_tokens):
                written |= zip(chunk.numbers, self._way.write(chunk, writing))
        return [written[i] for i in range(len(rows))]

    def _check(self, layers: Sequence[int], vectors: torch.Tensor) -> Rows:
        """The rows in the order of their layers. Raises before anything is computed."""
        size, blocks = self.model.d_model, self.model.blocks
        found = torch.as_tensor(vectors).detach()
        if found.dim() != 2 or found.shape[0] != len(layers) or not len(layers):
            raise PatchError(
                f"expected one vector for each of {len(layers)} layers, at least one: {len(layers)} × {size} numbers, "
                f"got {' × '.join(map(str, found.shape)) or 'a single number'}"
            )
        if found.shape[1] != size:
            raise PatchError(
                f"expected vectors of size {size} (the hidden size of {self.model.name}), got {found.shape[1]}; "
                "between models of different hidden sizes, map the vectors first"
            )
        if not bool(torch.isfinite(found).all()):
            raise PatchError(
                "expected finite numbers in the vectors, got NaN or infinity; look at where they come from"
            )
        checked = [blocks.check_layer(layer) for layer in layers]
        order = sorted(range(len(checked)), key=checked.__getitem__)
        found = found.to(self.model.device, self.model.dtype)[order]
        return Rows(tuple(order), tuple(checked[i] for i in order), found)

    def _chunks(self, rows: Rows, *, room: int) -> Iterator[Rows]:
        """As many rows at once as `chunk_bytes` hold: neighbours, so that those of high layers start high."""
        logits = 3 * self.model.n_tokens * max(self.model.dtype.itemsize, 4)
        size = max(1, self._chunk_bytes // (self._way.bytes_per_row(room) + logits))
        n_chunks = -(-len(rows) // size)
        for i in range(n_chunks):
            part = slice(i * len(rows) // n_chunks, (i + 1) * len(rows) // n_chunks)
            yield Rows(rows.numbers[part], rows.layers[part], rows.vectors[part])


def _inverse(order: Sequence[int]) -> torch.Tensor:
    """Where each row that was asked for lies in `order`."""
    return torch.tensor(list(order)).argsort()
