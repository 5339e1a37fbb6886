"""A language model of our own runtime as a judge: how likely "Yes" is, beside "No", as an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...prompts import render
from .types import Floats

if TYPE_CHECKING:
    from ...models import LanguageModel

CHOICES = ("Yes", "No")
MOST_CHARACTERS = 4_000


class LocalModelJudge:
    """P(Yes) / (P(Yes) + P(No)) after a question on each text. Small models are often at chance: calibrate first.

    Models with a chat template are asked in it, others in plain text.
    """

    def __init__(self, model: LanguageModel, *, batch_size: int = 16) -> None:
        self._model, self._batch_size = model, batch_size

    @property
    def name(self) -> str:
        return f"{self._model.name} by choice probabilities"

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Floats:
        """(explanations, texts) in [0, 1]."""
        chats = bool(getattr(self._model.tokenizer, "chat_template", None))
        asked = []
        for explanation in explanations:
            for text in texts:
                question = render("judging/yes_or_no", explanation=explanation, text=text[:MOST_CHARACTERS])
                message = [{"role": "user", "content": question}]
                asked.append(self._model.prompt(message if chats else f"{question}\nAnswer:"))
        choices = CHOICES if chats else tuple(f" {choice}" for choice in CHOICES)
        if not asked:
            return np.zeros((len(explanations), len(texts)))
        logs = self._model.choice_log_probabilities(asked, choices, batch_size=self._batch_size).double().numpy()
        odds = np.clip(logs[:, 0] - logs[:, 1], -50, 50)
        return np.asarray(1 / (1 + np.exp(-odds))).reshape(len(explanations), len(texts))
