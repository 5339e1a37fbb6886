"""What a file of examples holds once it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from ..black_boxes.types import Input

Answer: TypeAlias = float | str
ExamplesKind = Literal["numbers", "texts", "counts"]
"""Numbers to a number, texts to texts, texts to a number."""


class ExamplesError(ValueError):
    """A file of examples that cannot be read as pairs; the message says where, and the remedy."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One input with more than one answer, in the order of the file."""

    input: Input
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Examples:
    """Different pairs, in the order of the file: whether they are `numbers`, `texts` or `counts` holds for all.

    `names` are the input columns and `output` the output column; `duplicates` counts the pairs that repeated an
    earlier one and were dropped.
    """

    path: str
    kind: ExamplesKind
    names: tuple[str, ...]
    output: str
    pairs: tuple[tuple[Input, Answer], ...]
    duplicates: int = 0

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Inputs with more than one answer: the source is random, or the file is wrong."""
        found: dict[Input, list[Answer]] = {}
        for given, answer in self.pairs:
            found.setdefault(given, []).append(answer)
        return tuple(Contradiction(given, tuple(answers)) for given, answers in found.items() if len(answers) > 1)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the pairs in their order."""
        return hashlib.sha256(repr((self.kind, self.names, self.pairs)).encode()).hexdigest()[:16]

    def only(self, rows: Sequence[int]) -> Examples:
        """The pairs with these numbers (from 0) alone."""
        return Examples(self.path, self.kind, self.names, self.output, tuple(self.pairs[k] for k in rows))
