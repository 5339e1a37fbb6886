"""Writing a data set: the same settings, the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import BenchmarkError
from .options import GeneratorOptions


def generate(options: GeneratorOptions) -> Path:
    """Write the data set that `options` describe; returns its folder. Raises BenchmarkError.

    A folder that holds functions already is not written into: nobody should mistake two data sets for one.
    """
    from .numeric import numeric_files
    from .strings import string_files

    folder = options.out / options.category
    if folder.exists() and any(folder.iterdir()):
        raise BenchmarkError(f"{folder} holds something already; pass another --out, or remove it")
    files = string_files(options) if options.category == "strings" else numeric_files(options)
    try:
        for name, content in files.items():
            path = options.out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_bytes(content))
    except OSError as error:
        raise BenchmarkError(
            f"cannot write below {options.out}: {error.strerror or error}; pass another --out"
        ) from error
    return options.out


def _bytes(content: str | Any) -> bytes:
    if isinstance(content, str):
        return content.encode()
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
