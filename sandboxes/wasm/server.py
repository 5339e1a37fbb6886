"""A `GuestServer` whose guests are Python in WebAssembly."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import threading
from collections.abc import Callable

from ..forked import ForkedGuest
from ..serving import Guest, GuestGone, Profile
from ..types import Limits, SandboxError, Standing
from .cache import Compiled
from .helpers import Helpers, OwnHelpers, SharedHelper

_LAYERS = ("webassembly", "no host files", "no network", "rlimits")


class WasmServer:
    """Starts at first use, again after its helper has died, and anew in a forked process.

    `fork`: guests are forked off one helper process, in milliseconds; otherwise each has a helper of its own.
    """

    def __init__(self, compiled: Callable[[], Compiled], *, fork: bool) -> None:
        self._compiled, self._fork = compiled, fork
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._helpers: Helpers | None = None
        self._standing: Standing | None = None
        self._closed = False

    @property
    def standing(self) -> Standing:
        self._alive()
        assert self._standing is not None
        return self._standing

    def spawn(self, profile: Profile, limits: Limits, *, spare: bool = False) -> Guest:
        for attempt in (1, 2):
            helpers = self._alive()
            try:
                return self._begin(helpers, profile, limits, spare)
            except GuestGone as gone:  # it died since we last looked
                if attempt == 2:
                    raise SandboxError(f"the sandbox's helper process keeps dying: {gone}") from None
        raise AssertionError

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._helpers is not None:
                self._helpers.end()

    def _alive(self) -> Helpers:
        with self._lock:
            if self._closed:
                raise SandboxError("this sandbox is closed; open another")
            if self._helpers is None or not self._helpers.usable:
                if self._helpers is not None:
                    self._helpers.end()
                compiled = self._compiled()
                self._helpers = SharedHelper(compiled) if self._fork else OwnHelpers(compiled)
                notes = (f"guests run {compiled.python}, without threads", *self._helpers.notes)
                self._standing = Standing("wasm", "isolated", (*_LAYERS, *self._helpers.layers), notes)
            return self._helpers

    def _begin(self, helpers: Helpers, profile: Profile, limits: Limits, spare: bool) -> ForkedGuest:
        number = next(self._numbers)
        script = profile == "script"
        job = {
            "script": script,
            "rehearse": spare,
            "cpu_seconds": limits.cpu_seconds,
            "memory_bytes": limits.memory_bytes,
            "output_bytes": limits.output_bytes,
            "file_bytes": limits.file_bytes,
        }
        with contextlib.ExitStack() as undo, contextlib.ExitStack() as theirs:
            try:
                mine, channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                undo.callback(mine.close)
                theirs.callback(channel.close)
                reads, writes = [], []
                for _ in range(2 if script else 0):
                    read, write = os.pipe()
                    undo.callback(os.close, read)
                    theirs.callback(os.close, write)
                    reads.append(read)
                    writes.append(write)
                helpers.begin(number, job, [channel.fileno(), *writes])
            except OSError as error:
                raise SandboxError(f"no guest could be started: {error}") from error
            guest = ForkedGuest(helpers, number, mine, reads, limits, "")
            undo.pop_all()
        return guest
