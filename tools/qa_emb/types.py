"""The seam of QA-Emb: yes/no questions and texts in, probabilities of yes out (QA-Emb, arXiv:2405.16714)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class QAError(ValueError):
    """Questions, texts or targets that cannot be worked with. The message says expected, got, remedy."""


@runtime_checkable
class Answerer(Protocol):
    """Anything that answers yes/no questions about texts."""

    @property
    def name(self) -> str: ...

    def answer(self, questions: Sequence[str], texts: Sequence[str]) -> Floats:
        """(texts, questions): the probability of yes. Same questions and texts, same answers."""
        ...


def check_texts(texts: object, *, least: int = 1) -> list[str]:
    """`texts` as a list of texts that hold something, at least `least` of them. Raises `QAError`."""
    if isinstance(texts, str | bytes):
        raise QAError("expected a list of texts, got a single one; pass it as [text]")
    found = list(texts) if hasattr(texts, "__iter__") else None
    if found is None:
        raise QAError(f"expected a list of texts, got {type(texts).__name__}; pass a list of strings")
    for number, text in enumerate(found):
        if not isinstance(text, str):
            raise QAError(f"expected texts, got {type(text).__name__} at number {number}; pass a list of strings")
        if not text.strip():
            raise QAError(f"expected texts that say something, got an empty one at number {number}; leave it out")
    if len(found) < least:
        raise QAError(f"expected at least {least} text{'s' * (least > 1)}, got {len(found)}; add some")
    return [str(text) for text in found]
