"""The induction engines as a tool of a language model: with a purse of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...tools.black_boxes.types import NumericDomain, Point, Reply, TextDomain
from ...tools.induction.types import Candidate
from ...tools.strings.types import Gives, Pair
from ..inductive import SecondLook

if TYPE_CHECKING:
    from ..inquiry import JournaledInquiry

KEPT = 3
"""How many of the engine's candidates a model is shown."""
_TIME_SHARE = 0.25
_MOST_SECONDS = 8.0
_BATCH = 6


class Purse(SecondLook):
    """What is known is answered from memory; at most `most` queries are new; nothing is proposed on the way."""

    def __init__(self, inquiry: JournaledInquiry, most: int) -> None:
        super().__init__(inquiry)
        self._most = most
        self._spent = 0
        self._seconds_kept = (1.0 - _TIME_SHARE) * inquiry.seconds_left
        self._whole = inquiry

    @property
    def queries_left(self) -> int:
        return min(self._most - self._spent, self._whole.queries_left)

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._whole.seconds_left - self._seconds_kept)

    def ask(self, points: Sequence[Point], why: str) -> list[Reply]:
        before = len(self._whole.queries())
        replies = super().ask(points, f"induction: {why}")
        self._spent += len(self._whole.queries()) - before
        return replies

    def propose(self, ranked: Sequence[Candidate], step: str) -> None:
        """The engine thinks aloud; what it ends with is written down by who called it."""


def induce_within(inquiry: JournaledInquiry, most_queries: int, *, seed: int) -> list[Any]:
    """The engine's best candidates, at most `KEPT`."""
    import numpy as np

    from ...tools.induction import induce

    assert isinstance(inquiry.domain, NumericDomain)
    with np.errstate(all="ignore"):
        return list(induce(Purse(inquiry, most_queries), seed=seed))[:KEPT]


def induce_strings(inquiry: JournaledInquiry, most_queries: int, *, seed: int, gives: Gives) -> list[Any]:
    """Programs that agree with all that is known of a function of texts, at most `KEPT`, told apart by at most
    `most_queries` new texts; the nearest ones where none agrees.
    """
    import numpy as np

    from ...tools.strings.branching import induce
    from ...tools.strings.queries import separating
    from ...tools.strings.scoring import as_text
    from ...tools.strings.types import consistent
    from ..string_candidates import candidate_of

    def known() -> list[Pair]:
        return [(str(o.input), as_text(o.reply.value, gives)) for o in inquiry.observations()]

    domain = inquiry.domain
    assert isinstance(domain, TextDomain)
    found = induce(known(), seconds=min(_MOST_SECONDS, _TIME_SHARE * inquiry.seconds_left))
    programs, rng = list(found.programs), np.random.default_rng(seed)
    while len(programs) > 1 and most_queries > 0:
        asked = [t for t, _ in known()]
        texts = separating(programs, asked, rng=rng, most=min(_BATCH, most_queries), domain=domain)
        if not inquiry.ask(texts, "induction: texts that tell programs apart") or not texts:
            break
        most_queries -= len(texts)
        programs = [p for p in programs if consistent(p, known())]
    if not programs:
        programs = [n.program for n in found.near]
    return [candidate_of(p, known(), gives) for p in programs[:KEPT]]
