"""The inductive scientist for functions computed from texts: look, suppose, ask what tells suppositions apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..tools.black_boxes.types import TextDomain
from ..tools.strings import probes
from ..tools.strings.branching import Branched, Induced, Table, induce
from ..tools.strings.certain import Certain, certain, differs
from ..tools.strings.queries import at_the_edges, exploring, in_each_case, meeting, resembling, separating, typical
from ..tools.strings.scoring import as_text
from ..tools.strings.types import Gives, Pair, Program, consistent
from .string_candidates import StringCandidate, candidate_of, restored
from .string_examples import illustrations, memo_key
from .string_plan import REPEATED, StringPlan, plan_for
from .types import Inquiry, Verdict

Induce = Callable[..., Induced]
"""As `tools.strings.branching.induce`."""
_SHOWN = 8
_TOLD_APART = 10
_BATCH = 6
_FRESH = 12
_CONFIRMED = 54
"""Fresh texts in a row that the leader must get right before the scientist is content."""
_STEPS = 60
_SECONDS = (6.0, 18.0)
"""How long each search may take that begins without a program that fits."""
_RANDOM_SECONDS = 12.0
_SEARCH_SHARE = 0.8
"""Of the time left, what a search may take at most."""
_LEAST_SECONDS = 0.5
_LEAST_QUERIES = 8
_KEPT_PART = 10
_ODD_SHARE = 0.2
"""Texts that the nearest program gets wrong are taken for exceptions where they are no more than this."""
_RANDOM_TEXTS, _RANDOM_TIMES = 12, 4


class StringScientist:
    """Look, induce programs, ask what separates them, confirm on fresh texts, conclude; with failures, go round again.

    What it decides is kept with `Inquiry.remember`, so a resumed run takes up the thread without inducing again.
    `gives`: what the box gives; numbers are learned as texts. `engine` stands in for the induction in tests.
    """

    name = "inductive"

    def __init__(self, gives: Gives = "text", *, engine: Induce = induce) -> None:
        self._gives = gives
        self._engine = engine

    def investigate(self, inquiry: Inquiry, *, seed: int) -> None:
        _Study(inquiry, seed, self._gives, self._engine).run()


class _Study:
    """One investigation under way."""

    def __init__(self, inquiry: Inquiry, seed: int, gives: Gives, engine: Induce) -> None:
        domain = inquiry.domain
        if not isinstance(domain, TextDomain):
            raise TypeError(f"induction from texts works on texts, got {type(domain).__name__}")
        self._inquiry = inquiry
        self._domain = domain
        self._seed = seed
        self._gives = gives
        self._engine = engine
        self._plan = StringPlan(0, 0)
        self._kept = 0  # queries for later rounds
        self._steps = 0
        self._round = 0
        self._last: dict[str, Any] = {}
        self._induced: Induced | None = None
        self._ranked: list[StringCandidate] = []

    def run(self) -> None:
        self._look()
        if self._inquiry.is_hopeless or not any(reply is not None for _, reply in self._pairs()):
            return
        while not differs(self._replies()):
            self._settle()
            if differs(self._replies()):
                break
            if not self._ranked:
                return
            self._illustrate()
            verdict = self._inquiry.conclude(self._ranked[0])
            if not self._worth_another_round(verdict):
                return
        self._describe_random()

    def _look(self) -> None:
        """Ask the probes, as many as the box's speed allows, and a few of them again."""
        texts = probes(self._domain) or typical([], rng=self._rng(0), most=8, domain=self._domain)
        first = texts[: min(4, self._inquiry.queries_left)]
        self._inquiry.ask(first, "probes: a first look")
        made = self._inquiry.remember("plan", lambda: plan_for(self._inquiry, self._seconds_each()).as_dict())
        self._plan = StringPlan(**made)
        self._kept = self._plan.queries // _KEPT_PART
        rest = texts[len(first) : self._plan.opening]
        self._inquiry.ask(rest[: self._room()], "probes: lengths, letters, digits, marks, spaces")
        again = [t for t in REPEATED if t in {*first, *rest}] or first[:2]
        self._inquiry.ask([*again, *again[:2]][: self._room()], "asked again: is the answer the same?")

    def _settle(self) -> None:
        """Step by step, until the leader is confirmed or there is nothing left to ask with."""
        for _ in range(_STEPS):
            self._last = step = self._inquiry.remember(f"step {self._steps}", self._think)
            self._steps += 1
            self._ranked = [restored(data, self._gives) for data in step["ranked"]]
            if self._ranked:
                self._inquiry.propose(self._ranked, step["why"])
            if not step["ask"] or differs(self._replies()):
                return
            self._inquiry.ask(step["ask"], step["why"])

    def _think(self) -> dict[str, Any]:
        """What stands now, and what to ask next: nothing once the leader is confirmed, or where the means end."""
        pairs = self._pairs()
        programs = self._programs(pairs)
        if not programs or (isinstance(programs[0], Table) and self._lost < len(_SECONDS)):
            return self._at_a_loss(pairs)
        leader = programs[0].code()
        earlier = self._last.get("leader") == leader
        since = int(self._last["since"]) if earlier else len(pairs)
        ask, why = self._what_to_ask(programs, [t for t, _ in pairs], len(pairs) - since)
        ranked = [candidate_of(p, pairs, self._gives).as_dict() for p in programs[:_SHOWN]]
        return {"ranked": ranked, "ask": ask, "why": why, "leader": leader, "since": since, "lost": self._lost}

    def _what_to_ask(self, programs: Sequence[Program], known: Sequence[str], confirmed: int) -> tuple[list[str], str]:
        room, rng = self._room(), self._rng(1 + self._steps)
        apart = separating(programs[:_TOLD_APART], known, rng=rng, most=min(_BATCH, room), domain=self._domain)
        if apart:
            return apart, f"texts that tell {len(programs)} programs apart"
        wanted = _CONFIRMED + (_FRESH if isinstance(programs[0], Branched) else 0) - confirmed
        count = min(room, _FRESH, wanted)
        if count <= 0:
            return [], "confirmed on fresh texts" if wanted <= 0 else "no queries are left"
        leader = programs[0]
        fresh = at_the_edges(leader, known, rng=rng, most=count // 4, domain=self._domain)
        if isinstance(leader, Branched):
            fresh += in_each_case(leader, [*known, *fresh], rng=rng, most=count // 3, domain=self._domain)
        fresh += exploring([*known, *fresh], rng=rng, most=max(1, count // 2 - len(fresh) // 2), domain=self._domain)
        fresh += typical([*known, *fresh], rng=rng, most=count - len(fresh), domain=self._domain)
        return fresh, "fresh texts: does the leader hold?"

    def _programs(self, pairs: Sequence[Pair]) -> list[Program]:
        """Those that agree with all pairs; a new search where none of the earlier ones does."""
        known = [p for p in (self._induced.programs if self._induced else ()) if consistent(p, pairs)]
        if self._induced is not None and any(not isinstance(p, Table) for p in known):
            self._induced = replace(self._induced, programs=tuple(known))
            return known
        most = _SECONDS[min(self._lost, len(_SECONDS) - 1)]
        seconds = min(most, _SEARCH_SHARE * self._inquiry.seconds_left)
        if seconds < _LEAST_SECONDS and self._induced is not None:
            return []
        self._induced = self._engine(pairs, seconds=max(seconds, _LEAST_SECONDS), resume=self._induced)
        return list(self._induced.programs)

    @property
    def _lost(self) -> int:
        """How many searches in a row found nothing."""
        return int(self._last.get("lost", 0))

    def _at_a_loss(self, pairs: Sequence[Pair]) -> dict[str, Any]:
        """Nothing fits: ask more of what the nearest programs dispute, and the same again, for it may be random."""
        near = self._induced.near if self._induced else ()
        ranked = [candidate_of(n.program, pairs, self._gives).as_dict() for n in near[:_SHOWN]]
        known, room, rng = [t for t, _ in pairs], self._room(), self._rng(1 + self._steps)
        lost = self._lost + 1
        ask: list[str] = []
        if lost <= len(_SECONDS) and self._inquiry.seconds_left > _LEAST_SECONDS:
            programs = [n.program for n in near[:_TOLD_APART]]
            ask = separating(programs, known, rng=rng, most=_BATCH, domain=self._domain)
            right = set(near[0].right) if near else set()
            odd = [t for k, t in enumerate(known) if k not in right]
            if len(odd) <= _ODD_SHARE * len(known):
                ask += resembling(odd, [*known, *ask], rng=rng, most=_BATCH, domain=self._domain)
            if self._induced is not None:
                seen = [*known, *ask]
                ask += meeting(self._induced.conditions, seen, rng=rng, most=2 * _BATCH, domain=self._domain)
            ask += exploring([*known, *ask], rng=rng, most=_BATCH, domain=self._domain)
            ask += [known[int(k)] for k in rng.permutation(len(known))[: _BATCH // 2]]
        return {"ranked": ranked, "ask": ask[:room], "why": "no program fits: a wider look", "lost": lost}

    def _illustrate(self) -> None:
        """Keep what the report shows of the leader; a run that was resumed just here has nothing more to show."""
        programs = self._induced.programs if self._induced else ()

        def make() -> dict[str, Any]:
            if not programs or programs[0].code(self._gives) != self._ranked[0].code:
                return {}
            return illustrations(programs[0], programs[1:], self._pairs(), self._domain, self._rng(-1 % 2**16))

        self._round += 1
        self._inquiry.remember(memo_key(self._round), make)

    def _describe_random(self) -> None:
        """The same text gets different answers: ask some often, and say what is certain."""
        self._kept = 0
        known = self._replies()
        telling = sorted((t for t in known if 2 <= len(t) <= 20), key=lambda t: (-len(known[t]), len(t)))
        texts = telling[:_RANDOM_TEXTS] or list(known)
        again = [t for _ in range(_RANDOM_TIMES) for t in texts]
        self._inquiry.ask(again[: self._room()], "asked again: the answers differ, what of them does not?")
        seconds = min(_RANDOM_SECONDS, 0.4 * self._inquiry.seconds_left)
        made = self._inquiry.remember("random", lambda: self._random_candidate(seconds))
        candidate = restored(made, self._gives)
        self._inquiry.propose([candidate], "what is certain of answers that differ")
        if self._inquiry.rounds_left:
            self._inquiry.conclude(candidate)

    def _random_candidate(self, seconds: float) -> dict[str, Any]:
        replies = self._replies()
        found = certain(replies, seconds=seconds, engine=self._engine)
        asked = sum(len(said) > 1 for said in replies.values())
        differing = sum(len(set(said)) > 1 for said in replies.values())
        description = " ".join(
            ["Gives different answers for the same text.", *(found.facts or ("Nothing about them is certain.",))]
        )
        return {
            "description": description,
            "code": _random_code(found, self._gives),
            "bits": round(found.likeliest.size if found.likeliest else 0.0, 2),
            "evidence": f"{differing} of {asked} texts that were asked again got another answer",
        }

    def _worth_another_round(self, verdict: Verdict) -> bool:
        """Whether the explanation failed somewhere, and there is hope and the means to do something about it."""
        self._kept = max(0, self._kept - _FRESH)
        inquiry = self._inquiry
        means = self._room() >= _LEAST_QUERIES and inquiry.seconds_left >= 2 * _LEAST_SECONDS
        return verdict.failed > 0 and self._lost < len(_SECONDS) and means and inquiry.rounds_left > 0

    def _room(self) -> int:
        """How many queries the plan and the budget still allow."""
        asked = sum(o.purpose == "query" for o in self._inquiry.observations())
        return max(0, min(self._plan.queries - self._kept - asked, self._inquiry.queries_left))

    def _replies(self) -> dict[str, list[str | None]]:
        """All replies to each text."""
        found: dict[str, list[str | None]] = {}
        for o in self._inquiry.observations():
            found.setdefault(str(o.input), []).append(as_text(o.reply.value, self._gives))
        return found

    def _pairs(self) -> list[Pair]:
        """Each text once, with its reply, in the order of asking."""
        return [(text, said[0]) for text, said in self._replies().items()]

    def _seconds_each(self) -> float:
        seconds = [o.reply.seconds for o in self._inquiry.observations()]
        return float(np.mean(seconds)) if seconds else 0.0

    def _rng(self, step: int) -> np.random.Generator:
        return np.random.default_rng(np.random.SeedSequence(entropy=self._seed, spawn_key=(0x57A9, step)))


def _random_code(found: Certain, gives: Gives) -> str:
    """The likeliest answer as code, which says of itself that it is no more than that."""
    head = "# The black box gives different answers for the same text. This gives the likeliest one, "
    if found.likeliest is None:
        return f"{head}of which nothing is known.\ndef explained(text):\n    return text\n"
    return f"{head}right {100 * found.share:.0f} % of the time.\n{found.likeliest.code(gives)}"
