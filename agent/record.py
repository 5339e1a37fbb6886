"""A run's events folded into what reports, lists and chats need: a pure function of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..sandboxes.types import Standing as SandboxStanding
from .brief import Brief
from .budget import Budget, Spend
from .codec import restore, untag
from .errors import StoreError
from .frozen import Frozen
from .types import Event, Explanation, Hypothesis, Observation, Standing, Verdict

RecordStatus = Literal["unfinished", "stopped", "concluded"]


@dataclass(frozen=True, slots=True)
class Step:
    """One proposal: the best live hypotheses (at most 8, best first) as they stood, and what fell since the last.

    `live` counts all live ones; `dropped` pairs a hypothesis's id with the observation that killed it; `queries` and
    `seconds` are what had been spent by then.
    """

    number: int
    step: str
    ranked: tuple[Hypothesis, ...]
    live: int
    dropped: tuple[tuple[str, int | None], ...]
    queries: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A frozen explanation before the verifier; `hypothesis` is the id it had."""

    hypothesis: str | None
    explanation: Frozen
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RunRecord:
    """All of a run. `hypotheses` holds each hypothesis that was ever shown, by id, with its latest standing.

    `status`: `stopped` runs say why in `stopped`; `unfinished` ones are being driven now, or were killed.
    `budget` is the one in force now, which a resume may have changed. `sandboxes` are those that the black box's code
    ran in, each one once, in order; empty where it had the user's own rights. `memos`: what `Inquiry.remember` kept, by
    key.
    """

    run_id: str
    brief: Brief
    budget: Budget
    started_at: float
    last_at: float
    status: RecordStatus = "unfinished"
    stopped: str = ""
    observations: tuple[Observation, ...] = ()
    steps: tuple[Step, ...] = ()
    hypotheses: dict[str, Hypothesis] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    explanation: Explanation | None = None
    spend: Spend = field(default_factory=Spend)
    resumes: int = 0
    sandboxes: tuple[SandboxStanding, ...] = ()
    memos: dict[str, Any] = field(default_factory=dict)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(t.verdict for t in self.trials)

    @property
    def trial(self) -> Trial | None:
        """The trial that counts: the one that the explanation names, else the last so far."""
        if not self.trials:
            return None
        named = self.explanation.round if self.explanation else None
        return next((t for t in self.trials if t.verdict.round == named), self.trials[-1])

    @property
    def best(self) -> Hypothesis | None:
        """The first hypothesis of the last step."""
        return self.steps[-1].ranked[0] if self.steps and self.steps[-1].ranked else None


class Recorder:
    """Folds events one by one, for a live view; `record()` is what they come to so far."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._record: RunRecord | None = None
        self._observations: list[Observation] = []
        self._steps: list[Step] = []
        self._hypotheses: dict[str, Hypothesis] = {}
        self._trials: list[Trial] = []
        self._spend = Spend()

    def feed(self, event: Event) -> None:
        """Take the next event. Raises StoreError when it is damaged or out of place."""
        try:
            self._feed(event)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise StoreError(
                f"event {event.sequence} ({event.kind}) of run {self._run_id} is damaged; restore a copy of the store"
            ) from error

    def record(self) -> RunRecord:
        """The run as it stands. Raises StoreError before the first event."""
        if self._record is None:
            raise StoreError(f"run {self._run_id} has no events; pass the id of a run that has begun")
        return replace(
            self._record,
            observations=tuple(self._observations),
            steps=tuple(self._steps),
            hypotheses=dict(self._hypotheses),
            trials=tuple(self._trials),
            spend=self._spend,
        )

    def _feed(self, event: Event) -> None:
        data = event.data
        if event.kind == "started":
            brief = restore(Brief, data["brief"])
            self._record = RunRecord(self._run_id, brief, brief.budget, event.at, event.at)
            return
        if self._record is None:
            raise ValueError("a run begins with `started`")
        self._record = replace(self._record, last_at=event.at)
        if self._record.explanation is None:  # what has concluded stays concluded, whatever is said of it afterwards
            self._record = replace(self._record, status="unfinished", stopped="")
        self._spend = replace(self._spend, seconds=max(self._spend.seconds, float(data.get("elapsed", 0.0))))
        if event.kind == "observation":
            self._observe(restore(Observation, data["observation"]))
        elif event.kind == "hypotheses":
            self._step(data)
        elif event.kind == "verdict":
            self._try(data)
        elif event.kind == "resumed":
            budget = restore(Budget, data["budget"])
            self._record = replace(self._record, budget=budget, resumes=self._record.resumes + 1)
        elif event.kind == "stopped" and self._record.explanation is None:
            self._record = replace(self._record, status="stopped", stopped=str(data["reason"]))
        elif event.kind == "concluded":
            self._conclude(restore(Explanation, data["explanation"]))
        elif event.kind == "note":
            tokens, money = int(data.get("tokens", 0)), float(data.get("money", 0.0))
            self._spend = replace(self._spend, tokens=self._spend.tokens + tokens, money=self._spend.money + money)
            if "memo" in data:
                self._record = replace(self._record, memos=self._record.memos | {data["memo"]: untag(data["value"])})
            if "sandbox" in data:
                self._contain(restore(SandboxStanding, data["sandbox"]))

    def _contain(self, standing: SandboxStanding) -> None:
        assert self._record is not None
        if standing not in self._record.sandboxes:
            self._record = replace(self._record, sandboxes=(*self._record.sandboxes, standing))

    def _observe(self, observation: Observation) -> None:
        self._observations.append(observation)
        held_out = self._spend.held_out + (observation.purpose == "held_out")
        self._spend = replace(self._spend, queries=len(self._observations), held_out=held_out)

    def _step(self, data: dict[str, Any]) -> None:
        ranked = restore(tuple[Hypothesis, ...], data["ranked"])
        dropped = data["dropped"]
        for fallen in dropped:
            self._stand(fallen["id"], fallen["standing"], fallen["refuted_by"])
        self._hypotheses.update((h.id, h) for h in ranked)
        step = Step(
            number=len(self._steps) + 1,
            step=str(data["step"]),
            ranked=ranked,
            live=int(data["live"]),
            dropped=tuple((str(d["id"]), d["refuted_by"]) for d in dropped),
            queries=int(data["queries"]),
            seconds=float(data["elapsed"]),
        )
        self._steps.append(step)

    def _try(self, data: dict[str, Any]) -> None:
        frozen, verdict = restore(Frozen, data["explanation"]), restore(Verdict, data["verdict"])
        self._trials.append(Trial(data["hypothesis"], frozen, verdict))
        self._spend = replace(self._spend, rounds=len(self._trials))

    def _conclude(self, explanation: Explanation) -> None:
        assert self._record is not None
        self._record = replace(self._record, status="concluded", explanation=explanation)
        trial = replace(self._record, trials=tuple(self._trials)).trial
        if trial is not None and trial.hypothesis is not None:
            self._stand(trial.hypothesis, "concluded", None)

    def _stand(self, id: str, standing: Standing, refuted_by: int | None) -> None:
        if id in self._hypotheses:
            self._hypotheses[id] = replace(self._hypotheses[id], standing=standing, refuted_by=refuted_by)


def replay_state(events: Iterable[Event], *, run_id: str = "") -> RunRecord:
    """The record of the run that `events` (all of them, in order) belong to."""
    recorder = Recorder(run_id)
    for event in events:
        recorder.feed(event)
    return recorder.record()
