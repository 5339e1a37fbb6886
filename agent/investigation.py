"""One black box, one scientist, one journal, one budget: run it, stop it, resume it."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace

from ..tools.black_boxes.sandboxed import standing_of
from ..tools.black_boxes.types import BlackBox, BlackBoxError, Domain, DomainError, NumericDomain
from .budget import Budget, BudgetError
from .conclusion import best_conclusion
from .errors import StoreError
from .frozen import Frozen
from .ground import Ground
from .inquiry import JournaledInquiry
from .journal import Journal
from .numeric_ground import NumericGround
from .types import Explanation, Outcome, Scientist


class Investigation:
    """An investigation of `box` by `scientist`, recorded in `journal`, whose brief says the rest.

    `seed` and `domain`, when given, must be the brief's: a replay depends on them. `budget` may differ on resuming.
    `ground` says what the kind of box asks for; boxes of numbers have theirs without saying (see `casting.cast`).
    """

    def __init__(
        self,
        box: BlackBox,
        scientist: Scientist,
        journal: Journal,
        budget: Budget | None = None,
        seed: int | None = None,
        domain: Domain | None = None,
        ground: Ground | None = None,
    ) -> None:
        brief = journal.brief
        if seed is not None and seed != brief.seed:
            raise ValueError(f"run {journal.run_id} was begun with seed {brief.seed}, got {seed}; pass the same seed")
        if domain is not None and domain != brief.domain:
            raise DomainError(f"run {journal.run_id} was begun on {brief.domain}, got {domain}; pass the same domain")
        if brief.seed < 0:
            raise ValueError(f"a seed is a whole number from 0 up, got {brief.seed}")
        if ground is None:
            if not isinstance(brief.domain, NumericDomain):
                raise DomainError(
                    f"{brief.spec} does not take numbers; pass the ground of its kind (see `casting.cast`)"
                )
            ground = NumericGround(brief.domain)
        self._ground = ground
        self._box = box
        self._scientist = scientist
        self._journal = journal
        self._budget = budget
        self._seed = brief.seed

    @property
    def scientist(self) -> Scientist:
        """Who investigates."""
        return self._scientist

    @property
    def ground(self) -> Ground:
        """What the kind of box asks for."""
        return self._ground

    def by(self, scientist: Scientist) -> Investigation:
        """The same investigation by another scientist, such as one who listens to a person beside."""
        return Investigation(self._box, scientist, self._journal, self._budget, ground=self._ground)

    def run(self) -> Explanation:
        """Investigate from the start. Raises ValueError when the journal holds a run that has begun: resume that."""
        with self._journal.driving():
            if any(e.kind != "started" for e in self._journal.events()):
                raise ValueError(f"run {self._journal.run_id} has begun already; resume it")
            return self._drive(self._budget or self._journal.brief.budget)

    def resume(self) -> Explanation:
        """Go on where the run was left: the scientist starts anew and the journal answers what it has answers to.

        A run that has concluded is not touched; its explanation is returned.
        """
        with self._journal.driving():
            budget = self._journal.brief.budget
            for event in self._journal.events():
                if event.kind == "concluded":
                    return self._journal.read(Explanation, event, "explanation")  # type: ignore[no-any-return]
                if event.kind == "resumed":
                    budget = self._journal.read(Budget, event, "budget")
            budget = self._budget or budget
            self._journal.append("resumed", {"budget": budget})
            return self._drive(budget)

    def _drive(self, budget: Budget) -> Explanation:
        standing = standing_of(self._box)
        if standing is not None:  # in every sitting, for the next one may be on another machine
            self._journal.append("note", {"sandbox": standing})
        inquiry = JournaledInquiry(self._box, self._journal, budget=budget, seed=self._seed, ground=self._ground)
        try:
            self._let_investigate(inquiry)
            explanation = self._conclude(inquiry)
            self._illustrate(inquiry)
            ending = {"explanation": explanation, "elapsed": explanation.seconds}
            if explanation.round is not None and explanation.round < len(inquiry.conclusions):
                ending["kept"] = f"the explanation of round {explanation.round} verified better than the later ones"
            self._journal.append("concluded", ending)
        except BaseException as error:
            self._stop(inquiry, error)
            raise
        return explanation

    def _let_investigate(self, inquiry: JournaledInquiry) -> None:
        """Have the scientist work to its end. What it raises counts unless the run has an ending without it."""
        try:
            self._scientist.investigate(inquiry, seed=self._seed)
        except BudgetError:
            pass
        except Exception as error:
            if inquiry.broken or not (inquiry.is_hopeless or inquiry.conclusions):
                raise
            note = {
                "text": f"the scientist failed: {type(error).__name__}: {error}",
                "elapsed": inquiry.spend().seconds,
            }
            self._journal.append("note", note)
        if inquiry.broken:  # a scientist may have swallowed it
            raise inquiry.broken

    def _illustrate(self, inquiry: JournaledInquiry) -> None:
        """Keep what the report shows beside the answers; a box that cannot give it costs nobody the run."""
        best = best_conclusion(inquiry.conclusions, self._ground.better)
        wording = best.verdict.wording if best is not None else None
        counted = {number for number, _ in wording.degrees} if wording is not None else None
        held_out = [o for o in inquiry.held_out() if counted is None or o.number in counted]
        with contextlib.suppress(BlackBoxError):
            shown = self._ground.illustrate(self._box, held_out) if held_out else None
            if shown is not None:
                inquiry.remember("illustrations", lambda: shown)

    def _stop(self, inquiry: JournaledInquiry, error: BaseException) -> None:
        """Say in the journal why the run stopped, where it still can be written."""
        cause = (
            "black_box"
            if isinstance(error, BlackBoxError)
            else "store"
            if isinstance(error, StoreError)
            else "error"
            if isinstance(error, Exception)
            else "interrupted"
        )
        text = str(error) if cause in ("black_box", "store") else f"{type(error).__name__}: {error}".rstrip(": ")
        with contextlib.suppress(StoreError):
            self._journal.append("stopped", {"cause": cause, "reason": text, "elapsed": inquiry.spend().seconds})

    def _conclude(self, inquiry: JournaledInquiry) -> Explanation:
        best = best_conclusion(inquiry.conclusions, self._ground.better)
        if best is not None:
            verdict = best.verdict
            if verdict.score.held_out == 0:
                unscored = self._without_score(inquiry, best.frozen)
                if unscored.outcome == "failed" or inquiry.is_spent:
                    return unscored if unscored.outcome == "failed" else replace(unscored, outcome="out_of_budget")
                whole = self._explanation(inquiry, best.frozen, "not_better_than_baseline")
                return replace(whole, round=verdict.round, reason=verdict.reason)
            outcome: Outcome = "explained" if verdict.explains else "not_better_than_baseline"
            whole = self._explanation(inquiry, best.frozen, outcome)
            wording = replace(verdict.wording, degrees=()) if verdict.wording else None
            return replace(whole, score=verdict.score, round=verdict.round, reason=verdict.reason, wording=wording)
        return self._without_score(inquiry, Frozen.of(inquiry.best) if inquiry.best is not None else None)

    def _without_score(self, inquiry: JournaledInquiry, frozen: Frozen | None) -> Explanation:
        """The end of a run in which nothing could be scored."""
        trouble = self._ground.trouble(inquiry.queries())
        if trouble is not None:
            return self._explanation(inquiry, None, "failed", trouble)
        if not inquiry.is_spent and not inquiry.conclusions:
            return self._explanation(inquiry, frozen, "not_better_than_baseline", "no explanation was found")
        return self._explanation(inquiry, frozen, "out_of_budget", "the budget was spent before anything was explained")

    def _explanation(
        self, inquiry: JournaledInquiry, frozen: Frozen | None, outcome: Outcome, sentence: str = ""
    ) -> Explanation:
        spend = inquiry.spend()
        seconds = spend.seconds if math.isfinite(spend.seconds) else 0.0
        return Explanation(
            description=frozen.description if frozen else sentence,
            formula=frozen.formula if frozen else "",
            code=frozen.code if frozen else "",
            exceptions=frozen.exceptions if frozen else (),
            noise=frozen.noise if frozen else None,
            score=None,
            outcome=outcome,
            domain=self._ground.domain,
            queries=spend.queries,
            seconds=seconds,
            run_id=self._journal.run_id,
        )
