"""`find:PATH/numeric/f00003`, `find:PATH/strings/f00003` (published FIND folders), `find:PATH.jsonl#f00151` (metadata).

FIND: arXiv:2309.03886. Whatever the metadata's domain, its functions of numbers are asked on [-128, 128], as the
paper's prompt says. Published code is foreign code: it runs in a sandbox unless the user trusts it.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from .find_layout import FUNCTION_NAME, FindFunction, find_function, find_layout
from .find_rows import Corruption, FindRow, NormalNoise, PoissonNoise, UniformNoise, load_rows
from .find_strings import PublishedStrings, is_strings_folder
from .function import FunctionBox
from .options import OpenOptions
from .python import PythonBox, runner_of
from .types import BlackBox, Interval, NumericDomain, SpecError
from .worker import Target

FIND_DOMAIN = NumericDomain((Interval(-128.0, 128.0),))

__all__ = [
    "FIND_DOMAIN",
    "Corruption",
    "FindFunction",
    "FindRow",
    "NormalNoise",
    "PoissonNoise",
    "UniformNoise",
    "find_layout",
    "load_rows",
    "open_box",
    "row_box",
]


def open_box(rest: str, options: OpenOptions) -> BlackBox:
    """Open a function's folder, or `FILE.jsonl#ID`. `options.seed` makes the function's randomness repeatable."""
    where, hash_sign, name = rest.rpartition("#")
    if hash_sign:
        options.refuse_sandbox("a row of metadata holds no code, so it", "leave --untrusted and --sandbox out")
        path = Path(where).expanduser()
        row = next((row for row in load_rows(path) if row.id == name), None)
        if row is None:
            raise SpecError(f"{where} has no row with the id {name!r}; ids look like {load_rows(path)[0].id}")
        return row_box(row, spec=f"find:{path.resolve()}#{name}", options=options)
    if rest.endswith(".jsonl"):
        raise SpecError(f"say which function of the file: find:{rest}#ID")
    folder = Path(rest).expanduser()
    if is_strings_folder(folder):
        return PublishedStrings(folder, options)
    function = find_function(folder)
    target = Target(str(function.file.resolve()), None, FUNCTION_NAME, options.seed, options.output)
    # One call an input, as published: an array call would share one draw of the noise.
    options = replace(_with_domain(options), vectorized=False)
    return PythonBox(f"find:{folder.resolve()}", target, options, runner_of(options, untrusted=True))


def row_box(row: FindRow, *, spec: str | None = None, options: OpenOptions | None = None) -> FunctionBox:
    """The stochastic function of a row, in this process. Its draws depend on the seed and on the row's id."""
    options = _with_domain(options or OpenOptions())
    seed = None if options.seed is None else [options.seed, zlib.crc32(row.id.encode())]
    rng = np.random.default_rng(seed)

    def function(x: float) -> float | complex:
        return row.sample(x, rng)

    return FunctionBox(function, options.domain, spec=spec or f"find:#{row.id}", integer=options.integer)


def _with_domain(options: OpenOptions) -> OpenOptions:
    return options if options.domain is not None else replace(options, domain=FIND_DOMAIN)
