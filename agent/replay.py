"""What a journal already holds, handed to a scientist that starts anew: resume is replay."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from typing import Any

from .codec import plain, restore, untag
from .journal import address
from .types import Event, EventKind, Observation

_REPLAYED = ("observation", "hypotheses", "verdict", "note")


class Clock:
    """Seconds that a run has worked, over all its restarts.

    While a journal is replayed, time runs as it did then: it starts from what the event just replayed recorded, and
    never passes what the next one recorded. So a replay costs no budget and sees the deadlines of the first time.
    A scientist that takes far longer than the first time to reach the next event has left the old path: the clock
    lets go, and runs on from the journal's end.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._base, self._since = 0.0, now()
        self._ceiling: float | None = None
        self._end = 0.0

    def replay(self, at: float, until: float | None, end: float) -> None:
        """Stand at `at`; do not pass `until` (None: run freely). `end` is where the journal ends."""
        self._base, self._since, self._ceiling, self._end = at, self._now(), until, end

    def let_go(self) -> None:
        """Leave the journal's time: run on from its end."""
        if self._ceiling is not None:
            self._base, self._since, self._ceiling = max(self._end, self._base), self._now(), None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Time that passes inside the block does not count."""
        begun = self._now()
        try:
            yield
        finally:
            self._since += self._now() - begun

    @property
    def elapsed(self) -> float:
        passed = self._now() - self._since
        if self._ceiling is None:
            return self._base + passed
        gap = max(0.0, self._ceiling - self._base)
        if passed > 10.0 * gap + 10.0:
            self.let_go()
            return self._base
        return self._base + min(passed, gap)


class Replay:
    """The events of a run so far, each used once: answers by content, the rest in order."""

    def __init__(self, events: Iterable[Event], clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[int, Observation]] = {}
        self._queues: dict[str, deque[tuple[int, dict[str, Any]]]] = {k: deque() for k in ("hypotheses", "verdict")}
        self._truncated: dict[int, int] = {}
        self._times: list[float] = []
        self._place = -1
        self._total = 0
        self._budget: Any = None
        self._memos: dict[str, tuple[int, Any]] = {}
        self.tokens, self.money = 0, 0.0
        for event in events:
            self._load(event)
        self._unused = dict.fromkeys(self._answers)
        if self._times:
            clock.replay(0.0, self._times[0], self._times[-1])

    def _load(self, event: Event) -> None:
        if event.kind == "started":
            self._budget = event.data.get("brief", {}).get("budget")
        if event.kind == "resumed":
            self._forget_truncations(event.data.get("budget"))
        if event.kind not in _REPLAYED:
            return
        data = event.data
        place = len(self._times)
        self._times.append(float(data.get("elapsed", self._times[-1] if self._times else 0.0)))
        if event.kind == "observation":
            o: Observation = restore(Observation, data["observation"])
            self._answers[address(o.purpose, o.input, o.repeat)] = (place, o)
            self._total += 1
        elif event.kind == "note":
            if "truncated_ask" in data:
                self._truncated[int(data["truncated_ask"])] = int(data["answered"])
            if "memo" in data:
                self._memos[str(data["memo"])] = (place, data["value"])
            self.tokens += int(data.get("tokens", 0))
            self.money += float(data.get("money", 0.0))
        else:
            self._queues[event.kind].append((place, data))

    def _forget_truncations(self, budget: Any) -> None:
        """Under another budget time runs out elsewhere."""
        if budget != self._budget:
            self._truncated.clear()
        self._budget = budget

    @property
    def unused(self) -> int:
        """How many recorded answers have not been asked for again yet."""
        return len(self._unused)

    @property
    def total(self) -> int:
        """How many answers were recorded."""
        return self._total

    def has(self, name: str) -> bool:
        return name in self._answers

    def has_unused_besides(self, names: Set[str]) -> bool:
        """Whether recorded answers are left to come to that are not among `names`."""
        return any(name not in names for name in self._unused)

    def peek(self, name: str) -> Observation | None:
        """The recorded observation at that address."""
        return self._answers[name][1] if name in self._answers else None

    def reach(self, name: str) -> None:
        """The scientist has come to the observation at that address: the clock is set to when it was answered."""
        self._unused.pop(name, None)
        self._reach(self._answers[name][0])

    def holds(self, kind: EventKind, data: dict[str, Any]) -> bool:
        """Whether the next recorded event of `kind` is `data`; if it is not, the rest of that kind is forgotten."""
        queue = self._queues[kind]
        if not queue:
            return False
        place, recorded = queue.popleft()
        if {**recorded, "elapsed": 0} == {**plain(data), "elapsed": 0}:
            self._reach(place)
            return True
        queue.clear()
        return False

    def has_memo(self, key: str) -> bool:
        return key in self._memos

    def memo(self, key: str) -> Any:
        """What was remembered under `key`: the clock is set to when that was."""
        place, value = self._memos[key]
        self._reach(place)
        return untag(value)

    def skip(self, kind: EventKind) -> None:
        """Take the next recorded event of `kind` as lived."""
        if self._queues[kind]:
            place, _ = self._queues[kind].popleft()
            self._reach(place)

    def forget_truncations(self) -> None:
        """Askings are counted anew: where time ran out before says nothing of them."""
        self._truncated.clear()

    def answered_before_deadline(self, ask: int) -> int | None:
        """How many inputs of the `ask`-th asking were answered before time ran out, if it ran out then."""
        return self._truncated.get(ask)

    def leave(self) -> None:
        """The scientist asks something new: recorded time is over, and so are recorded truncations."""
        self._truncated.clear()
        self._clock.let_go()

    def _reach(self, place: int) -> None:
        if place <= self._place:
            return
        self._place = place
        following = self._times[place + 1] if place + 1 < len(self._times) else None
        self._clock.replay(self._times[place], following, self._times[-1])
