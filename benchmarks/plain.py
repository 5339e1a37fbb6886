"""Numbers in results files and reports: strict JSON has no infinity and no NaN, so those are written as text."""

from __future__ import annotations

import math
from typing import Annotated, TypeAlias

from pydantic import PlainSerializer


def _plain(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


Figure: TypeAlias = Annotated[float, PlainSerializer(_plain, when_used="json")]
"""A float that is written as "inf", "-inf" or "nan" where it is not finite, and read back from that."""
