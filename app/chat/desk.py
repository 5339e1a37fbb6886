"""Where a person's steps wait for the scientist: in the journal first, then in its hands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...agent import Event, Journal

AtRest = Callable[[], AbstractContextManager[None]]
LOOK_SECONDS = 0.2
"""How often a waiting scientist looks up, so that nothing it is told is missed."""


class Left(BaseException):
    """The person has left; the run can be taken up again."""


class Halted(BaseException):
    """The person has stopped the current step; the run goes on when they say so."""


class Enough(BaseException):
    """The person ends the investigation: it concludes with what it has."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person did in a run, by its number from 1.

    `command`: say, query, edit, score, conclude, again or undo; `arguments` are plain JSON data.
    """

    number: int
    command: str
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What names the step among the model's own calls and messages."""
        return f"person_{self.number}"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a step."""

    text: str
    failed: bool = False


class Desk:
    """A person's steps in one run. The person posts them from one thread, the scientist takes them in another.

    Every step is in the journal before it is waited for, and so is where in the investigation it was taken up
    (`at`, a count of the scientist's own steps): a scientist that starts anew lives it at the same place again.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.steps: dict[int, Step] = {}
        self.answers: dict[int, Answered] = {}
        self.places: dict[int, int] = {}
        self.reached = 0
        """How far the scientist has come in this process, in its own steps."""
        self._taken: set[int] = set()
        self._changed = threading.Condition()
        self._paused = self._halted = self._leaving = self._resting = False
        for event in journal.events():
            if event.kind == "note":
                self._recall(event)
        self.reached = max(self.places.values(), default=0)

    def _recall(self, event: Event) -> None:
        data = event.data
        if "person" in data:
            said = data["person"]
            self.steps[said["number"]] = Step(said["number"], said["command"], dict(said["arguments"]))
        elif "person_at" in data:
            self.places[data["person_at"]["number"]] = data["person_at"]["at"]
        elif "person_answer" in data:
            said = data["person_answer"]
            self.answers[said["number"]] = Answered(said["text"], said["failed"])

    # What the person does

    def post(self, command: str, **arguments: Any) -> Step:
        """Record a step; the scientist takes it when it gets to it."""
        with self._changed:
            step = Step(max(self.steps, default=0) + 1, command, arguments)
            self._note({"person": {"number": step.number, "command": command, "arguments": arguments}})
            self.steps[step.number] = step
            self._resting = False
            self._changed.notify_all()
        return step

    def pause(self) -> None:
        with self._changed:
            self._paused = True

    def go_on(self) -> None:
        """Let the scientist work: after a pause, after a halt."""
        with self._changed:
            self._resting = self._resting and not self._paused
            self._paused = self._halted = False
            self._changed.notify_all()

    def halt(self) -> None:
        """Stop the current step as soon as its next event is recorded."""
        with self._changed:
            self._halted = self._paused = True
            self._changed.notify_all()

    def leave(self) -> None:
        with self._changed:
            self._leaving = True
            self._changed.notify_all()

    @property
    def is_paused(self) -> bool:
        return self._paused

    @property
    def is_leaving(self) -> bool:
        return self._leaving

    @property
    def is_stopping(self) -> bool:
        """Whether the person has stopped the current step, or left."""
        return self._halted or self._leaving

    @property
    def is_resting(self) -> bool:
        """Whether the scientist has nothing to do until the person speaks."""
        with self._changed:
            return self._resting and not any(True for _ in self._open())

    def settled(self, timeout_seconds: float | None = None) -> bool:
        """Wait until the scientist rests; whether it does."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._leaving or (self._resting and not any(True for _ in self._open())), timeout_seconds
            )

    # What the scientist does

    def check(self) -> None:
        """Raise what the person asked for: `Left` or `Halted`."""
        if self._leaving:
            raise Left
        if self._halted:
            raise Halted

    def sleep(self, seconds: float) -> None:
        """Wait so long, unless the person stops it. Raises `Left` or `Halted`."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_stopping, seconds)
        self.check()

    def recorded_at(self, at: int) -> list[Step]:
        """Steps that were taken up at that place before, in order."""
        return [self.steps[n] for n in sorted(self.places) if self.places[n] == at]

    def take(self) -> Step | None:
        """The next step that nobody has taken; None if there is none."""
        with self._changed:
            step = next(self._open(), None)
            if step is not None:
                self._taken.add(step.number)
            return step

    def begin(self, step: Step, at: int) -> None:
        """The step is lived at that place of the investigation, now and in every replay."""
        self.places[step.number] = at
        self._note({"person_at": {"number": step.number, "at": at}})

    def finish(self, step: Step, answer: Answered) -> None:
        """What came of the step, told once."""
        if step.number in self.answers:
            return
        self.answers[step.number] = answer
        self._note({"person_answer": {"number": step.number, "text": answer.text, "failed": answer.failed}})

    def mark_done(self, number: int) -> None:
        """The step was lived before this process began."""
        self._taken.add(number)

    def give_back(self) -> None:
        """Steps that were taken and not lived to their end will be taken again: the scientist starts anew."""
        with self._changed:
            self._taken = {n for n in self._taken if n in self.answers}

    def hold(self, at_rest: AtRest) -> None:
        """While the person has paused the scientist and left nothing to do, wait. Raises `Left` or `Halted`."""
        while True:
            self.check()
            with self._changed:
                if not self._paused or next(self._open(), None) is not None:
                    self._resting = False
                    return
                self._rest()
            self._wait(at_rest, lambda: not self._paused)

    def next(self, at_rest: AtRest) -> Step:
        """Wait for the next step. Raises `Left` or `Halted`."""
        while True:
            self.check()
            step = self.take()
            if step is not None:
                return step
            with self._changed:
                self._rest()
            self._wait(at_rest, lambda: False)

    def wait_to_go_on(self) -> bool:
        """After a halt: wait until the person lets the scientist go on, or has a step for it; False if they left."""
        with self._changed:
            self._rest()
            self._changed.wait_for(lambda: self._leaving or not self._halted or next(self._open(), None) is not None)
            self._halted = False
            self._resting = False
            return not self._leaving

    def rest_for_good(self) -> None:
        """Nothing will be taken any more."""
        with self._changed:
            self._taken.update(self.steps)
            self._rest()

    def _open(self) -> Iterator[Step]:
        done = self._taken | self.answers.keys() | self.places.keys()
        return (s for n, s in sorted(self.steps.items()) if n not in done)

    def _rest(self) -> None:
        self._resting = True
        self._changed.notify_all()

    def _wait(self, at_rest: AtRest, freed: Callable[[], bool]) -> None:
        with at_rest(), self._changed:
            self._changed.wait_for(
                lambda: self._leaving or self._halted or freed() or next(self._open(), None) is not None, LOOK_SECONDS
            )

    def _note(self, data: dict[str, Any]) -> None:
        self.journal.append("note", data)
