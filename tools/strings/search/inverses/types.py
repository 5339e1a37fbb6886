"""What the files of this folder hand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ...operations.expressions import Expression

Inverse: TypeAlias = Callable[[str], "str | None"]
"""From what a step has made to what it was made of, if it can be."""
Candidate: TypeAlias = tuple[Expression, Inverse]
"""A step that may have been the last one, and its inverse."""
