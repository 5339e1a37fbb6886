"""The seam of judging: explanations and texts in, degrees out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@runtime_checkable
class Judge(Protocol):
    """Says how far explanations in words apply to texts. A score names the judge that it rests on."""

    @property
    def name(self) -> str: ...

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Floats:
        """(explanations, texts) in [0, 1]: how far each applies to each. Above 0.5 means that it does.

        An explanation is a phrase that completes "The text …" ("mentions food"), or a bare noun phrase ("food").
        """
        ...
