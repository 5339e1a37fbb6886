"""`linear:FILE`: a linear model on the embedding of a text, such as a ridge model of a voxel's response.

    linear:voxels.npz?output=3

The file (`.npz`, `.safetensors`) has `coef` (width,) or (outputs, width), and perhaps `intercept` (one number, or one
for each output) and `mean` and `scale` (width,) by which embeddings are standardized first, (x - mean) / scale.
`output` says which, counted from 0; `embedder` and `device` are as for `similarity:`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .arrays import Array, ArrayFile
from .embedders import DEFAULT_EMBEDDER, open_embedder
from .options import OpenOptions
from .settings import split_spec, whole_number, write_settings
from .texts import TextBox, with_words
from .types import SpecError, TextDomain

if TYPE_CHECKING:
    from ...models import Embedder

_KEYS = ("output", "embedder", "device")
_COEFFICIENTS = ("coef", "coef_", "weights")
_INTERCEPTS = ("intercept", "intercept_", "bias")


@dataclass(frozen=True, eq=False)
class LinearModel:
    """`weights`·x + `intercept`."""

    weights: Array
    intercept: float


def linear_box(
    model: LinearModel, embedder: Embedder, *, spec: str = "linear:", domain: TextDomain | None = None
) -> TextBox:
    """The text module text → `model` of its embedding."""
    if len(model.weights) != embedder.width:
        raise SpecError(
            f"expected {embedder.width} coefficients, the width of {embedder.name}, got {len(model.weights)}; "
            "name the embedder that the model was fitted on (?embedder=…)"
        )

    def measure(texts: Sequence[str]) -> list[float]:
        return [float(v) for v in embedder.encode(texts).astype(float) @ model.weights + model.intercept]

    return TextBox(spec, with_words(measure), domain=domain)


def open_box(rest: str, options: OpenOptions) -> TextBox:
    """Open `FILE?output=…`. Loads the embedder."""
    domain = options.text_domain("a linear model on embeddings")
    place, settings = split_spec(rest, _KEYS, "a linear")
    model = read_linear(place, settings)
    embedder = open_embedder(settings.get("embedder", DEFAULT_EMBEDDER), settings.get("device"))
    path = Path(place).expanduser().resolve()
    return linear_box(model, embedder, spec=f"linear:{path}{write_settings(settings)}", domain=domain)


def read_linear(place: str, settings: Mapping[str, str] | None = None) -> LinearModel:
    """One output of the model in a file. Standardizing is folded into its weights. Raises `SpecError`."""
    file = ArrayFile(place)
    name = file.find(_COEFFICIENTS)
    if name is None:
        raise SpecError(f"expected coef in {place}, with a number for each coordinate; found {file.described()}")
    rows = file.read(name)
    if rows.ndim not in (1, 2) or not rows.size:
        raise SpecError(f"expected {name} of shape (width) or (outputs × width) in {place}, found {file.described()}")
    rows = rows.reshape(-1, rows.shape[-1])
    number = _output(place, len(rows), (settings or {}).get("output"))
    weights, intercept = rows[number], _one(file, _INTERCEPTS, len(rows), number)
    scale, mean = _each(file, "scale", len(weights)), _each(file, "mean", len(weights))
    if scale is not None:
        if not (scale != 0).all():
            raise SpecError(f"expected a scale other than 0 in {place}, got 0; write 1 for a constant coordinate")
        weights = weights / scale
    if mean is not None:
        intercept -= float(weights @ mean)
    return LinearModel(weights, intercept)


def _output(place: str, count: int, said: str | None) -> int:
    if said is None:
        if count > 1:
            raise SpecError(f"{place} has {count} outputs; say which, ?output=0 to ?output={count - 1}")
        return 0
    number = whole_number(said, "output")
    if number >= count:
        raise SpecError(f"output {number} is not one of 0..{count - 1} in {place}; pass one of these")
    return number


def _one(file: ArrayFile, accepted: Sequence[str], count: int, number: int) -> float:
    name = file.find(accepted)
    if name is None:
        return 0.0
    values = file.read(name).reshape(-1)
    if len(values) not in (1, count):
        raise SpecError(f"expected 1 or {count} numbers in {name} of {file.path}, found {file.described()}")
    return float(values[number if len(values) > 1 else 0])


def _each(file: ArrayFile, name: str, size: int) -> Array | None:
    if name not in file.names:
        return None
    values = file.read(name).reshape(-1)
    if len(values) != size:
        raise SpecError(f"expected {size} numbers in {name} of {file.path}, found {file.described()}")
    return values
