"""What a scientist may do, and nothing more: ask, propose, conclude."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from ..tools.black_boxes.types import BlackBox, Domain, Input, NumericDomain, Point, Reply, Signature
from .asking import Asker
from .budget import HELD_OUT_LEAST, Budget, BudgetError, Spend
from .codec import plain
from .conclusion import Conclusion
from .frozen import Frozen
from .ground import Ground
from .journal import Journal
from .numeric_ground import NumericGround
from .replay import Clock, Replay
from .standings import Standings
from .types import Hypothesis, Observation, Verdict

_TIME_SHARE = 0.3


class JournaledInquiry:
    """An `Inquiry` into a box whose every step is committed to `journal` before the next.

    On a journal that already holds events it replays them: the same questions get the same answers, at no cost.
    `ground` says what the kind of box asks for; a box of numbers needs no more than its `domain`.
    """

    def __init__(
        self,
        box: BlackBox,
        journal: Journal,
        *,
        budget: Budget,
        seed: int,
        domain: NumericDomain | None = None,
        ground: Ground | None = None,
    ) -> None:
        if ground is None:
            if domain is None:
                raise TypeError("an inquiry needs the domain of its numbers, or a ground")
            ground = NumericGround(domain)
        self.budget = budget
        self.seed = seed
        self.conclusions: list[Conclusion] = []
        self._box = box
        self._journal = journal
        self._ground = ground
        self._clock = Clock()
        self._replay = Replay(journal.events(), self._clock)
        self._asker = Asker(box, journal, budget, self._clock, self._replay)
        self._standings = Standings(ground)
        self._best: Any = None
        self._released: dict[int, Observation] = {}
        self._set_aside = ground.set_aside(budget)

    @property
    def domain(self) -> Domain:
        return self._ground.domain

    @property
    def signature(self) -> Signature:
        """Names of the inputs and what kind of output comes back."""
        return self._box.signature

    @property
    def queries_left(self) -> int:
        """Queries a scientist may still spend; what the next verification needs is set aside."""
        if self.is_hopeless or not self.rounds_left:
            return 0
        return max(0, self.budget.queries - self._asker.answered - self._set_aside)

    @property
    def seconds_left(self) -> float:
        """Seconds a scientist may still spend; the time that the next verification will take is set aside."""
        return max(0.0, self._deadline() - self._clock.elapsed)

    @property
    def rounds_left(self) -> int:
        return self.budget.rounds - len(self.conclusions)

    @property
    def is_hopeless(self) -> bool:
        """Whether the box has given nothing usable for so long that asking on is pointless."""
        return self._ground.is_hopeless(self.queries())

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left of some part of the budget."""
        return not (self.queries_left and self.seconds_left and self.rounds_left) or bool(self.overdrawn)

    @property
    def journal(self) -> Journal:
        """Where every step is committed."""
        return self._journal

    @property
    def elapsed(self) -> float:
        """Seconds that the run has worked, over all its restarts."""
        return self._clock.elapsed

    def at_rest(self) -> AbstractContextManager[None]:
        """Time spent inside the block is not the run's: somebody waits for a person."""
        return self._clock.stopped()

    @property
    def share_spent(self) -> float:
        """How much is spent of that part of the budget of which most is: 0 to 1, and beyond if one is overdrawn."""
        budget, spend = self.budget, self.spend()
        parts = [(spend.queries + self._set_aside, budget.queries), (spend.seconds, budget.seconds)]
        parts += [(spend.tokens, budget.tokens or math.inf), (spend.money, budget.money or math.inf)]
        return max(spent / limit for spent, limit in parts)

    @property
    def best(self) -> Any:
        """The first candidate of the last proposal."""
        return self._best

    @property
    def broken(self) -> Exception | None:
        """What ended the run for good: the box gone, or the store failing."""
        return self._asker.broken

    def spend(self) -> Spend:
        return self._asker.spend(len(self.conclusions))

    def observations(self) -> Iterator[Observation]:
        """What the scientist may know: its queries, and the held-out inputs that an explanation got wrong."""
        return iter([o for o in self._asker.observations if o.purpose == "query" or o.number in self._released])

    def known(self) -> Sequence[tuple[Point, Reply]]:
        """The same as inputs and replies (see `tools.induction.RememberingLaboratory`)."""
        return [(o.input, o.reply) for o in self.observations() if not isinstance(o.input, str)]

    def ask(self, points: Sequence[Any], why: str) -> list[Reply]:
        """Replies to `points` in order, fewer when the budget ran out. Raises DomainError outside a stated domain."""
        admitted = [self._ground.admit(p) for p in points]
        replies: list[Reply] = []
        for portion in self._ground.batches(admitted):
            if self.is_hopeless:
                break
            most = self.queries_left
            answered = self._asker.ask(portion, why, "query", most=most, deadline=self._deadline())
            replies += [o.reply for o in answered]
            if len(answered) < len(portion):
                break
        return replies

    def propose(self, ranked: Sequence[Any], step: str) -> None:
        """Record the live candidates, best first, and what became of those that are no longer among them."""
        shown, dropped = self._standings.update(ranked, step, self.queries())
        self._best = ranked[0] if ranked else None
        self._record(
            "hypotheses",
            {"step": step, "ranked": shown, "live": len(ranked), "dropped": dropped, "queries": self._asker.answered},
        )

    def conclude(self, candidate: Any) -> Verdict:
        """Freeze `candidate`, draw fresh held-out inputs, run its code on them, score it.

        The last verdict of a run counts unless an earlier one was better. Raises BudgetError when `rounds_left` is 0.
        """
        if self.rounds_left < 1:
            raise BudgetError(f"a run concludes at most {self.budget.rounds} times; pass a budget of more rounds")
        frozen = Frozen.of(candidate)
        if self._standings.id_of(frozen) is None:
            self.propose([candidate, *self._standings.candidates], "conclude")
        hypothesis = self._standings.id_of(frozen)
        round = len(self.conclusions) + 1
        held_out = self._draw(frozen, round)
        tried = self._standings.tried
        verdict = self._ground.judge(frozen, held_out, self.queries(), seed=self.seed, round=round, tried=tried)
        self._record("verdict", {"hypothesis": hypothesis, "explanation": frozen, "verdict": verdict})
        self._conclude_with(frozen, verdict)
        return verdict

    def charge(self, *, tokens: int = 0, money: float = 0.0, what: str, more: dict[str, Any] | None = None) -> None:
        """Record what a language model cost (tokens, US dollars), and `more` in the same event.

        Raises BudgetError once that is beyond the budget.
        """
        self._replay.tokens += tokens
        self._replay.money += money
        note = {"what": what, "tokens": tokens, "money": money, "elapsed": self._clock.elapsed}
        self._journal.append("note", {**(more or {}), **note})
        if self.overdrawn:
            raise BudgetError(f"{self.overdrawn}; pass a larger budget to go on")

    def remember(self, key: str, make: Callable[[], Any]) -> Any:
        """What `make` gives (plain JSON data), made once in a run: the journal has it when the run is resumed.

        For what a replay could not make again: plans that depend on the clock, what a chat model said.
        """
        if self._replay.has_memo(key):
            return self._replay.memo(key)
        value = plain(make())
        self._journal.append("note", {"memo": key, "value": value, "elapsed": self._clock.elapsed})
        return value

    def _conclude_with(self, frozen: Frozen, verdict: Verdict) -> None:
        self.conclusions.append(Conclusion(frozen, verdict))
        self._released.update((f.observation.number, f.observation) for f in verdict.failing)
        self._set_aside = self._next_set_aside()

    def hypotheses(self) -> list[Hypothesis]:
        """The live hypotheses, best first."""
        return self._standings.live

    def id_of(self, candidate: Any) -> str | None:
        """The live hypothesis that `candidate` is; None if it was not proposed, or has fallen."""
        return self._standings.id_of(candidate)

    def catch_up(self, before: int, candidate: Callable[[Hypothesis], Any]) -> None:
        """Take the journal's events before the sequence number `before` as lived, instead of living them again.

        For a scientist whose own memory has outlived the restart. What the journal holds from `before` on is still
        handed out to whoever asks the same again. `candidate` makes a hypothesis into one that can be proposed.
        """
        for event in self._journal.events():
            if event.sequence >= before:
                break
            if event.kind == "observation":
                self._asker.relive(self._journal.read(Observation, event, "observation"))
            elif event.kind == "hypotheses":
                self._replay.skip("hypotheses")
                shown = self._journal.read(tuple[Hypothesis, ...], event, "ranked")
                self._standings.restore([(h, candidate(h)) for h in shown], len(self.queries()))
                self._best = next(iter(self._standings.candidates), None)
            elif event.kind == "verdict":
                self._replay.skip("verdict")
                verdict = self._journal.read(Verdict, event, "verdict")
                self._conclude_with(self._journal.read(Frozen, event, "explanation"), verdict)
        self._replay.forget_truncations()

    @property
    def overdrawn(self) -> str:
        """What language models spent beyond the budget, in words; empty when they did not."""
        if self.budget.tokens is not None and self._replay.tokens > self.budget.tokens:
            return f"{self._replay.tokens} tokens are spent of {self.budget.tokens}"
        if self.budget.money is not None and self._replay.money > self.budget.money:
            return f"{self._replay.money:.4g} dollars are spent of {self.budget.money:.4g}"
        return ""

    def queries(self) -> list[Observation]:
        """What was asked to find an explanation, in order."""
        return [o for o in self._asker.observations if o.purpose == "query"]

    def held_out(self) -> list[Observation]:
        """What was asked to verify, in order; no scientist is shown it."""
        return [o for o in self._asker.observations if o.purpose == "held_out"]

    def _record(self, kind: Any, data: dict[str, Any]) -> None:
        data = plain({**data, "elapsed": self._clock.elapsed})
        if not self._replay.holds(kind, data):
            self._journal.append(kind, data)

    def _draw(self, frozen: Frozen, round: int) -> list[Observation]:
        """Fresh held-out observations; repeats of old inputs only where a domain of whole numbers has no fresh ones."""
        count = min(self._set_aside, self.budget.queries - self._asker.answered)
        inputs = self._fresh(frozen, round, count, self._asker.observations)
        if self._asker.would_stray(inputs, "held_out"):
            inputs = self._fresh(frozen, round, count, self._journal.observations())
        why = f"held-out inputs of round {round}"
        if len(inputs) < min(count, HELD_OUT_LEAST):
            repeats = self._ground.repeat(count - len(inputs), seed=self.seed, round=round)
            why += ", with repeats: the domain holds no more" if repeats else ""
            inputs += repeats
        deadline = max(self.budget.seconds, self._clock.elapsed) + self._ground.overrun * self.budget.seconds
        found: list[Observation] = []
        for portion in self._ground.batches(inputs):
            answered = self._asker.ask(portion, why, "held_out", most=count - len(found), deadline=deadline)
            found += answered
            if len(answered) < len(portion):
                break
        return found

    def _fresh(self, frozen: Frozen, round: int, count: int, asked: Sequence[Observation]) -> list[Input]:
        taken = {o.input for o in asked}
        return self._ground.draw(frozen, count, taken, self.queries(), seed=self.seed, round=round)

    def _next_set_aside(self) -> int:
        """Queries kept for the next round's verification: a third of what is left, or all of it when that is little."""
        left = self.budget.queries - self._asker.answered
        if left < 2 * HELD_OUT_LEAST:
            return max(0, left)
        return min(self._ground.set_aside(self.budget), max(HELD_OUT_LEAST, left // 3))

    def _deadline(self) -> float:
        """When the scientist's time ends: verification gets what its queries will take, at most 30 % of the whole."""
        seen = self._asker.observations
        if not math.isfinite(self.budget.seconds) or not seen:
            return self.budget.seconds
        each = self._ground.seconds_each(seen)
        return self.budget.seconds - min(_TIME_SHARE * self.budget.seconds, 1.2 * each * self._set_aside)
