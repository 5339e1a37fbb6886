"""Two small networks that say which steps are worth trying, fitted to random programs of the library (`training`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .traits import Traits

WEIGHTS = Path(__file__).resolve().parent / "data" / "steps.npz"
BITS_SCALE = 10.0
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """Judges steps by their kind, their bits and the traits of the texts; higher is likelier.

    `names` are the kinds of step it has met; to all others it is indifferent.
    """

    names: dict[str, int]
    mean: Traits
    spread: Traits
    weights: dict[str, NDArray[np.float32]]

    def kinds(self, names: Sequence[str]) -> NDArray[np.intp]:
        """The numbers of kinds of step, by name; 0 for one it has never met."""
        return np.array([self.names.get(name, 0) for name in names], dtype=np.intp)

    def likely(self, before: Traits, kinds: NDArray[np.intp], bits: Scores) -> Scores:
        """Which kinds of step are likely to be one of two that are left; `before`: the traits of the texts now."""
        w = self.weights
        hidden = np.maximum(w["likely.first.weight"] @ self._scaled(before) + w["likely.first.bias"], 0)
        hidden = np.maximum(w["likely.second.weight"] @ hidden + w["likely.second.bias"], 0)
        by_kind = w["likely.kinds.weight"] @ hidden + w["likely.prior.weight"][:, 0]
        scores: Scores = by_kind[kinds] + w["likely.bits"] * bits / BITS_SCALE
        return scores

    def nearer(self, before: Traits, after: NDArray[np.float32], kinds: NDArray[np.intp], bits: Scores) -> Scores:
        """Which steps, out of three that are left, have been right, by how the texts stand `after` each of them."""
        w, start = self.weights, self._scaled(before)
        hidden = self._scaled(after) @ w["nearer.after.weight"].T + w["nearer.after.bias"]
        hidden += w["nearer.before.weight"] @ start + w["nearer.kinds.weight"][kinds]
        hidden += np.outer(bits / BITS_SCALE, w["nearer.bits.weight"][:, 0])
        hidden = np.maximum(np.maximum(hidden, 0) @ w["nearer.second.weight"].T + w["nearer.second.bias"], 0)
        by_kind = w["nearer.likely_kinds.weight"] @ np.tanh(w["nearer.likely.weight"] @ start + w["nearer.likely.bias"])
        scores: Scores = hidden @ w["nearer.last.weight"][0] + w["nearer.last.bias"] + by_kind[kinds]
        return scores

    def _scaled(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        scaled: NDArray[np.float32] = (values - self.mean) / self.spread
        return scaled


@cache
def network() -> Network:
    """The one that comes with the package."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    names = {str(name): number for number, name in enumerate(arrays.pop("names"), start=1)}
    mean, spread = arrays.pop("mean").astype(np.float32), arrays.pop("spread").astype(np.float32)
    return Network(names, mean, spread, {name: array.astype(np.float32) for name, array in arrays.items()})
