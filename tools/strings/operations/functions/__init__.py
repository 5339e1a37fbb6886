"""What programs are made of, as plain Python functions; their sources are what an explanation's code shows."""

from . import edits, pieces, places, wholes, words

__all__ = ["edits", "pieces", "places", "wholes", "words"]
