"""Files of named arrays: `.npz` and `.safetensors`. Nothing in them is ever run."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .types import SpecError

Array = NDArray[np.float64]


class ArrayFile:
    """The arrays of one file, read one by one when they are asked for. Raises `SpecError`."""

    def __init__(self, place: str) -> None:
        self.path = Path(place).expanduser()
        if self.path.suffix not in (".npz", ".safetensors"):
            raise SpecError(f"expected a file of named arrays (.npz or .safetensors), got {place}; save it as one")
        if not self.path.is_file():
            raise SpecError(f"there is no file {place}; its path is taken from {Path.cwd()}")
        try:
            self._open()
        except Exception as error:  # every format has its own errors for a file that is none
            raise SpecError(f"{place} cannot be read: {_said(error)}; save it again as {self.path.suffix}") from error

    def _open(self) -> None:
        self._npz: Any = None
        self._tensors: Any = None
        if self.path.suffix == ".npz":
            if not zipfile.is_zipfile(self.path):
                raise ValueError("it is no npz archive")
            self._npz = np.load(self.path, allow_pickle=False)
            self.names: tuple[str, ...] = tuple(self._npz.files)
        else:
            from safetensors import safe_open

            self._tensors = safe_open(self.path, framework="pt")
            self.names = tuple(self._tensors.keys())

    def find(self, accepted: Sequence[str]) -> str | None:
        """The first of the `accepted` names that the file has."""
        return next((name for name in accepted if name in self.names), None)

    def read(self, name: str) -> Array:
        """The array `name` in double precision; it must hold finite numbers."""
        try:
            found = self._npz[name] if self._npz is not None else self._tensors.get_tensor(name).double().numpy()
            values = np.asarray(found)
        except Exception as error:
            raise SpecError(f"the array {name} of {self.path} cannot be read: {_said(error)}") from error
        if values.dtype.kind not in "fiub" or not np.isfinite(values).all():
            raise SpecError(f"expected finite numbers in the array {name} of {self.path}, got {values.dtype} or NaN")
        return values.astype(np.float64)

    def optional(self, *accepted: str) -> Array | None:
        """The array with one of the `accepted` names; None if there is none."""
        name = self.find(accepted)
        return None if name is None else self.read(name)

    def described(self) -> str:
        """The names and shapes of the arrays, for messages."""
        if not self.names:
            return "no arrays"
        return ", ".join(f"{name} {self._shape(name)}" for name in sorted(self.names)[:20])

    def _shape(self, name: str) -> str:
        try:
            shape = self._npz[name].shape if self._npz is not None else self._tensors.get_slice(name).get_shape()
        except Exception:
            return "(unreadable)"
        return "(" + " × ".join(map(str, shape)) + ")"


def _said(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
