"""What the SASC benchmark can be asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Setting = Literal["default", "noisy", "restricted"]
SETTINGS: tuple[Setting, ...] = ("default", "noisy", "restricted")


class SascOptions(BaseModel):
    """Settings of one run.

    `phrases`: at most so many of a task's are ranked; `budget`: at most so many are asked (None: all). `held_out`:
    texts that scores are measured on. `tasks` by number or keyword (none: all). `chat`: a chat model
    `provider:model` that summarizes too. `data`: the folder with `d3/` (None: look for it).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tasks: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = SETTINGS
    phrases: int = Field(5000, ge=50, le=1_000_000)
    budget: int | None = Field(None, ge=20)
    held_out: int = Field(200, ge=20, le=5000)
    chat: str | None = None
    data: Path | None = None
    seed: int = 0
    out: Path = Path("sasc-results.jsonl")
    fresh: bool = False
