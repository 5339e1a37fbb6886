"""The relay: runs where the guests run, with the fork server beside it, and the host at the far end of two pipes.

It carries every guest's streams over its standard input and output (see `wire`), so that a container, or a machine
reached by any command, needs nothing but Python. It never looks into what it carries. It ends when the host hangs
up, or when the fork server is gone; either way every guest ends with it. Standard library only.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from . import surroundings, wire
from .carrier import Carrier

_CHUNK = 1 << 16
_PACKET_BYTES = 65536
_ZYGOTE = """
import sys
sys.path.insert(0, {folder!r})
from guest import zygote
sys.path.remove({folder!r})
zygote.main({descriptor})
"""


def main(folder: str) -> None:
    """Start the fork server from `folder`, which holds this package and is removed, then carry until it is over."""
    source, sink = _own_pipes()
    unpacker = wire.Unpacker()
    with contextlib.ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        config = _first_frame(source, unpacker)
        if config is None:
            return
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        carrier = Carrier(source, sink, control, unpacker)
        undo.callback(carrier.farewell)
        try:
            places = surroundings.find(tuple(config["packages"]))
            with theirs:
                zygote = _start(folder, theirs.fileno())
        except (LookupError, OSError) as error:
            carrier.say(wire.OVER, payload=str(error).encode())
            return
        undo.callback(carrier.sweep)
        undo.callback(_end, zygote)
        control.send(json.dumps({"wanted": config["wanted"], **asdict(places)}).encode())
        report = _report(source, control)
        shutil.rmtree(folder, ignore_errors=True)
        why = "the sandbox's fork server did not start"
        if report:
            carrier.say(wire.READY, payload=report)
            why = carrier.serve(on_disk=json.loads(report)["level"] != "isolated")
        if why:
            carrier.say(wire.OVER, payload=why.encode())


def _own_pipes() -> tuple[int, int]:
    """Standard input and output, moved to where nothing else will read or write them."""
    source, sink, nothing = os.dup(0), os.dup(1), os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return source, sink


def _first_frame(source: int, unpacker: wire.Unpacker) -> dict[str, Any] | None:
    """The configuration; None if the host hangs up before."""
    while data := os.read(source, _CHUNK):
        for kind, _, payload in unpacker.feed(data):
            if kind == wire.CONFIG:
                config: dict[str, Any] = json.loads(payload)
                return config
    return None


def _start(folder: str, descriptor: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-s", "-S", "-P", "-B", "-c", _ZYGOTE.format(folder=folder, descriptor=descriptor)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=surroundings.VARIABLES,
        pass_fds=(descriptor,),
        start_new_session=True,
        cwd="/",
    )


def _end(zygote: subprocess.Popen[bytes]) -> None:
    """Kill the fork server, and with it every guest."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(zygote.pid, signal.SIGKILL)
    zygote.wait()


def _report(source: int, control: socket.socket) -> bytes:
    """What the fork server reports when it is ready; nothing if it, or the host, is gone before."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    poll.register(control, select.POLLIN)
    ready = [descriptor for descriptor, _ in poll.poll()]
    if control.fileno() not in ready:
        return b""
    with contextlib.suppress(OSError):
        return control.recv(_PACKET_BYTES)
    return b""
