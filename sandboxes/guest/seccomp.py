"""The system calls that a guest may make. Everything that is not named here fails with EPERM.

Numbers are those of the kernel's tables (arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h).
"""

from __future__ import annotations

import ctypes
import errno
import struct
from dataclasses import dataclass

from . import kernel

# name: (x86_64, aarch64); -1 where an architecture has no such call.
_FUNCTION: dict[str, tuple[int, int]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "munmap": (11, 215),
    "brk": (12, 214),
    "madvise": (28, 233),
    "mremap": (25, 216),
    "futex": (202, 98),
    "lseek": (8, 62),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "open": (2, -1),
    "openat": (257, 56),
    "stat": (4, -1),
    "lstat": (6, -1),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, -1),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, -1),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "poll": (7, -1),
    "ppoll": (271, 73),
    "select": (23, -1),
    "pselect6": (270, 72),
    "dup": (32, 23),
    "dup2": (33, -1),
    "dup3": (292, 24),
    "pipe": (22, -1),
    "pipe2": (293, 59),
    "close_range": (436, 436),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "pause": (34, -1),
    "alarm": (37, -1),
    "setitimer": (38, 103),
    "getitimer": (36, 102),
    "nanosleep": (35, 101),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "gettimeofday": (96, 169),
    "time": (201, -1),
    "times": (100, 153),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getpgrp": (111, -1),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "umask": (95, 166),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
_FILES: dict[str, tuple[int, int]] = {
    "mkdir": (83, -1),
    "mkdirat": (258, 34),
    "rmdir": (84, -1),
    "unlink": (87, -1),
    "unlinkat": (263, 35),
    "rename": (82, -1),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "chdir": (80, 49),
    "fchdir": (81, 50),
}
# Calls that depend on their arguments.
_MMAP, _MPROTECT, _KILL, _TKILL, _TGKILL = (9, 222), (10, 226), (62, 129), (200, 130), (234, 131)
_PRLIMIT, _CLONE, _CLONE3, _IOCTL, _FCNTL = (302, 261), (56, 220), (435, 435), (16, 29), (72, 25)

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000
_PROT_EXEC = 4
_CLONE_THREAD, _CLONE_NEW_ANYTHING = 0x10000, 0x7E020080
_IOCTLS = (0x5421, 0x5450, 0x5451)
"""FIONBIO, FIONCLEX, FIOCLEX: flags of one's own descriptors."""
_FCNTLS = (0, 1, 2, 3, 4, 1030)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_SET_MODE_FILTER = 1
_SECCOMP = {"x86_64": 317, "aarch64": 277}


def is_known() -> bool:
    """Whether there is a table for this architecture."""
    return kernel.MACHINE in _AUDIT_ARCH


@dataclass(frozen=True, slots=True)
class _Rule:
    """An instruction of the filter, jumps as counts of instructions to pass over."""

    code: int
    value: int
    if_true: int = 0
    if_false: int = 0

    def packed(self) -> bytes:
        return struct.pack("<HBBI", self.code, self.if_true, self.if_false, self.value)


def _refuse(number: int = errno.EPERM) -> _Rule:
    return _Rule(_RETURN, _ERRNO | number)


def _argument(index: int, *, high: bool = False) -> _Rule:
    return _Rule(_LOAD, _ARGUMENTS + 8 * index + (4 if high else 0))


_PERMIT = _Rule(_RETURN, _ALLOW)


def program(*, files: bool, threads: bool, process: int) -> bytes:
    """The filter for a guest with process id `process`."""
    column = list(_AUDIT_ARCH).index(kernel.MACHINE)
    rules = [
        _Rule(_LOAD, _ARCH),
        _Rule(_EQUAL, _AUDIT_ARCH[kernel.MACHINE], 1, 0),
        _Rule(_RETURN, _KILL_PROCESS),
        _Rule(_LOAD, _NUMBER),
    ]
    if kernel.MACHINE == "x86_64":
        rules += [_Rule(_AT_LEAST, _X32_BIT, 0, 1), _Rule(_RETURN, _KILL_PROCESS)]
    for numbers in (*_FUNCTION.values(), *(_FILES.values() if files else ())):
        if numbers[column] >= 0:
            rules += [_Rule(_EQUAL, numbers[column], 0, 1), _PERMIT]
    for numbers, checks in _conditions(threads=threads, process=process):
        rules += [_Rule(_EQUAL, numbers[column], 0, len(checks)), *checks]
    rules.append(_refuse())
    return b"".join(rule.packed() for rule in rules)


def _conditions(*, threads: bool, process: int) -> list[tuple[tuple[int, int], list[_Rule]]]:
    """What decides about the calls that depend on their arguments; every list ends in a verdict."""
    no_new_code = [_argument(2), _Rule(_ANY_BIT, _PROT_EXEC, 0, 1), _refuse(), _PERMIT]
    only_itself = [_argument(0), _Rule(_EQUAL, process, 0, 1), _PERMIT, _refuse()]
    return [
        (_MMAP, no_new_code),
        (_MPROTECT, no_new_code),
        (_KILL, only_itself),
        (_TKILL, only_itself),
        (_TGKILL, only_itself),
        (_CLONE3, [_refuse(errno.ENOSYS)]),
        (_CLONE, _clone(threads)),
        (_PRLIMIT, _only_zero(0, 2)),
        (_IOCTL, _one_of(1, _IOCTLS)),
        (_FCNTL, _one_of(1, _FCNTLS)),
    ]


def _clone(threads: bool) -> list[_Rule]:
    if not threads:
        return [_refuse()]
    return [
        _argument(0),
        _Rule(_ANY_BIT, _CLONE_NEW_ANYTHING, 2, 0),
        _Rule(_ANY_BIT, _CLONE_THREAD, 0, 1),
        _PERMIT,
        _refuse(),
    ]


def _only_zero(*indices: int) -> list[_Rule]:
    """Permit if these arguments are all 0."""
    rules: list[_Rule] = []
    for index in indices:
        for high in (False, True):
            rules += [_argument(index, high=high), _Rule(_EQUAL, 0, 1, 0), _refuse()]
    return [*rules, _PERMIT]


def _one_of(index: int, values: tuple[int, ...]) -> list[_Rule]:
    rules = [_argument(index)]
    for value in values:
        rules += [_Rule(_EQUAL, value, 0, 1), _PERMIT]
    return [*rules, _refuse()]


def install(filter_: bytes) -> None:
    """Put this process under the filter, for good. It needs no_new_privs."""
    code = ctypes.create_string_buffer(filter_, len(filter_))
    header = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(filter_) // 8, ctypes.addressof(code)))
    kernel.syscall("seccomp", _SECCOMP[kernel.MACHINE], ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(0), header)
