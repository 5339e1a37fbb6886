"""Reading hidden states with the model's own head: logit lens, tuned lens, future lens.

Each is the Patchscope T = S, i* = i, l* = last (arXiv:2401.06102, table 1), computed without running anything again:
the readout is head(norm(f(h))). f is the identity for the logit lens and affine for the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from ...models.addresses import residual
from ...models.language_model import NextToken
from .errors import MappingError, PatchscopeError
from .fitting import FIRST_POSITION, Fitted, Split, batches, prompts_of, split_texts
from .mappings import MappingLike, check_mapping, mapping_for
from .outcomes import Cell, Reading
from .places import LayersLike, Source, check_layers, resolve
from .rows import summarize

if TYPE_CHECKING:
    from ...models import LanguageModel


@dataclass(frozen=True, eq=False)
class TunedLens:
    """For each layer an affine mapping to the last one, `ahead` tokens further on (0: the tuned lens proper).

    Fitted by least squares on hidden states: "Jump to Conclusions" (arXiv:2303.09435); the tuned lens itself
    (arXiv:2303.08112) minimizes the divergence of the readout. `ahead` > 0: Future Lens, section 3.1
    (arXiv:2311.04897).
    """

    model: str
    fitted: Mapping[int, Fitted]
    ahead: int = 0

    def __call__(self, hidden: torch.Tensor, layer: int) -> torch.Tensor:
        """(rows, d_model) after block `layer` → the last residual stream that it foretells."""
        if layer not in self.fitted:
            known = ", ".join(map(str, sorted(self.fitted)))
            raise MappingError(f"expected a layer that this lens was fitted to ({known}), got {layer}; fit it as well")
        return self.fitted[layer](hidden)


def logit_lens(source: Source, *, top: int = 5) -> Reading:
    """What each layer's hidden state would say if it were the last: head(norm(h(i, l)))."""
    return _read(source, None, top)


def tuned_lens(source: Source, lens: TunedLens, *, top: int = 5) -> Reading:
    """As `logit_lens`, after the lens's affine mapping of each layer."""
    if lens.model != source.model.name:
        raise MappingError(
            f"expected a lens fitted to {source.model.name}, got one fitted to {lens.model}; fit it to this model"
        )
    if source.layer is None:
        source = Source(source.model, source.prompt, source.position, sorted(lens.fitted))
    return _read(source, lens.fitted, top)


def _read(source: Source, mapping: MappingLike | None, top: int) -> Reading:
    model = source.model
    if top < 1:
        raise PatchscopeError(f"expected top of 1 or more tokens, got {top}")
    layers = check_layers(model, source.layer)
    check_mapping(mapping, model, model, layers)
    place = resolve(source)
    last = model.n_layers - 1
    states = model.capture([place.prompt], [residual(i) for i in dict.fromkeys([*layers, last])], place.position)
    own = int(model.unembed(states[residual(last)][0]).argmax())
    mapped = [mapping_for(mapping, layer)(states[residual(layer)][0]) for layer in layers]
    logits = model.unembed(torch.cat([*mapped, states[residual(last)][0]]))
    found = summarize(logits, torch.tensor([own], device=logits.device), top).cpu()
    k = (found.shape[1] - 1) // 2
    cells = []
    for layer, row in zip([*layers, last], found):
        ids, shares = row[:k].long().tolist(), row[k : 2 * k].tolist()
        tokens = tuple(NextToken(i, model.decode([i]), p) for i, p in zip(ids, shares))
        cells.append(Cell(layer, last, tokens, -float(row[-1]), ids[0] == own))
    return Reading(place.text, place.position, place.token, tuple(cells[:-1]), cells[-1], diagonal=False)


def fit_tuned_lens(
    model: LanguageModel, texts: Sequence[str], *, layers: LayersLike = None, ahead: int = 0, seed: int = 0
) -> TunedLens:
    """Fit a lens to plain text. 70 % of the texts are fitted to, 15 % choose the penalty, 15 % judge (`explained`).

    A few hundred texts of 64 tokens do for a model of 576 dimensions. The first token of a text is left out.
    """
    if ahead < 0:
        raise MappingError(f"expected ahead of 0 or more tokens, got {ahead}")
    wanted = check_layers(model, layers)
    last = residual(model.n_layers - 1)
    splits = {layer: Split() for layer in wanted}
    addresses = [residual(layer) for layer in dict.fromkeys([*wanted, model.n_layers - 1])]
    for part, some in split_texts(texts, seed).items():
        for batch in batches(prompts_of(model, some)):
            states = model.capture(batch, addresses)
            ys = [s[FIRST_POSITION + ahead :] for s in states[last]]
            for layer, split in splits.items():
                xs = [s[FIRST_POSITION : FIRST_POSITION + len(y)] for s, y in zip(states[residual(layer)], ys)]
                split.parts[part].add(torch.cat(xs), torch.cat(ys))
    return TunedLens(model.name, {layer: split.fit() for layer, split in splits.items()}, ahead)
