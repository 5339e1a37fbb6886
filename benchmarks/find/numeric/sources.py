"""Where FIND's numeric functions come from: rows of metadata, or a folder as the authors publish it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ....tools.black_boxes import BlackBox, SpecError, open_box
from ....tools.black_boxes.find import FindFunction, FindRow, find_layout, load_rows, row_box
from ....tools.black_boxes.options import OpenOptions
from ...accuracy import Complexes, count_literals, evaluate
from ...errors import BenchmarkError
from .baselines import Floats
from .official import HIGH, LOW
from .subject import Corruption, Subject, ask_all

_PUBLISHED_CORRUPTION_SD = 0.1
"""The published corrupted functions draw from normal(mean, 0.1)."""


@dataclass(frozen=True, slots=True)
class Source:
    """The functions of one data set, by id, in order."""

    path: Path
    ids: tuple[str, ...]


def open_source(path: Path) -> Source:
    """The functions under `path`, a jsonl file or a published folder. Raises BenchmarkError."""
    if not path.exists():
        raise BenchmarkError(f"there is no {path}; pass --data a FIND jsonl file or a folder such as find_dataset")
    try:
        names = [f.id for f in find_layout(path)] if path.is_dir() else [r.id for r in load_rows(path)]
    except SpecError as error:
        raise BenchmarkError(str(error)) from error
    return Source(path, tuple(names))


def load_subject(path: Path, name: str, *, trusted: bool = False) -> Subject:
    """The function called `name` of the data at `path`; a folder's code runs in a sandbox unless it is `trusted`."""
    return _of_folder(_functions(path)[name], trusted) if path.is_dir() else _of_row(_rows(path)[name])


@cache
def _rows(path: Path) -> dict[str, FindRow]:
    return {row.id: row for row in load_rows(path)}


@cache
def _functions(path: Path) -> dict[str, FindFunction]:
    return {function.id: function for function in find_layout(path)}


def _of_row(row: FindRow) -> Subject:
    lift = row.noise.mean if row.noise else 0.0
    c = row.corruption
    return Subject(
        id=row.id,
        family=row.family,
        variant=row.variant,
        truth=lambda xs: evaluate(lambda x: row.truth(x) + lift, _points(xs)),
        expected=lambda xs: evaluate(row.expected, _points(xs)),
        noise_sd=row.noise.standard_deviation if row.noise else 0.0,
        corruption=None if c is None else _clipped(c.low, c.high, c.mean, c.scale),
        parameters=count_literals(row.expression),
        open=lambda seed: row_box(row, options=OpenOptions(seed=seed)),
    )


def _clipped(low: float | None, high: float | None, mean: float, scale: float) -> Corruption:
    return Corruption(LOW if low is None else max(low, LOW), HIGH if high is None else min(high, HIGH), mean, scale)


def _points(xs: Floats) -> list[tuple[float]]:
    return [(float(x),) for x in xs]


def _of_folder(function: FindFunction, trusted: bool) -> Subject:
    """A published function. Its law is the plain file beside the one that is asked; metadata says the rest."""
    plain = function.file.with_name("function_code.py")
    stochastic = function.kind in ("noised", "corrupted") and plain.is_file()
    lift, noise_sd = _noise(function) if function.kind == "noised" else (0.0, 0.0)
    law = _file_law(plain if stochastic else function.file, lift, trusted)
    corruption = _published_corruption(function, law, trusted) if function.kind == "corrupted" else None

    def expected(xs: Floats) -> Complexes:
        values = law(xs)
        if corruption is not None:
            values[corruption.covers(xs)] = corruption.mean
        return values

    return Subject(
        id=function.id,
        family=function.family or function.kind,
        variant=function.kind,
        truth=law,
        expected=expected,
        noise_sd=noise_sd,
        corruption=corruption,
        parameters=count_literals(plain.read_text(encoding="utf-8")) if plain.is_file() else 1,
        open=lambda seed: _open_published(function, seed, trusted),
    )


def _open_published(function: FindFunction, seed: int, trusted: bool) -> BlackBox:
    return open_box(f"find:{function.file.parent}", seed=seed, untrusted=not trusted)


class _file_law:
    """The plain function of a file; foreign code never runs in this process."""

    def __init__(self, file: Path, lift: float, trusted: bool) -> None:
        self._file, self._lift, self._trusted = file, lift, trusted

    def __call__(self, xs: Floats) -> Complexes:
        box = open_box(f"python:{self._file}:function", seed=0, untrusted=not self._trusted)
        try:
            return ask_all(box, xs) + self._lift
        finally:
            box.close()


def _noise(function: FindFunction) -> tuple[float, float]:
    """Mean and standard deviation of the noise that the metadata names."""
    scale = function.noise_scale if function.noise_scale is not None else 1.0
    kind = (function.noise or "").lower()
    if "poisson" in kind:
        return scale, math.sqrt(abs(scale))
    if "uniform" in kind:
        return 0.0, 2 * scale / math.sqrt(12)
    return 0.0, scale


def _published_corruption(function: FindFunction, law: _file_law, trusted: bool) -> Corruption | None:
    """The interval of the metadata. A single end leaves open which side is meant: the draws tell."""
    ends = sorted(function.corruption_boundary)
    if not ends or function.corruption_mean is None:
        return None
    mean, sd = function.corruption_mean, _PUBLISHED_CORRUPTION_SD
    if len(ends) > 1:
        return _clipped(ends[0], ends[-1], mean, sd)
    sides = [_clipped(None, ends[0], mean, sd), _clipped(ends[0], None, mean, sd)]
    box = _open_published(function, 0, trusted)
    try:
        return max(sides, key=lambda side: _strangeness(box, law, side))
    finally:
        box.close()


def _strangeness(box: BlackBox, law: _file_law, side: Corruption) -> float:
    """Share of 16 draws on `side` that are not what the plain function says."""
    if side.high <= side.low:
        return -1.0
    xs = np.linspace(side.low, side.high, 18)[1:-1]
    drawn, truth = ask_all(box, xs), law(xs)
    return float(np.mean(~np.isclose(drawn, truth, rtol=1e-9, atol=1e-9, equal_nan=True)))
