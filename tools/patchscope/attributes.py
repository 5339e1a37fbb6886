"""Zero-shot attribute extraction: a subject's hidden state in a prompt that asks for one of its attributes.

Patchscopes, section 4.2 (arXiv:2401.06102). For every source layer l and target layer l*, the subject's state goes to
the `x` of "The capital city of x" and the target goes on for some tokens; right is a continuation with the attribute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from .errors import PatchscopeError
from .places import PLACEHOLDER, LayersLike, Target, check_layers, resolve
from .probes import subject_states
from .rows import Rows, continue_rows, patched
from .scope import mentions
from .task_files import Example

if TYPE_CHECKING:
    from ...models import LanguageModel

Right: TypeAlias = NDArray[np.bool_]
UNRELATED = "The weather today is nice and the x"
ANSWER_TOKENS = 20
TOGETHER = 4
"""Examples whose rows are continued together."""


@dataclass(frozen=True, eq=False)
class Extraction:
    """What was right: `patched`, `swapped` and `unrelated` are (examples, source layers, target layers).

    `swapped`: the same target patched with the state of another subject that has another answer. `unrelated`: the same
    state in a target that asks for nothing. `direct`: the question with the subject spelt out; `unpatched`: the
    target as it stands; both (examples,).
    """

    examples: tuple[Example, ...]
    source_layers: tuple[int, ...]
    target_layers: tuple[int, ...]
    patched: Right
    swapped: Right
    unrelated: Right
    direct: Right
    unpatched: Right


def extract(
    model: LanguageModel,
    examples: Sequence[Example],
    *,
    source_layers: LayersLike = None,
    target_layers: LayersLike = None,
    max_new_tokens: int = ANSWER_TOKENS,
    unrelated: str = UNRELATED,
    advance: Callable[[], object] = lambda: None,
) -> Extraction:
    """Ask for the attribute of each example at every pair of layers. Examples must share one target.

    `advance` is called once an example.
    """
    if not examples or len({e.target for e in examples}) != 1:
        raise PatchscopeError(f"expected examples of one task, at least one, got {len(examples)} of several or none")
    low, high = check_layers(model, source_layers), check_layers(model, target_layers)
    place, elsewhere = (resolve(Target(model, text, PLACEHOLDER)) for text in (examples[0].target, unrelated))
    for example in examples:
        model.prompt(example.direct)
    states = torch.from_numpy(subject_states(model, examples, low))
    asked, weather = patched(place), patched(elsewhere)
    said: list[list[str]] = []
    aside: list[list[str]] = []
    for start in range(0, len(examples), TOGETHER):
        some = states[start : start + TOGETHER]
        layers = tuple(high) * (len(low) * len(some))
        rows = Rows(layers, some.flatten(0, 1).repeat_interleave(len(high), dim=0))
        for texts, target in ((said, asked), (aside, weather)):
            texts += _parted(continue_rows(target, rows, max_new_tokens=max_new_tokens), len(some))
        for _ in some:
            advance()
    shape = (len(examples), len(low), len(high))
    answers = [e.answer for e in examples]
    bare, *spelt = model.generate(
        [place.prompt, *(model.prompt(e.direct) for e in examples)], max_new_tokens=max_new_tokens
    )
    return Extraction(
        tuple(examples),
        low,
        high,
        patched=_right(said, answers).reshape(shape),
        swapped=_right([said[i] for i in others(examples)], answers).reshape(shape),
        unrelated=_right(aside, answers).reshape(shape),
        direct=_right([[w.text] for w in spelt], answers)[:, 0],
        unpatched=_right([[bare.text]] * len(examples), answers)[:, 0],
    )


def _parted(texts: Sequence[str], parts: int) -> list[list[str]]:
    """`texts` in as many equal parts."""
    size = len(texts) // parts
    return [list(texts[i * size : (i + 1) * size]) for i in range(parts)]


def _right(texts: Sequence[Sequence[str]], answers: Sequence[str]) -> Right:
    return np.array([[mentions(text, answer) for text in row] for row, answer in zip(texts, answers)], dtype=bool)


def others(examples: Sequence[Example]) -> list[int]:
    """For each example another one with another subject and, where there is one, another answer."""
    found = []
    for number, example in enumerate(examples):
        after = [(number + step) % len(examples) for step in range(1, len(examples))]
        foreign = [i for i in after if examples[i].subject != example.subject]
        found.append(next((i for i in foreign if examples[i].answer != example.answer), (foreign or [number])[0]))
    return found


def some_target_layer(right: Right) -> Right:
    """(examples, source layers): right at *some* target layer. An oracle: nobody knows that layer beforehand."""
    return np.asarray(right.any(axis=2), dtype=bool)


def chosen_target_layer(right: Right, subjects: Sequence[str], *, seed: int = 0) -> Right:
    """(examples, source layers): right at the one target layer that does best on the other half of the subjects."""
    names = sorted(set(subjects))
    first = set(np.random.default_rng(seed).permutation(names)[: len(names) // 2].tolist())
    half = np.array([s in first for s in subjects])
    found = np.zeros(right.shape[:2], dtype=bool)
    for mine in (half, ~half):
        if mine.any() and (~mine).any():
            best = right[~mine].mean(axis=0).argmax(axis=1)
            found[mine] = np.take_along_axis(right[mine], best[None, :, None], axis=2)[:, :, 0]
    return found
