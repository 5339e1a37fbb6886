"""`similarity:KEYWORD`: how alike in meaning a text and a keyword are, by an embedder.

    similarity:food and drink
    similarity:minilm?to=food and drink

The cosine of the angle between both embeddings: a synthetic text module whose explanation is known (SASC, section 4,
arXiv:2305.09863). `embedder` names another embedder than MiniLM, `device` where it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .embedders import DEFAULT_EMBEDDER, open_embedder
from .options import OpenOptions
from .settings import split_spec, write_settings
from .texts import TextBox, with_words
from .types import SpecError, TextDomain

if TYPE_CHECKING:
    from ...models import Embedder

_KEYS = ("to", "embedder", "device")


def similarity_box(
    keyword: str, embedder: Embedder, *, spec: str | None = None, domain: TextDomain | None = None
) -> TextBox:
    """The text module text → cosine of its angle with `keyword`, from -1 to 1."""
    target = embedder.encode([keyword])[0].astype(float)

    def measure(texts: Sequence[str]) -> list[float]:
        return [float(value) for value in embedder.encode(texts) @ target]

    return TextBox(spec or f"similarity:{embedder.name}?to={keyword}", with_words(measure), domain=domain)


def open_box(rest: str, options: OpenOptions) -> TextBox:
    """Open `KEYWORD?embedder=…` or `EMBEDDER?to=KEYWORD`. Loads the embedder."""
    domain = options.text_domain("the similarity of texts")
    body, settings = split_spec(rest, _KEYS, "a similarity")
    if "to" in settings and "embedder" in settings:
        raise SpecError("the embedder is named twice; write similarity:EMBEDDER?to=KEYWORD")
    keyword = settings.get("to", body)
    name = body if "to" in settings else settings.get("embedder", DEFAULT_EMBEDDER)
    if not keyword.strip():
        raise SpecError("a similarity is named similarity:KEYWORD, such as similarity:food, got an empty keyword")
    device = settings.get("device")
    spec = f"similarity:{name}{write_settings({'to': keyword, 'device': device})}"
    return similarity_box(keyword, open_embedder(name, device), spec=spec, domain=domain)
