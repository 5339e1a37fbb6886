"""What WASI preview 1 offers besides files: arguments, clocks, random bytes, sleep, the end."""

from __future__ import annotations

import os
import random
import struct
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from .files import Errno, Refused
from .memory import GuestMemory

_MAX_SUBSCRIPTIONS = 64
_MAX_SLEEP_SECONDS = 1e6
_RANDOM_BYTES = 1 << 16
_U32, _U64 = struct.Struct("<I"), struct.Struct("<Q")
_SUBSCRIPTION, _EVENT = struct.Struct("<QB7xIxxxxQQH6x"), struct.Struct("<QHB5xQH6x")
_CLOCK, _ABSOLUTE = 0, 1


class System:
    """WASI's functions by their names; arguments are unsigned numbers, `Refused` is an error number.

    Random bytes come from a fixed `seed` until `unseed` is called: the interpreter draws its hash secret from them.
    The steady clock counts from `origin_ns` on `time.monotonic_ns`. (The guest reads it through wasmtime's own
    `clock_time_get`, which is ten times as fast; what is here must agree with that.)
    """

    def __init__(
        self, memory: GuestMemory, arguments: Sequence[str], environment: Sequence[str], *, seed: int, origin_ns: int
    ) -> None:
        self._memory = memory
        self._arguments = [text.encode() + b"\0" for text in arguments]
        self._environment = [text.encode() + b"\0" for text in environment]
        self._clocks: list[Callable[[], int]] = [time.time_ns, lambda: time.monotonic_ns() - origin_ns]
        self._random: Callable[[int], bytes] = random.Random(seed).randbytes

    def unseed(self) -> None:
        self._random = os.urandom

    def args_sizes_get(self, count: int, size: int) -> None:
        self._put_sizes(self._arguments, count, size)

    def args_get(self, pointers: int, buffer: int) -> None:
        self._put_texts(self._arguments, pointers, buffer)

    def environ_sizes_get(self, count: int, size: int) -> None:
        self._put_sizes(self._environment, count, size)

    def environ_get(self, pointers: int, buffer: int) -> None:
        self._put_texts(self._environment, pointers, buffer)

    def clock_res_get(self, clock: int, out: int) -> None:
        self._clock(clock)
        self._memory.put(out, _U64, 1)

    def random_get(self, buffer: int, size: int) -> None:
        view = self._memory.view(buffer, size)
        for start in range(0, size, _RANDOM_BYTES):
            part = view[start : start + _RANDOM_BYTES]
            part[:] = self._random(len(part))

    def sched_yield(self) -> None:
        time.sleep(0)

    def proc_exit(self, status: int) -> NoReturn:
        os._exit(status & 0x7F)

    def poll_oneoff(self, subscriptions: int, events: int, count: int, out: int) -> None:
        """Descriptors are always ready; where there are none, sleep until the first clock is due."""
        if not 1 <= count <= _MAX_SUBSCRIPTIONS:
            raise Refused(Errno.INVAL)
        ready, clocks = [], []
        asked = self._memory.read(subscriptions, _SUBSCRIPTION.size * count)
        for user, tag, which, timeout, _, flags in _SUBSCRIPTION.iter_unpack(asked):
            if tag != _CLOCK:
                ready.append(_EVENT.pack(user, Errno.SUCCESS, tag, 1, 0))
            else:
                now = self._clock(which)()
                clocks.append((max(0, timeout - now) if flags & _ABSOLUTE else timeout, user))
        if not ready:
            first = min(clocks)[0]
            time.sleep(min(first / 1e9, _MAX_SLEEP_SECONDS))
            ready = [_EVENT.pack(user, Errno.SUCCESS, _CLOCK, 0, 0) for timeout, user in clocks if timeout <= first]
        self._memory.write(events, b"".join(ready))
        self._memory.put(out, _U32, len(ready))

    def _clock(self, number: int) -> Callable[[], int]:
        if number >= len(self._clocks):
            raise Refused(Errno.INVAL)
        return self._clocks[number]

    def _put_sizes(self, texts: list[bytes], count: int, size: int) -> None:
        self._memory.put(count, _U32, len(texts))
        self._memory.put(size, _U32, sum(map(len, texts)))

    def _put_texts(self, texts: list[bytes], pointers: int, buffer: int) -> None:
        for index, text in enumerate(texts):
            self._memory.put(pointers + _U32.size * index, _U32, buffer)
            self._memory.write(buffer, text)
            buffer += len(text)
