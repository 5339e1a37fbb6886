"""What goes wrong with a Patchscope, beyond what goes wrong with models (`models.errors`)."""

from __future__ import annotations


class PatchscopeError(Exception):
    """The root of this family. Every message says what was expected, what came, and the remedy."""


class MappingError(PatchscopeError):
    """A mapping that is missing, of the wrong size, or that cannot be fitted."""


class TaskFileError(PatchscopeError):
    """A file of attribute-extraction tasks that is missing or cannot be read."""
