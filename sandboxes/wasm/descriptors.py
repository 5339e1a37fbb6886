"""WASI preview 1's functions on descriptors and paths, over a guest's own `Tree` and its channel."""

from __future__ import annotations

import os
import struct
import time
from dataclasses import dataclass
from typing import TypeAlias

from .files import Errno, File, Folder, Node, Refused, Tree
from .memory import GuestMemory

_ROOT = 3
CHANNEL = 4
"""The guest's descriptor of its channel."""
_MAX_OPEN = 64
_U32, _U64 = struct.Struct("<I"), struct.Struct("<Q")
_DIRENT, _PRESTAT = struct.Struct("<QQIB3x"), struct.Struct("<II")
_FDSTAT, _FILESTAT = struct.Struct("<BxHxxxxQQ"), struct.Struct("<QQB7xQQQQQ")
_UNKNOWN, _FOLDER, _FILE = 0, 3, 4
_ALL_RIGHTS = 0x1FFFFFFF
_STREAM_RIGHTS = 0x42
"""To read and to write, but not to seek."""
_WRITE_RIGHT = 1 << 6
_CREATE, _DIRECTORY, _EXCLUSIVE, _TRUNCATE = 1, 2, 4, 8
_APPEND = 1
_SET_MODIFIED, _SET_MODIFIED_NOW = 4, 8


@dataclass(frozen=True, slots=True)
class Pipe:
    """A descriptor that reads from, or writes to, one of the host's; -1 is nothing."""

    source: int = -1
    sink: int = -1


@dataclass(slots=True)
class Opened:
    node: Node
    offset: int = 0
    writable: bool = False
    append: bool = False


Descriptor: TypeAlias = Pipe | Opened


