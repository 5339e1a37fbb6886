"""What a run of the FIND benchmark may be told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

STRING_SECONDS = 28.0
"""Time of the inductive scientist for a function of texts: what it finds, it mostly finds in a few seconds."""
MODEL_SECONDS, MODEL_GRACE_SECONDS = 1800.0, 900.0
"""What a language model may take for a function, and how long waiting for it may last beyond that."""


class Investigator(BaseModel):
    """Who investigates: the inductive scientist, or a chat model (`provider:model`, perhaps at `base_url`).

    `tokens` and `money` (US dollars) limit a chat model on each function; None: no limit. A plain value, which travels
    between processes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["inductive", "llm"] = "inductive"
    model: str | None = None
    base_url: str | None = None
    tokens: int | None = Field(default=None, ge=1)
    money: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _fits(self) -> Investigator:
        if (self.kind == "llm") != (self.model is not None):
            raise ValueError("a scientist llm needs a model such as openai:gpt-5-mini, and inductive takes none")
        return self

    @property
    def name(self) -> str:
        """What a report calls it."""
        return self.kind if self.model is None else f"{self.kind} {self.model}"


class FindOptions(BaseModel):
    """Settings of one run, checked here.

    `data`: the jsonl of rows, or a FIND folder as its authors publish it. `out`: the results file, appended to after
    every function; `fresh` empties it first. `seconds` is the scientist's own limit per function; a function that is
    not done `grace_seconds` after that is killed and counts as failed. `ids` and `limit` choose functions.
    `budget_queries` None: what the category says. A published folder's code runs in a sandbox unless it is `trusted`.
    `judge` is the chat model (`provider:model`, perhaps at `judge_url`) that takes tests of language; for entities it
    may be `embedder`. `box_model` (perhaps at `box_url`) plays the functions that rest on knowledge of the world;
    `embedder` has entities played by the embedder, which they are without a `box_model` anyhow. `hints`: the scientist
    is told the words that come with a function. `transcripts`: where a language model's doings are told, a file a
    function; None: beside `out`. `cache_replies`: what chat models say is kept over runs, in the user's cache folder.
    A language model gets more time unless `seconds` and `grace_seconds` are given, the inductive scientist less for
    functions of texts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path
    category: str = "numeric"
    jobs: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=1024)
    limit: int | None = Field(default=None, ge=1)
    ids: tuple[str, ...] = ()
    budget_queries: int | None = Field(default=None, ge=1)
    seconds: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    grace_seconds: float = Field(default=60.0, gt=0, allow_inf_nan=False)
    seed: int = Field(default=0, ge=0)
    out: Path = Path("find-results.jsonl")
    fresh: bool = False
    trusted: bool = False
    investigator: Investigator = Investigator()
    judge: str | None = None
    judge_url: str | None = None
    box_model: str | None = None
    box_url: str | None = None
    embedder: bool = False
    hints: bool = False
    transcripts: Path | None = None
    cache_replies: bool = False

    @model_validator(mode="before")
    @classmethod
    def _usual_time(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        by = given.get("investigator")
        kind = by.get("kind") if isinstance(by, dict) else getattr(by, "kind", None)
        usual: dict[str, Any] = {}
        if kind == "llm":
            usual = {"seconds": MODEL_SECONDS, "grace_seconds": MODEL_GRACE_SECONDS}
        elif given.get("category") == "strings":
            usual = {"seconds": STRING_SECONDS}
        return {**usual, **given}

    @property
    def runs(self) -> Path:
        """Where what was paid for is kept until its row is in."""
        return self.out.with_name(self.out.name + ".runs")

    @property
    def transcripts_folder(self) -> Path:
        """Where transcripts go."""
        return self.transcripts or self.out.with_name(self.out.stem + "-transcripts")
