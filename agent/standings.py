"""How hypotheses rise and fall: which are new, which revise which, and which observation killed which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from .frozen import tolerance_at, usable
from .types import Hypothesis, Observation

SHOWN = 8
"""How many of the live candidates a step records."""
_LOOKED_AT = 64
_UNDEFINED = ("raised", "not_finite")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A hypothesis that left the live set at this step, and the observation that it came to grief on."""

    id: str
    standing: str
    refuted_by: int | None


class Telling(Protocol):
    """What a ground knows of candidates (see `Ground`)."""

    @property
    def shown(self) -> int: ...
    def identity(self, explanation: Any) -> str: ...
    def refuting(self, candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None: ...


class Standings:
    """The live hypotheses of a run, by the candidates that a scientist shows."""

    def __init__(self, ground: Telling) -> None:
        self._ground = ground
        self._live: list[tuple[Hypothesis, Any]] = []
        self._count = 0
        self._seen = 0

    @property
    def live(self) -> list[Hypothesis]:
        """Live hypotheses, best first."""
        return [h for h, _ in self._live]

    @property
    def candidates(self) -> list[Any]:
        """Live candidates, best first."""
        return [c for _, c in self._live]

    @property
    def tried(self) -> int:
        """How many hypotheses came up so far."""
        return self._count

    def id_of(self, explanation: Any) -> str | None:
        """The live hypothesis that is the same as that candidate or frozen explanation."""
        sought = self._ground.identity(explanation)
        return next((h.id for h, _ in self._live if self._ground.identity(h) == sought), None)

    def update(
        self, ranked: Sequence[Any], step: str, observations: Sequence[Observation]
    ) -> tuple[list[Hypothesis], list[Dropped]]:
        """Take `ranked` (best first) as the live set; what it shows, and what fell since the last step.

        A candidate with the identity of a live hypothesis is that hypothesis; one with its name alone revises it.
        """
        most = self._ground.shown
        shown = list(ranked[:most])
        same = self._ground.identity
        identities = [same(c) for c in shown]
        by_identity = {same(h): h for h, _ in self._live}
        free = {h.name: h for h, _ in reversed(self._live) if same(h) not in identities}
        live: list[tuple[Hypothesis, Any]] = []
        revised: set[str] = set()
        for candidate, identity in zip(shown, identities):
            known = by_identity.get(identity)
            if known is not None:
                live.append((replace(known, bits=float(candidate.bits), evidence=_evidence(candidate)), candidate))
                continue
            parent = free.pop(str(candidate.name), None)
            if parent is not None:
                revised.add(parent.id)
            live.append((self._new(candidate, step, parent), candidate))
        kept = {h.id for h, _ in live}
        below = self._still_ranked([f for f in self._live if f[0].id not in kept | revised], ranked[most:_LOOKED_AT])
        kept |= {h.id for h, _ in below}
        dropped = [self._drop(f, f[0].id in revised, observations) for f in self._live if f[0].id not in kept]
        self._live = live + below
        self._seen = len(observations)
        return [h for h, _ in live], dropped

    def restore(self, live: Sequence[tuple[Hypothesis, Any]], seen: int) -> None:
        """Stand where a step left off that recorded these hypotheses, after `seen` queries."""
        shown = {h.id for h, _ in live}
        self._live = [*live]
        self._count = max([self._count, *(int(id.removeprefix("h")) for id in shown)])
        self._seen = seen

    def _new(self, candidate: Any, step: str, parent: Hypothesis | None) -> Hypothesis:
        self._count += 1
        return Hypothesis(
            id=f"h{self._count}",
            name=str(candidate.name),
            description=str(candidate.description),
            formula=str(candidate.formula),
            code=str(candidate.code),
            bits=float(candidate.bits),
            origin=step,
            parent=parent.id if parent else None,
            evidence=_evidence(candidate),
        )

    @staticmethod
    def _still_ranked(fallen: list[tuple[Hypothesis, Any]], rest: Sequence[Any]) -> list[tuple[Hypothesis, Any]]:
        """Those of `fallen` that are still live, only too far down to be shown."""
        names = {str(c.name) for c in rest}
        return [(h, c) for h, c in fallen if h.name in names]

    def _drop(self, fallen: tuple[Hypothesis, Any], revised: bool, observations: Sequence[Observation]) -> Dropped:
        hypothesis, candidate = fallen
        killer = self._ground.refuting(candidate, observations, since=self._seen)
        return Dropped(hypothesis.id, "revised" if revised else "refuted", killer)


def _evidence(candidate: Any) -> str:
    return str(getattr(candidate, "evidence", ""))


def refuting_observation(candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None:
    """The number of the observation that speaks against `candidate`.

    The first of `observations[since:]` that it mispredicts beyond its own noise, else the first of all, else the one
    that it fits worst; None when it fits every one exactly, or there is nothing to compare with.
    """
    asked = [o for o in observations if isinstance(o.input, tuple) and _tells(o)]
    if not asked:
        return None
    try:
        with np.errstate(all="ignore"):
            predicted = np.asarray(candidate.predict(np.array([o.input for o in asked], dtype=np.float64))).reshape(-1)
    except Exception:  # a candidate that cannot predict is refuted by the first thing it was to predict
        return asked[0].number
    misses = _misses(candidate, asked, predicted)
    recent = {o.number for o in observations[since:]}
    refuting = [o.number for o, miss in zip(asked, misses) if miss > 1.0]
    late = [number for number in refuting if number in recent]
    if late or refuting:
        return (late or refuting)[0]
    worst = int(np.argmax(misses))
    return asked[worst].number if misses[worst] > 0.0 else None


def _misses(candidate: Any, asked: Sequence[Observation], predicted: Any) -> list[float]:
    """How far each reply lies from its prediction, in units of what the candidate's noise allows."""
    values = [usable(o.reply.value) for o in asked]
    scale = float(np.median([abs(v) for v in values if v is not None] or [0.0]))
    misses = []
    for o, value, guess in zip(asked, values, predicted):
        if value is None or not np.isfinite(guess):
            misses.append(math.inf if (value is None) == bool(np.isfinite(guess)) else 0.0)
            continue
        allowed = tolerance_at(candidate, o.input, max(abs(value), scale))  # type: ignore[arg-type]
        miss = abs(value - complex(guess))
        misses.append(miss / allowed if allowed > 0.0 else math.inf if miss > 0.0 else 0.0)
    return misses


def _tells(o: Observation) -> bool:
    """Whether the reply says something of the function: a number, or that there is none here."""
    return usable(o.reply.value) is not None or (o.reply.failure is not None and o.reply.failure.kind in _UNDEFINED)
