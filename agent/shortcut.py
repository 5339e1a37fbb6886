"""`explain`: the whole job in one call, for notebooks and scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ..tools.black_boxes import BlackBox, Interval, NumericDomain, open_box
from .brief import Brief, imply_whole
from .budget import Budget
from .inductive import InductiveScientist
from .investigation import Investigation
from .store import Store
from .types import Explanation, Listener

DomainLike: TypeAlias = NumericDomain | Interval | tuple[float, float] | Sequence[tuple[float, float] | Interval]


def explain(
    box: BlackBox | Callable[..., Any] | str,
    *,
    domain: DomainLike | None = None,
    queries: int = 400,
    seconds: float = 60.0,
    seed: int = 0,
    store: Store | Path | str | None = None,
    listener: Listener | None = None,
) -> Explanation:
    """Explain a black box, a plain Python function (called in this process) or a spec such as `python:file.py:name`.

    `domain`: (low, high) for one input, a list of such pairs for several. An input that the function annotates as
    `int` is then a whole number; pass an `Interval` to say otherwise. The run is kept in `store` (None: the
    user's own), where `zetetic runs` finds it.

    >>> explain(lambda x: 3.2 * abs(x) + 1.1, domain=(-100, 100)).formula  # doctest: +SKIP
    '3.2*|x| + 1.1'
    """
    where = as_domain(domain)
    opened = _open(box, where)
    if where is not None:
        where = imply_whole(where, opened.signature, _open_kinds(domain, where.arity))
    kept = store if isinstance(store, Store) else Store.open(store)
    try:
        budget = Budget(queries=queries, seconds=seconds)
        scientist = InductiveScientist()
        journal = kept.create(Brief.of(opened, scientist=scientist.name, budget=budget, seed=seed, domain=where))
        if listener is not None:
            journal.subscribe(listener)
        return Investigation(opened, scientist, journal).run()
    finally:
        if opened is not box:
            opened.close()
        if kept is not store:
            kept.close()


def as_domain(domain: DomainLike | None) -> NumericDomain | None:
    """A domain from pairs of numbers. Raises DomainError when one is empty, inverted or not finite."""
    if domain is None or isinstance(domain, NumericDomain):
        return domain
    if isinstance(domain, Interval):
        return NumericDomain((domain,))
    parts: list[Any] = list(domain)
    if len(parts) == 2 and all(isinstance(p, (int, float)) for p in parts):
        parts = [tuple(parts)]
    return NumericDomain(tuple(p if isinstance(p, Interval) else Interval(float(p[0]), float(p[1])) for p in parts))


def _open_kinds(domain: DomainLike | None, arity: int) -> list[bool]:
    """For each input, whether `domain` leaves open if it is a whole number: pairs do, intervals do not."""
    if domain is None or isinstance(domain, (NumericDomain, Interval)):
        return [False] * arity
    parts: list[Any] = list(domain)
    return [not isinstance(p, Interval) for p in parts] if len(parts) == arity else [True] * arity


def _open(box: BlackBox | Callable[..., Any] | str, domain: NumericDomain | None) -> BlackBox:
    if isinstance(box, str):
        return open_box(box, domain=domain)
    if isinstance(box, BlackBox):
        return box
    if not callable(box):
        raise TypeError(f"expected a black box, a function or a spec, got {type(box).__name__}")
    from ..tools.black_boxes.function import FunctionBox

    return FunctionBox(box, domain)
