"""From the vector at a place in a model to one number: a direction, or a latent of a dictionary (an SAE)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .arrays import Array, ArrayFile
from .types import SpecError

if TYPE_CHECKING:
    import torch

ENCODERS, TRANSPOSED_ENCODERS = ("W_enc",), ("encoder.weight",)
"""Names of encoder weights. Where the shape leaves it open, the first are (width, latents), the others the other way.
"""
ENCODER_BIASES = ("b_enc", "encoder.bias", "latent_bias")
INPUT_BIASES = ("b_dec", "decoder.bias", "pre_bias")
DIRECTIONS = ("D", "components", "dictionary", "directions")


class Readout(Protocol):
    """A number out of each vector of `width` numbers."""

    @property
    def width(self) -> int: ...

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        """(positions, width) → (positions,) in double precision."""
        ...


@dataclass(frozen=True, eq=False)
class Direction:
    """The dot product with `vector`."""

    vector: Array

    @property
    def width(self) -> int:
        return len(self.vector)

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        return states.double() @ _on(states, self.vector)


@dataclass(frozen=True, eq=False)
class Latent:
    """One latent of a sparse autoencoder: `encoder[latent]`·(x − `center`) + `biases[latent]`, then its activation.

    ReLU; JumpReLU (arXiv:2407.14435) where there is a `threshold`, below which it is 0; top-k (arXiv:2406.04093)
    where there is a `k`: 0 unless it is among the k largest latents of that vector. `encoder` is (latents, width), and
    only one row of it where no `k` is given.
    """

    encoder: Array
    biases: Array
    latent: int
    center: Array | None = None
    threshold: float | None = None
    k: int | None = None

    @property
    def width(self) -> int:
        return int(self.encoder.shape[1])

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        import torch

        vectors = states.double()
        if self.center is not None:
            vectors = vectors - _on(states, self.center)
        if self.k is None:
            before = vectors @ _on(states, self.encoder[0]) + float(self.biases[0])
        else:
            every = vectors @ _on(states, self.encoder).T + _on(states, self.biases)
            before = every[:, self.latent]
            stronger = (every > before[:, None]).sum(1)
            before = torch.where(stronger < self.k, before, torch.zeros_like(before))
        after = before.clamp(min=0)
        return after if self.threshold is None else torch.where(before > self.threshold, after, torch.zeros_like(after))


def _on(states: torch.Tensor, values: Array) -> torch.Tensor:
    import torch

    return torch.as_tensor(values, dtype=torch.float64, device=states.device)


def read_direction(place: str) -> np.ndarray[Any, Any]:
    """The vector in a file: `.npy`, or a JSON list."""
    path = Path(place).expanduser()
    try:
        if path.suffix == ".npy":
            return np.asarray(np.load(path, allow_pickle=False))
        return np.asarray(json.loads(path.read_text(encoding="utf-8")), dtype=np.float64)
    except (OSError, ValueError, TypeError) as error:
        raise SpecError(f"expected a file with a vector (.npy, or a JSON list) at {path}, got: {error}") from error


def read_latent(
    place: str, latent: int, width: int, *, k: int | None = None, center: bool | None = None
) -> Direction | Latent:
    """The latent number `latent` of the dictionary in the file `place`, for vectors of `width` numbers.

    `k` and `center` win over what the file and its names say. Raises `SpecError`, which names the arrays found.
    """
    file = ArrayFile(place)
    directions, encoder = file.find(DIRECTIONS), file.find((*ENCODERS, *TRANSPOSED_ENCODERS))
    if encoder is not None:
        return _encoded(file, encoder, latent, width, k=k, center=center)
    if directions is None:
        expected = ", ".join((*ENCODERS, *TRANSPOSED_ENCODERS))
        raise SpecError(
            f"expected the weights of a dictionary in {file.path} (an encoder {expected}, or directions "
            f"{', '.join(DIRECTIONS)}), found {file.described()}; save it under one of these names"
        )
    if k is not None or center is not None:
        raise SpecError(f"{file.path} holds only directions ({directions}), which have no k and no center; leave them")
    rows = _rows(file, directions, width, columns_first=False)
    return Direction(rows[_checked(latent, len(rows), file)])


def _encoded(file: ArrayFile, name: str, latent: int, width: int, *, k: int | None, center: bool | None) -> Latent:
    rows = _rows(file, name, width, columns_first=name in ENCODERS)
    number = _checked(latent, len(rows), file)
    biases = _vector(file, ENCODER_BIASES, len(rows))
    threshold = _vector(file, ("threshold",), len(rows))
    stored_k = file.optional("k")
    if k is None and stored_k is not None:
        k = int(stored_k.reshape(-1)[0])
    if k is not None and not 1 <= k <= len(rows):
        raise SpecError(f"expected k between 1 and {len(rows)}, the number of latents in {file.path}, got {k}")
    shift = _vector(file, INPUT_BIASES, width)
    if center is None:  # JumpReLU dictionaries are published with encoders that take the vector as it is
        center = threshold is None
    if center is True and shift is None:
        shift = np.zeros(width)
    chosen = slice(None) if k is not None else slice(number, number + 1)
    return Latent(
        rows[chosen],
        np.zeros(len(rows))[chosen] if biases is None else biases[chosen],
        number,
        shift if center else None,
        None if threshold is None else float(threshold[number]),
        k,
    )


def _rows(file: ArrayFile, name: str, width: int, *, columns_first: bool) -> Array:
    """(latents, width), whichever way round the file has it; `columns_first` settles a square one."""
    values = file.read(name)
    if values.ndim != 2 or width not in values.shape:
        raise SpecError(
            f"expected {name} in {file.path} to have {width} numbers for each latent, the width at this address, found "
            f"{file.described()}; name the address that the dictionary was trained at"
        )
    if values.shape[0] == values.shape[1]:
        return values.T if columns_first else values
    return values if values.shape[1] == width else values.T


def _vector(file: ArrayFile, accepted: tuple[str, ...], size: int) -> Array | None:
    """One number for each of `size`; a single number stands for all of them."""
    name = file.find(accepted)
    if name is None:
        return None
    values = file.read(name).reshape(-1)
    if len(values) == 1:
        return np.full(size, values[0])
    if len(values) != size:
        raise SpecError(f"expected {size} numbers in {name} of {file.path}, found {file.described()}")
    return values


def _checked(latent: int, count: int, file: ArrayFile) -> int:
    if not 0 <= latent < count:
        raise SpecError(f"latent {latent} is not one of 0..{count - 1} in {file.path}; pass one of these")
    return latent
