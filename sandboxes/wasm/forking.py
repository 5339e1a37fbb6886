"""Forks guests off a started machine and reaps them, as the host asks over one Unix socket of JSON packets."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
from typing import Any

from .machine import Machine
from .process import Job, become_guest

_PACKET_BYTES = 65536


class Forker:
    """The parent of all guests: it kills them when told, and says how they ended. It ends when the host hangs up.

    Requests: {"spawn": number, "job": {...}} with the guest's descriptors attached; {"kill": number}.
    Reports: {"ended": number, "status", "killed", "cpu_seconds", "memory_bytes"}; {"unborn": number, "why"}.
    """

    def __init__(self, control: socket.socket, machine: Machine, *, second_wall: bool) -> None:
        self._control, self._machine, self._second_wall = control, machine, second_wall
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
                if descriptor != self._control.fileno():
                    self._reap(descriptor)
                elif not (self._flush() and self._receive()):
                    return

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
            self._spawn(request["spawn"], Job(**request["job"]), descriptors)
        else:
            self._kill(request["kill"])
        return True

    def _spawn(self, number: int, job: Job, descriptors: list[int]) -> None:
        parent = os.getpid()
        try:
            process = os.fork()
        except OSError as error:
            self._say({"unborn": number, "why": str(error)})
            process = -1
        if process == 0:
            self._let_go()
            channel, *outputs = descriptors
            become_guest(self._machine, job, channel, outputs, second_wall=self._second_wall, parent=parent)
        for descriptor in descriptors:
            os.close(descriptor)
        if process > 0:
            handle = os.pidfd_open(process)
            self._guests[handle] = (number, process)
            self._poll.register(handle, select.POLLIN)

    def _let_go(self) -> None:
        """In the forked child: nothing of the parent's stays open."""
        self._control.close()
        for handle in self._guests:
            os.close(handle)

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

    def _flush(self) -> bool:
        """Send what waits; the rest when the host has read. False when it never will."""
        while self._outgoing:
            try:
                self._control.send(self._outgoing[0], socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            except ConnectionError:
                return False
            del self._outgoing[0]
        self._poll.modify(self._control, select.POLLIN | (select.POLLOUT if self._outgoing else 0))
        return True
