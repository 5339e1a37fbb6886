"""What a run of the FIND benchmark may be told."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class FindOptions(BaseModel):
    """Settings of one run, checked here.

    `data`: the jsonl of rows, or a FIND folder as its authors publish it. `out`: the results file, appended to after
    every function; `fresh` empties it first. `seconds` is the scientist's own limit per function; a function that is
    not done `grace_seconds` after that is killed and counts as failed. `ids` and `limit` choose functions.
    A published folder's code runs in a sandbox unless it is `trusted`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path
    category: str = "numeric"
    jobs: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=1024)
    limit: int | None = Field(default=None, ge=1)
    ids: tuple[str, ...] = ()
    budget_queries: int = Field(default=400, ge=1)
    seconds: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    grace_seconds: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    seed: int = Field(default=0, ge=0)
    out: Path = Path("find-results.jsonl")
    fresh: bool = False
    trusted: bool = False
