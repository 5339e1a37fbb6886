"""The ground of functions computed from texts: random texts, code that predicts, the share that is exactly right."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import Any

import numpy as np

from ..sandboxes.types import Sandbox
from ..tools.black_boxes.types import BlackBox, DomainError, Input, TextDomain
from ..tools.scoring import CodeError
from ..tools.strings import exact_match, fit_baselines, predict_texts, random_texts
from ..tools.strings.inputs import admits
from ..tools.strings.scoring import as_text
from ..tools.strings.types import Gives
from .budget import Budget
from .conclusion import Conclusion, standing_first
from .frozen import Frozen
from .standings import SHOWN
from .types import Failing, Observation, Verdict
from .verify import held_out_stream

FAILING_SHOWN = 16
NEARLY_ALL = 0.95
"""The share of held-out texts from which on an explanation stands though it is not right on all."""
ENOUGH_FAILURES = 32
OVERRUN_SHARE = 0.1
_ATTEMPTS = 50


class StringGround:
    """Texts of `domain`, explained by code. `sandbox` opens where that code runs if it is not our own.

    `gives`: what the box gives. Numbers are compared as texts (`as_text`).
    """

    shown = SHOWN
    overrun = OVERRUN_SHARE

    def __init__(
        self, domain: TextDomain, sandbox: Callable[[], Sandbox] | None = None, *, gives: Gives = "text"
    ) -> None:
        self._domain = domain
        self._sandbox = sandbox
        self._gives = gives

    @property
    def domain(self) -> TextDomain:
        return self._domain

    def batches(self, inputs: Sequence[Input]) -> list[Sequence[Input]]:
        return [inputs]

    def admit(self, input: Any) -> str:
        if not isinstance(input, str):
            raise DomainError(f"expected a text, got {type(input).__name__}; ask functions of texts with texts")
        if not admits(self._domain, input):
            raise DomainError(
                f"{input!r} is outside the domain (at most {self._domain.max_length} characters of its alphabet)"
            )
        return input

    def set_aside(self, budget: Budget) -> int:
        return budget.set_aside

    def seconds_each(self, observations: Sequence[Observation]) -> float:
        return float(np.mean([o.reply.seconds for o in observations]))

    def draw(
        self, frozen: Frozen, count: int, taken: Set[Input], queries: Sequence[Observation], *, seed: int, round: int
    ) -> list[Input]:
        rng = held_out_stream(seed, round)
        drawn: dict[str, None] = {}
        for _ in range(_ATTEMPTS):
            for text in random_texts(rng, count, self._domain):
                if text not in taken and len(drawn) < count:
                    drawn[text] = None
            if len(drawn) == count:
                break
        return [*drawn]

    def repeat(self, count: int, *, seed: int, round: int) -> list[Input]:
        return [*random_texts(held_out_stream(seed, -round % 2**32), count, self._domain)]

    def judge(
        self,
        frozen: Frozen,
        held_out: Sequence[Observation],
        queries: Sequence[Observation],
        *,
        seed: int,
        round: int,
        tried: int,
    ) -> Verdict:
        """Score the code by how many held-out replies it gives exactly; where the box fails it must give none."""
        inputs = [str(o.input) for o in held_out]
        truth = [self.answer(o) for o in held_out]
        predicted, fault = self._predict(frozen.code, inputs)
        trivial = fit_baselines([(str(o.input), self.answer(o)) for o in queries])
        score = exact_match(truth, predicted, {n: [p(text) for text in inputs] for n, p in trivial.items()})
        wrong = [k for k, (t, p) in enumerate(zip(truth, predicted)) if t != p]
        explains, reason = _stands(score.value, len(wrong), score.held_out, score.beats_baselines, fault)
        if not explains and not fault and self._differs(queries):
            reason = f"the black box gives different answers for the same text, and {reason}"
        return Verdict(
            score=score,
            agreement=score.value,
            tolerance=0.0,
            failing=tuple(Failing(held_out[k], predicted[k]) for k in wrong[:FAILING_SHOWN]),
            round=round,
            explains=explains,
            reason=reason,
            failed=len(wrong),
        )

    def better(self, earlier: Conclusion, later: Conclusion) -> bool:
        """Standing comes first, then the share that is exactly right."""
        stands = standing_first(earlier.verdict, later.verdict)
        return stands if stands is not None else earlier.verdict.score.value > later.verdict.score.value

    def identity(self, explanation: Any) -> str:
        return str(explanation.code)

    def refuting(self, candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None:
        """The first text since then that it is wrong about, else the first of all; None if it is right on all."""
        wrong = [o.number for o in observations if candidate.answer(str(o.input)) != self.answer(o)]
        late = {o.number for o in observations[since:]}
        return next(iter([n for n in wrong if n in late] or wrong), None)

    def trouble(self, observations: Sequence[Observation]) -> str | None:
        """One sentence about a box none of whose replies is what it should give."""
        if not observations or any(self.answer(o) is not None for o in observations):
            return None
        failure = observations[0].reply.failure
        other = "a number" if self._gives == "text" else "a text"
        said = f"the first failed ({failure.kind}: {failure.message[:120]})" if failure else f"the first is {other}"
        return f"none of {len(observations)} inputs got a {self._gives}: {said}"

    def is_hopeless(self, observations: Sequence[Observation]) -> bool:
        """Whether so many inputs got no text that asking on is pointless."""
        return len(observations) >= ENOUGH_FAILURES and all(self.answer(o) is None for o in observations)

    def illustrate(self, box: BlackBox, held_out: Sequence[Observation]) -> None:
        return None

    def answer(self, o: Observation) -> str | None:
        """What the box gave, as a text; None where it failed or gave something else."""
        return as_text(o.reply.value, self._gives)

    def _differs(self, observations: Sequence[Observation]) -> bool:
        """Whether some input came back with different answers."""
        first: dict[Input, str | None] = {}
        return any(first.setdefault(o.input, said := self.answer(o)) != said for o in observations)

    def _predict(self, code: str, inputs: Sequence[str]) -> tuple[list[str | None], str]:
        try:
            if self._sandbox is None:
                return predict_texts(code, inputs, gives=self._gives), ""
            with self._sandbox() as sandbox:
                return predict_texts(code, inputs, sandbox=sandbox, gives=self._gives), ""
        except CodeError as error:
            return [None] * len(inputs), str(error)


def _stands(share: float, wrong: int, count: int, beats: bool, fault: str) -> tuple[bool, str]:
    if not count:
        return False, "no held-out text could be asked, so nothing could be scored"
    if fault:
        return False, fault
    if not wrong:
        return True, "every held-out reply is reproduced exactly"
    if beats and share >= NEARLY_ALL:
        return True, f"all but {wrong} of {count} held-out replies are reproduced exactly"
    return False, f"{wrong} of {count} held-out replies are not reproduced"
