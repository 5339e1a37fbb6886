"""What a run set out to do: enough to open its box again and start its scientist anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..tools.black_boxes.types import BlackBox, Domain, DomainError, Interval, NumericDomain, Signature
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
        guess = NumericDomain((GUESSED_INTERVAL,) * max(1, len(names)), stated=False)
        return imply_whole(guess, box.signature, [True] * guess.arity)
    if isinstance(chosen, NumericDomain) and names and chosen.arity != len(names):
        raise DomainError(
            f"{box.spec} takes {len(names)} inputs ({', '.join(names)}), got a domain for {chosen.arity}; "
            "give one interval per input"
        )
    return chosen


def imply_whole(domain: NumericDomain, signature: Signature, is_open: Sequence[bool]) -> NumericDomain:
    """`domain`, of whole numbers for each input that the box says is one, where nobody said otherwise.

    `is_open` says of which intervals nobody said whether they are of whole or of real numbers. An interval that holds
    fewer than two whole numbers stays as it is.
    """
    names = signature.names
    if not (len(names) == len(is_open) == domain.arity):
        return domain
    intervals = [
        _whole(interval) if free and name in signature.whole else interval
        for interval, name, free in zip(domain.inputs, names, is_open)
    ]
    return replace(domain, inputs=tuple(intervals))


def _whole(interval: Interval) -> Interval:
    try:
        return replace(interval, integer=True)
    except DomainError:
        return interval
