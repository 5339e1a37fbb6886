"""What the QA-Emb benchmark can be asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Part = Literal["answers", "student", "speed"]
PARTS: tuple[Part, ...] = ("answers", "student", "speed")


class QAEmbOptions(BaseModel):
    """Settings of one run.

    `texts` of each task, yes and no in the shares of its file. `model`, `chat`: further answerers, by `few_texts` of
    each task. `speed_texts` × 64 questions by SmolLM2, against a prompt for each of `alone` pairs. `data`: the folder
    with the labelled texts (None: look for it).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: tuple[Part, ...] = PARTS
    texts: int = Field(100, ge=20, le=1200)
    few_texts: int = Field(20, ge=4, le=200)
    model: str | None = None
    chat: str | None = None
    speed_texts: int = Field(4, ge=1, le=64)
    alone: int = Field(20, ge=1, le=1000)
    data: Path | None = None
    seed: int = Field(0, ge=0)
