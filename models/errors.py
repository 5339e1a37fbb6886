"""What goes wrong with models. Every message says what was expected, what came, and the remedy."""

from __future__ import annotations


class ModelError(Exception):
    """The root of this family."""


class ArchitectureError(ModelError):
    """A model whose parts cannot be found, or that lacks a part that was asked for."""


class AddressError(ModelError):
    """An address that cannot be read, or that names something this model does not have."""


class LayerError(AddressError):
    """A layer that the model does not have."""


class PromptError(ModelError):
    """A prompt that is empty, too long, or no prompt at all."""


class PositionError(ModelError):
    """A position outside its prompt."""


class PatchError(ModelError):
    """A patch of the wrong size or with numbers that are not finite."""


class LoadError(ModelError):
    """A model that cannot be found or loaded."""


class DownloadError(LoadError):
    """A model that could not be fetched."""
