"""Runs Python as in a container: no namespaces, as under docker's own filter, and no Landlock, as under gVisor.

`python engine_walls.py container|gvisor ARGUMENTS...`. Standard library only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

UNSHARE = {"x86_64": 272, "aarch64": 97}[platform.machine()]
SECCOMP = {"x86_64": 317, "aarch64": 277}[platform.machine()]
LANDLOCK = 444
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
NO_NEW_PRIVS, FILTER_MODE = 38, 1


def deny(numbers: list[int]) -> None:
    """Have these system calls fail with EPERM from now on."""
    rules = [(LOAD, 0, 0, 0)]
    for number in numbers:
        rules += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | errno.EPERM)]
    rules.append((RETURN, 0, 0, ALLOW))
    code = b"".join(struct.pack("<HBBI", kind, true, false, value) for kind, true, false, value in rules)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(rules), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(SECCOMP, FILTER_MODE, 0, header):
        raise OSError(ctypes.get_errno(), "seccomp")


if __name__ == "__main__":
    deny([UNSHARE, LANDLOCK] if sys.argv[1] == "gvisor" else [UNSHARE])
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
