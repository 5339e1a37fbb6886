"""Questions answered by a language model at hand, by how likely it holds yes and no; a text is read once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...prompts import render
from .questions import check_questions
from .types import Floats, QAError, check_texts

if TYPE_CHECKING:
    from ...models import LanguageModel
    from ...models.prompt import Prompt

TEMPLATE = "qa_emb/one"
YES, NO = ("yes", "Yes"), ("no", "No")
FEW_QUESTIONS = 4
"""With fewer questions than this, texts go through side by side; with as many or more, each text is run once and its
questions follow it side by side."""
BATCH_SIZES = {"cpu": 16}
"""Questions side by side, by device: on a processor small batches, padded less, win; elsewhere `WIDE`."""
WIDE = 64
_PLACE = "\ue000question\ue000"


class LocalAnswerer:
    """P(yes) / (P(yes) + P(no)) of the next token, in either spelling, by any causal model of transformers.

    A model with a chat template is asked through it. Nothing is generated. All questions about a text share its keys
    and values, which are computed once. A text that does not fit the model's context with the questions loses its end.

    >>> LocalAnswerer(load("smollm2")).answer(["Does the text mention food?"], ["We had soup."])
    """

    def __init__(self, model: LanguageModel, *, batch_size: int | None = None) -> None:
        if not model.is_causal or model.tokenizer is None:
            raise QAError(
                f"expected a model that predicts the next token, with its tokenizer, got {model.name}; load a decoder "
                "such as smollm2"
            )
        if batch_size is not None and batch_size < 1:
            raise QAError(f"expected a batch size of 1 or more, got {batch_size}")
        self._model = model
        self._batch_size = batch_size or BATCH_SIZES.get(model.device.type, WIDE)
        self._is_chat = bool(getattr(model.tokenizer, "chat_template", None))

    @property
    def name(self) -> str:
        return self._model.name

    def answer(self, questions: Sequence[str], texts: Sequence[str]) -> Floats:
        """(texts, questions): the probability of yes."""
        questions, texts = check_questions(questions), check_texts(texts, least=0)
        found = np.zeros((len(texts), len(questions)))
        step = 1 if len(questions) >= FEW_QUESTIONS else max(1, self._batch_size // len(questions))
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), step):
            rows = order[start : start + step]
            prompts = [p for i in rows for p in self.prompts(questions, texts[i])]
            found[rows] = self._ask(prompts).reshape(len(rows), len(questions))
        return found

    def prompts(self, questions: Sequence[str], text: str) -> list[Prompt]:
        """The prompt of each question about `text`. They differ from the question on alone."""
        pattern = self._pattern(self._cut(text, max(questions, key=len)))
        special = not self._is_chat
        return [self._model.prompt(pattern.replace(_PLACE, q), special_tokens=special) for q in questions]

    def _pattern(self, text: str) -> str:
        asked = render(TEMPLATE, text=text.replace(_PLACE, ""), question=_PLACE, chat=self._is_chat)
        if not self._is_chat:
            return asked
        message = [{"role": "user", "content": asked}]
        return str(self._model.tokenizer.apply_chat_template(message, tokenize=False, add_generation_prompt=True))

    def _cut(self, text: str, longest_question: str) -> str:
        """As much of `text` as fits the context with the longest question."""
        limit = self._model.context_length
        if limit is None:
            return text
        tokenizer = self._model.tokenizer
        around = len(tokenizer(self._pattern("").replace(_PLACE, longest_question), verbose=False)["input_ids"])
        room = limit - around - around // 4 - 2  # questions of fewer letters may have more tokens
        if room < 1:
            raise QAError(
                f"expected questions that leave room for a text in the {limit} tokens of {self.name}, got one of "
                f"{len(longest_question)} characters; shorten it"
            )
        ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        return text if len(ids) <= room else str(tokenizer.decode(ids[:room], skip_special_tokens=True))

    def _ask(self, prompts: Sequence[Prompt]) -> Floats:
        from ...models.choices import continuation_ids, continuation_log_probabilities

        space = "" if self._is_chat else " "
        choices = [continuation_ids(self._model, prompts[0], space + word) for word in (*YES, *NO)]
        repeated = [prompt for prompt in prompts for _ in choices]
        logs = continuation_log_probabilities(
            self._model, repeated, choices * len(prompts), batch_size=self._batch_size
        )
        table = np.array([float(log.double().sum()) for log in logs]).reshape(len(prompts), len(choices))
        yes = np.logaddexp.reduce(table[:, : len(YES)], axis=1)
        no = np.logaddexp.reduce(table[:, len(YES) :], axis=1)
        return np.asarray(1 / (1 + np.exp(np.clip(no - yes, -700, 700))), dtype=np.float64)
