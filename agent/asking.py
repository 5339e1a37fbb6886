"""Asking a black box under a budget, each answer committed before the next one is waited for."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from itertools import islice

from ..tools.black_boxes.types import BlackBox, BlackBoxError, Input, Reply
from .budget import Budget, Spend
from .errors import StoreError
from .journal import Journal, address
from .replay import Clock, Replay
from .types import Observation, Purpose


class Asker:
    """The one way to a run's black box: answers come from the journal where it has them, else from the box."""

    def __init__(self, box: BlackBox, journal: Journal, budget: Budget, clock: Clock, replay: Replay) -> None:
        self.budget = budget
        self.clock = clock
        self._box = box
        self._journal = journal
        self._replay = replay
        self._observations: list[Observation] = []
        self._asked: Counter[tuple[Purpose, Input]] = Counter()
        self._calls = 0
        self._fresh = 0
        self._strayed = False
        self._broken: Exception | None = None

    @property
    def observations(self) -> list[Observation]:
        """What has been asked since the scientist started, in order."""
        return self._observations

    @property
    def broken(self) -> Exception | None:
        """What ended the run for good: the box gone, or the store failing."""
        return self._broken

    @property
    def answered(self) -> int:
        """Queries spent, as the scientist sees it: in a replay, those up to where it is."""
        if self._strayed or not self._replay.unused:
            return self._replay.total + self._fresh
        return len(self._observations)

    def spend(self, rounds: int) -> Spend:
        held_out = sum(o.purpose == "held_out" for o in self._observations)
        return Spend(self.answered, held_out, self.clock.elapsed, rounds, self._replay.tokens, self._replay.money)

    def would_stray(self, inputs: Sequence[Input], purpose: Purpose) -> bool:
        """Whether asking `inputs` next leaves the path that the journal recorded."""
        names = {address(purpose, i, self._asked[purpose, i]) for i in inputs}
        return any(not self._replay.has(name) for name in names) and self._replay.has_unused_besides(names)

    def ask(
        self, inputs: Sequence[Input], why: str, purpose: Purpose, *, most: int, deadline: float
    ) -> list[Observation]:
        """Observations of `inputs` in order: at most `most` of them, and no new one after `deadline` seconds."""
        if self._broken:
            raise self._broken
        self._calls += 1
        recorded_end = self._replay.answered_before_deadline(self._calls)
        wanted = list(inputs)[: most if recorded_end is None else min(most, recorded_end)]
        planned = self._plan(wanted, purpose)
        replies = self._replies([i for i, _, known in planned if known is None])
        answered: list[Observation] = []
        try:
            for point, repeat, known in planned:
                if known is None and self.clock.elapsed >= deadline:
                    self._note_truncation(len(answered))
                    break
                if known is None:
                    observation = self._commit(point, next(replies), why, purpose, repeat)
                else:
                    self._replay.reach(address(purpose, point, repeat))
                    observation = known
                self._asked[purpose, point] += 1
                self._observations.append(observation)
                answered.append(observation)
        except (BlackBoxError, StoreError) as error:
            self._broken = error
            raise
        finally:
            replies.close()
        return answered

    def relive(self, observation: Observation) -> None:
        """Take a recorded observation as asked and answered."""
        o = observation
        self._replay.reach(address(o.purpose, o.input, o.repeat))
        self._asked[o.purpose, o.input] += 1
        self._observations.append(o)

    def _plan(self, inputs: Sequence[Input], purpose: Purpose) -> list[tuple[Input, int, Observation | None]]:
        """Each input with how often it was asked before, and the recorded answer if there is one.

        Stops where the hard limit of queries would be passed.
        """
        room = self.budget.queries - self._replay.total - self._fresh
        planned: list[tuple[Input, int, Observation | None]] = []
        times: Counter[Input] = Counter()
        for point in inputs:
            repeat = self._asked[purpose, point] + times[point]
            known = self._replay.peek(address(purpose, point, repeat))
            if known is None:
                if room <= 0:
                    break
                room -= 1
            times[point] += 1
            planned.append((point, repeat, known))
        return planned

    def _replies(self, fresh: Sequence[Input]) -> Generator[Reply, None, None]:
        """The box's replies to `fresh`; the box is not touched before the first one is wanted."""
        if not fresh:
            return
        if self._replay.unused:
            self._strayed = True
        self._replay.leave()
        replies: Iterator[Reply] = iter(())
        count = 0
        try:
            replies = iter(self._box.ask(fresh))
            for reply in islice(replies, len(fresh)):
                count += 1
                yield reply
        except BlackBoxError:
            raise
        except Exception as error:
            raise BlackBoxError(f"{self._box.spec} failed: {type(error).__name__}: {error}") from error
        finally:
            close = getattr(replies, "close", None)
            if close is not None:
                close()
        raise BlackBoxError(
            f"{self._box.spec} was asked {len(fresh)} inputs and answered {count}; it should answer all"
        )

    def _commit(self, point: Input, reply: Reply, why: str, purpose: Purpose, repeat: int) -> Observation:
        number = self._replay.total + self._fresh + 1
        observation = Observation(number, point, reply, why, purpose, repeat, time.time())
        self._journal.append("observation", {"observation": observation, "elapsed": self.clock.elapsed})
        self._fresh += 1
        return observation

    def _note_truncation(self, answered: int) -> None:
        self._journal.append(
            "note", {"truncated_ask": self._calls, "answered": answered, "elapsed": self.clock.elapsed}
        )
