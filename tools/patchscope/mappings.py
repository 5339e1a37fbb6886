"""Mappings f between a source's hidden states and a target's: identity, affine by least squares, any function.

A mapping takes (rows, source width) and gives (rows, target width). Patchscopes, section 3 (arXiv:2401.06102).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import torch

from .errors import MappingError

if TYPE_CHECKING:
    from ...models import LanguageModel

Mapping: TypeAlias = Callable[[torch.Tensor], torch.Tensor]
MappingLike: TypeAlias = Mapping | Table[int, Mapping]
"""One mapping for all, or one for each source layer."""

RIDGES = (1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Penalties that are tried on validation data, as shares of the variance of a standardized input."""


def identity(hidden: torch.Tensor) -> torch.Tensor:
    """f(h) = h."""
    return hidden


@dataclass(frozen=True, eq=False)
class Affine:
    """f(h) = h · weight + bias. `weight` is (source width, target width), `bias` (target width,)."""

    weight: torch.Tensor
    bias: torch.Tensor

    def __call__(self, hidden: torch.Tensor) -> torch.Tensor:
        weight, bias = self.weight.to(hidden.device), self.bias.to(hidden.device)
        return (hidden.to(weight.dtype) @ weight + bias).to(hidden.dtype)


@dataclass(eq=False)
class Moments:
    """Sums over pairs (x, y) of hidden states, enough to fit an affine mapping and to judge one; 64-bit.

    Pairs are added batch after batch and not kept, so that any amount of text fits in memory.
    """

    count: int = 0
    x: torch.Tensor = field(default_factory=lambda: torch.zeros(0))
    y: torch.Tensor = field(default_factory=lambda: torch.zeros(0))
    xx: torch.Tensor = field(default_factory=lambda: torch.zeros(0))
    xy: torch.Tensor = field(default_factory=lambda: torch.zeros(0))
    yy: float = 0.0

    def add(self, x: torch.Tensor, y: torch.Tensor) -> None:
        """Add pairs: `x` (rows, source width), `y` (rows, target width)."""
        if x.dim() != 2 or y.dim() != 2 or len(x) != len(y):
            raise MappingError(
                f"expected as many rows of x as of y, got {' × '.join(map(str, x.shape))} and "
                f"{' × '.join(map(str, y.shape))}; pass (rows, width) of each"
            )
        x, y = x.double(), y.double()
        sums = (x.sum(0), y.sum(0), x.T @ x, x.T @ y)
        self.x, self.y, self.xx, self.xy = (
            new if not self.count else old + new for old, new in zip((self.x, self.y, self.xx, self.xy), sums)
        )
        self.yy += float((y * y).sum())
        self.count += len(x)

    def fit(self, ridge: float = 0.0) -> Affine:
        """The affine mapping with the least squared error, plus `ridge` times the squared weights of standardized x.

        Directions in which x does not vary get no weight.
        """
        return next(self.fits([ridge]))

    def fits(self, ridges: Sequence[float]) -> Iterator[Affine]:
        """`fit` for each of several penalties, at little more than the cost of one."""
        if self.count < 2:
            raise MappingError(f"expected at least 2 pairs to fit a mapping to, got {self.count}; pass more text")
        mean_x, mean_y = self.x / self.count, self.y / self.count
        covariance = self.xx / self.count - torch.outer(mean_x, mean_x)
        cross = self.xy / self.count - torch.outer(mean_x, mean_y)
        scale = covariance.diagonal().clamp(min=0).sqrt()
        inverse = torch.where(scale > 1e-9 * scale.max(), 1 / scale.clamp(min=1e-300), torch.zeros_like(scale))
        values, vectors = torch.linalg.eigh(covariance * torch.outer(inverse, inverse))
        least = float(values.max().clamp(min=0)) * len(values) * torch.finfo(torch.float64).eps
        turned = vectors.T @ (inverse[:, None] * cross)
        for ridge in ridges:
            shrunk = torch.where(values > least, 1 / (values + ridge).clamp(min=1e-300), torch.zeros_like(values))
            weight = inverse[:, None] * (vectors @ (shrunk[:, None] * turned))
            yield Affine(weight.float(), (mean_y - mean_x @ weight).float())

    def explained(self, mapping: Affine) -> float:
        """The share of the variance of y that `mapping` explains on these pairs: 1 is exact, 0 as good as the mean."""
        weight, bias = mapping.weight.double(), mapping.bias.double()
        mean_y = self.y / self.count
        total = self.yy - self.count * float(mean_y @ mean_y)
        predicted = float((weight * (self.xx @ weight)).sum()) + 2 * float(self.x @ weight @ bias)
        predicted += self.count * float(bias @ bias)
        error = self.yy - 2 * (float((weight * self.xy).sum()) + float(self.y @ bias)) + predicted
        return 1 - error / total if total > 0 else float(error <= 1e-9)


def fit_affine(x: torch.Tensor, y: torch.Tensor, *, ridge: float = 0.0) -> Affine:
    """The affine mapping from the rows of `x` to those of `y` with the least squared error."""
    moments = Moments()
    moments.add(x, y)
    return moments.fit(ridge)


def best_ridge(train: Moments, validation: Moments) -> tuple[Affine, float]:
    """The mapping fitted to `train` with the penalty of `RIDGES` that explains most of `validation`."""
    return max(zip(train.fits(RIDGES), RIDGES), key=lambda pair: validation.explained(pair[0]))


def mapping_for(mapping: MappingLike | None, layer: int) -> Mapping:
    """The mapping of one source layer."""
    if mapping is None:
        return identity
    if callable(mapping):
        return mapping
    if layer not in mapping:
        known = ", ".join(map(str, sorted(mapping)))
        raise MappingError(
            f"expected a mapping for source layer {layer}, got mappings for {known or 'none'}; "
            "fit one for it, or leave the layer out"
        )
    return mapping[layer]


def check_mapping(
    mapping: MappingLike | None, source: LanguageModel, target: LanguageModel, layers: tuple[int, ...]
) -> None:
    """Raises `MappingError` where hidden sizes differ or a mapping gives the wrong one, before any model runs."""
    if mapping is None or mapping is identity:
        if source.d_model != target.d_model:
            raise MappingError(
                f"expected models of one hidden size, got {source.d_model} ({source.name}) and {target.d_model} "
                f"({target.name}); pass a mapping, such as fit_cross_model(source, target, texts, …) learns"
            )
        return
    for layer in layers:
        one = mapping_for(mapping, layer)
        try:
            made = one(torch.zeros(1, source.d_model, dtype=source.dtype))
        except RuntimeError as error:
            raise MappingError(
                f"the mapping of layer {layer} does not take hidden states of size {source.d_model} ({source.name}): "
                f"{error}; fit it between these two models"
            ) from error
        if not isinstance(made, torch.Tensor) or made.shape != (1, target.d_model):
            got = f"size {' × '.join(map(str, made.shape[1:]))}" if isinstance(made, torch.Tensor) else repr(type(made))
            raise MappingError(
                f"expected the mapping of layer {layer} to give vectors of size {target.d_model} (the hidden size of "
                f"{target.name}), got {got}; fit it between these two models"
            )
        if callable(mapping):
            return
