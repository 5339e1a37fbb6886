"""The files that a guest sees: a tree in the memory of its own process. None of them is the host's.

What `wasi.py` needs of a file system, in the terms of WASI preview 1 (its error numbers, whole paths relative to an
open folder). Links are not offered. Space and entries are limited, as on a small disk.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

_PAGE = 4096
_MAX_NAME, _MAX_PATH = 255, 4096


class Errno(IntEnum):
    """WASI preview 1's error numbers, as far as they are used here."""

    SUCCESS = 0
    ACCES = 2
    BADF = 8
    EXIST = 20
    FAULT = 21
    FBIG = 22
    INVAL = 28
    IO = 29
    ISDIR = 31
    MFILE = 33
    NAMETOOLONG = 37
    NOENT = 44
    NOMEM = 48
    NOSPC = 51
    NOTDIR = 54
    NOTEMPTY = 55
    NOTSOCK = 57
    PERM = 63
    SPIPE = 70
    NOTCAPABLE = 76


class Refused(Exception):
    """What was asked for cannot be; the guest gets `errno`."""

    def __init__(self, errno: Errno) -> None:
        super().__init__(errno.name)
        self.errno = errno


_numbers = itertools.count(1)


@dataclass(eq=False, slots=True)
class File:
    """Its bytes are read-only unless they are a bytearray."""

    data: bytearray | memoryview
    number: int = field(default_factory=lambda: next(_numbers))
    modified_ns: int = field(default_factory=time.time_ns)
    links: int = 1
    opens: int = 0


@dataclass(eq=False, slots=True)
class Folder:
    entries: dict[bytes, Node] = field(default_factory=dict)
    writable: bool = False
    number: int = field(default_factory=lambda: next(_numbers))
    modified_ns: int = field(default_factory=time.time_ns)


Node: TypeAlias = File | Folder


class Tree:
    """A root folder and the space that is left in its writable parts."""

    def __init__(self, root: Folder, *, space_bytes: int = 0, entries: int = 0) -> None:
        self.root, self._pages, self._entries = root, space_bytes // _PAGE, entries

    def find(self, start: Folder, path: bytes) -> Node:
        """What is at `path`, seen from `start`."""
        node = _walk(start, _parts(path))
        if path.endswith(b"/") and not isinstance(node, Folder):
            raise Refused(Errno.NOTDIR)
        return node

    def make_file(self, start: Folder, path: bytes) -> File:
        """A new empty file at `path`, which must be free."""
        if path.endswith(b"/"):
            raise Refused(Errno.ISDIR)
        file = File(bytearray())
        self._add(start, path, file)
        return file

    def make_folder(self, start: Folder, path: bytes) -> None:
        self._add(start, path, Folder(writable=True))

    def remove_file(self, start: Folder, path: bytes) -> None:
        folder, name = _place(start, path)
        node = _entry(folder, name)
        if isinstance(node, Folder):
            raise Refused(Errno.ISDIR)
        if path.endswith(b"/"):
            raise Refused(Errno.NOTDIR)
        self._take(folder, name)

    def remove_folder(self, start: Folder, path: bytes) -> None:
        folder, name = _place(start, path)
        node = _entry(folder, name)
        if not isinstance(node, Folder):
            raise Refused(Errno.NOTDIR)
        if node.entries:
            raise Refused(Errno.NOTEMPTY)
        self._take(folder, name)

    def rename(self, start: Folder, path: bytes, to_start: Folder, to_path: bytes) -> None:
        """As rename(2): replaces a file by a file, an empty folder by a folder."""
        folder, name = _place(start, path)
        to_folder, to_name = _place(to_start, to_path)
        node, there = _entry(folder, name), to_folder.entries.get(to_name)
        _need_writable(folder)
        _need_writable(to_folder)
        if node is there:
            return
        if isinstance(node, Folder):
            if _holds(node, to_folder):
                raise Refused(Errno.INVAL)
            if isinstance(there, File):
                raise Refused(Errno.NOTDIR)
            if there is not None and there.entries:
                raise Refused(Errno.NOTEMPTY)
        elif isinstance(there, Folder):
            raise Refused(Errno.ISDIR)
        elif path.endswith(b"/") or to_path.endswith(b"/"):
            raise Refused(Errno.NOTDIR)
        if there is not None:
            self._take(to_folder, to_name)
        del folder.entries[name]
        to_folder.entries[to_name] = node

    def resize(self, file: File, size: int) -> None:
        """Cut the file, or fill it up with zeros."""
        data = _writable(file)
        if size > len(data):
            self._reserve(data, size)
            data.extend(bytes(size - len(data)))
        else:
            self._pages += _pages(len(data)) - _pages(size)
            del data[size:]
        file.modified_ns = time.time_ns()

    def write(self, file: File, offset: int, chunk: memoryview) -> None:
        data = _writable(file)
        if not chunk:
            return
        if offset > len(data):
            self.resize(file, offset)
        end = offset + len(chunk)
        self._reserve(data, end)
        data[offset:end] = chunk
        file.modified_ns = time.time_ns()

    def close(self, file: File) -> None:
        """One of the file's openings is over."""
        file.opens -= 1
        self._free(file)

    def _reserve(self, data: bytearray, size: int) -> None:
        more = _pages(max(size, len(data))) - _pages(len(data))
        if more > self._pages:
            raise Refused(Errno.NOSPC)
        self._pages -= more

    def _add(self, start: Folder, path: bytes, node: Node) -> None:
        folder, name = _place(start, path)
        if name in folder.entries:
            raise Refused(Errno.EXIST)
        _need_writable(folder)
        if not self._entries:
            raise Refused(Errno.NOSPC)
        self._entries -= 1
        folder.entries[name] = node
        folder.modified_ns = time.time_ns()

    def _take(self, folder: Folder, name: bytes) -> None:
        _need_writable(folder)
        node = folder.entries.pop(name)
        folder.modified_ns = time.time_ns()
        if isinstance(node, File):
            node.links = 0
            self._free(node)
        else:
            node.writable = False  # somebody may still have it open
            self._entries += 1

    def _free(self, file: File) -> None:
        """Give back the space of a file that nobody can reach any more."""
        if not file.links and not file.opens and isinstance(file.data, bytearray):
            self._pages += _pages(len(file.data))
            self._entries += 1
            file.data.clear()


