"""The ground of relations: held-out inputs are words and names that say something, not random characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, final

from ....agent.budget import Budget
from ....agent.conclusion import Conclusion
from ....agent.frozen import Frozen
from ....agent.string_ground import StringGround
from ....agent.types import Observation, Verdict
from ....agent.verify import held_out_stream
from ....tools.black_boxes.texts import ANY_TEXT
from ....tools.black_boxes.types import BlackBox, Domain, Input

if TYPE_CHECKING:
    from ....sandboxes import Sandbox


@lru_cache(maxsize=1)
def common_words() -> tuple[str, ...]:
    """Words and names of many kinds, several hundred of them."""
    lines = files(__package__).joinpath("words.txt").read_text(encoding="utf-8").splitlines()
    found = (word.strip() for line in lines if not line.startswith("#") for word in line.split(","))
    return tuple(dict.fromkeys(filter(None, found)))


@final
class WordGround:
    """As the ground of functions from texts to texts, but held-out inputs are drawn from `words`."""

    def __init__(self, words: Sequence[str], sandbox: Callable[[], Sandbox] | None = None) -> None:
        self._words = tuple(dict.fromkeys(words))
        self._texts = StringGround(ANY_TEXT, sandbox)

    shown = StringGround.shown
    overrun = StringGround.overrun

    @property
    def domain(self) -> Domain:
        return self._texts.domain

    def draw(
        self, frozen: Frozen, count: int, taken: Set[Input], queries: Sequence[Observation], *, seed: int, round: int
    ) -> list[Input]:
        """Words that nobody asked."""
        fresh = [word for word in self._words if word not in taken]
        return [fresh[k] for k in held_out_stream(seed, round).permutation(len(fresh))[:count]]

    def repeat(self, count: int, *, seed: int, round: int) -> list[Input]:
        return []

    def batches(self, inputs: Sequence[Input]) -> list[Sequence[Input]]:
        return self._texts.batches(inputs)

    def admit(self, input: Any) -> str:
        return self._texts.admit(input)

    def set_aside(self, budget: Budget) -> int:
        return self._texts.set_aside(budget)

    def seconds_each(self, observations: Sequence[Observation]) -> float:
        return self._texts.seconds_each(observations)

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
        return self._texts.judge(frozen, held_out, queries, seed=seed, round=round, tried=tried)

    def better(self, earlier: Conclusion, later: Conclusion) -> bool:
        return self._texts.better(earlier, later)

    def identity(self, explanation: Any) -> str:
        return self._texts.identity(explanation)

    def refuting(self, candidate: Any, observations: Sequence[Observation], *, since: int) -> int | None:
        return self._texts.refuting(candidate, observations, since=since)

    def trouble(self, observations: Sequence[Observation]) -> str | None:
        return self._texts.trouble(observations)

    def is_hopeless(self, observations: Sequence[Observation]) -> bool:
        return self._texts.is_hopeless(observations)

    def illustrate(self, box: BlackBox, held_out: Sequence[Observation]) -> None:
        return None
