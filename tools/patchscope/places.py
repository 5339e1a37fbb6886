"""Where a hidden state is taken from and where it is put: the two sides of a Patchscope.

A side is (prompt, position, model, layer); with the mapping between them they are the paper's
(S, i, M, l) and (T, i*, f, M*, l*). Patchscopes, section 3 (arXiv:2401.06102).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...models.errors import PositionError
from .errors import PatchscopeError

if TYPE_CHECKING:
    from ...models import LanguageModel, Prompt
    from ...models.prompt import PromptLike

PLACEHOLDERS = ("?", "x")
"""What stands for the patched token in a target, the first that is there: its last `?`, else its last lone `x`."""


@dataclass(frozen=True, slots=True)
class LastTokenOf:
    """The last token of a part of the prompt: where a subject is usually read.

    `part` is found by its characters, whatever the tokenizer makes of it. `occurrence` 0 is the first, -1 the last.
    """

    part: str
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class AtCharacter:
    """The token that covers a character of the prompt's text, counted from 0."""

    index: int


Placeholder: TypeAlias = Literal["placeholder"]
PLACEHOLDER: Placeholder = "placeholder"

PositionLike: TypeAlias = int | LastTokenOf | AtCharacter | Placeholder
"""A token counted from 0 or, negative, from the end; the last token of a part; the placeholder of a target."""
LayersLike: TypeAlias = int | Sequence[int] | None
"""A layer, several, or None for all. Block outputs count from 0; -1 is the embedding."""


@dataclass(frozen=True, eq=False)
class Source:
    """The side that a hidden state is taken from: h(i, l) of prompt S in model M. `layer` None: every block."""

    model: LanguageModel
    prompt: PromptLike
    position: PositionLike = -1
    layer: LayersLike = None


@dataclass(frozen=True, eq=False)
class Target:
    """The side that it is put into: h*(i*, l*) of prompt T in model M*.

    `layer` None: in a grid every block, elsewhere the source's own layer (l* = l).
    """

    model: LanguageModel
    prompt: PromptLike
    position: PositionLike = PLACEHOLDER
    layer: LayersLike = None


@dataclass(frozen=True, eq=False)
class Place:
    """A side whose prompt is tokenized and whose position is counted from 0."""

    model: LanguageModel
    prompt: Prompt
    position: int

    @property
    def token(self) -> str:
        """The token at the position, as text."""
        return self.model.decode([self.prompt.ids[self.position]])

    @property
    def text(self) -> str:
        """The prompt as text."""
        return self.model.decode(self.prompt.ids) if self.prompt.text is None else self.prompt.text


def resolve(side: Source | Target) -> Place:
    """Tokenize the prompt and find the position. Raises `PromptError` or `PositionError`."""
    prompt = side.model.prompt(side.prompt)
    return Place(side.model, prompt, resolve_position(prompt, side.position))


def resolve_position(prompt: Prompt, position: PositionLike) -> int:
    """`position` counted from 0."""
    if isinstance(position, LastTokenOf):
        return prompt.last_position_of(position.part, position.occurrence)
    if isinstance(position, AtCharacter):
        return position_at(prompt, position.index)
    if position == PLACEHOLDER:
        return _placeholder(prompt)
    if isinstance(position, str):
        raise PositionError(
            f"expected a position as a number, as LastTokenOf(part) or as PLACEHOLDER, got {position!r}; "
            f"pass LastTokenOf({position!r}) for the last token of that part"
        )
    return prompt.position(position)


def position_at(prompt: Prompt, index: int) -> int:
    """The position of the token that covers character `index` of the prompt's text."""
    if prompt.text is None or prompt.offsets is None:
        raise PositionError(
            "expected a prompt made of text by a tokenizer that knows offsets, got bare token ids; "
            "pass the text, or give the position as a number"
        )
    covering = [i for i, (low, high) in enumerate(prompt.offsets) if low <= index < high]
    if not covering:
        raise PositionError(
            f"no token covers character {index} of a prompt of {len(prompt.text)} characters; pass another one"
        )
    return covering[-1]


def _placeholder(prompt: Prompt) -> int:
    text = prompt.text or ""
    at = text.rfind("?")
    if at < 0:
        lone = list(re.finditer(r"(?<!\w)x(?!\w)", text))
        at = lone[-1].start() if lone else -1
    if at < 0:
        raise PositionError(
            f"expected a target with a placeholder ({' or a lone '.join(PLACEHOLDERS)}), got {_shown(prompt)}; "
            "put one in, or say which position is patched"
        )
    return position_at(prompt, at)


def _shown(prompt: Prompt) -> str:
    return "bare token ids" if prompt.text is None else repr(prompt.text[:60])


def check_layers(model: LanguageModel, layers: LayersLike, *, embedding: bool = True) -> tuple[int, ...]:
    """The layers asked for, in their order, none twice; None: every block. Raises `LayerError` for one that is not."""
    if layers is None:
        return tuple(range(model.n_layers))
    asked = [layers] if isinstance(layers, int) else list(layers)
    found = tuple(dict.fromkeys(model.blocks.check_layer(layer, embedding=embedding) for layer in asked))
    if not found:
        raise PatchscopeError(f"expected at least one layer of {model.name}, got none; pass some, or None for all")
    return found