def _pages(size: int) -> int:
    return -(-size // _PAGE)


def _writable(file: File) -> bytearray:
    if not isinstance(file.data, bytearray):
        raise Refused(Errno.ACCES)
    return file.data


def _need_writable(folder: Folder) -> None:
    if not folder.writable:
        raise Refused(Errno.ACCES)


def _parts(path: bytes) -> list[bytes]:
    """The names on the way. `Refused` for a path that does not start at the open folder."""
    if not path or b"\0" in path:
        raise Refused(Errno.NOENT if not path else Errno.INVAL)
    if path.startswith(b"/"):
        raise Refused(Errno.NOTCAPABLE)
    parts = [part for part in path.split(b"/") if part not in (b"", b".")]
    if len(path) > _MAX_PATH or any(len(part) > _MAX_NAME for part in parts):
        raise Refused(Errno.NAMETOOLONG)
    return parts


def _walk(start: Folder, parts: list[bytes]) -> Node:
    way: list[Node] = [start]
    for part in parts:
        here = way[-1]
        if not isinstance(here, Folder):
            raise Refused(Errno.NOTDIR)
        if part != b"..":
            way.append(_entry(here, part))
        elif len(way) > 1:
            way.pop()
        else:
            raise Refused(Errno.NOTCAPABLE)
    return way[-1]


def _entry(folder: Folder, name: bytes) -> Node:
    if name not in folder.entries:
        raise Refused(Errno.NOENT)
    return folder.entries[name]


def _place(start: Folder, path: bytes) -> tuple[Folder, bytes]:
    """The folder and the name in it of something that is to be made, moved or removed."""
    parts = _parts(path)
    if not parts or parts[-1] == b"..":
        raise Refused(Errno.INVAL)
    folder = _walk(start, parts[:-1])
    if not isinstance(folder, Folder):
        raise Refused(Errno.NOTDIR)
    return folder, parts[-1]


def _holds(folder: Folder, other: Folder) -> bool:
    """Whether `other` is `folder` or lies in it."""
    return folder is other or any(isinstance(node, Folder) and _holds(node, other) for node in folder.entries.values())
