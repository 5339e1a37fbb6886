"""The inductive scientist with a person beside it: what they do is lived at the same place in every replay."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agent import Budget, BudgetError, Observation, Verdict
from ...agent.inductive import SecondLook, learned_from
from ...tools.black_boxes import Domain, DomainError, NumericDomain, Reply
from .desk import Answered, Desk, Enough, Step
from .evidence import Told, tells, wrong_on
from .expressions import ExpressionError, PersonCandidate, code_of
from .wording import PERSON_ASKED, observation_line, verified_text

if TYPE_CHECKING:
    from ...agent import JournaledInquiry, Scientist

ORIGIN = "a person"
_TESTS = 6
_RESERVE_MOST = 60
_SAMPLED = 256
_LOOKED_AT = 8
WordsTest = Callable[[str, Sequence[Observation]], Any]
"""A description and what is known → a candidate that has been tested on it (text modules)."""


class GuidedScientist:
    """`inner`, who pauses when the person says so and does what they ask between its own steps.

    When it has come to its end it waits for the person, until they end the run or leave. `test_words` makes a
    candidate of a description in words.
    """

    def __init__(self, inner: Scientist, desk: Desk, *, test_words: WordsTest | None = None) -> None:
        self.name = inner.name
        self._inner = inner
        self._desk = desk
        self._test_words = test_words

    def investigate(self, inquiry: Any, *, seed: int) -> None:
        guided = GuidedInquiry(inquiry, self._desk, seed=seed, test_words=self._test_words)
        self._desk.give_back()
        try:
            with contextlib.suppress(BudgetError):
                self._inner.investigate(guided, seed=seed)
            guided.wait_for_the_end()
        except Enough:
            return


class GuidedInquiry:
    """An inquiry that a person has a hand in. It satisfies `tools.induction.RememberingLaboratory`."""

    def __init__(self, inquiry: JournaledInquiry, desk: Desk, *, seed: int, test_words: WordsTest | None) -> None:
        self._inquiry = inquiry
        self._desk = desk
        self._seed = seed
        self._test_words = test_words
        self._place = 0
        self._people: dict[str, Any] = {}
        self._shown: dict[str, Any] = {}
        self._ranked: list[Any] = []
        self._by_step: dict[int, str] = {}
        self._reserve = min(_RESERVE_MOST, inquiry.budget.queries // 5)

    @property
    def budget(self) -> Budget:
        return self._inquiry.budget

    @property
    def domain(self) -> Domain:
        return self._inquiry.domain

    @property
    def queries_left(self) -> int:
        """What the scientist may still ask: a share of the budget is kept for what the person will want to know."""
        if self._reserve <= 0:
            return self._inquiry.queries_left
        theirs = sum(o.why == PERSON_ASKED or ORIGIN in o.why for o in self._inquiry.queries())
        return max(0, self._inquiry.queries_left - max(0, self._reserve - theirs))

    @property
    def seconds_left(self) -> float:
        return self._inquiry.seconds_left

    @property
    def rounds_left(self) -> int:
        """How often the scientist may still conclude: the last verification is the person's, where there are more."""
        kept = 1 if self._reserve > 0 and self.budget.rounds > 1 else 0
        return max(0, self._inquiry.rounds_left - kept)

    @property
    def is_hopeless(self) -> bool:
        return self._inquiry.is_hopeless

    def observations(self) -> Iterator[Observation]:
        return self._inquiry.observations()

    def known(self) -> Sequence[tuple[Any, Reply]]:
        return self._inquiry.known()

    def remember(self, key: str, make: Callable[[], Any]) -> Any:
        return self._inquiry.remember(key, make)

    def charge(self, **costs: Any) -> None:
        self._inquiry.charge(**costs)

    def ask(self, points: Sequence[Any], why: str) -> list[Reply]:
        self._pass()
        return self._inquiry.ask(points, why)

    def propose(self, ranked: Sequence[Any], step: str) -> None:
        self._pass()
        self._ranked = list(ranked)
        self._propose(step)

    def conclude(self, candidate: Any) -> Verdict:
        self._pass()
        verdict = self._inquiry.conclude(candidate)
        self._remember_ids([candidate])
        return verdict

    def wait_for_the_end(self) -> None:
        """Do what the person says until they end the run."""
        while True:
            self._place += 1
            recorded = self._desk.recorded_at(self._place)
            if recorded:
                for step in recorded:
                    self._live(step)
                continue
            step = self._desk.next(self._inquiry.at_rest)
            self._desk.begin(step, self._place)
            self._live(step)

    def _pass(self) -> None:
        """A step of the scientist's begins: what the person did here before is lived again, then what is new."""
        self._place += 1
        desk = self._desk
        desk.check()
        for step in desk.recorded_at(self._place):
            self._live(step)
        if self._place < desk.reached:
            return
        desk.reached = self._place
        while True:
            desk.hold(self._inquiry.at_rest)
            fresh = desk.take()
            if fresh is None:
                return
            desk.begin(fresh, self._place)
            self._live(fresh)

    def _live(self, step: Step) -> None:
        """Do what the person asked, and answer. Raises `Enough` when that was to end the run."""
        self._desk.mark_done(step.number)
        try:
            answer = Answered(self._do(step))
        except (DomainError, ExpressionError, ValueError, TypeError) as error:
            answer = Answered(str(error), failed=True)
        self._desk.finish(step, answer)
        if step.command == "conclude" and not answer.failed:
            raise Enough

    def _do(self, step: Step) -> str:
        given = step.arguments
        if step.command == "query":
            return self._query(given["inputs"])
        if step.command == "edit":
            return self._edit(step, given["id"], given["text"])
        if step.command == "score":
            return self._verify(self._candidate(given["id"]), given["id"])
        if step.command == "conclude":
            return self._conclude(given.get("id"))
        if step.command == "again":
            return self._again()
        if step.command == "undo":
            return self._undo(given["of"])
        raise ValueError(f"{step.command} needs a chat model; begin the chat with --model PROVIDER:MODEL")

    def _query(self, inputs: Sequence[Any]) -> str:
        before = len(self._inquiry.queries())
        points = [i if isinstance(i, str) else tuple(i) for i in inputs]
        self._inquiry.ask(points, PERSON_ASKED)
        observed = self._inquiry.queries()[before:]
        lines = [observation_line(o, self._inquiry.signature.names) for o in observed]
        if len(observed) < len(points):
            lines.append(f"{len(points) - len(observed)} inputs were not asked: the budget is spent")
        return "\n".join([*lines, *self._fallen()])

    def _edit(self, step: Step, id: str, text: str) -> str:
        """Record the person's hypothesis, then test it: on what is known, and where it differs from the best."""
        candidate = self._written(id, text)
        same = self._inquiry.id_of(candidate)
        if same is not None:
            raise ValueError(f"that is {same} already; /why {same} says what speaks for it, /score {same} verifies it")
        self._people[candidate.name] = candidate
        self._propose(ORIGIN)
        new = self._inquiry.id_of(candidate)
        self._by_step[step.number] = candidate.name
        lines = [f"{new} is recorded beside {id}: {candidate.description}"]
        if isinstance(candidate, PersonCandidate):
            points = self._tests(candidate, step.number)
            if points:
                before = len(self._inquiry.queries())
                self._inquiry.ask(points, f"{new}, a person's, is tested")
                fresh = self._inquiry.queries()[before:]
                lines.append(f"tested on {len(fresh)} fresh inputs, #{fresh[0].number} to #{fresh[-1].number}")
            wrong = wrong_on(candidate, self._told(candidate))
            known = sum(1 for _ in self._told(candidate))
            if wrong:
                lines.append(f"it is wrong on {len(wrong)} of {known} observations; the worst:")
                names = self._inquiry.signature.names
                lines += [f"{observation_line(t.observation, names)}; {new} says {t.predicted:.6g}" for t in wrong[:3]]
            else:
                lines.append(f"it is right on all {known} observations")
        else:
            lines.append(candidate.evidence)
        return "\n".join([*lines, *self._fallen()])

    def _written(self, id: str, text: str) -> Any:
        if id not in self._shown:
            there = ", ".join(self._shown) or "none yet"
            raise ValueError(f"there is no hypothesis {id}; there are: {there}")
        name = f"{ORIGIN}'s {len(self._people) + 1}"
        if not isinstance(self.domain, NumericDomain):
            if self._test_words is None:
                raise ValueError("no judge is at hand to test words by")
            return self._test_words(text, list(self.observations()))
        names = self._inquiry.signature.names or ("x",)
        code = code_of(text, names)
        noise = self._ranked[0].noise if self._ranked else None
        return PersonCandidate(name, text, text, code, noise, f"in the place of {id}")

    def _tests(self, candidate: Any, number: int) -> list[Any]:
        """Fresh inputs where the candidate and the scientist's best differ most; scattered ones if nowhere."""
        assert isinstance(self.domain, NumericDomain)
        count = min(_TESTS, self._inquiry.queries_left)
        if count < 1:
            return []
        rng = np.random.default_rng(np.random.SeedSequence(entropy=self._seed, spawn_key=(0x9E0, number)))
        points = list(dict.fromkeys(self.domain.sample(rng, _SAMPLED)))
        if self._ranked:
            with np.errstate(all="ignore"):
                said = np.asarray(candidate.predict(np.array(points, dtype=np.float64)))
                rival = np.asarray(self._ranked[0].predict(np.array(points, dtype=np.float64)))
                gaps = np.nan_to_num(np.abs(said - rival) / (1.0 + np.abs(rival)), nan=np.inf)
            order = np.argsort(-gaps, kind="stable")
            differing = [points[int(k)] for k in order if gaps[int(k)] > 1e-6]
            points = [*differing[: count - 2], *(p for p in points if p not in differing[: count - 2])]
        return points[:count]

    def _candidate(self, id: str) -> Any:
        if id not in self._shown:
            raise ValueError(f"there is no hypothesis {id}; there are: {', '.join(self._shown) or 'none yet'}")
        return self._shown[id]

    def _verify(self, candidate: Any, id: str) -> str:
        if self._inquiry.rounds_left < 1:
            raise ValueError(
                f"all {self.budget.rounds} verifications of the budget are used; give more with --budget-rounds"
            )
        verdict = self._inquiry.conclude(candidate)
        self._remember_ids([candidate])
        return verified_text(id, verdict)

    def _conclude(self, id: str | None) -> str:
        """End the run: with `id` verified, or the best hypothesis if nothing is yet."""
        if id is not None:
            return self._verify(self._candidate(id), id)
        verified = {c.frozen.description for c in self._inquiry.conclusions}
        best = self._best()
        if best is None or str(best.description) in verified or self._inquiry.rounds_left < 1:
            return "the run ends with what has been verified"
        return self._verify(best, self._inquiry.id_of(best) or "the best hypothesis")

    def _again(self) -> str:
        """Another round of induction, from all that is known by now."""
        if not isinstance(self.domain, NumericDomain):
            return "the scientist has done what it can with texts; ask with /query, or put your own words with /edit"
        from ...tools.induction import induce

        self._reserve = 0  # they have said what the rest is for
        if self.rounds_left < 1 or self.queries_left < 1:
            return "the budget is spent: there is nothing left to go on with"
        with np.errstate(all="ignore"):
            ranked = induce(SecondLook(self), seed=self._seed)
        last = self._inquiry.conclusions[-1].verdict if self._inquiry.conclusions else None
        better = [c for c in ranked if last is None or learned_from(c.code, last)]
        if not better:
            return "another round found nothing better"
        verdict = self.conclude(better[0])
        return verified_text(self._inquiry.id_of(better[0]), verdict)

    def _undo(self, of: int) -> str:
        step = self._desk.steps[of]
        if step.command != "edit":
            return f"what the black box answered stays answered: /{step.command} cannot be taken back"
        name = self._by_step.get(of)
        if name is None or name not in self._people:
            return "that hypothesis is no longer live: there is nothing to take back"
        taken = self._people.pop(name)
        id = self._inquiry.id_of(taken)
        self._propose("a person took theirs back")
        return f"{id} is withdrawn; what was asked to test it stays answered"

    def _propose(self, step: str) -> None:
        """The scientist's candidates and the people's, each where its misses put it."""
        merged = list(self._ranked)
        if self._people:
            known = [o for o in self.observations() if tells(o)]
            misses = {id(c): self._misses(c, known) for c in [*merged[:_LOOKED_AT], *self._people.values()]}
            for candidate in self._people.values():
                worse = (k for k, c in enumerate(merged[:_LOOKED_AT]) if misses.get(id(c), 0) > misses[id(candidate)])
                merged.insert(next(worse, min(len(merged), _LOOKED_AT - len(self._people))), candidate)
        self._inquiry.propose(merged, step)
        self._remember_ids(merged)

    def _misses(self, candidate: Any, known: Sequence[Observation]) -> float:
        if not isinstance(self.domain, NumericDomain):
            return -float(getattr(candidate, "merit", 0.0))
        return float(len(wrong_on(candidate, _told_by(candidate, known))))

    def _told(self, candidate: Any) -> list[Told]:
        return _told_by(candidate, [o for o in self.observations() if tells(o)])

    def _fallen(self) -> list[str]:
        """Refute those of the people's hypotheses that an observation speaks against."""
        if not isinstance(self.domain, NumericDomain):
            return []
        lines = []
        for name, candidate in list(self._people.items()):
            wrong = wrong_on(candidate, self._told(candidate))
            if wrong:
                id = self._inquiry.id_of(candidate)
                del self._people[name]
                lines.append(f"{id} is refuted, by #{min(t.observation.number for t in wrong)} first")
        if lines:
            self._propose("tested against what is known")
        best = self._best()
        if best is not None and not lines:
            wrong = wrong_on(best, self._told(best))
            if wrong:
                id = self._inquiry.id_of(best) or "the best hypothesis"
                lines.append(f"#{wrong[0].observation.number} speaks against {id}; /resume lets the scientist mend it")
        return lines

    def _best(self) -> Any:
        return self._inquiry.best

    def _remember_ids(self, candidates: Sequence[Any]) -> None:
        for candidate in candidates:
            id = self._inquiry.id_of(candidate)
            if id is not None:
                self._shown[id] = candidate


def _told_by(candidate: Any, known: Sequence[Observation]) -> list[Told]:
    points = [o.input for o in known]
    if not points:
        return []
    with np.errstate(all="ignore"):
        said = np.asarray(candidate.predict(np.array(points, dtype=np.float64))).reshape(-1)
    return [Told(o, float(v) if np.isfinite(v) else None) for o, v in zip(known, said)]
