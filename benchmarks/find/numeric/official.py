"""FIND's own score of a numeric explanation, `mse_indicator` (arXiv:2309.03886), and the grid it is taken on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...accuracy import Complexes, nmse

LOW, HIGH = -128.0, 128.0
"""Where FIND's numeric functions answer, whatever domain their metadata names."""
OFFICIAL_GRID: NDArray[np.float64] = np.linspace(-127.5, 127.5, 256)
"""x = i + 0.5 for i in −128 … 127."""
SUCCESS_BELOW = 0.1
"""A prediction succeeds when its uncentred NMSE on the grid is below this."""
PUBLISHED = (("GPT-4", 0.33), ("GPT-3.5", 0.12), ("Llama-2-70b", 0.01))
"""Success over all 1,000 functions as the paper reports it."""


def succeeds(drawn: Complexes, predicted: Complexes) -> bool:
    """`mse_indicator`: whether `predicted` explains the values that the stochastic function `drawn` gave.

    Inputs where the function itself is NaN or infinite are left out of the sums; a prediction that is undefined on
    any of the others fails; complex values are compared by |difference|².
    """
    return nmse(drawn, predicted) < SUCCESS_BELOW
