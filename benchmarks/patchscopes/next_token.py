"""Next-token prediction from every layer: what a lens or a Patchscope says against what the model itself says.

Patchscopes, section 4.1 (arXiv:2401.06102): precision@1 is the share of positions where both name the same token,
surprisal the negative log-probability (nats) that the reading gives to the model's own token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from ...tools.patchscope.lenses import TunedLens, fit_tuned_lens
from ...tools.patchscope.places import Target, resolve
from ...tools.patchscope.rows import RowReadouts, Rows, patched, read_rows, summarize
from ...tools.patchscope.targets import CONTROLS, token_identity_prompt
from .sample import Sample

if TYPE_CHECKING:
    from ...models import LanguageModel

Kind = Literal["lens", "target", "control"]
CHUNK = 256
LOGIT_LENS, TUNED_LENS, TOKEN_IDENTITY = "logit lens", "tuned lens", "token identity"


@dataclass(frozen=True, slots=True)
class Method:
    """A way to read a hidden state. `prompt` is what a target or control says."""

    name: str
    kind: Kind
    prompt: str | None = None


METHODS = (
    Method(LOGIT_LENS, "lens"),
    Method(TUNED_LENS, "lens"),
    Method(TOKEN_IDENTITY, "target", token_identity_prompt()),
    *(Method(text, "control", text) for text in CONTROLS),
)


@dataclass(frozen=True, eq=False)
class Measured:
    """One method at every position and layer: `hits` and `surprisals` (nats), both (positions, layers)."""

    hits: NDArray[np.float64]
    surprisals: NDArray[np.float64]

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for a results file."""
        return {"hits": self.hits.astype(int).tolist(), "surprisals": np.round(self.surprisals, 4).tolist()}

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Measured:
        return cls(np.array(kept["hits"], dtype=float), np.array(kept["surprisals"], dtype=float))


def measure(model: LanguageModel, sample: Sample, method: Method, fit_texts: Callable[[], list[str]]) -> Measured:
    """Read the sample by `method`; `fit_texts` gives the texts that a tuned lens is fitted to."""
    n_positions, n_layers, _ = sample.hidden.shape
    rows = Rows(tuple(range(n_layers)) * n_positions, sample.hidden.flatten(0, 1))
    own = sample.own.cpu().repeat_interleave(n_layers)[:, None]
    if method.prompt is not None:
        found = read_rows(patched(resolve(Target(model, method.prompt))), rows, own, top=1)
    else:
        lens = fit_tuned_lens(model, fit_texts()) if method.name == TUNED_LENS else None
        found = _lens_rows(model, rows, own, lens)
    shape = (n_positions, n_layers)
    return Measured(
        (found.ids[:, 0] == own[:, 0]).double().numpy().reshape(shape),
        -found.watched[:, 0].double().numpy().reshape(shape),
    )


def _lens_rows(model: LanguageModel, rows: Rows, own: torch.Tensor, lens: TunedLens | None) -> RowReadouts:
    """As `read_rows`, with the model's own head on each (mapped) state."""
    vectors = rows.vectors.clone()
    if lens is not None:
        layers = torch.tensor(rows.layers)
        for layer in sorted(set(rows.layers)):
            chosen = layers == layer
            vectors[chosen] = lens(vectors[chosen], layer)
    parts = []
    for numbers in _chunks(len(rows)):
        watch, place = torch.unique(own[numbers], return_inverse=True)
        logits = model.unembed(vectors[numbers])
        kept = summarize(logits, watch.to(logits.device), 1).cpu()
        parts.append(RowReadouts(kept[:, :1].long(), kept[:, 1:2], kept[:, 2:].gather(1, place)))
    return RowReadouts(
        *(torch.cat([getattr(p, name) for p in parts]) for name in ("ids", "log_probabilities", "watched"))
    )


def _chunks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK))
