"""What a relay does all day: carry every guest's streams between the host and the fork server's guests."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from . import rooms, scratch, wire

_CHUNK = 1 << 16
_SOURCE_CHUNK = 1 << 18
_PACKET_BYTES = 65536
_HIGH_BYTES = 1 << 20
"""When so much waits for the host, guests wait too."""
_WATCH_MILLISECONDS = 10
_FAREWELL_SECONDS = 2.0
_HUNG_UP = select.POLLHUP | select.POLLERR | select.POLLNVAL


@dataclass(slots=True)
class _Guest:
    """What the relay holds of one guest."""

    number: int
    channel: socket.socket | None
    outputs: dict[int, int]
    """By descriptor: STDOUT or STDERR."""
    print_bytes: int
    """What may still be printed."""
    file_bytes: int
    scratch: str
    pending: bytearray = field(default_factory=bytearray)
    """Bytes for the guest that it has not taken."""
    credit: int = wire.WINDOW_BYTES
    """Bytes from the guest that the host will take."""
    flooded: bool = False
    ended: bool = False
    dropped: bool = False


class Carrier:
    """Carries between the host (`source`, `sink`) and the fork server's guests (`control`)."""

    def __init__(self, source: int, sink: int, control: socket.socket, unpacker: wire.Unpacker) -> None:
        self._source, self._sink, self._control, self._unpacker = source, sink, control, unpacker
        self._guests: dict[int, _Guest] = {}
        self._by_descriptor: dict[int, _Guest] = {}
        self._outgoing = bytearray()
        self._paused = False
        self._on_disk = True
        self._poll = select.poll()
        for descriptor in (source, control.fileno()):
            self._poll.register(descriptor, select.POLLIN)
        os.set_blocking(sink, False)

    def serve(self, *, on_disk: bool) -> str:
        """Until the host hangs up (an empty text), or the fork server is gone (why).

        `on_disk` says that scripts need a scratch folder: they have no namespace to mount one in.
        """
        self._on_disk = on_disk
        while True:
            watched = [g for g in self._guests.values() if g.scratch and not (g.ended or g.flooded)]
            ready = self._poll.poll(_WATCH_MILLISECONDS if watched else None)
            for guest in watched:
                if scratch.holds_more(guest.scratch, guest.file_bytes):
                    self._flood(guest, wire.FILES)
            # Prints first: what a script printed must not arrive after its last reply.
            for descriptor, events in sorted(ready, key=lambda item: self._is_channel(item[0])):
                if descriptor == self._source:
                    if not self._listen():
                        return ""
                elif descriptor == self._control.fileno():
                    if not self._hear():
                        return "the sandbox's fork server ended"
                elif descriptor == self._sink:
                    if not self._flush():
                        return ""
                elif (served := self._by_descriptor.get(descriptor)) is not None:
                    self._serve_guest(served, descriptor, events)

    def say(self, kind: int, number: int = 0, payload: bytes = b"") -> None:
        """To the host, when it next reads."""
        if not self._outgoing:
            self._poll.register(self._sink, select.POLLOUT)
        self._outgoing += wire.pack(kind, number, payload)
        if len(self._outgoing) > _HIGH_BYTES and not self._paused:
            self._pause(True)

    def farewell(self) -> None:
        """Send what still waits, for a short while."""
        deadline = time.monotonic() + _FAREWELL_SECONDS
        poll = select.poll()
        poll.register(self._sink, select.POLLOUT)
        while self._outgoing and time.monotonic() < deadline:
            if poll.poll(100) and not self._flush():
                return

    def sweep(self) -> None:
        """Remove what guests have left. They must be over."""
        for guest in self._guests.values():
            if guest.scratch:
                scratch.remove(guest.scratch)

    def _is_channel(self, descriptor: int) -> bool:
        guest = self._by_descriptor.get(descriptor)
        return guest is not None and descriptor not in guest.outputs

    # From the host

    def _listen(self) -> bool:
        """Do what the host asks for; False when it has hung up."""
        data = os.read(self._source, _SOURCE_CHUNK)
        for kind, number, payload in self._unpacker.feed(data):
            guest = self._guests.get(number)
            if kind == wire.SPAWN:
                self._spawn(number, json.loads(payload))
            elif kind == wire.PING:
                self.say(wire.PONG, number)
            elif guest is None:
                continue
            elif kind == wire.DATA:
                guest.pending += payload
                self._feed(guest)
            elif kind == wire.CREDIT:
                guest.credit += wire.COUNT.unpack(payload)[0]
                self._aim(guest)
            elif kind == wire.KILL:
                self._kill(guest)
            elif kind == wire.DROP:
                self._drop(guest)
        return bool(data)

    def _spawn(self, number: int, job: dict[str, Any]) -> None:
        opened: list[int] = []
        theirs: list[int] = []
        folder = ""
        try:
            ours, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            channel = ours
            opened.append(ours.fileno())
            theirs.append(other.detach())
            outputs = {}
            for kind in (wire.STDOUT, wire.STDERR) if job["script"] else ():
                reader, writer = os.pipe()
                opened.append(reader)
                theirs.append(writer)
                os.set_blocking(reader, False)
                outputs[reader] = kind
            folder = _scratch_folder() if job["script"] and self._on_disk else ""
            request = {"spawn": number, "job": {**job, "scratch": folder}}
            socket.send_fds(self._control, [json.dumps(request).encode()], theirs)
        except OSError as error:
            for descriptor in opened:
                os.close(descriptor)
            if folder:
                scratch.remove(folder)
            self.say(wire.ENDED, number, json.dumps({"lost": f"no guest could be started: {error}"}).encode())
            self.say(wire.CLOSED, number)
            return
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        channel.setblocking(False)
        guest = _Guest(number, channel, outputs, job["output_bytes"], job["file_bytes"], folder)
        self._guests[number] = guest
        self._by_descriptor.update(dict.fromkeys((channel.fileno(), *outputs), guest))
        self._aim(guest)

    def _kill(self, guest: _Guest) -> None:
        if not guest.ended:
            with contextlib.suppress(OSError):  # the server is gone: heard of soon enough
                self._control.send(json.dumps({"kill": guest.number}).encode())

    def _drop(self, guest: _Guest) -> None:
        guest.dropped = True
        self._hang_up(guest)
        for descriptor in list(guest.outputs):
            self._shut(guest, descriptor)
        self._kill(guest)
        if guest.ended:
            self._forget(guest)

    def _forget(self, guest: _Guest) -> None:
        del self._guests[guest.number]

    # From the fork server

    def _hear(self) -> bool:
        """Take one packet from the fork server; False if it is gone."""
        try:
            data = self._control.recv(_PACKET_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        message = json.loads(data)
        if "unborn" in message:
            number, ending = message["unborn"], {"lost": f"no guest could be forked: {message['why']}"}
        else:
            number, ending = message.pop("ended"), message
        guest = self._guests[number]
        guest.ended = True
        for descriptor in list(guest.outputs):
            while descriptor in guest.outputs and not guest.flooded:
                self._carry_print(guest, descriptor)
        if guest.scratch:
            scratch.remove(guest.scratch)
            guest.scratch = ""
        if guest.dropped:
            self._forget(guest)
        else:
            self.say(wire.ENDED, number, json.dumps(ending).encode())
        return True

    # From and to guests

    def _serve_guest(self, guest: _Guest, descriptor: int, events: int) -> None:
        if descriptor in guest.outputs:
            self._carry_print(guest, descriptor)
            return
        if events & select.POLLOUT:
            self._feed(guest)
        if events & (select.POLLIN | _HUNG_UP) and guest.credit and guest.channel is not None:
            self._carry(guest, guest.channel)

    def _feed(self, guest: _Guest) -> None:
        """Give the guest what it takes, and the host the right to send as much more."""
        fed = 0
        while guest.pending and guest.channel is not None:
            try:
                count = guest.channel.send(guest.pending)
            except BlockingIOError:
                break
            except OSError:
                count = len(guest.pending)  # it will never take it
            del guest.pending[:count]
            fed += count
        if guest.channel is None:
            fed += len(guest.pending)
            guest.pending.clear()
        if fed:
            self.say(wire.CREDIT, guest.number, wire.COUNT.pack(fed))
        self._aim(guest)

    def _carry(self, guest: _Guest, channel: socket.socket) -> None:
        try:
            data = channel.recv(min(_CHUNK, guest.credit))
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            guest.credit -= len(data)
            self.say(wire.DATA, guest.number, data)
            self._aim(guest)
        else:
            self.say(wire.CLOSED, guest.number)
            self._hang_up(guest)

    def _carry_print(self, guest: _Guest, descriptor: int) -> None:
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            if guest.ended:
                self._shut(guest, descriptor)
            return
        kept = data[: guest.print_bytes]
        if kept:
            guest.print_bytes -= len(kept)
            self.say(guest.outputs[descriptor], guest.number, kept)
        if len(data) > len(kept):
            self._flood(guest, wire.PRINTS)
        elif not data:
            self._shut(guest, descriptor)

    def _flood(self, guest: _Guest, what: bytes) -> None:
        """Say so, once, and read no more of what it prints; that it ends is up to the host."""
        if not guest.flooded:
            guest.flooded = True
            self.say(wire.FLOODED, guest.number, what)
            self._aim(guest)

    def _hang_up(self, guest: _Guest) -> None:
        if guest.channel is not None:
            self._want(guest.channel.fileno(), 0)
            self._by_descriptor.pop(guest.channel.fileno(), None)
            guest.channel.close()
            guest.channel = None

    def _shut(self, guest: _Guest, descriptor: int) -> None:
        self._want(descriptor, 0)
        self._by_descriptor.pop(descriptor, None)
        del guest.outputs[descriptor]
        os.close(descriptor)

    # Who is listened to

    def _aim(self, guest: _Guest) -> None:
        if guest.channel is not None:
            reading = guest.credit and not self._paused
            self._want(
                guest.channel.fileno(),
                (select.POLLIN if reading else 0) | (select.POLLOUT if guest.pending else 0),
            )
        for descriptor in guest.outputs:
            self._want(descriptor, 0 if self._paused or guest.flooded else select.POLLIN)

    def _want(self, descriptor: int, events: int) -> None:
        """Nothing wanted means not registered: a poll reports a hang-up even to those who want nothing."""
        if events:
            self._poll.register(descriptor, events)
        else:
            with contextlib.suppress(KeyError):
                self._poll.unregister(descriptor)

    def _pause(self, paused: bool) -> None:
        self._paused = paused
        for guest in self._guests.values():
            self._aim(guest)

    def _flush(self) -> bool:
        """Send what waits, as far as the host takes it; False if it has hung up."""
        try:
            sent = os.write(self._sink, self._outgoing)
        except BlockingIOError:
            return True
        except OSError:
            return False
        del self._outgoing[:sent]
        if not self._outgoing:
            self._poll.unregister(self._sink)
        if self._paused and len(self._outgoing) < _HIGH_BYTES // 2:
            self._pause(False)
        return True


def _scratch_folder() -> str:
    """A private folder that the guests' user may write."""
    folder = tempfile.mkdtemp(prefix="zetetic-")
    if os.geteuid() == 0:
        os.chown(folder, rooms.NOBODY, rooms.NOBODY)
    return folder
