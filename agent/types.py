"""The domain in the field's words: what an investigation asks, supposes and concludes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ..tools.black_boxes.types import Domain, Input, Reply
from ..tools.induction.types import ExceptionRegion, Noise
from ..tools.scoring.types import Score
from .budget import Budget
from .codec import UNSAID
from .wording import Wording

EventKind = Literal["started", "resumed", "observation", "hypotheses", "verdict", "concluded", "stopped", "note"]
Standing = Literal["live", "refuted", "revised", "concluded"]
Purpose = Literal["query", "held_out"]
Outcome = Literal["explained", "not_better_than_baseline", "interrupted", "out_of_budget", "failed"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One input, what came back, and why it was asked.

    `repeat` counts earlier askings of the same input for the same purpose, so (purpose, input, repeat) names an
    observation by content. `number` is its place in the run, from 1: what people cite.
    """

    number: int
    input: Input
    reply: Reply
    why: str
    purpose: Purpose
    repeat: int
    asked_at: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A description that may be true, with code when it can be run.

    `bits`: description length of program and residuals, lower is better. `refuted_by`: the observation that
    killed it. `parent`: the hypothesis it revises. `evidence`: how it did on what was asked, in a phrase; hypotheses
    without code have no other account of it.
    """

    id: str
    name: str
    description: str
    formula: str
    code: str | None
    bits: float
    origin: str
    parent: str | None = None
    standing: Standing = "live"
    refuted_by: int | None = None
    evidence: str = field(default="", metadata=UNSAID)


@dataclass(frozen=True, slots=True)
class Failing:
    """A held-out input on which an explanation was wrong."""

    observation: Observation
    predicted: float | complex | str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verifier's word on a frozen explanation: its score and the held-out inputs it got wrong.

    `agreement` is the share of held-out inputs predicted within the tolerance that noise allows. `round` counts
    the run's verdicts from 1. `explains` says whether the explanation stands, `reason` why, in a short sentence.
    `failing` holds the worst ones first, at most 16; `failed` counts them all. `wording`: what the verdict on an
    explanation in words rests on.
    """

    score: Score
    agreement: float
    tolerance: float
    failing: tuple[Failing, ...]
    round: int = 1
    explains: bool = False
    reason: str = ""
    failed: int = 0
    wording: Wording | None = field(default=None, metadata=UNSAID)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an investigation ends with.

    `round` is the verdict that counts (from 1), which need not be the last; `reason` is what it said, `wording` what
    it rests on where the explanation is in words.
    """

    description: str
    formula: str
    code: str
    exceptions: tuple[ExceptionRegion, ...]
    noise: Noise | None
    score: Score | None
    outcome: Outcome
    domain: Domain
    queries: int
    seconds: float
    run_id: str
    round: int | None = None
    reason: str = ""
    wording: Wording | None = field(default=None, metadata=UNSAID)


@dataclass(frozen=True, slots=True)
class Event:
    """One committed row of a journal. `sequence` counts from 1 within a run."""

    sequence: int
    at: float
    kind: EventKind
    data: dict[str, Any]


Listener = Callable[[Event], None]


class Inquiry(Protocol):
    """What a scientist is allowed to do. It satisfies `tools.induction.Laboratory` for numeric boxes."""

    @property
    def budget(self) -> Budget: ...
    @property
    def domain(self) -> Domain: ...
    @property
    def queries_left(self) -> int: ...
    @property
    def seconds_left(self) -> float: ...
    @property
    def rounds_left(self) -> int:
        """How often `conclude` may still be called."""
        ...

    @property
    def is_hopeless(self) -> bool:
        """Whether the box has given nothing usable for so long that asking on is pointless."""
        ...

    def ask(self, points: Sequence[Any], why: str) -> list[Reply]: ...
    def propose(self, ranked: Sequence[Any], step: str) -> None: ...
    def conclude(self, candidate: Any) -> Verdict:
        """Freeze `candidate`, draw fresh held-out inputs, score it. A scientist may go on with the failures."""
        ...

    def observations(self) -> Iterator[Observation]: ...
    def remember(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gives (plain JSON data), made once in a run, however often it is resumed."""
        ...


class Scientist(Protocol):
    """The policy that proposes hypotheses and picks queries. Deterministic in (seed, replies)."""

    name: str

    def investigate(self, inquiry: Inquiry, *, seed: int) -> None: ...
