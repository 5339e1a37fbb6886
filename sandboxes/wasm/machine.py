"""CPython as a WebAssembly module on wasmtime: one instance, started once and then cloned by forking.

Of wasmtime's own WASI only the clock is used: the rest has threads, which do not survive a fork, and folders of the
host's. Without fuel and epochs loops run at full speed: a guest that does not end is killed with its process.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import mmap
import os
import signal
import time
from collections.abc import Callable
from typing import Any, NoReturn

from .descriptors import Descriptors
from .files import Errno, File, Folder, Refused, Tree
from .memory import GuestMemory
from .system import System

STACK_BYTES = 8 << 20
"""Of the host's stack, for WebAssembly's frames. CPython keeps to 128 KiB of its own, which is about 4 MiB of these."""
_LARGEST_MEMORY = 1 << 32
_NATIVE = ("clock_time_get",)
"""Functions taken from wasmtime's WASI, whose context here has nothing in it."""
_HOST_DOOR_SHUT = -1
_LIBRARY = (b"usr", b"local", b"lib")
_NAME = "/usr/local/bin/python.wasm"
_SEED = 0


def wasmtime() -> Any:
    return importlib.import_module("wasmtime")


def engine() -> Any:
    """The settings that a module is compiled and run under."""
    config = wasmtime().Config()
    # wasmtime refuses a stack for WebAssembly that is larger than this one, which it never uses here.
    setter = importlib.import_module("wasmtime._ffi").dll.wasmtime_config_async_stack_size_set
    setter.argtypes, setter.restype = [ctypes.c_void_p, ctypes.c_uint64], None
    setter(ctypes.cast(config.ptr(), ctypes.c_void_p), STACK_BYTES)
    config.max_wasm_stack = STACK_BYTES
    return wasmtime().Engine(config)


class Machine:
    """An instance that can run Python, `turn` by turn, in one `__main__`."""

    def __init__(self, module_path: str, library_path: str) -> None:
        wasm = wasmtime()
        settings = engine()
        module = wasm.Module.deserialize_file(settings, module_path)
        self._library = _library(library_path)
        self._store = wasm.Store(settings)
        tree = Tree(_root(self._library))
        functions: dict[str, Callable[..., int | None]] = {}
        self._store.set_wasi(wasm.WasiConfig())
        origin_ns = time.monotonic_ns()
        linker = wasm.Linker(settings)
        linker.define_wasi()
        linker.allow_shadowing = True
        for wanted in module.imports:
            if wanted.name in _NATIVE:
                continue
            masks = [0xFFFFFFFF if str(kind) == "i32" else (1 << 64) - 1 for kind in wanted.type.params]
            linker.define_func(wanted.module, wanted.name, wanted.type, _late(functions, wanted.name, masks))
        instance = linker.instantiate(self._store, module)
        self._exports = instance.exports(self._store)
        self._linear = self._exports["memory"]
        self.memory = GuestMemory(self._store, self._linear)
        self.system = System(self.memory, [_NAME], ["PYTHONTZPATH="], seed=_SEED, origin_ns=origin_ns)
        self.descriptors = Descriptors(self.memory, tree)
        for part in (self.system, self.descriptors):
            functions |= {name: getattr(part, name) for name in dir(part) if not name.startswith("_")}
        functions["call"] = lambda *_: _HOST_DOOR_SHUT
        self._exports["_initialize"](self._store)

    def turn(self, code: str) -> bool:
        """Run `code`; whether it ended without an exception. A trap ends this process by a signal."""
        data = code.encode()
        try:
            address = self._exports["host_alloc"](self._store, len(data)) & 0xFFFFFFFF
            self.memory.write(address, data)
            return bool(self._exports["turn"](self._store, address, len(data)) == 0)
        except (wasmtime().Trap, wasmtime().WasmtimeError) as error:
            die_of(error)

    def limit_memory(self, more_bytes: int) -> None:
        """From here on the guest may have `more_bytes` beyond what it has."""
        self._store.set_limits(memory_size=min(self.memory.size + more_bytes, _LARGEST_MEMORY))

    def tree(self, *, space_bytes: int, entries: int, scratch: bool) -> Tree:
        """Files for one guest: Python's library, and a scratch folder if it is to have one."""
        root = _root(self._library)
        if scratch:
            root.entries[b"scratch"] = Folder(writable=True)
        return Tree(root, space_bytes=space_bytes, entries=entries)


def die_of(error: Any) -> NoReturn:
    """End this process by the signal that a native program would have got."""
    codes = wasmtime().TrapCode
    if getattr(error, "trap_code", None) in (codes.STACK_OVERFLOW, codes.MEMORY_OUT_OF_BOUNDS):
        with contextlib.suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGSEGV, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGSEGV)
    os.abort()


def _late(functions: dict[str, Callable[..., int | None]], name: str, masks: list[int]) -> Callable[..., int | None]:
    """The host's function `name`, looked up when the guest calls it. It answers with an error number."""

    def function(*arguments: int) -> int | None:
        try:
            return functions[name](*[a & mask for a, mask in zip(arguments, masks)]) or Errno.SUCCESS
        except Refused as refused:
            return refused.errno
        except MemoryError:
            return Errno.NOMEM
        except Exception:
            return Errno.IO

    return function


def _library(path: str) -> File:
    with open(path, "rb") as file:
        return File(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))


def _root(library: File) -> Folder:
    node: File | Folder = library
    for name in reversed((*_LIBRARY, b"python315.zip")):
        node = Folder({name: node})
    assert isinstance(node, Folder)
    return node
