"""How likely given continuations are, without generating: one forward pass over what the prompts do not share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from .addresses import residual
from .batches import DEFAULT_BATCH_SIZE, common_prefix, make_batches
from .errors import ArchitectureError, PromptError
from .prefix import SharedPrefix
from .prompt import Prompt
from .rope import splits_badly

if TYPE_CHECKING:
    from .language_model import LanguageModel


def continuation_ids(model: LanguageModel, prompt: Prompt, continuation: str) -> tuple[int, ...]:
    """The tokens of `continuation` after `prompt`.

    Taken from the tokens of both together, which is how a model has seen text; where the tokenizer would merge across
    the seam, and for prompts of bare ids, `continuation` is tokenized by itself. Mind a leading space: " yes".
    """
    if prompt.text is not None:
        for special in (True, False):
            ids = model.prompt(prompt.text + continuation, special_tokens=special).ids
            if len(ids) > len(prompt) and ids[: len(prompt)] == prompt.ids:
                return ids[len(prompt) :]
    return model.prompt(continuation, special_tokens=False).ids


def continuation_log_probabilities(
    model: LanguageModel,
    prompts: Sequence[Prompt],
    continuations: Sequence[Sequence[int]],
    *,
    batch_size: int = DEFAULT_BATCH_SIZE,
) -> list[torch.Tensor]:
    """For each prompt and its continuation, the natural log-probability of every token of the continuation.

    What all prompts begin with is run once (`SharedPrefix`); what is the same but for its last token, once too.
    """
    if not model.is_causal:
        raise ArchitectureError(
            f"expected a model that predicts the next token, got {model.name} ({type(model.model).__name__}); "
            "load a decoder such as smollm2"
        )
    whole = [(*p.ids, *c) for p, c in zip(prompts, continuations, strict=True)]
    _check_lengths(model, whole, continuations)
    inputs = list(dict.fromkeys(ids[:-1] for ids in whole))  # the last token is only predicted, never read
    users: dict[tuple[int, ...], list[int]] = {ids: [] for ids in inputs}
    for i, ids in enumerate(whole):
        users[ids[:-1]].append(i)
    found: list[torch.Tensor] = [torch.empty(0)] * len(whole)
    border = model.runner.length_border
    shared = _shared(inputs, min((len(p) for p in prompts), default=1), border)
    prefix = SharedPrefix(model.runner, model.blocks, inputs[0][:shared] if shared else ())
    last = residual(model.n_layers - 1)
    rest = [ids[shared:] for ids in inputs]
    for batch in make_batches(rest, size=batch_size, pad_id=model.pad_id, border=border and border - shared):
        rows = [inputs[i] for i in batch.numbers]
        first = [min(len(prompts[user]) for user in users[ids]) - 1 for ids in rows]
        asked = [range(start, len(ids)) for start, ids in zip(first, rows)]
        if shared:
            batch, cache = batch.after(shared), prefix.cache(len(rows))
        else:
            cache = None
        states = model.runner.read(batch, [last], batch.cells(asked), cache=cache)[last]
        logs = torch.log_softmax(model.unembed(states).float(), -1).cpu()
        for ids, start, part in zip(rows, first, torch.split(logs, [len(a) for a in asked])):
            for user in users[ids]:
                targets = torch.tensor(continuations[user], dtype=torch.long)
                begin = len(prompts[user]) - 1 - start
                found[user] = part[begin : begin + len(targets)].gather(1, targets[:, None])[:, 0].clone()
    return found


def choice_log_probabilities(
    model: LanguageModel, prompts: Sequence[Prompt], choices: Sequence[str], *, batch_size: int = DEFAULT_BATCH_SIZE
) -> torch.Tensor:
    """(prompts, choices): the natural log-probability of each choice as a whole after each prompt."""
    if not choices:
        raise PromptError("expected at least one choice, got none; pass texts such as ' yes' and ' no'")
    ids = [continuation_ids(model, prompt, choice) for prompt in prompts for choice in choices]
    repeated = [prompt for prompt in prompts for _ in choices]
    found = continuation_log_probabilities(model, repeated, ids, batch_size=batch_size)
    return torch.tensor([float(f.double().sum()) for f in found]).reshape(len(prompts), len(choices))


def _shared(inputs: Sequence[Sequence[int]], shortest_prompt: int, border: int | None) -> int:
    """How many tokens to run once for all: each row keeps one token at least, and all whose logits are wanted."""
    shared = 0 if len(inputs) < 2 else min(common_prefix(inputs), shortest_prompt - 1)
    return 0 if any(splits_badly(border, shared, len(ids)) for ids in inputs) else shared


def _check_lengths(
    model: LanguageModel, whole: Sequence[Sequence[int]], continuations: Sequence[Sequence[int]]
) -> None:
    if any(not len(c) for c in continuations):
        raise PromptError("expected continuations of at least one token, got an empty one; pass some text")
    longest, limit = max((len(ids) for ids in whole), default=0), model.context_length
    if limit is not None and longest > limit + 1:
        raise PromptError(
            f"expected prompt and continuation of at most {limit} tokens together (the context of {model.name}), "
            f"got {longest}; shorten the prompt"
        )
