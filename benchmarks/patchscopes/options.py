"""What the Patchscopes benchmark can be asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Part = Literal["next-token", "attributes"]
PARTS: tuple[Part, ...] = ("next-token", "attributes")


class PatchscopesOptions(BaseModel):
    """Settings of one run.

    `positions`: next-token predictions, one in each passage of plain text. `fit_texts`: passages that the tuned lens is
    fitted to, of other origins. `examples` of each task, of which there are `source_layers` × `target_layers` × 2
    continuations of `max_new_tokens` tokens each. `data`: the folder with the task files (None: look for it).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = "smollm2"
    parts: tuple[Part, ...] = PARTS
    positions: int = Field(300, ge=20, le=2000)
    fit_texts: int = Field(300, ge=20, le=2000)
    tasks: tuple[str, ...] = ()
    examples: int = Field(12, ge=4, le=250)
    source_layers: int = Field(6, ge=1, le=200)
    target_layers: int = Field(5, ge=1, le=200)
    max_new_tokens: int = Field(20, ge=1, le=100)
    data: Path | None = None
    seed: int = 0
    out: Path = Path("patchscopes-results.jsonl")
    fresh: bool = False
