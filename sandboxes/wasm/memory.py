"""A guest's linear memory as the host sees it: every address is checked."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

from .files import Errno, Refused

_MAX_PIECES = 1024
_PIECE = struct.Struct("<II")


class GuestMemory:
    """Views are for the moment: the guest's memory may grow when the guest runs on."""

    def __init__(self, store: Any, memory: Any) -> None:
        self._store, self._memory = store, memory

    @property
    def size(self) -> int:
        """In bytes."""
        return int(self._memory.data_len(self._store))

    def view(self, address: int, size: int) -> memoryview:
        """`size` bytes at `address`, to read or to write."""
        if address + size > self.size:
            raise Refused(Errno.FAULT)
        base = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        return memoryview((ctypes.c_ubyte * size).from_address(base + address)).cast("B")

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.view(address, size))

    def write(self, address: int, data: bytes) -> None:
        self.view(address, len(data))[:] = data

    def put(self, address: int, form: struct.Struct, *values: int) -> None:
        self.write(address, form.pack(*values))

    def pieces(self, address: int, count: int) -> list[memoryview]:
        """The buffers of a vector of (address, size)."""
        if count > _MAX_PIECES:
            raise Refused(Errno.INVAL)
        vector = self.read(address, _PIECE.size * count)
        return [self.view(*pair) for pair in _PIECE.iter_unpack(vector)]
