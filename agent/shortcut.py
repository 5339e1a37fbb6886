"""`explain`: the whole job in one call, for notebooks and scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ..tools.black_boxes import BlackBox, DomainError, Interval, NumericDomain, TextDomain, open_box
from ..tools.black_boxes.texts import ANY_TEXT
from .brief import Brief, imply_whole, kind_of
from .casting import cast, default_budget, refer
from .store import Store
from .types import Explanation, Listener

if TYPE_CHECKING:
    from ..tools.texts import Corpus

CorpusLike: TypeAlias = "Corpus | Path | str | Iterable[str]"
DomainLike: TypeAlias = NumericDomain | Interval | tuple[float, float] | Sequence[tuple[float, float] | Interval]


def explain(
    box: BlackBox | Callable[..., Any] | str,
    *,
    domain: DomainLike | None = None,
    corpus: CorpusLike | None = None,
    queries: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
    store: Store | Path | str | None = None,
    listener: Listener | None = None,
) -> Explanation:
    """Explain a black box, a plain Python function (called in this process) or a spec such as `python:file.py:name`.

    `domain`: (low, high) for one input, a list of such pairs for several. An input that the function annotates as
    `int` is then a whole number; pass an `Interval` to say otherwise. The run is kept in `store` (None: the
    user's own), where `zetetic runs` finds it.

    A box whose input is a text (a function that annotates it as `str`, or any box with a `corpus`) is explained in
    words, on texts of `corpus`: a `Corpus`, a list of texts or a file; None: the corpus that ships. Without `queries`
    and `seconds` a run may spend what `default_budget` says.

    >>> explain(lambda x: 3.2 * abs(x) + 1.1, domain=(-100, 100)).formula  # doctest: +SKIP
    '3.2*|x| + 1.1'
    """
    where = as_domain(domain)
    if where is not None and corpus is not None:
        raise DomainError("expected a domain of numbers or a corpus of texts, got both; leave one out")
    opened = _open(box, where if corpus is None else ANY_TEXT)
    kept = store if isinstance(store, Store) else Store.open(store)
    try:
        kind = kind_of(opened.signature)
        usual = default_budget(kind)
        budget = replace(
            usual,
            queries=usual.queries if queries is None else queries,
            seconds=usual.seconds if seconds is None else seconds,
        )
        if kind == "texts":
            texts, path = _as_corpus(corpus)
            journal = kept.create(Brief.of(opened, budget=budget, seed=seed, corpus=refer(texts, path)))
        else:
            texts = None
            if where is not None:
                where = imply_whole(where, opened.signature, _open_kinds(domain, where.arity))
            journal = kept.create(Brief.of(opened, budget=budget, seed=seed, domain=where))
        if listener is not None:
            journal.subscribe(listener)
        return cast(journal, opened, corpus=texts).run()
    finally:
        if opened is not box:
            opened.close()
        if kept is not store:
            kept.close()


def _as_corpus(corpus: CorpusLike | None) -> tuple[Corpus, str | None]:
    """The corpus, and its file where it has one."""
    from ..tools.texts import Corpus, default_corpus, read_corpus

    if corpus is None:
        return default_corpus(), None
    if isinstance(corpus, Corpus):
        return corpus, None
    if isinstance(corpus, (str, Path)):
        return read_corpus(corpus), str(Path(corpus).expanduser().absolute())
    texts = tuple(corpus)
    if not all(isinstance(text, str) for text in texts):
        raise DomainError("expected a corpus of texts, got something else among them; pass a list of strings")
    return Corpus("given in Python", texts), None


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


def _open(box: BlackBox | Callable[..., Any] | str, domain: NumericDomain | TextDomain | None) -> BlackBox:
    if isinstance(box, str):
        return open_box(box, domain=domain)
    if isinstance(box, BlackBox):
        return box
    if not callable(box):
        raise TypeError(f"expected a black box, a function or a spec, got {type(box).__name__}")
    from ..tools.black_boxes.function import FunctionBox

    return FunctionBox(box, domain)
