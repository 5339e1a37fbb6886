"""What a benchmark says when it cannot run."""

from __future__ import annotations


class BenchmarkError(ValueError):
    """A benchmark that cannot start or go on for a reason the user can mend; the message is one line."""


class Unfinished(Exception):
    """A function whose work has to stop for a reason that passes, such as a chat model that does not answer: it gets no
    result, and the next run goes on with it. The message is one line.
    """
