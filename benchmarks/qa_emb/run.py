"""Run the QA-Emb benchmark."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...models import ModelError
from ...tools.chat import Chat, ChatError, open_chat_model
from ...tools.qa_emb.fitting import auc, leave_source_out, make_background, make_pairs, question_likeness
from ...tools.qa_emb.labelled import LabelledTask, Said, read_tasks
from ...tools.qa_emb.types import Answerer, Floats, QAError
from ..errors import BenchmarkError
from ..front import data_path
from ..progress import Bar, progress_bar
from .answerers import figures_of, published
from .options import QAEmbOptions
from .report import AnswererFigures, QAEmbReport, SpeedFigures, StudentFigures, TaskFigures
from .students import student_of_embedded, student_of_model

if TYPE_CHECKING:
    from rich.console import Console

    from ...models.embedding import Embedder


def run_qa_emb(options: QAEmbOptions, console: Console | None = None) -> QAEmbReport:
    """Run the parts that were asked for. Raises `BenchmarkError`."""
    began = time.perf_counter()
    try:
        folder = options.data or data_path("d3")
        every = read_tasks(folder)
        steps = 2 * len(every) + 4
        with progress_bar(console, total=steps, done=0, title="qa-emb") as bar:
            tasks, answerers, students, speed = _parts(options, folder, every, bar)
    except (QAError, ChatError, ModelError) as error:
        raise BenchmarkError(str(error)) from error
    return QAEmbReport(
        tasks=tasks, answerers=answerers, students=students, speed=speed, seconds=time.perf_counter() - began
    )


def _parts(
    options: QAEmbOptions, folder: Path, every: Sequence[LabelledTask], bar: Bar
) -> tuple[list[TaskFigures], list[AnswererFigures], list[StudentFigures], SpeedFigures | None]:
    from ...models.embedding import load_embedder

    embedder = load_embedder()
    tasks: list[TaskFigures] = []
    answerers: list[AnswererFigures] = []
    students: list[StudentFigures] = []
    speed = None
    if "answers" in options.parts:
        sampled = [draw(task, options.texts, options.seed) for task in every]
        tasks, answerers = _answers(sampled, embedder, bar)
        answerers += [*_others(every, options, bar), *published(folder / "llm_answers.csv")]
    if "speed" in options.parts:
        bar.advance("speed")
        speed = _speed(options)
    if "student" in options.parts:
        bar.advance("student of the embedded answerer")
        students.append(student_of_embedded(every, options.texts, options.seed))
        bar.advance("student of a language model")
        students.append(student_of_model(every, options.model or "smollm2", options.seed))
    return tasks, answerers, students, speed


def draw(task: LabelledTask, count: int, seed: int) -> LabelledTask:
    """`count` rows of a task, yes and no in the shares of its file, one of each at least."""
    rng = np.random.default_rng(seed)
    rows: list[int] = []
    for label in (0, 1):
        own = np.flatnonzero(task.labels == label)
        share = max(1, round(count * len(own) / len(task.labels)))
        rows += rng.permutation(own)[:share].tolist()
    place = {row: i for i, row in enumerate(rows)}
    said = tuple(Said(place[s.row], s.yes, s.model) for s in task.said if s.row in place)
    return replace(task, texts=tuple(task.texts[r] for r in rows), labels=task.labels[rows], said=said)


def _answers(
    tasks: Sequence[LabelledTask], embedder: Embedder, bar: Bar
) -> tuple[list[TaskFigures], list[AnswererFigures]]:
    pairs = make_pairs(tasks, make_background(embedder), embedder, say=bar.advance)
    embedded = leave_source_out(pairs)
    likeness = [question_likeness(task, embedder) for task in tasks]
    rows = [
        TaskFigures(
            task=task.name,
            question=task.question,
            source=task.source,
            texts=len(task.texts),
            embedded=auc(ours, task.labels),
            likeness=auc(plain, task.labels),
            accuracy=float(np.mean([np.mean((ours > 0.5)[task.labels == k] == bool(k)) for k in (0, 1)])),
        )
        for task, ours, plain in zip(tasks, embedded, likeness)
    ]
    return rows, [
        figures_of("embedded, source left out", tasks, embedded),
        figures_of("likeness of question and text", tasks, likeness, decides=False),
    ]


def _others(every: Sequence[LabelledTask], options: QAEmbOptions, bar: Bar) -> list[AnswererFigures]:
    found = []
    few = [draw(task, options.few_texts, options.seed) for task in every]
    for answerer in _opened(options):
        said: list[Floats] = []
        for task in few:
            bar.advance(f"{answerer.name}: {task.name}")
            said.append(answerer.answer([task.question], list(task.texts))[:, 0])
        found.append(figures_of(answerer.name, few, said))
    return found


def _opened(options: QAEmbOptions) -> list[Answerer]:
    from ...models.loading import load
    from ...tools.qa_emb import ChatAnswerer, LocalAnswerer

    found: list[Answerer] = []
    if options.model is not None:
        found.append(LocalAnswerer(load(options.model)))
    if options.chat is not None:
        found.append(ChatAnswerer(Chat(open_chat_model(options.chat), options.chat)))
    return found


def _speed(options: QAEmbOptions) -> SpeedFigures:
    from ...models.loading import load
    from ..qa_emb_speed import measure

    found = measure(load(options.model or "smollm2"), options.speed_texts, 64, 200, 1, options.alone)
    return SpeedFigures(
        model=found.model,
        texts=found.texts,
        questions=found.questions,
        shared_rate=found.shared_rates[0],
        alone_rate=found.alone_rates[0],
        ratio=found.ratio,
        largest_difference=found.largest_difference,
    )
