"""What stands around a sandbox while it is attacked: things to steal, to break, to reach, and a record of each."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import secrets
import selectors
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

CANARIES = (b"CANARY_FILE", b"CANARY_ENV", b"CANARY_" + b"MEM_c0")
"""Texts that only the host knows: in a file, in its environment, in its memory."""
COMMON_PLACES = ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/dev/mqueue", "/var/lock")
_PR_SET_CHILD_SUBREAPER = 36


class Honeypots:
    """Listeners on TCP, UDP, a UNIX socket and an abstract one, all of this machine; counts who comes."""

    def __init__(self, folder: Path) -> None:
        self.hits: list[str] = []
        self.abstract = f"zetetic-{secrets.token_hex(8)}"
        self._selector = selectors.DefaultSelector()
        unix = folder / "socket"
        self.tcp = self._listen("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)).getsockname()[1]
        self.udp = self._listen("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)).getsockname()[1]
        self._listen("unix", socket.AF_UNIX, socket.SOCK_STREAM, str(unix))
        self._listen("abstract", socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.abstract)
        unix.chmod(0o777)
        threading.Thread(target=self._serve, daemon=True).start()

    def _listen(self, name: str, family: int, kind: int, address: Any) -> socket.socket:
        listener = socket.socket(family, kind)
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, name)
        return listener

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                self.hits.append(key.data)
                listener: Any = key.fileobj
                with contextlib.suppress(OSError):
                    if listener.type == socket.SOCK_STREAM:
                        listener.accept()[0].close()
                    else:
                        listener.recvfrom(65536)


class Stage:
    """The world outside the sandbox. Everything in it is open to everybody, so that only a sandbox protects it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="zetetic-stage-"))
        self.folder.chmod(0o755)
        self.outside, self.markers = self.folder / "outside", self.folder / "markers"
        for folder in (self.outside, self.markers):
            folder.mkdir()
            folder.chmod(0o777)
        self.secret = self._file(self.folder / "secret.txt", f"CANARY_FILE_{secrets.token_hex(8)}\n")
        self._file(self.outside / "keep.txt", "keep me")
        self._file(self.outside / "tool.sh", "#!/bin/sh\nexit 0\n").chmod(0o777)
        self.memory = bytearray(b"CANARY" + b"_MEM_c0" + secrets.token_hex(8).encode())
        self.open_secret = os.open(self.secret, os.O_RDONLY)
        os.set_inheritable(self.open_secret, True)  # a careless backend hands it on
        self.honeypots = Honeypots(self.folder)
        # Orphans come to this process, so that no escaped one is overlooked.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._modules = _modules()
        self._start_sentinel()

    def _file(self, path: Path, text: str) -> Path:
        path.write_text(text)
        path.chmod(0o666)
        return path

    def _start_sentinel(self) -> None:
        """A bystander that ends when this process does: its input is a pipe that only we hold."""
        self.sentinel = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def places(self, name: str) -> dict[str, object]:
        """What the placeholders of the attack `name` stand for."""
        pots = self.honeypots
        return {
            "HOST_PID": os.getpid(),
            "SECRET": self.secret,
            "OUTSIDE": self.outside,
            "MARKER": self.markers / name,
            "LITTER": f"zetetic_litter_{os.getpid()}_{name}",
            "SENTINEL": self.sentinel.pid,
            "TCP": pots.tcp,
            "UDP": pots.udp,
            "UNIX": self.folder / "socket",
            "ABSTRACT": pots.abstract,
            "FRAMEWORK": Path(__file__).resolve().parents[3],
        }

    def picture(self) -> dict[str, Any]:
        """What must not change while a guest runs: files, processes, limits. Equal pictures mean nothing happened."""
        shown: dict[str, Any] = {str(p): _look(p) for p in sorted([self.folder, *self.folder.rglob("*")])}
        shown = {name: look for name, look in shown.items() if not name.startswith(str(self.markers))}
        shown |= {f"module {name}": _look(path)[:4] for name, path in self._modules.items()}
        shown["sentinel"] = (self.sentinel.poll(), *_process(self.sentinel.pid))
        shown["host"] = _process(os.getpid())
        shown["host folder"] = os.getcwd()
        shown["temporary files"] = sorted(os.listdir(tempfile.gettempdir()))
        return shown

    def litter(self, name: str) -> list[str]:
        """Files of the attack `name` that lie where everybody may write. They are removed."""
        wanted = str(self.places(name)["LITTER"])
        found = []
        for folder in (*COMMON_PLACES, os.getcwd(), tempfile.gettempdir(), os.path.expanduser("~")):
            for path in (Path(folder, wanted), Path(folder, "sbx_x")):
                if os.path.lexists(path):
                    found.append(str(path))
                    with contextlib.suppress(OSError):
                        path.unlink() if not path.is_dir() else shutil.rmtree(path)
        return found

    def take_marker(self, name: str) -> bool:
        """Whether the marker of the attack `name` is there. It is removed."""
        with contextlib.suppress(FileNotFoundError):
            (self.markers / name).unlink()
            return True
        return False

    def repair(self) -> None:
        """Put the world back, so that one attack that came through does not count for those after it."""
        if self.sentinel.poll() is not None:
            self._start_sentinel()
        self.outside.mkdir(exist_ok=True)
        for path in self.outside.iterdir():
            with contextlib.suppress(OSError):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        self._file(self.outside / "keep.txt", "keep me")
        self._file(self.outside / "tool.sh", "#!/bin/sh\nexit 0\n").chmod(0o777)
        self.honeypots.hits.clear()

    def close(self) -> None:
        self.sentinel.kill()
        self.sentinel.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _modules() -> dict[str, Path]:
    """Files that a guest loads too and must not be able to poison."""
    import json

    import numpy

    return {m.__name__: Path(str(m.__file__)) for m in (json, os, numpy, tempfile)}


def _look(path: Path) -> tuple[Any, ...]:
    try:
        state = path.lstat()
    except OSError as error:
        return ("gone", type(error).__name__)
    shown = (oct(state.st_mode), state.st_uid, state.st_size if not path.is_dir() else 0, state.st_mtime_ns)
    extra: tuple[Any, ...] = (state.st_nlink,)
    with contextlib.suppress(OSError):
        extra += (tuple(os.listxattr(path, follow_symlinks=False)),)
    if path.is_file() and state.st_size < 10_000 and not path.is_symlink():
        with contextlib.suppress(OSError):
            extra += (path.read_bytes(),)
    return shown + extra


def _process(pid: int) -> tuple[Any, ...]:
    """State (stopped or not), priority, processors and limits of a process."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        limits = tuple(
            resource.prlimit(pid, k) for k in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NOFILE)
        )
        io = ctypes.CDLL(None).syscall(252, 1, pid) if os.uname().machine == "x86_64" else 0
        return (
            "stopped" if state in "TtZX" else "running",
            os.getpriority(os.PRIO_PROCESS, pid),
            os.sched_getscheduler(pid),
            tuple(os.sched_getaffinity(pid)),
            limits,
            io,
        )
    except (OSError, ProcessLookupError) as error:
        return ("gone", type(error).__name__)
