"""Yes/no questions as features of texts (QA-Emb, arXiv:2405.16714).

Names are handed out when they are asked for, so that importing this loads neither torch nor scikit-learn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cache import CachedAnswerer
    from .chat import ChatAnswerer
    from .embedded import EmbeddedAnswerer, embedded_answerer
    from .embedder import QAEmbedder
    from .local import LocalAnswerer
    from .propose import propose_questions
    from .questions import question_bank
    from .regressor import QAClassifier, QARegressor
    from .selection import Selection, select_questions
    from .student import Student, distill, load_student
    from .types import Answerer, QAError

_HOMES = {
    "Answerer": "types",
    "CachedAnswerer": "cache",
    "ChatAnswerer": "chat",
    "EmbeddedAnswerer": "embedded",
    "LocalAnswerer": "local",
    "QAClassifier": "regressor",
    "QAEmbedder": "embedder",
    "QAError": "types",
    "QARegressor": "regressor",
    "Selection": "selection",
    "Student": "student",
    "distill": "student",
    "embedded_answerer": "embedded",
    "load_student": "student",
    "propose_questions": "propose",
    "question_bank": "questions",
    "select_questions": "selection",
}

__all__ = [
    "Answerer",
    "CachedAnswerer",
    "ChatAnswerer",
    "EmbeddedAnswerer",
    "LocalAnswerer",
    "QAClassifier",
    "QAEmbedder",
    "QAError",
    "QARegressor",
    "Selection",
    "Student",
    "distill",
    "embedded_answerer",
    "load_student",
    "propose_questions",
    "question_bank",
    "select_questions",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"zetetic.tools.qa_emb has no name {name!r}; its names are {', '.join(__all__)}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
