"""Landlock: which files a process may read or write, and no TCP, abstract sockets or signals to the outside."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from . import kernel

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_READ = _READ_FILE | _READ_DIR
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_HANDLED = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
_HANDLED_FROM_5 = 0xFFFF
_CONNECT_AND_BIND_TCP, _ABSTRACT_AND_SIGNALS = 3, 3
_VERSION_FLAG, _PATH_BENEATH = 1, 1


def version() -> int:
    """The kernel's Landlock ABI; 0 if it has none or it is switched off."""
    try:
        return kernel.syscall("landlock", kernel.LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    except OSError:
        return 0


class Ruleset:
    """What stays allowed; everything else that Landlock knows is denied. Close `descriptor` when done."""

    def __init__(self, *, readable: Iterable[str], writable: Iterable[str] = ()) -> None:
        self._abi = version()
        self._files = _HANDLED.get(self._abi, _HANDLED_FROM_5)
        network = _CONNECT_AND_BIND_TCP if self._abi >= 4 else 0
        scoped = _ABSTRACT_AND_SIGNALS if self._abi >= 6 else 0
        size = 8 if self._abi < 4 else 16 if self._abi < 6 else 24
        attributes = ctypes.create_string_buffer(struct.pack("<QQQ", self._files, network, scoped))
        self.descriptor = kernel.syscall(
            "landlock ruleset", kernel.LANDLOCK_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0
        )
        for path in readable:
            self._allow(path, _READ)
        for path in writable:
            self._allow(path, self._files & ~(_EXECUTE | _IOCTL_DEV))

    def _allow(self, path: str, access: int) -> None:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                if not stat.S_ISDIR(os.fstat(beneath).st_mode):
                    access &= _ON_FILES
                rule = ctypes.create_string_buffer(struct.pack("<Qi", access & self._files, beneath))
                kernel.syscall(
                    "landlock rule",
                    kernel.LANDLOCK_ADD_RULE,
                    ctypes.c_int(self.descriptor),
                    ctypes.c_int(_PATH_BENEATH),
                    rule,
                    0,
                )
            finally:
                os.close(beneath)


def restrict(descriptor: int) -> None:
    """Put this thread under the ruleset. It needs no_new_privs."""
    kernel.syscall("landlock", kernel.LANDLOCK_RESTRICT_SELF, ctypes.c_int(descriptor), 0)
