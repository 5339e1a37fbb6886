"""Last steps undone: what the texts before them must have been, so that an earlier step can be fitted to that.

Every undoing is checked by doing the step again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..operations.expressions import Expression
from .frame import Texts, evaluate
from .inverses import Inverse, always_undone, candidates, moving_steps

_LONGEST = 1000
"""Texts that a last step made longer than this are not undone."""
_TYPICAL = 12
_SEVERAL = 2


@dataclass(frozen=True)
class Tail:
    """Last steps, and the texts that they turn into the wanted ones.

    `telling`: texts that the steps were not at work on would hardly have allowed to undo them.
    """

    steps: tuple[Expression, ...]
    wanted: Texts
    bits: float
    telling: bool
    inverses: tuple[Inverse, ...] = field(compare=False)

    def preceded_by(self, earlier: Tail) -> Tail:
        """Both together, where `earlier` makes what these steps start from."""
        return Tail(
            (*earlier.steps, *self.steps),
            earlier.wanted,
            earlier.bits + self.bits,
            earlier.telling or self.telling,
            (*self.inverses, *earlier.inverses),
        )

    def before(self, wanted: Texts) -> Texts | None:
        """What other wanted texts were before these steps; None where one of them cannot have come from them."""
        made: Texts | None = wanted
        for inverse in self.inverses:
            made = _before(made, inverse) if made is not None else None
        return made


def undone(wanted: Texts, steps: Sequence[Expression]) -> Iterator[Tail]:
    """The steps, out of `steps` and of those read off `wanted`, that may have been the last ones."""
    seen = {wanted}
    if not any(wanted):
        return
    for step, inverse in candidates(wanted, steps):
        before = _before(wanted, inverse)
        if before is None or before in seen or evaluate(step, before, before) != wanted:
            continue
        seen.add(before)
        yield Tail((step,), before, step.bits + 1, _tells(step, before, wanted), (inverse,))


def _tells(step: Expression, before: Texts, wanted: Texts) -> bool:
    """Whether the step put in or took out something in several texts, as it could not have in any texts."""
    changed = {made for made, text in zip(wanted, before) if len(made) != len(text) or sorted(made) != sorted(text)}
    return len(changed) >= min(_SEVERAL, len(set(wanted))) and not always_undone(step)


def _before(wanted: Texts, inverse: Inverse) -> Texts | None:
    """What every text was; None where one of them cannot have come from the step."""
    known: dict[str, str] = {}
    for made in _in_order(wanted):
        if len(made) > _LONGEST or (before := inverse(made)) is None:
            return None
        known[made] = before
    return tuple([known[made] for made in wanted])


@lru_cache(maxsize=64)
def _in_order(wanted: Texts) -> tuple[str, ...]:
    """Different texts, those first that most quickly show that a step was not the last."""
    return tuple(sorted(set(wanted), key=lambda made: (-min(len(made), _TYPICAL), len(made))))


__all__ = ["Tail", "moving_steps", "undone"]
