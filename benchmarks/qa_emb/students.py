"""Students beside their teachers: what they keep, and how much faster they are with the embedding of texts counted."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from ...tools.qa_emb.fitting import auc
from ...tools.qa_emb.labelled import LabelledTask
from ...tools.qa_emb.types import Answerer, Floats
from .report import StudentFigures

TAUGHT, TESTED = 0.8, 0.2
MODEL_TEXTS, MODEL_TESTED, MODEL_QUESTIONS = 120, 24, 16
"""What a language model is asked as a teacher: enough to time it, and to see what a student makes of it."""


def student_of_embedded(tasks: Sequence[LabelledTask], texts: int, seed: int) -> StudentFigures:
    """All tasks' questions; taught on most of the drawn texts of each task, tested on the others."""
    from ...tools.qa_emb import embedded_answerer

    rng = np.random.default_rng(seed)
    taught: list[str] = []
    tested: list[LabelledTask] = []
    held: set[str] = set()
    for task in tasks:
        rows = rng.permutation(len(task.texts))[:texts]
        cut = round(len(rows) * TESTED)
        tested.append(_rows(task, rows[:cut].tolist()))
        held |= set(tested[-1].texts)
        taught += [task.texts[i] for i in rows[cut:]]
    return _compare(embedded_answerer(), [t for t in taught if t not in held], tested, [t.question for t in tasks])


def student_of_model(tasks: Sequence[LabelledTask], model: str, seed: int) -> StudentFigures:
    """A few tasks' questions and texts, for a model takes seconds a text."""
    from ...models.loading import load
    from ...tools.qa_emb import LocalAnswerer

    rng = np.random.default_rng(seed)
    chosen = [tasks[i] for i in rng.permutation(len(tasks))[:MODEL_QUESTIONS]]
    tested, taught = [], []
    for task in chosen:
        by_label = [rng.permutation(np.flatnonzero(task.labels == k)) for k in (0, 1)]
        each = max(1, MODEL_TESTED // len(chosen))
        tested.append(_rows(task, [int(i) for own in by_label for i in own[:each]]))
        rest = np.concatenate([own[each:] for own in by_label])
        taught += [task.texts[i] for i in rng.permutation(rest)[: MODEL_TEXTS // len(chosen)]]
    held = {t for task in tested for t in task.texts}
    questions = [t.question for t in chosen]
    return _compare(LocalAnswerer(load(model)), [t for t in taught if t not in held], tested, questions)


def _rows(task: LabelledTask, rows: list[int]) -> LabelledTask:
    texts = tuple(task.texts[i] for i in rows)
    return LabelledTask(task.name, task.question, texts, task.labels[rows], task.source)


def _compare(
    teacher: Answerer, taught: Sequence[str], tested: Sequence[LabelledTask], questions: Sequence[str]
) -> StudentFigures:
    from ...models.embedding import load_embedder
    from ...tools.qa_emb import distill

    embedder = load_embedder()
    student = distill(teacher, taught, questions, embedder=embedder)
    texts = list(dict.fromkeys(t for task in tested for t in task.texts))
    half = len(texts) // 2
    fast, student_rate = _timed(student, questions, texts[half:])  # texts that nobody has embedded yet, for either
    slow, teacher_rate = _timed(teacher, questions, texts[:half])
    by_student = np.concatenate([student.answer(questions, texts[:half]), fast])
    by_teacher = np.concatenate([slow, teacher.answer(questions, texts[half:])])
    place = {text: i for i, text in enumerate(texts)}
    column = {question: i for i, question in enumerate(questions)}

    def on_labels(answers: Floats) -> float:
        found = [auc(answers[[place[t] for t in task.texts], column[task.question]], task.labels) for task in tested]
        return float(np.nanmean(found))

    agreement = [
        auc(by_student[:, i], (by_teacher[:, i] > np.median(by_teacher[:, i])).astype(int))
        for i in range(len(questions))
    ]
    return StudentFigures(
        teacher=teacher.name,
        questions=len(questions),
        taught_texts=len(set(taught)),
        texts=len(texts),
        teacher_auc=on_labels(by_teacher),
        student_auc=on_labels(by_student),
        agreement=float(np.nanmean(agreement)),
        teacher_rate=teacher_rate,
        student_rate=student_rate,
    )


def _timed(answerer: Answerer, questions: Sequence[str], texts: Sequence[str]) -> tuple[Floats, float]:
    """(answers, pairs a second)."""
    began = time.perf_counter()
    found = answerer.answer(questions, texts)
    return found, found.size / (time.perf_counter() - began)
