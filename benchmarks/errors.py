"""What a benchmark says when it cannot run."""

from __future__ import annotations


class BenchmarkError(ValueError):
    """A benchmark that cannot start or go on for a reason the user can mend; the message is one line."""
