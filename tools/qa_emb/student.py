"""A student: one small network on sentence embeddings that answers all questions of a teacher at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .questions import check_questions
from .types import Answerer, Floats, QAError, check_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch
    from torch import nn

    from ...models.embedding import Embedder

HIDDEN = 256
LEAST_TEXTS = 50
EPOCHS = 200
PATIENCE = 15
BATCH = 64
HELD_OUT = 0.1
"""The share of texts on which training is stopped."""
_EDGE = 1e-4
_FIELDS = ("mean", "scale", "straight", "first", "first_bias", "second", "bias")


@dataclass(frozen=True, eq=False)
class Weights:
    """logit = straight·x + second·gelu(first·x + first_bias) + bias, where x is the scaled embedding."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    straight: NDArray[np.float32]
    first: NDArray[np.float32]
    first_bias: NDArray[np.float32]
    second: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, embeddings: NDArray[np.float32]) -> Floats:
        """(texts, questions)."""
        x = (embeddings - self.mean) / self.scale
        inner = x @ self.first.T + self.first_bias
        bent = 0.5 * inner * (1 + np.tanh(0.7978845608 * (inner + 0.044715 * inner**3)))
        return np.asarray(x @ self.straight.T + bent @ self.second.T + self.bias, dtype=np.float64)


class Student:
    """Answers the questions it was taught, and no others. What it costs is one embedding a text.

    >>> student = distill(LocalAnswerer(load("smollm2")), texts, questions)
    >>> student.answer(questions[:3], more_texts)
    """

    def __init__(self, questions: Sequence[str], weights: Weights, embedder: Embedder, teacher: str) -> None:
        self.questions = tuple(questions)
        self.teacher = teacher
        self._weights, self._embedder = weights, embedder
        self._columns = {question: i for i, question in enumerate(self.questions)}

    @property
    def name(self) -> str:
        return f"student of {self.teacher}"

    def answer(self, questions: Sequence[str], texts: Sequence[str]) -> Floats:
        """(texts, questions): the probability of yes. Raises `QAError` for a question that it was not taught."""
        unknown = [q for q in questions if q not in self._columns]
        if unknown:
            raise QAError(
                f"expected questions that the student was taught ({len(self.questions)} of them), got {unknown[0]!r}; "
                "distill it again with this one"
            )
        texts = check_texts(texts, least=0)
        if not texts or not len(questions):
            return np.zeros((len(texts), len(questions)))
        logits = self._weights.logits(self._embedder.encode(texts))[:, [self._columns[q] for q in questions]]
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))), dtype=np.float64)

    def save(self, path: Path | str) -> None:
        """Write the student to an npz file; the embedder is named in it, not kept."""
        fields: dict[str, Any] = {name: getattr(self._weights, name) for name in _FIELDS}
        fields |= {"questions": np.array(self.questions), "teacher": np.array(self.teacher)}
        with Path(path).expanduser().open("wb") as file:
            np.savez_compressed(file, **fields, embedder=np.array(self._embedder.name))


def load_student(path: Path | str, embedder: Embedder) -> Student:
    """A student from its file. Raises `QAError` for another file, or another embedder than it was taught with."""
    try:
        with np.load(Path(path).expanduser(), allow_pickle=False) as kept:
            weights = Weights(**{name: kept[name] for name in _FIELDS})
            questions, teacher, named = map(str, kept["questions"]), str(kept["teacher"]), str(kept["embedder"])
    except (OSError, ValueError, KeyError) as error:
        raise QAError(
            f"expected a student as Student.save writes it in {path}, got: {error}; distill it again"
        ) from error
    if named != embedder.name:
        raise QAError(f"expected the embedder {named}, which this student was taught with, got {embedder.name}")
    return Student(list(questions), weights, embedder, teacher)


def distill(
    teacher: Answerer,
    texts: Sequence[str],
    questions: Sequence[str],
    *,
    embedder: Embedder | None = None,
    seed: int = 0,
) -> Student:
    """Teach a small network the teacher's probabilities on `texts`, for all `questions` at once.

    Training ends when the cross-entropy on texts kept aside stops falling. Raises `QAError` for too few texts.
    """
    from ...models.embedding import load_embedder

    questions = check_questions(questions)
    different = list(dict.fromkeys(check_texts(texts)))
    if len(different) < LEAST_TEXTS:
        raise QAError(f"expected at least {LEAST_TEXTS} different texts to teach a student, got {len(different)}")
    embedder = embedder or load_embedder()
    answers = np.asarray(teacher.answer(questions, different), dtype=np.float64)
    weights = _train(embedder.encode(different), answers, seed)
    return Student(questions, weights, embedder, teacher.name)


def _train(embeddings: NDArray[np.float32], answers: Floats, seed: int) -> Weights:
    import torch
    from torch import nn

    mean = embeddings.mean(axis=0)
    scale = np.full_like(mean, max(float(embeddings.std()), 1e-6))
    generator = torch.Generator().manual_seed(seed)
    x = torch.from_numpy((embeddings - mean) / scale)
    y = torch.from_numpy(np.clip(answers, _EDGE, 1 - _EDGE).astype(np.float32))
    straight, first, second = (
        nn.Linear(x.shape[1], y.shape[1]), nn.Linear(x.shape[1], HIDDEN), nn.Linear(HIDDEN, y.shape[1], bias=False)
    )  # fmt: skip
    with torch.no_grad():
        for layer, size in ((straight, 0.0), (first, x.shape[1] ** -0.5), (second, 0.0)):
            layer.weight.copy_(torch.randn(layer.weight.shape, generator=generator) * size)
        first.bias.zero_()
        straight.bias.copy_(torch.logit(y.mean(0)))
    network = nn.ModuleList([straight, first, second])

    def logits(rows: torch.Tensor) -> torch.Tensor:
        bent = nn.functional.gelu(first(rows), approximate="tanh")
        return straight(rows) + second(bent)  # type: ignore[no-any-return]

    _descend(network, logits, x, y, generator)
    kept = [straight.weight, first.weight, first.bias, second.weight, straight.bias]
    return Weights(mean, scale, *(p.detach().numpy().astype(np.float32) for p in kept))


def _descend(
    network: nn.Module,
    logits: Callable[[torch.Tensor], torch.Tensor],
    x: torch.Tensor,
    y: torch.Tensor,
    generator: torch.Generator,
) -> None:
    """Adam on the soft cross-entropy; the weights that do best on the held-out texts are put back at the end."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as loss

    order = torch.randperm(len(x), generator=generator)
    cut = max(5, int(len(x) * HELD_OUT))
    held, rest = order[:cut], order[cut:]
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.05)
    best, since, state = float("inf"), 0, network.state_dict()
    for _ in range(EPOCHS):
        for rows in torch.split(rest[torch.randperm(len(rest), generator=generator)], BATCH):
            optimizer.zero_grad()
            loss(logits(x[rows]), y[rows]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        with torch.no_grad():
            error = float(loss(logits(x[held]), y[held]))
        if error < best - 1e-5:
            best, since, state = error, 0, {k: v.clone() for k, v in network.state_dict().items()}
        else:
            since += 1
            if since >= PATIENCE:
                break
    network.load_state_dict(state)
