"""What a run of `zetetic qa-embed` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...tools.qa_emb.held_out import HeldOutScore
    from ...tools.qa_emb.sparse import SparseFit
    from ...tools.qa_emb.types import Floats
    from .reading import Rows


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was asked and answered; what was fitted and how well it predicts, where there is a target; notes for the
    user. `features`: (texts, questions) probabilities of yes."""

    rows: Rows
    questions: list[str]
    features: Floats
    answerer: str
    fit: SparseFit | None
    score: HeldOutScore | None
    sentence: str | None
    notes: tuple[str, ...]
