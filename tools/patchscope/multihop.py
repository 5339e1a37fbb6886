"""Multi-hop self-correction: the entity of a first hop, read out of the model, is put into the question about it.

Patchscopes, section 5.1 (arXiv:2401.06102): a model that knows "Visual Basic was created by Microsoft" and "the CEO of
Microsoft is …" may still fail at "the CEO of the company that created Visual Basic". S is the first hop, T the second
with a placeholder for the entity, and every l × l* is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import PatchscopeError
from .outcomes import Patchscope
from .places import LayersLike, PositionLike, Source, Target
from .scope import describe, mentions
from .targets import CONTROLS

if TYPE_CHECKING:
    from ...models import LanguageModel

ANSWER_TOKENS = 20


@dataclass(frozen=True)
class SelfCorrection:
    """Both hops in one prompt, unpatched (`plain`), and the second hop patched with the first hop's hidden states.

    `plain_right`, and `patched.target.precision` (the share of cells with the answer). That *some* cell has it is an
    oracle, for nobody knows the layers beforehand; `some_cell_right` says so and the controls show what it is worth.
    """

    plain: str
    plain_right: bool
    patched: Patchscope

    @property
    def some_cell_right(self) -> bool:
        """Whether any (l, l*) gives the answer: an oracle over layers."""
        return any(c.hit for c in self.patched.target.cells)

    @property
    def some_control_cell_right(self) -> bool:
        """The same oracle for the controls, which get as many tries each."""
        return any(c.hit for control in self.patched.controls for c in control.cells)


def self_correct(
    model: LanguageModel,
    first_hop: str,
    second_hop: str,
    answer: str,
    *,
    position: PositionLike = -1,
    layers: LayersLike = None,
    target_layers: LayersLike = None,
    controls: Sequence[str | Target] = CONTROLS,
    max_new_tokens: int = ANSWER_TOKENS,
) -> SelfCorrection:
    """Answer a question of two hops with and without a patch.

    `first_hop` names an entity without saying it ("the company that created Visual Basic"); `second_hop` asks about
    it, with a lone x in its place ("The current CEO of x"). `position` is where the first hop is read.
    """
    target = Target(model, second_hop, layer=tuple(range(model.n_layers)) if target_layers is None else target_layers)
    patched = describe(
        Source(model, first_hop, position, layers),
        target,
        answer=answer,
        controls=controls,
        max_new_tokens=max_new_tokens,
    )
    [written] = model.generate([_together(first_hop, second_hop)], max_new_tokens=max_new_tokens)
    return SelfCorrection(written.text, mentions(written.text, answer), patched)


def _together(first_hop: str, second_hop: str) -> str:
    """The second hop with the first in place of its placeholder."""
    import re

    found = list(re.finditer(r"(?<!\w)x(?!\w)", second_hop))
    if not found:
        raise PatchscopeError(f"expected a second hop with a lone x for the entity, got {second_hop!r}; put one in")
    start, end = found[-1].span()
    return f"{second_hop[:start]}{first_hop}{second_hop[end:]}"
