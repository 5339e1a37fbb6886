"""The Patchscope: one cell, a grid of layers, a description at every layer. Patchscopes, section 3 (arXiv:2401.06102).

>>> model = load("smollm2")
>>> print(grid(Source(model, "The Eiffel Tower is in"), token_identity(model)))
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from ...models.addresses import residual
from ...models.errors import ArchitectureError
from ...models.language_model import NextToken
from .comparison import Comparison, Metric, compare
from .errors import PatchscopeError
from .mappings import MappingLike, check_mapping, mapping_for
from .outcomes import Cell, Patchscope, Reading, Reference
from .places import PLACEHOLDER, Place, Source, Target, check_layers, resolve
from .rows import RowReadouts, Rows, continue_rows, patched, read_rows, summarize
from .targets import CONTROLS, entity_description, token_identity

if TYPE_CHECKING:
    from ...models import LanguageModel, Prompt

TOP = 5
"""Likeliest tokens that a cell keeps."""
DESCRIPTION_TOKENS = 20


def patchscope(
    source: Source,
    target: Target,
    mapping: MappingLike | None = None,
    *,
    answer: str | None = None,
    controls: Sequence[str | Target] = CONTROLS,
    max_new_tokens: int = 0,
) -> Patchscope:
    """One cell: h*(i*, l*) ← f(h(i, l)), and what the target says then. `source.layer` must be one layer.

    `max_new_tokens` 0 reads the next token only. Patchscopes, section 3 (arXiv:2401.06102).
    """
    for side, name in ((source, "source"), (target, "target")):
        if not isinstance(side.layer, int) and not (side is target and side.layer is None):
            raise PatchscopeError(
                f"expected one layer as {name}.layer for a single cell, got {side.layer!r}; name it, or use grid()"
            )
    return _run(_Plan.make(source, target, mapping, answer, controls, max_new_tokens, square=False))


def grid(
    source: Source,
    target: Target | None = None,
    mapping: MappingLike | None = None,
    *,
    answer: str | None = None,
    controls: Sequence[str | Target] = CONTROLS,
) -> Patchscope:
    """The next-token readout of every source layer at every target layer; `layer` of a side narrows its layers.

    The target is token identity unless one is given. `answer` is what the readouts are measured by; without one it is
    what the source's model itself says after the source position. Patchscopes, section 4.1 (arXiv:2401.06102).
    """
    wanted = token_identity(source.model) if target is None else target
    return _run(_Plan.make(source, wanted, mapping, answer, controls, 0, square=True))


def describe(
    source: Source,
    target: Target | None = None,
    mapping: MappingLike | None = None,
    *,
    answer: str | None = None,
    controls: Sequence[str | Target] = CONTROLS,
    max_new_tokens: int = DESCRIPTION_TOKENS,
    stop: Sequence[str] = (),
) -> Patchscope:
    """What the target goes on to say with the hidden state of each source layer, at the same layer unless it names any.

    The target asks to describe an entity unless one is given. Patchscopes, section 4.3 (arXiv:2401.06102).
    """
    if max_new_tokens < 1:
        raise PatchscopeError(f"expected max_new_tokens of 1 or more, got {max_new_tokens}; use grid() for readouts")
    wanted = entity_description(source.model) if target is None else target
    return _run(_Plan.make(source, wanted, mapping, answer, controls, max_new_tokens, square=False, stop=stop))


@dataclass(frozen=True, eq=False)
class _Plan:
    """A Patchscope that has been checked from end to end, so that what runs now can run."""

    source: Place
    target: Place
    controls: tuple[Place, ...]
    mapping: MappingLike | None
    layers: tuple[tuple[int, int], ...]
    diagonal: bool
    answer: str | None
    max_new_tokens: int
    stop: tuple[str, ...]

    @classmethod
    def make(
        cls,
        source: Source,
        target: Target,
        mapping: MappingLike | None,
        answer: str | None,
        controls: Sequence[str | Target],
        max_new_tokens: int,
        *,
        square: bool,
        stop: Sequence[str] = (),
    ) -> _Plan:
        """Check everything. `square`: without layers of its own, the target is patched at every layer."""
        if not target.model.is_causal:
            raise ArchitectureError(
                f"expected a target in a model that says what comes next, got {target.model.name}, which sees both "
                "sides; use a decoder such as smollm2 as the target's model"
            )
        if answer is not None and not answer.strip():
            raise PatchscopeError("expected an answer of at least one word, got an empty one; leave it out")
        others = [c if isinstance(c, Target) else Target(target.model, c, PLACEHOLDER) for c in controls]
        strange = [c for c in others if c.model is not target.model]
        if strange:
            raise PatchscopeError("expected controls in the target's own model, got another model; pass their texts")
        from_layers = check_layers(source.model, source.layer)
        pairs = _pairs(from_layers, target, square)
        check_mapping(mapping, source.model, target.model, from_layers)
        places = [resolve(source), resolve(target), *map(resolve, others)]
        diagonal = target.layer is None and not square
        return cls(
            places[0], places[1], tuple(places[2:]), mapping, pairs, diagonal, answer, max_new_tokens, tuple(stop)
        )


def _pairs(from_layers: tuple[int, ...], target: Target, square: bool) -> tuple[tuple[int, int], ...]:
    if target.layer is None and not square:
        check_layers(target.model, from_layers)
        return tuple((layer, layer) for layer in from_layers)
    to_layers = check_layers(target.model, target.layer)
    return tuple((low, high) for low in from_layers for high in to_layers)


def _run(plan: _Plan) -> Patchscope:
    vectors, own = _capture(plan)
    reference = _reference(plan, own)
    rows = Rows(tuple(high for _, high in plan.layers), torch.cat([vectors[low] for low, _ in plan.layers]))
    reading = _read(plan, plan.target, rows, reference)
    controls = tuple(_read(plan, place, rows, reference) for place in plan.controls)
    return Patchscope(
        source=plan.source.text,
        source_position=plan.source.position,
        source_token=plan.source.token,
        source_model=plan.source.model.name,
        target_model=plan.target.model.name,
        reference=reference,
        target=reading,
        controls=controls,
        comparisons=_compare(reading, controls, described=plan.max_new_tokens > 0 and reference.given),
        notes=tuple(_notes(plan)),
        described=plan.max_new_tokens > 0,
    )


def _capture(plan: _Plan) -> tuple[dict[int, torch.Tensor], NextToken | None]:
    """The mapped hidden state (1, d_model of the target) of each source layer; what the source's model says next."""
    place, model = plan.source, plan.source.model
    layers = sorted({low for low, _ in plan.layers})
    wanted = [*layers, model.n_layers - 1] if plan.answer is None and model.is_causal else layers
    states = model.capture([place.prompt], [residual(layer) for layer in dict.fromkeys(wanted)], place.position)
    mapped = {}
    for layer in layers:
        made = mapping_for(plan.mapping, layer)(states[residual(layer)][0])
        mapped[layer] = made.detach().to(plan.target.model.device)
    if wanted is layers:
        return mapped, None
    shares = torch.log_softmax(model.unembed(states[residual(model.n_layers - 1)][0][0]).float(), -1)
    best = int(shares.argmax())
    return mapped, NextToken(best, model.decode([best]), float(shares[best]))


