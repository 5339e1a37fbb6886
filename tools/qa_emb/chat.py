"""Questions answered by a chat model, several about one text in a call, its reply read strictly."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...prompts import render
from ..chat import ChatError
from .questions import check_questions
from .types import Floats, QAError, check_texts

if TYPE_CHECKING:
    from ..chat import Chat

TEMPLATE = "qa_emb/answer"
QUESTIONS_A_CALL = 20
_LINE = re.compile(r"^\W*(\d+)\s*[:.)\-]\s*\W*(yes|no)\b\W*$", re.IGNORECASE)


class ChatAnswerer:
    """What a chat model says: 1 for yes, 0 for no, the mean over `repeats` calls.

    Where the reply carries log-probabilities of its words, P(yes) / (P(yes) + P(no)) instead. Up to
    `questions_a_call` questions about one text go into a call. What a reply leaves out or answers otherwise is asked
    once more; after that it is a `ChatError`.
    """

    def __init__(self, chat: Chat, *, questions_a_call: int = QUESTIONS_A_CALL, repeats: int = 1) -> None:
        if questions_a_call < 1 or repeats < 1:
            raise QAError(f"expected 1 or more questions a call and repeats, got {questions_a_call} and {repeats}")
        self._chat, self._size, self._repeats = chat, questions_a_call, repeats

    @property
    def name(self) -> str:
        return self._chat.name

    def answer(self, questions: Sequence[str], texts: Sequence[str]) -> Floats:
        """(texts, questions): the probability of yes."""
        questions, texts = check_questions(questions), check_texts(texts, least=0)
        found = np.zeros((len(texts), len(questions)))
        for row, text in enumerate(texts):
            for start in range(0, len(questions), self._size):
                part = questions[start : start + self._size]
                said = [self._once(part, text) for _ in range(self._repeats)]
                found[row, start : start + len(part)] = np.mean(said, axis=0)
        return found

    def _once(self, questions: Sequence[str], text: str) -> list[float]:
        found = self._call(questions, text)
        missing = [i for i in range(len(questions)) if i not in found]
        if missing:
            again = self._call([questions[i] for i in missing], text)
            found |= {missing[i]: value for i, value in again.items()}
        for i, question in enumerate(questions):
            if i not in found:
                raise ChatError(
                    f"expected yes or no from {self.name} for {question!r}, got neither in two replies; ask fewer "
                    "questions a call, or another model"
                )
        return [found[i] for i in range(len(questions))]

    def _call(self, questions: Sequence[str], text: str) -> dict[int, float]:
        message = self._chat.message(render(TEMPLATE, text=text, questions=list(questions)))
        found = parse_answers(str(message.text), len(questions))
        weighed = _weighed(message, list(found.values()))
        return dict(zip(found, weighed)) if weighed else found


def parse_answers(reply: str, count: int) -> dict[int, float]:
    """Question (from 0) → 1 for yes, 0 for no, in the order of the reply. Contradictions and other lines are dropped.

    >>> parse_answers("1: yes\\n2: no", 2)
    {0: 1.0, 1: 0.0}
    """
    said: dict[int, set[float]] = {}
    for line in reply.splitlines():
        match = _LINE.match(line.strip())
        if match and 1 <= int(match[1]) <= count:
            said.setdefault(int(match[1]) - 1, set()).add(float(match[2].lower() == "yes"))
    return {number: values.pop() for number, values in said.items() if len(values) == 1}


def _weighed(message: Any, said: Sequence[float]) -> list[float] | None:
    """P(yes) at each place where the reply says yes or no; None without log-probabilities that fit what was said."""
    logs = (getattr(message, "response_metadata", None) or {}).get("logprobs")
    tokens = logs.get("content") if isinstance(logs, Mapping) else None
    if not tokens:
        return None
    places = [t for t in tokens if _word(t) in ("yes", "no")]
    if [float(_word(t) == "yes") for t in places] != list(said):
        return None
    return [_probability_of_yes(place) for place in places]


def _probability_of_yes(place: Mapping[str, Any]) -> float:
    """From the alternatives at one token; what is not among them counts as unlikely as the least likely of them."""
    options = [place, *(place.get("top_logprobs") or [])]
    known: dict[str, float] = {}
    for option in {str(o.get("token")): o for o in options}.values():
        word, weight = _word(option), math.exp(min(0.0, float(option["logprob"])))
        known[word] = known.get(word, 0.0) + weight
    yes, no = known.get("yes", 0.0), known.get("no", 0.0)
    rest = max(0.0, 1.0 - sum(known.values()))
    if not (yes and no):  # the other answer was not listed: it can have at most what is left
        least = min([*known.values(), rest])
        yes, no = yes or least, no or least
    return yes / (yes + no)


def _word(token: Mapping[str, Any]) -> str:
    return str(token.get("token", "")).strip().strip('.,"*:').lower()
