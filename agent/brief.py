"""What a run set out to do: enough to open its box again and start its scientist anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..tools.black_boxes.types import BlackBox, Domain, DomainError, Interval, NumericDomain
from .budget import Budget

GUESSED_INTERVAL = Interval(-100.0, 100.0)
"""Where an input is looked at when neither the user nor the box says where it lives."""


@dataclass(frozen=True, slots=True)
class Brief:
    """The black box by its `spec`, the scientist by its name, and everything else a replay depends on.

    `options` is plain JSON data that the front door needs to open the box again (time-outs, flags).
    """

    spec: str
    names: tuple[str, ...]
    domain: Domain
    scientist: str
    seed: int
    budget: Budget
    version: str
    options: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        box: BlackBox,
        *,
        scientist: str = "inductive",
        budget: Budget | None = None,
        seed: int = 0,
        domain: Domain | None = None,
        options: dict[str, Any] | None = None,
    ) -> Brief:
        """A brief for `box`; `domain` wins over the box's own, and without either it is a first guess."""
        from .. import __version__

        return cls(
            spec=box.spec,
            names=box.signature.names,
            domain=settle_domain(box, domain),
            scientist=scientist,
            seed=seed,
            budget=budget or Budget(),
            version=__version__,
            options=options or {},
        )


def settle_domain(box: BlackBox, domain: Domain | None) -> Domain:
    """`domain`, else the box's own, else [-100, 100] for every input. Raises DomainError when the arity is wrong."""
    names = box.signature.names
    chosen = domain or box.signature.domain
    if chosen is None:
        return NumericDomain((GUESSED_INTERVAL,) * max(1, len(names)), stated=False)
    if isinstance(chosen, NumericDomain) and names and chosen.arity != len(names):
        raise DomainError(
            f"{box.spec} takes {len(names)} inputs ({', '.join(names)}), got a domain for {chosen.arity}; "
            "give one interval per input"
        )
    return chosen
