"""What a run set out to do: enough to open its box again and start its scientist anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..tools.black_boxes.types import BlackBox, Domain, DomainError, Interval, NumericDomain, Signature, TextDomain
from .budget import Budget
from .codec import UNSAID

GUESSED_INTERVAL = Interval(-100.0, 100.0)
"""Where an input is looked at when neither the user nor the box says where it lives."""


Kind = Literal["numbers", "texts", "strings"]
"""What a black box takes and gives, which decides what an explanation of it is: numbers to a number, texts to a number
(text modules), texts to what is computed from their characters (texts to texts; numbers too, where a user says so).
"""
UNBOUNDED_TEXTS = TextDomain("", 100_000)
"""Where texts live when the box does not say: any characters."""


@dataclass(frozen=True, slots=True)
class CorpusReference:
    """Which texts a run draws on: `digest` is that of their content, `path` where a user keeps them (None: they ship
    with zetetic, or were given in Python).
    """

    name: str
    digest: str
    texts: int
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """The black box by its `spec`, the scientist by its name, and everything else a replay depends on.

    `options` is plain JSON data that the front door needs to open the box again (time-outs, flags). `corpus` is of text
    modules. `chat` is a chat model, `provider:model`, at `base_url` if it is not the provider's own place: it helps the
    inductive scientist with text modules, or is the LLM scientist, which then has the `tools` of plug-ins and of the
    servers in the file `mcp`, and is told the `hint`.
    """

    spec: str
    names: tuple[str, ...]
    domain: Domain
    scientist: str
    seed: int
    budget: Budget
    version: str
    options: dict[str, Any] = field(default_factory=dict)
    kind: Kind = field(default="numbers", metadata=UNSAID)
    corpus: CorpusReference | None = field(default=None, metadata=UNSAID)
    chat: str | None = field(default=None, metadata=UNSAID)
    base_url: str | None = field(default=None, metadata=UNSAID)
    hint: str = field(default="", metadata=UNSAID)
    tools: tuple[str, ...] = field(default=(), metadata=UNSAID)
    mcp: str | None = field(default=None, metadata=UNSAID)

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
        corpus: CorpusReference | None = None,
        chat: str | None = None,
        kind: Kind | None = None,
    ) -> Brief:
        """A brief for `box`; `domain` wins over the box's own, and without either it is a first guess.

        `kind`: what is looked for, where the box leaves it open: `strings` for a number that is computed from the
        characters of a text, as their count is.
        """
        from .. import __version__

        if kind is None:
            kind = "numbers" if corpus is None else "texts"
            if corpus is None and box.signature.output == "text":
                kind = "strings"
        if kind != "numbers" and domain is None:
            domain = box.signature.domain or UNBOUNDED_TEXTS

        return cls(
            spec=box.spec,
            names=box.signature.names,
            domain=settle_domain(box, domain),
            scientist=scientist,
            seed=seed,
            budget=budget or Budget(),
            version=__version__,
            options=options or {},
            kind=kind,
            corpus=corpus,
            chat=chat,
        )


def kind_of(signature: Signature) -> Kind:
    """What kind of box has `signature`. Raises DomainError for one that gives texts for numbers, or takes a choice."""
    takes_texts = isinstance(signature.domain, TextDomain)
    if signature.output != "number":
        if signature.domain is not None and not takes_texts:
            raise DomainError("expected a box that gives a number for its numbers, got one that gives texts")
        return "strings"
    if signature.domain is None or isinstance(signature.domain, NumericDomain):
        return "numbers"
    if takes_texts:
        return "texts"
    raise DomainError("expected a black box of numbers or texts, got one that takes a finite choice of inputs")


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