def _reference(plan: _Plan, own: NextToken | None) -> Reference:
    model = plan.target.model
    if plan.answer is not None:
        spellings = (plan.answer.strip(), f" {plan.answer.strip()}")
        ids = {first_id(model, text) for text in spellings}
        return Reference(plan.answer.strip(), tuple(sorted(ids)), given=True)
    if own is None:
        raise PatchscopeError(
            f"expected an answer to measure by, for {plan.source.model.name} does not say what comes next; pass one"
        )
    same = plan.source.model is model or _vocabulary(plan.source.model) == _vocabulary(model)
    return Reference(own.text, (own.id if same else first_id(model, own.text),), given=False)


def _vocabulary(model: LanguageModel) -> object:
    return None if model.tokenizer is None else model.tokenizer.get_vocab()


def first_id(model: LanguageModel, text: str) -> int:
    """The token by which `text` begins when it goes on from something: no beginning-of-text token in front."""
    prompt: Prompt = model.prompt(text, special_tokens=False)
    return prompt.ids[0]


def _read(plan: _Plan, place: Place, rows: Rows, reference: Reference) -> Reading:
    target = patched(place)
    read = read_rows(target, rows, reference.ids, top=TOP)
    texts: Sequence[str | None] = [None] * len(rows)
    bare: str | None = None
    if plan.max_new_tokens:
        texts = continue_rows(target, rows, max_new_tokens=plan.max_new_tokens, stop=plan.stop)
        [written] = place.model.generate([place.prompt], max_new_tokens=plan.max_new_tokens, stop=plan.stop)
        bare = written.text
    cells = tuple(
        _cell(place.model, read, row, layers, reference, text)
        for row, (layers, text) in enumerate(zip(plan.layers, texts))
    )
    return Reading(place.text, place.position, place.token, cells, _unpatched(place, reference, bare), plan.diagonal)