class Descriptors:
    """WASI's functions by their names; arguments are unsigned numbers, `Refused` is an error number."""

    def __init__(self, memory: GuestMemory, tree: Tree) -> None:
        self._memory = memory
        self.install(tree, {2: Pipe(sink=2)})

    def install(self, tree: Tree, pipes: dict[int, Pipe]) -> None:
        """From here on: these files, and these pipes beside them."""
        self._tree = tree
        self._open: dict[int, Descriptor] = {0: Pipe(), 1: Pipe(), 2: Pipe(), _ROOT: Opened(tree.root), **pipes}

    # Descriptors

    def fd_read(self, number: int, vector: int, count: int, out: int) -> None:
        held, pieces = self._held(number), self._memory.pieces(vector, count)
        if isinstance(held, Pipe):
            done = os.readv(held.source, pieces) if held.source >= 0 else 0
        else:
            done = _read(_file(held), held.offset, pieces)
            held.offset += done
        self._memory.put(out, _U32, done)

    def fd_pread(self, number: int, vector: int, count: int, offset: int, out: int) -> None:
        done = _read(_file(self._opened(number)), offset, self._memory.pieces(vector, count))
        self._memory.put(out, _U32, done)

    def fd_write(self, number: int, vector: int, count: int, out: int) -> None:
        held, pieces = self._held(number), self._memory.pieces(vector, count)
        if isinstance(held, Pipe):
            done = os.writev(held.sink, pieces) if held.sink >= 0 else sum(map(len, pieces))
        else:
            file = _file(held)
            offset = len(file.data) if held.append else held.offset
            done = self._write(held, offset, pieces)
            held.offset = offset + done
        self._memory.put(out, _U32, done)

    def fd_pwrite(self, number: int, vector: int, count: int, offset: int, out: int) -> None:
        done = self._write(self._opened(number), offset, self._memory.pieces(vector, count))
        self._memory.put(out, _U32, done)

    def fd_seek(self, number: int, delta: int, whence: int, out: int) -> None:
        held = self._opened(number)
        if whence > 2:
            raise Refused(Errno.INVAL)
        signed = delta - (1 << 64) if delta >> 63 else delta
        offset = (0, held.offset, len(_file(held).data))[whence] + signed
        if not 0 <= offset < 1 << 63:
            raise Refused(Errno.INVAL)
        held.offset = offset
        self._memory.put(out, _U64, offset)

    def fd_tell(self, number: int, out: int) -> None:
        self._memory.put(out, _U64, self._opened(number).offset)

    def fd_close(self, number: int) -> None:
        held = self._held(number)
        if isinstance(held, Opened) and isinstance(held.node, File):
            self._tree.close(held.node)
        del self._open[number]

    def fd_advise(self, number: int, _offset: int, _size: int, _advice: int) -> None:
        self._held(number)

    def fd_sync(self, number: int) -> None:
        self._held(number)

    fd_datasync = fd_sync

    def fd_fdstat_get(self, number: int, out: int) -> None:
        held = self._held(number)
        if isinstance(held, Pipe):
            self._memory.put(out, _FDSTAT, _UNKNOWN, 0, _STREAM_RIGHTS, 0)
        else:
            flags = _APPEND if held.append else 0
            rights = _ALL_RIGHTS if held.writable or isinstance(held.node, Folder) else _ALL_RIGHTS & ~_WRITE_RIGHT
            self._memory.put(out, _FDSTAT, _kind(held.node), flags, rights, _ALL_RIGHTS)

    def fd_fdstat_set_flags(self, number: int, flags: int) -> None:
        self._opened(number).append = bool(flags & _APPEND)

    def fd_filestat_get(self, number: int, out: int) -> None:
        held = self._held(number)
        if isinstance(held, Pipe):
            self._memory.put(out, _FILESTAT, 0, 0, _UNKNOWN, 1, 0, 0, 0, 0)
        else:
            self._put_status(held.node, out)

    def fd_filestat_set_size(self, number: int, size: int) -> None:
        held = self._opened(number)
        if not held.writable:
            raise Refused(Errno.BADF)
        self._tree.resize(_file(held), size)

    def fd_filestat_set_times(self, number: int, _accessed: int, modified: int, flags: int) -> None:
        _set_time(self._opened(number).node, modified, flags)

    def fd_readdir(self, number: int, buffer: int, size: int, cookie: int, out: int) -> None:
        """As many entries as fit, the last one cut."""
        folder = self._folder(number)
        listed: list[tuple[bytes, Node]] = [(b".", folder), (b"..", folder), *folder.entries.items()]
        data = bytearray()
        for place, (name, node) in enumerate(listed[cookie:], cookie + 1):
            data += _DIRENT.pack(place, node.number, len(name), _kind(node)) + name
            if len(data) >= size:
                break
        self._memory.write(buffer, bytes(data[:size]))
        self._memory.put(out, _U32, min(len(data), size))

    def fd_prestat_get(self, number: int, out: int) -> None:
        if number != _ROOT:
            raise Refused(Errno.BADF)
        self._memory.put(out, _PRESTAT, 0, 1)

    def fd_prestat_dir_name(self, number: int, buffer: int, size: int) -> None:
        if number != _ROOT or size < 1:
            raise Refused(Errno.BADF)
        self._memory.write(buffer, b"/")

    # Paths

    def path_open(
        self,
        folder: int,
        _follow: int,
        path: int,
        size: int,
        how: int,
        rights: int,
        _inheriting: int,
        flags: int,
        out: int,
    ) -> None:
        start, name = self._folder(folder), self._memory.read(path, size)
        number = next((n for n in range(CHANNEL + 1, _MAX_OPEN) if n not in self._open), None)
        if number is None:
            raise Refused(Errno.MFILE)
        node = self._reach(start, name, how)
        writing = bool(rights & _WRITE_RIGHT)
        if isinstance(node, Folder):
            if writing:
                raise Refused(Errno.ISDIR)
        elif how & _DIRECTORY:
            raise Refused(Errno.NOTDIR)
        elif (writing or how & _TRUNCATE) and not isinstance(node.data, bytearray):
            raise Refused(Errno.ACCES)
        else:
            if how & _TRUNCATE:
                self._tree.resize(node, 0)
            node.opens += 1
        self._open[number] = Opened(node, writable=writing, append=bool(flags & _APPEND))
        self._memory.put(out, _U32, number)

    def path_filestat_get(self, folder: int, _follow: int, path: int, size: int, out: int) -> None:
        self._put_status(self._find(folder, path, size), out)

    def path_filestat_set_times(
        self, folder: int, _follow: int, path: int, size: int, _accessed: int, modified: int, flags: int
    ) -> None:
        _set_time(self._find(folder, path, size), modified, flags)

    def path_create_directory(self, folder: int, path: int, size: int) -> None:
        self._tree.make_folder(self._folder(folder), self._memory.read(path, size))

    def path_remove_directory(self, folder: int, path: int, size: int) -> None:
        self._tree.remove_folder(self._folder(folder), self._memory.read(path, size))

    def path_unlink_file(self, folder: int, path: int, size: int) -> None:
        self._tree.remove_file(self._folder(folder), self._memory.read(path, size))

    def path_rename(self, folder: int, path: int, size: int, to_folder: int, to_path: int, to_size: int) -> None:
        start, name = self._folder(folder), self._memory.read(path, size)
        self._tree.rename(start, name, self._folder(to_folder), self._memory.read(to_path, to_size))

    def path_readlink(self, folder: int, path: int, size: int, _buffer: int, _length: int, _out: int) -> None:
        self._find(folder, path, size)
        raise Refused(Errno.INVAL)  # there are no links

    def path_symlink(self, *_: int) -> None:
        raise Refused(Errno.PERM)

    path_link = path_symlink

    # Sockets: there are none

    def sock_accept(self, *_: int) -> None:
        raise Refused(Errno.NOTSOCK)

    sock_recv = sock_send = sock_shutdown = sock_accept

    def _held(self, number: int) -> Descriptor:
        if number not in self._open:
            raise Refused(Errno.BADF)
        return self._open[number]

    def _opened(self, number: int) -> Opened:
        held = self._held(number)
        if isinstance(held, Pipe):
            raise Refused(Errno.SPIPE)
        return held

    def _folder(self, number: int) -> Folder:
        held = self._held(number)
        if isinstance(held, Pipe) or not isinstance(held.node, Folder):
            raise Refused(Errno.NOTDIR)
        return held.node

    def _find(self, folder: int, path: int, size: int) -> Node:
        return self._tree.find(self._folder(folder), self._memory.read(path, size))

    def _reach(self, start: Folder, name: bytes, how: int) -> Node:
        """What is to be opened, made if that is asked for."""
        try:
            node = self._tree.find(start, name)
        except Refused as refused:
            if refused.errno != Errno.NOENT or not how & _CREATE:
                raise
            return self._tree.make_file(start, name)
        if how & _CREATE and how & _EXCLUSIVE:
            raise Refused(Errno.EXIST)
        return node

    def _write(self, held: Opened, offset: int, pieces: list[memoryview]) -> int:
        file, begin = _file(held), offset
        if not held.writable:
            raise Refused(Errno.BADF)
        for piece in pieces:
            self._tree.write(file, offset, piece)
            offset += len(piece)
        return offset - begin

    def _put_status(self, node: Node, out: int) -> None:
        size = len(node.data) if isinstance(node, File) else 0
        when = node.modified_ns
        self._memory.put(out, _FILESTAT, 1, node.number, _kind(node), 1, size, when, when, when)


def _kind(node: Node) -> int:
    return _FILE if isinstance(node, File) else _FOLDER


def _file(held: Opened) -> File:
    if isinstance(held.node, Folder):
        raise Refused(Errno.ISDIR)
    return held.node


def _read(file: File, offset: int, pieces: list[memoryview]) -> int:
    """Fill `pieces` from the file; how many bytes there were."""
    begin = offset
    with memoryview(file.data) as data:
        for piece in pieces:
            part = data[offset : offset + len(piece)]
            piece[: len(part)] = part
            offset += len(part)
    return offset - begin


def _set_time(node: Node, modified: int, flags: int) -> None:
    if isinstance(node, File) and not isinstance(node.data, bytearray):
        raise Refused(Errno.ACCES)
    if flags & _SET_MODIFIED_NOW:
        node.modified_ns = time.time_ns()
    elif flags & _SET_MODIFIED:
        node.modified_ns = modified
