"""A chat model as a judge: texts by the batch, answers read strictly, asked again once where they cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...prompts import render
from ..chat import Chat, ChatError
from ..scoring.texts import Highlighted
from .types import Floats

TEXTS_A_PROMPT = 20
MOST_CHARACTERS = 2_000
"""Longer texts are cut for the prompt."""
_LINE = re.compile(r"^\W*(?P<number>\d+)\W+(?P<degree>\d+)(?:\s*/\s*10)?\W*$")


class ChatJudge:
    """Any chat model, asked how far an explanation applies to each of up to twenty texts, from 0 to 10.

    What was judged is remembered: the same explanation and text are asked once.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._known: dict[tuple[str, str], float] = {}

    @property
    def name(self) -> str:
        return self._chat.name

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Floats:
        """(explanations, texts) in [0, 1], in tenths. Raises `ChatError` where two answers cannot be read."""
        for explanation in dict.fromkeys(explanations):
            fresh = [text for text in dict.fromkeys(texts) if (explanation, text) not in self._known]
            for start in range(0, len(fresh), TEXTS_A_PROMPT):
                batch = fresh[start : start + TEXTS_A_PROMPT]
                self._known.update(zip(((explanation, text) for text in batch), self._ask(explanation, batch)))
        found = [[self._known[explanation, text] for text in texts] for explanation in explanations]
        return np.array(found, dtype=np.float64).reshape(len(explanations), len(texts))

    def judge_highlights(self, explanation: str, examples: Sequence[Highlighted]) -> Floats:
        """(examples,) in [0, 1]: how far the highlighted words are the ones that the explanation is about."""
        marked, found = [example.marked for example in examples], list[float]()
        for start in range(0, len(marked), TEXTS_A_PROMPT):
            found += self._ask(explanation, marked[start : start + TEXTS_A_PROMPT], "judging/highlights")
        return np.array(found, dtype=np.float64)

    def _ask(self, explanation: str, texts: Sequence[str], template: str = "judging/applies") -> list[float]:
        shown = [re.sub(r"\s+", " ", text)[:MOST_CHARACTERS] for text in texts]
        problem = ""
        for _ in range(2):
            answer = self._chat.ask(render(template, explanation=explanation, texts=shown, problem=problem))
            degrees, problem = read_degrees(answer, len(texts))
            if not problem:
                return degrees
        raise ChatError(f"{self.name} was asked twice to judge {len(texts)} texts, but {problem}; try another model")


def read_degrees(answer: str, many: int) -> tuple[list[float], str]:
    """The degrees in an answer of `many` lines `NUMBER: DEGREE`, and what is wrong with it, if anything."""
    found: dict[int, int] = {}
    for line in filter(str.strip, answer.splitlines()):
        match = _LINE.match(line)
        if match is None:
            return [], f"a line read {line.strip()[:60]!r} instead of NUMBER: DEGREE"
        number, degree = int(match["number"]), int(match["degree"])
        if number in found or not (1 <= number <= many and 0 <= degree <= 10):
            return (
                [],
                f"a line read {line.strip()[:60]!r}: numbers run from 1 to {many} once, degrees from 0 to 10",
            )
        found[number] = degree
    if len(found) != many:
        return [], f"there were degrees for {len(found)} of {many} texts"
    return [found[number] / 10 for number in range(1, many + 1)], ""
