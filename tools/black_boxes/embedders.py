"""The embedder that a text module stands on, and its errors in the words of black boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .types import BlackBoxError, SpecError

if TYPE_CHECKING:
    from ...models import Embedder

DEFAULT_EMBEDDER = "minilm"


def open_embedder(name: str = DEFAULT_EMBEDDER, device: str | None = None) -> Embedder:
    """The embedder `name`. `BlackBoxError` where it cannot be had now, `SpecError` where there is none of that name."""
    from ...models import DownloadError, LoadError, load_embedder

    try:
        return load_embedder(name, device=device)
    except DownloadError as error:
        raise BlackBoxError(str(error)) from error
    except LoadError as error:
        raise SpecError(str(error)) from error