def _cell(
    model: LanguageModel,
    read: RowReadouts,
    row: int,
    layers: tuple[int, int],
    reference: Reference,
    continuation: str | None,
) -> Cell:
    ids = read.ids[row].tolist()
    tokens = tuple(NextToken(i, model.decode([i]), p) for i, p in zip(ids, read.log_probabilities[row].tolist()))
    answered = continuation is not None and reference.given
    hit = mentions(continuation or "", reference.text) if answered else ids[0] in reference.ids
    return Cell(*layers, tokens, -float(torch.logsumexp(read.watched[row], 0)), hit, continuation)


def _unpatched(place: Place, reference: Reference, continuation: str | None) -> Cell:
    [logits] = place.model.logits([place.prompt])
    watch = torch.tensor(reference.ids, device=logits.device)
    found = summarize(logits, watch, TOP).cpu()
    k = (found.shape[1] - len(watch)) // 2
    read = RowReadouts(found[:, :k].long(), found[:, k : 2 * k], found[:, 2 * k :])
    return _cell(place.model, read, 0, (-1, -1), reference, continuation)


def mentions(text: str, answer: str) -> bool:
    """Whether `answer` stands in `text` as words of its own, in whatever case: "fish" is not in "starfish"."""
    wanted = " ".join(answer.split())
    said = " ".join(text.split())
    before = r"(?<!\w)" if wanted[:1].isalnum() else ""
    after = r"(?!\w)" if wanted[-1:].isalnum() else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, said, re.IGNORECASE) is not None


def _compare(reading: Reading, controls: Sequence[Reading], *, described: bool) -> tuple[Comparison, ...]:
    """Target and controls, source layer by source layer: their cells hang together and are resampled together."""
    first: Metric = "answers found" if described else "precision@1"
    found = []
    for control in controls:
        for metric in (first, "surprisal"):
            ours, theirs = per_source_layer(reading, metric), per_source_layer(control, metric)
            found.append(compare(metric, control.prompt, ours, theirs, "source layers"))
    return tuple(found)


def per_source_layer(reading: Reading, metric: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The metric's mean over target layers, for each source layer."""
    rows = reading.by_source_layer()
    return np.array([np.mean([c.surprisal if metric == "surprisal" else float(c.hit) for c in row]) for row in rows])


def pool(results: Sequence[Patchscope]) -> tuple[Comparison, ...]:
    """Compare with the controls over several sources: the units are prompts, which may differ as they like.

    Every result must have been made with the same controls in the same order.
    """
    if len({tuple(c.prompt for c in r.controls) for r in results}) != 1:
        raise PatchscopeError("expected results with the same controls, got different ones; run them alike")
    found = []
    for number, control in enumerate(results[0].controls):
        for metric in dict.fromkeys(c.metric for c in results[0].comparisons):
            ours = np.array([per_source_layer(r.target, metric).mean() for r in results])
            theirs = np.array([per_source_layer(r.controls[number], metric).mean() for r in results])
            found.append(compare(metric, control.prompt, ours, theirs, "prompts"))
    return tuple(found)


def pooled(results: Sequence[Patchscope]) -> list[Patchscope]:
    """The results, each with the comparison over all of them."""
    comparisons = pool(results)
    return [replace(r, comparisons=comparisons) for r in results]


def _notes(plan: _Plan) -> list[str]:
    found = []
    if plan.target.position == 0:
        found.append(
            "The target is patched at its first token, where attention gathers and hidden states are far larger than "
            "elsewhere: a target whose placeholder stands later is safer."
        )
    if plan.source.position == 0:
        found.append("The source is read at its first token, which has seen no other and gathers attention.")
    if plan.source.model is not plan.target.model and plan.mapping is None:
        found.append("Two models and no mapping between them: equal widths do not mean equal residual streams.")
    if plan.max_new_tokens and plan.answer is None:
        found.append("No answer was given, so descriptions are for you to judge; only their first token is measured.")
    if len(plan.layers) > 1 and len({low for low, _ in plan.layers}) > 1 and plan.controls:
        found.append(
            "The interval resamples the layers of one source, which resemble each other; for a claim beyond this "
            "source, run many."
        )
    return found
