"""Names for places in a model: `layers.7.residual`, `layers.3.attention.head.2`, `layers.12.mlp.neurons.345`.

| address | what is there | width |
|---|---|---|
| `embedding` | the residual stream that enters block 0 (positions added, scaled, as the model does) | d_model |
| `layers.L.residual` | the residual stream after block L; `layers.-1.residual` is `embedding` | d_model |
| `layers.L.attention` | what the attention of block L writes: the output of its output projection | d_model |
| `layers.L.attention.head.H` | the output of one head, before the output projection mixes the heads | head size |
| `layers.L.mlp` | what the MLP of block L writes: the output of its down projection | d_model |
| `layers.L.mlp.neurons` | all neurons of that MLP, after activation function and gate | neurons |
| `layers.L.mlp.neurons.N` | one of them | a number |

A further number names one coordinate: `layers.7.residual.100`. Layers count from 0. Where a model normalizes what a
part has written before it is added (Gemma 2 and 3, BERT), the address means what was written, before that norm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from .errors import AddressError

if TYPE_CHECKING:
    from .blocks import Blocks

Site = Literal["residual", "attention", "head", "mlp", "neurons"]
EXAMPLES = "embedding, layers.7.residual, layers.3.attention.head.2, layers.12.mlp.neurons.345"

_FORMS: tuple[tuple[Site, str], ...] = (
    ("residual", r"layers\.(?P<layer>-1|\d+)(\.residual(\.(?P<unit>\d+))?)?"),
    ("residual", r"embedding(\.(?P<unit>\d+))?"),
    ("head", r"layers\.(?P<layer>\d+)\.attention\.head\.(?P<head>\d+)(\.(?P<unit>\d+))?"),
    ("attention", r"layers\.(?P<layer>\d+)\.attention(\.(?P<unit>\d+))?"),
    ("neurons", r"layers\.(?P<layer>\d+)\.mlp\.neurons(\.(?P<unit>\d+))?"),
    ("mlp", r"layers\.(?P<layer>\d+)\.mlp(\.(?P<unit>\d+))?"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """A place in a model. `unit` is one coordinate of it; None is the whole vector. `head` is for attention heads."""

    site: Site
    layer: int
    head: int | None = None
    unit: int | None = None

    def __str__(self) -> str:
        if self.site == "residual":
            stem = "embedding" if self.layer == -1 else f"layers.{self.layer}.residual"
        else:
            stem = (
                f"layers.{self.layer}."
                + {
                    "attention": "attention",
                    "head": f"attention.head.{self.head}",
                    "mlp": "mlp",
                    "neurons": "mlp.neurons",
                }[self.site]
            )
        return stem if self.unit is None else f"{stem}.{self.unit}"

    @property
    def whole(self) -> Address:
        """The vector that this is a coordinate of."""
        return replace(self, unit=None)


def residual(layer: int) -> Address:
    """The residual stream after block `layer`; -1 is the embedding."""
    return Address("residual", layer)


def parse_address(text: str | Address) -> Address:
    """Read an address; whether a model has it is for `check_address`.

    >>> str(parse_address("layers.3.attention.head.2"))
    'layers.3.attention.head.2'
    """
    if isinstance(text, Address):
        return text
    for site, form in _FORMS:
        match = re.fullmatch(form, text.strip()) if isinstance(text, str) else None
        if match:
            found = match.groupdict()
            head, unit = found.get("head"), found.get("unit")
            return Address(
                site,
                int(found.get("layer") or -1),
                None if head is None else int(head),
                None if unit is None else int(unit),
            )
    raise AddressError(f"expected an address such as {EXAMPLES}, got {text!r}")


def check_address(text: str | Address, blocks: Blocks) -> Address:
    """The address, if the model has that place. Raises `LayerError` or `AddressError` before anything is computed."""
    address = parse_address(text)
    blocks.check_layer(address.layer, embedding=address.site == "residual")
    if address.head is not None and not 0 <= address.head < blocks.n_heads:
        raise AddressError(
            f"head {address.head} is not one of 0..{blocks.n_heads - 1} in {blocks.name} (got {address}); "
            f"pass a head between 0 and {blocks.n_heads - 1}"
        )
    size = width(address.whole, blocks)
    if address.unit is not None and not 0 <= address.unit < size:
        noun = "neuron" if address.site == "neurons" else "coordinate"
        raise AddressError(
            f"{noun} {address.unit} is not one of 0..{size - 1} of {address.whole} in {blocks.name}; "
            f"pass a {noun} between 0 and {size - 1}"
        )
    return address


def width(address: Address, blocks: Blocks) -> int:
    """How many numbers lie at `address`: 1 for a coordinate."""
    if address.unit is not None:
        return 1
    if address.site == "neurons":
        return blocks.n_neurons(address.layer)
    if address.site == "head":
        return blocks.head_size(address.layer)
    return blocks.d_model
