"""The seam between words and code: a concept is a phrase a person would write, and how far it applies to texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@runtime_checkable
class Concept(Protocol):
    """What a text may be like, such as "mentions food" or "is longer than 20 words"."""

    @property
    def description(self) -> str:
        """A phrase that completes "The text …"."""
        ...

    def degrees(self, texts: Sequence[str]) -> Floats:
        """(n,) in [0, 1]: how far it applies to each text. Above 0.5 means that it does."""
        ...
