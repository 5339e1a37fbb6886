"""What an LLM scientist can do with one black box, as plain methods that answer in text: its tools are these."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ...tools.black_boxes.types import DomainError
from ...tools.induction.types import ExceptionRegion, Noise
from ..frozen import usable
from ..types import Hypothesis, Observation, Verdict
from .board import Board, Entry, Written
from .manners import Texts, manner_of
from .telling import Teller

if TYPE_CHECKING:
    from ...sandboxes.types import Sandbox
    from ...tools.judging.types import Judge
    from ..inquiry import JournaledInquiry

MOST_INPUTS = 64
"""Inputs in one call of a tool."""
_SHOWN_MISSES = 6
_LEAST_INDUCTION = 12
_RECALLED = 100
_EDGE_SHARE = 2e-4


class Mistake(Exception):
    """Something the model can mend: told to it as the tool's answer. The message says what to do instead."""


class Workbench:
    """One investigation as a language model sees it.

    `sandbox` opens where code that the model writes is run; `judge` says to which texts a description applies (text
    modules only); `keep` is told of every hypothesis written down, with what `restore` needs to know of it. Every
    method records in the journal what it did before it answers.
    """

    def __init__(
        self,
        inquiry: JournaledInquiry,
        sandbox: Callable[[], Sandbox],
        *,
        seed: int,
        judge: Judge | None = None,
        keep: Callable[[str, dict[str, Any]], None] = lambda id, fields: None,
    ) -> None:
        self.inquiry = inquiry
        self.keep = keep
        self.board = Board()
        self.verdicts: list[Verdict] = []
        self._open_sandbox = sandbox
        self._sandbox: Sandbox | None = None
        self._seed = seed
        self.manner = manner_of(inquiry.signature, inquiry.domain, lambda: self.sandbox, judge)
        self.teller = Teller(inquiry.signature, inquiry.domain)

    @property
    def sandbox(self) -> Sandbox:
        """Where the model's code runs; started when it is first needed."""
        if self._sandbox is None:
            self._sandbox = self._open_sandbox()
        return self._sandbox

    @property
    def concluded(self) -> bool:
        return bool(self.verdicts)

    def query(self, inputs: Sequence[Any], why: str) -> str:
        """Ask the black box; its answers, a line each."""
        observed = self._ask(inputs, why)
        lines = [self.teller.observation(o) for o in observed]
        if len(observed) < len(inputs):
            lines.append(f"({len(inputs) - len(observed)} inputs were not asked: the budget ran out)")
        return "\n".join([*lines, self.budget_line()])

    def record(
        self,
        description: str,
        code: str = "",
        *,
        exceptions: Sequence[ExceptionRegion] = (),
        noise: float | None = None,
        origin: str = "written by the model",
    ) -> str:
        """Write a hypothesis down; its id, and how it fits what is known."""
        id = self._put(self._candidate(description, code, exceptions, noise), origin, None)
        return f"{id} is written down.\n{self.check(id)}"

    def revise(
        self,
        id: str,
        description: str,
        code: str = "",
        *,
        because: str,
        exceptions: Sequence[ExceptionRegion] = (),
        noise: float | None = None,
        origin: str | None = None,
    ) -> str:
        """Put a better hypothesis in the place of `id`, which counts as revised."""
        parent = self._known(id)
        candidate = self._candidate(description, code, exceptions, noise, name=parent.candidate.name)
        self.board.change(id, alive=False)
        new = self._put(candidate, origin or f"revises {id}: {because}", id)
        return f"{new} replaces {id}.\n{self.check(new)}"

    def test(self, id: str, inputs: Sequence[Any], why: str) -> str:
        """Predict first, then ask: what hypothesis `id` says of fresh inputs, beside what the black box says."""
        entry = self._known(id)
        predicted = entry.candidate.says([self._read(i) for i in inputs])
        observed = self._ask(inputs, f"{id} is tested: {why}")
        lines = [
            f"{self.teller.observation(o)}   ({id} predicted {self.teller.value(p)})"
            for o, p in zip(observed, predicted)
        ]
        return "\n".join([*lines, self.check(id), self.budget_line()])

    def recall(self, first: int, last: int) -> str:
        """Observations by number, those that may be known."""
        if last < first:
            raise Mistake(f"expected first <= last, got {first} and {last}; swap them")
        known = [o for o in self.inquiry.observations() if first <= o.number <= last][:_RECALLED]
        return "\n".join(self.teller.observation(o) for o in known) or "There is no such observation."

    def run_python(self, code: str) -> str:
        """Run a script in the sandbox, with the observations at hand; what it printed."""
        from ...sandboxes.types import Returned

        known = [self.teller.plain(o) for o in self.inquiry.observations()]
        result = self.sandbox.run(_PREAMBLE + code, {"observations.json": json.dumps(known)}, seed=self._seed)
        said = result.stdout.strip() or "(nothing was printed)"
        if not isinstance(result.outcome, Returned):
            said = f"{said}\n{result.outcome}\n{result.stderr.strip()}".strip()
        return said

    def induce(self, max_queries: int) -> str:
        """Let the induction engine look for programs, with at most `max_queries` queries of its own."""
        from .inducing import induce_strings, induce_within

        if self.manner.kind == "texts":
            raise Mistake("induce works on numbers and on functions of texts; look at the observations instead")
        if self.manner.kind == "strings":
            gives = self.inquiry.signature.output
            found = induce_strings(self.inquiry, max_queries, seed=self._seed, gives=gives)
        elif max_queries < _LEAST_INDUCTION:
            raise Mistake(f"induce needs at least {_LEAST_INDUCTION} queries, got {max_queries}; allow it more")
        else:
            found = induce_within(self.inquiry, max_queries, seed=self._seed)
        if not found:
            return f"The engine found no program.\n{self.budget_line()}"
        lines = []
        for candidate in found:
            noise = candidate.noise.scale if candidate.noise else None
            written = self._candidate(candidate.description, candidate.code, candidate.exceptions, noise)
            id = self._same(written) or self._put(written, "found by induction", None)
            lines.append(f"{id}: {candidate.description}")
        for line in lines:
            self.check(line.partition(":")[0])
        return "\n".join(["The engine's hypotheses, its best first:", *lines, self.overview(), self.budget_line()])

    def conclude(self, id: str) -> str:
        """Hand hypothesis `id` to the verifier: fresh held-out inputs, a score, and what it got wrong."""
        entry = self._known(id)
        if not entry.tested:
            raise Mistake(f"{id} has not met a single observation yet; query, or test it, before concluding")
        if self.inquiry.rounds_left < 1:
            raise Mistake("no verification is left; the best verified hypothesis stands. Say your closing words.")
        verdict = self.inquiry.conclude(entry.candidate)
        self.verdicts.append(verdict)
        return self.teller.verdict(id, verdict, self.inquiry.rounds_left)

    def describe(self, id: str) -> str:
        """The words of hypothesis `id`."""
        return self._known(id).candidate.description

    def overview(self) -> str:
        """The live hypotheses, best first, and those that fell."""
        live = [f"{id} ({e.standing}{self._since(e)}): {e.candidate.description}" for id, e in self.board.live()]
        fallen = [f"{id} ({e.standing})" for id, e in self.board.entries.items() if not e.alive]
        lines = ["Live hypotheses, best first:", *live] if live else ["No hypothesis is written down."]
        return "\n".join(lines + ([f"Fallen: {', '.join(fallen)}"] if fallen else []))

    def _since(self, entry: Entry) -> str:
        """How many answers came after a hypothesis was tested on all."""
        new = len(list(self.inquiry.observations())) - entry.tested
        return f", {new} answers since" if entry.tested and new > 0 and not isinstance(self.manner, Texts) else ""

    def budget_line(self) -> str:
        inquiry = self.inquiry
        return f"[{inquiry.queries_left} queries and {inquiry.rounds_left} verifications left]"

    def best(self) -> str | None:
        """The id of the hypothesis to conclude with if the model does not: the best tested one, else any."""
        live = self.board.live()
        tested = [id for id, e in live if e.tested]
        return next(iter([*tested, *(id for id, _ in live)]), None)

    def close(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def restore(self, written: dict[str, dict[str, Any]]) -> None:
        """Put back on the board what was `written` before a restart, as the journal has it."""
        for id, fields in written.items():
            regions = tuple(ExceptionRegion(*row) for row in fields["exceptions"])
            candidate = Written(
                fields["name"],
                fields["description"],
                fields["code"],
                self.manner.predict,
                regions,
                _noise(fields["noise"]),
            )
            parent = fields["parent"]
            self.board.put(id, Entry(candidate, fields["origin"], parent))
            if parent in self.board:
                self.board.change(parent, alive=False)
        for id, _ in self.board.live():
            self.check(id)
        self.verdicts = [c.verdict for c in self.inquiry.conclusions]

    def candidate_of(self, hypothesis: Hypothesis) -> Written:
        """A hypothesis of the journal as something that predicts."""
        return Written(hypothesis.name, hypothesis.description, hypothesis.code or "", self.manner.predict)

    def _ask(self, inputs: Sequence[Any], why: str) -> list[Observation]:
        if not inputs:
            raise Mistake("no inputs were given; pass a list of at least one")
        if len(inputs) > MOST_INPUTS:
            raise Mistake(f"expected at most {MOST_INPUTS} inputs a call, got {len(inputs)}; choose the telling ones")
        if self.inquiry.queries_left < 1:
            raise Mistake("no query is left; conclude with what is known")
        before = len(self.inquiry.queries())
        try:
            self.inquiry.ask([self.teller.read(i) for i in inputs], why or "no reason given")
        except (DomainError, ValueError, TypeError) as error:
            raise Mistake(f"{error}; {self.teller.expected}") from error
        return self.inquiry.queries()[before:]

    def _candidate(
        self,
        description: str,
        code: str,
        exceptions: Sequence[ExceptionRegion],
        noise: float | None,
        *,
        name: str | None = None,
    ) -> Written:
        if not description.strip():
            raise Mistake("a hypothesis needs a description in words; say in a sentence what the black box does")
        if self.manner.needs_code:
            self._check_code(code)
        name = name or self.board.next_name()
        return Written(name, description.strip(), code, self.manner.predict, tuple(exceptions), _noise(noise))

    def _check_code(self, code: str) -> None:
        from ...sandboxes.types import LoadError

        if not code.strip():
            raise Mistake(f"a hypothesis needs code; define explained({', '.join(self.teller.names)})")
        try:
            self.sandbox.load(code, "explained").close()
        except LoadError as error:
            raise Mistake(
                f"the code does not load: {error}; it must define explained({', '.join(self.teller.names)})"
            ) from error

    def _put(self, candidate: Written, origin: str, parent: str | None) -> str:
        """Record `candidate` among the live hypotheses of the journal; the id it got."""
        same = self._same(candidate)
        if same is not None:
            raise Mistake(f"that is {same} already; test it, revise it, or conclude with it")
        self.inquiry.propose([*(e.candidate for _, e in self.board.live()), candidate], origin)
        id = self.inquiry.id_of(candidate)
        assert id is not None
        self.board.put(id, Entry(candidate, origin, parent))
        self.keep(
            id,
            {
                "name": candidate.name,
                "description": candidate.description,
                "code": candidate.code,
                "exceptions": [[r.low, r.high, r.description] for r in candidate.exceptions],
                "noise": candidate.noise.scale if candidate.noise else None,
                "origin": origin,
                "parent": parent,
            },
        )
        return id

    def _same(self, candidate: Written) -> str | None:
        """The live hypothesis that says the same; None if there is none."""
        sought = self._identity(candidate)
        return next((id for id, e in self.board.live() if self._identity(e.candidate) == sought), None)

    def _identity(self, candidate: Written) -> str:
        return candidate.code if self.manner.needs_code else candidate.description

    def _known(self, id: str) -> Entry:
        if id not in self.board:
            listed = ", ".join(i for i, _ in self.board.live()) or "none yet"
            raise Mistake(f"no hypothesis {id!r}; there are: {listed}. Write one down with record_hypothesis")
        entry = self.board[id]
        if not entry.alive:
            raise Mistake(f"{id} was revised; use the one that replaced it, or write a new one down")
        return entry

    def check(self, id: str) -> str:
        """How hypothesis `id` fits all that is known, in words; the board remembers it."""
        known = list(self.inquiry.observations())
        candidate = self.board[id].candidate
        if not known:
            return "Nothing is known yet to compare it with."
        if isinstance(self.manner, Texts):
            return self._check_words(id, known, self.manner.judge)
        predicted = candidate.says([o.input for o in known])
        wrong = [(o, p) for o, p in zip(known, predicted) if not self.manner.agrees(candidate, o, p)]
        first = wrong[0][0].number if wrong else None
        self.board.change(id, tested=len(known), right=len(known) - len(wrong), refuted_by=first)
        if not wrong:
            return f"{id} is right on all {len(known)} observations.{self._edges(candidate, known)}"
        worst = sorted(wrong, key=lambda pair: -_gap(pair[0].reply.value, pair[1]))[:_SHOWN_MISSES]
        lines = [f"{self.teller.observation(o)}, {id} says {self.teller.value(p)}" for o, p in worst]
        return "\n".join([f"{id} is wrong on {len(wrong)} of {len(known)} observations; the worst:", *lines])

    def _edges(self, candidate: Written, known: Sequence[Observation]) -> str:
        """Between which inputs the edges of the exceptions lie, as far as anybody has looked."""
        asked = sorted({o.input[0] for o in known if isinstance(o.input, tuple) and len(o.input) == 1})
        said = []
        for region in candidate.exceptions:
            for edge, outside, inside in (
                (region.low, [x for x in asked if x < region.low][-1:], [x for x in asked if x >= region.low][:1]),
                (region.high, [x for x in asked if x > region.high][:1], [x for x in asked if x <= region.high][-1:]),
            ):
                if outside and inside and abs(outside[0] - inside[0]) > _EDGE_SHARE * (asked[-1] - asked[0]):
                    said.append(f"{edge:g} (asked: {outside[0]:g} and {inside[0]:g})")
        return f" Edges of exceptions that could lie elsewhere: {', '.join(said)}." if said else ""

    def _check_words(self, id: str, known: Sequence[Observation], judge: str) -> str:
        """How well a description without code orders the responses: rank correlation with the judge's degrees."""
        from scipy.stats import spearmanr

        entry = self.board[id]
        scored = [o for o in known if usable(o.reply.value) is not None]
        degrees = entry.candidate.predict([o.input for o in scored])
        responses = [o.reply.number for o in scored]
        if len(scored) < 3 or len(set(responses)) < 2 or len({float(d) for d in degrees}) < 2:
            self.board.change(id, tested=len(scored), right=0)
            return f"Too little varies on {len(scored)} texts to say how {id} fits."
        fit = float(spearmanr(degrees, responses).statistic)
        self.board.change(id, tested=len(scored), right=round(max(0.0, fit) * len(scored)), fit=fit)
        return f"On {len(scored)} texts, how far {id} applies (by {judge}) and the responses correlate at {fit:.2f}."

    def _read(self, said: Any) -> Any:
        try:
            return self.teller.read(said)
        except (ValueError, TypeError) as error:
            raise Mistake(f"{error}; {self.teller.expected}") from error


def _noise(scale: float | None) -> Noise | None:
    return Noise("unknown", scale) if scale else None


def _gap(truth: Any, predicted: Any) -> float:
    """How far two answers lie apart; infinite where they are no numbers."""
    if isinstance(truth, float) and isinstance(predicted, float) and math.isfinite(truth - predicted):
        return abs(truth - predicted)
    return math.inf


_PREAMBLE = """import json, math
import numpy as np
with open("observations.json") as _file:
    observations = json.load(_file)
inputs = [o["input"] for o in observations]
outputs = [o["output"] for o in observations]
"""
