"""What goes wrong with a data set. A message says what was expected, what came, and the remedy."""

from __future__ import annotations


class DatasetError(ValueError):
    """A data set that cannot be read, or from which nothing can be learned as it is."""
