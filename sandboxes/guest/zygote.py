"""The fork server: has numpy imported, and forks a guest for every job it is asked for.

Talks with the host over one Unix socket of packets, JSON each, with the guest's descriptors attached. It is the
guests' parent: it kills them when told, and what it says of how they ended comes from the kernel. It ends, and
with it every guest, when the host hangs up. Run as `python -s -S -P -B -c …` with a clean environment.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from . import frames, job, kernel, locks, rooms, walls

_PACKET_BYTES = 65536
_UNWELL = 70
MODULES = """
    abc argparse array ast base64 binascii bisect calendar cmath codecs collections collections.abc colorsys
    contextlib copy copyreg csv dataclasses datetime decimal difflib enum errno fractions functools gc hashlib
    heapq hmac html inspect io itertools json keyword locale logging math mmap numbers operator os pickle platform
    pprint queue random re reprlib secrets select shutil signal statistics string struct tempfile textwrap
    threading time timeit token tokenize traceback types typing unicodedata uuid warnings weakref zlib
    encodings.idna encodings.ascii encodings.latin_1 encodings.utf_16 encodings.utf_32
""".split()  # noqa: SIM905
"""Imported before anybody is forked: guests find them warm, and may not map new native code later."""
NUMPY_PARTS = ("numpy.random", "numpy.linalg", "numpy.fft", "numpy.polynomial", "numpy.ma")


class Server:
    """Forks guests and reaps them."""

    def __init__(self, control: socket.socket, surrounding: locks.Walls) -> None:
        self._control, self._walls = control, surrounding
        self._home = os.pidfd_open(os.getpid())
        self._guests: dict[int, tuple[int, int]] = {}
        """By pidfd: the host's number for the guest, and its process id."""
        self._killed: set[int] = set()
        self._outgoing: list[bytes] = []
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)

    def serve(self) -> None:
        """Until the host hangs up."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._control.fileno():
                    self._flush()
                    if not self._receive():
                        return
                else:
                    self._reap(descriptor)

    def _receive(self) -> bool:
        """Do what one packet asks for; False when there will be no more."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _PACKET_BYTES, 3, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        if not data:
            return False
        request = json.loads(data)
        if "spawn" in request:
            self._spawn(request["spawn"], locks.Job(**request["job"]), descriptors)
        elif "kill" in request:
            self._kill(request["kill"])
        return True

    def _spawn(self, number: int, wanted: locks.Job, descriptors: list[int]) -> None:
        try:
            if self._walls.isolated:
                rooms.own_process_namespace(self._home)
            process = os.fork()
        except OSError as error:
            self._say({"unborn": number, "why": str(error)})
            process = -1
        if process == 0:
            be_guest(wanted, self._walls, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        if process > 0:
            handle = os.pidfd_open(process)
            self._guests[handle] = (number, process)
            self._poll.register(handle, select.POLLIN)

    def _kill(self, number: int) -> None:
        for known, process in self._guests.values():
            if known == number:
                self._killed.add(number)
                os.kill(process, signal.SIGKILL)

    def _reap(self, handle: int) -> None:
        number, process = self._guests.pop(handle)
        self._poll.unregister(handle)
        os.close(handle)
        _, status, usage = os.wait4(process, 0)
        self._say(
            {
                "ended": number,
                "status": os.waitstatus_to_exitcode(status),
                "killed": number in self._killed,
                "cpu_seconds": usage.ru_utime + usage.ru_stime,
                "memory_bytes": usage.ru_maxrss * 1024,
            }
        )
        self._killed.discard(number)

    def _say(self, message: dict[str, Any]) -> None:
        self._outgoing.append(json.dumps(message).encode())
        self._flush()

    def _flush(self) -> None:
        """Send what waits; the rest when the host has read."""
        while self._outgoing:
            try:
                self._control.send(self._outgoing[0], socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            except ConnectionError:
                break
            del self._outgoing[0]
        self._poll.modify(self._control, select.POLLIN | (select.POLLOUT if self._outgoing else 0))


def be_guest(wanted: locks.Job, surrounding: locks.Walls, descriptors: list[int]) -> NoReturn:
    """In the forked child: shut the door, then serve; never returns."""
    try:
        locks.arrange_descriptors(descriptors[0], descriptors[1:], surrounding.rules)
        locks.shut_in(wanted, surrounding, locks.RULES if surrounding.rules >= 0 else -1)
    except BaseException as error:
        text = f"{type(error).__name__}: {error}".encode()
        os.write(locks.CHANNEL, frames.frame(frames.REFUSED, frames.NO_NONCE, text))
        os._exit(_UNWELL)
    try:
        guest = job.Guest(locks.CHANNEL, wanted.output_bytes)
        if wanted.rehearse:
            guest.rehearse()
        guest.serve()
    finally:
        os._exit(0)


def main(control_descriptor: int) -> None:
    """Build the walls, say what they are, serve."""
    os.environ.clear()
    control = socket.socket(fileno=control_descriptor)
    config = json.loads(control.recv(_PACKET_BYTES))
    warm_up(config["packages"], config["paths"])
    plan = walls.Plan(config["wanted"], config["readable"], config["masked"])
    built = plan.build()
    if built.walls.isolated:
        stay_behind()
    gc.collect()
    gc.freeze()
    trouble = walls.inspect(built.walls) if built.walls.confined else ""
    report = {"level": built.level, "layers": built.layers, "notes": built.notes, "trouble": trouble}
    control.send(json.dumps(report).encode())
    if not trouble:
        Server(control, built.walls).serve()


def warm_up(packages: list[str], paths: list[str]) -> None:
    """Import what guests may need; afterwards the packages' folders are off the search path."""
    before = list(sys.path)
    sys.path[:] = [*before, *paths]
    for name in (*MODULES, *packages):
        importlib.import_module(name)
    if "numpy" in packages:
        for name in NUMPY_PARTS:
            importlib.import_module(name)
    sys.path[:] = before
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # if memory runs out, guests are the first to go


def stay_behind() -> None:
    """Fork the server as the first process of a pid namespace: when it ends, the kernel ends every guest."""
    kernel.unshare(kernel.CLONE_NEWPID)
    process = os.fork()
    if process == 0:
        kernel.die_with_parent()
        return
    os.closerange(0, 1 << 20)
    os.waitpid(process, 0)
    os._exit(0)
