"""The figures of the QA-Emb benchmark."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

AUC_BAR = 0.75
STUDENT_BAR = 0.97
STUDENT_SPEED_BAR = 100.0
PUBLISHED_GPT4 = 0.817
"""Accuracy of GPT-4 on 46 tasks of D3, 20 texts each (QA-Emb, arXiv:2405.16714)."""

_STRICT = ConfigDict(extra="forbid", frozen=True)


class TaskFigures(BaseModel):
    """AUC of the embedded answerer with the task's source left out, and of the likeness of question and text."""

    model_config = _STRICT

    task: str
    question: str
    source: int
    texts: int
    embedded: float
    likeness: float
    accuracy: float
    """Balanced: the mean of the shares of yes and of no that are answered so."""


class AnswererFigures(BaseModel):
    """One answerer over all tasks. `low`, `high`: 95 % interval of the mean AUC, sources drawn anew."""

    model_config = _STRICT

    name: str
    tasks: int
    pairs: int
    auc: float | None
    low: float | None
    high: float | None
    auc_by_source: float | None
    accuracy: float | None
    balanced_accuracy: float | None


class StudentFigures(BaseModel):
    """A student beside its teacher on texts that it was not taught on. Rates count embedding the texts."""

    model_config = _STRICT

    teacher: str
    questions: int
    taught_texts: int
    texts: int
    teacher_auc: float
    student_auc: float
    agreement: float
    """The student's AUC against the teacher's own yes and no (over and under its median)."""
    teacher_rate: float
    student_rate: float

    @property
    def kept(self) -> float:
        return self.student_auc / self.teacher_auc

    @property
    def times_as_fast(self) -> float:
        return self.student_rate / self.teacher_rate


class SpeedFigures(BaseModel):
    """Pairs a second by a local model: texts shared by their questions, and a prompt a pair."""

    model_config = _STRICT

    model: str
    texts: int
    questions: int
    shared_rate: float
    alone_rate: float
    ratio: float
    largest_difference: float


class QAEmbReport(BaseModel):
    """Everything that was run."""

    model_config = _STRICT

    tasks: list[TaskFigures]
    answerers: list[AnswererFigures]
    students: list[StudentFigures]
    speed: SpeedFigures | None
    seconds: float

    @property
    def bar_met(self) -> bool | None:
        """Whether the embedded answerer meets its bar on sources left out; None where that was not run."""
        found = next((a.auc for a in self.answerers if a.name.startswith("embedded")), None)
        return None if found is None else found >= AUC_BAR
