"""Features of texts from questions: what the command reads and writes, and its page."""

from .reading import ReadingError, Rows, read_questions, read_rows
from .writing import write_features

__all__ = ["ReadingError", "Rows", "read_questions", "read_rows", "write_features"]
