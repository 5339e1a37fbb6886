"""`python -m zetetic.tools.strings.training.train`: fit the networks that say which steps are worth trying."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..guidance import COUNT
from ..guidance.network import WEIGHTS
from .practice import Problem, problems

if TYPE_CHECKING:
    from .modules import Likely, Nearer

_MOST_CANDIDATES = 75
_CHUNK = 250
_HELD_OUT = 0.05
_LEAST_SPREAD = 0.05


@dataclass(frozen=True)
class Examples:
    """Problems as arrays: (problems, traits), and of their candidates (problems, candidates, …)."""

    before: NDArray[np.float32]
    after: NDArray[np.float32]
    kinds: NDArray[np.int64]
    bits: NDArray[np.float32]
    present: NDArray[np.bool_]
    right: NDArray[np.bool_]


def main(arguments: list[str] | None = None) -> int:
    """Draw problems, fit both networks, print how often they put a right step first, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m zetetic.tools.strings.training.train", description=__doc__)
    parser.add_argument("--three", type=int, default=30_000, help="problems of three steps")
    parser.add_argument("--two", type=int, default=20_000, help="problems of two steps")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes that draw problems")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go (the package's own)")
    given = parser.parse_args(arguments)
    if min(given.three, given.two) < 2 * _CHUNK or given.epochs < 1:
        print(f"error: expected at least {2 * _CHUNK} problems of each kind and one epoch", file=sys.stderr)
        return 2
    three = list(drawn(given.seed, given.three, steps=3, jobs=given.jobs))
    two = list(drawn(given.seed, given.two, steps=2, jobs=given.jobs))
    arrays = fitted(three, two, epochs=given.epochs, seed=given.seed)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.out, **arrays)  # type: ignore[arg-type]
    print(f"{given.out} ({given.out.stat().st_size / 1e6:.2f} MB)")
    return 0


def drawn(seed: int, count: int, *, steps: int, jobs: int) -> Iterator[Problem]:
    """Random problems, the same for the same seed, drawn by so many processes."""
    chunks = -(-count // _CHUNK)
    with ProcessPoolExecutor(jobs) as pool:
        work = [(1000 * seed + number, _CHUNK, steps) for number in range(chunks)]
        for number, chunk in enumerate(pool.map(_chunk, work), start=1):
            print(f"{steps} steps: {number * _CHUNK} problems", file=sys.stderr)
            yield from chunk


def _chunk(work: tuple[int, int, int]) -> list[Problem]:
    seed, count, steps = work
    return list(problems(seed, count, steps=steps))


def fitted(
    three: Sequence[Problem], two: Sequence[Problem], *, epochs: int, seed: int
) -> dict[str, NDArray[np.float16] | NDArray[np.str_]]:
    """The weights of both networks, as they are stored."""
    import torch

    from .modules import Likely, Nearer

    torch.manual_seed(seed)
    everything = [*three, *two]
    names = sorted({c.name for problem in everything for c in problem.candidates})
    before = np.array([problem.before for problem in everything], dtype=np.float32)
    mean, spread = before.mean(axis=0), before.std(axis=0) + _LEAST_SPREAD
    arrays: dict[str, NDArray[np.float16] | NDArray[np.str_]] = {
        "names": np.array(names), "mean": mean.astype(np.float16), "spread": spread.astype(np.float16),
    }  # fmt: skip
    for label, module, rows in (
        ("nearer", Nearer(COUNT, len(names)), three),
        ("likely", Likely(COUNT, len(names)), two),
    ):
        _fit(module, examples(rows, names, mean, spread), epochs, label)
        for name, weight in module.state_dict().items():
            arrays[f"{label}.{name}"] = weight.detach().numpy().astype(np.float16)
    return arrays


def examples(
    rows: Sequence[Problem], names: Sequence[str], mean: NDArray[np.float32], spread: NDArray[np.float32]
) -> Examples:
    """The arrays of `rows`, the traits scaled."""
    numbers = {name: number for number, name in enumerate(names, start=1)}
    shape = (len(rows), _MOST_CANDIDATES)
    after = np.zeros((*shape, COUNT), dtype=np.float16)
    kinds, bits = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.float32)
    present, right = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for i, problem in enumerate(rows):
        shown = sorted(problem.candidates, key=lambda c: not c.right)[:_MOST_CANDIDATES]
        for k, c in enumerate(shown):
            after[i, k] = (c.after - mean) / spread
            kinds[i, k], bits[i, k], present[i, k], right[i, k] = numbers[c.name], c.bits, True, c.right
    before = np.array([(problem.before - mean) / spread for problem in rows], dtype=np.float32)
    return Examples(before, after, kinds, bits, present, right)  # type: ignore[arg-type]


def _fit(module: Likely | Nearer, shown: Examples, epochs: int, label: str) -> None:
    """Fit by the chance that a right candidate is drawn among those shown; print how it does on problems left out."""
    import torch

    count = len(shown.before)
    split = int((1 - _HELD_OUT) * count)
    steps = epochs * -(-split // 32)
    optimizer = torch.optim.AdamW(module.parameters(), lr=3e-3, weight_decay=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    for epoch in range(epochs):
        module.train()
        for batch in np.array_split(torch.randperm(split).numpy(), -(-split // 32)):
            loss = module.surprise(shown, batch).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        module.eval()
        with torch.no_grad():
            rest = np.arange(split, count)
            print(f"{label}, epoch {epoch}: surprise {module.surprise(shown, rest).mean():.3f}, "
                  f"right first {module.right_first(shown, rest):.3f}")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
