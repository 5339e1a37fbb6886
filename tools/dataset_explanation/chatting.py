"""Differences that a chat model proposes from samples of both groups."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .candidates import Candidate
from .meaning import judged
from .types import Target

if TYPE_CHECKING:
    from .explaining import Setup

SAMPLES = 25
"""Texts of either group that the model is shown."""
LETTERS = 400
"""Of each text."""
ASKED_FOR = 10
_OPENINGS = ("the text ", "text ", "it ", "a text ")


def chat_candidates(texts: Sequence[str], target: Target, setup: Setup) -> list[Candidate]:
    """Phrases that the chat model finds truer of one group than of the other, both ways round. Raises `ChatError`."""
    from ...prompts import render

    assert setup.chat is not None
    rng = np.random.default_rng(setup.seed)
    high = target.high
    order = np.argsort(-target.values, kind="stable") if target.kind == "number" else rng.permutation(len(texts))
    shown = [
        [texts[i][:LETTERS] for i in (side if target.kind == "groups" else side[::step])][:SAMPLES]
        for side, step in ((order[high[order]], 1), (order[~high[order]], -1))
    ]
    found: list[str] = []
    for first, second in ((0, 1), (1, 0)):
        prompt = render("dataset/differences", first=shown[first], second=shown[second], n=ASKED_FOR)
        found += setup.chat.ask_list(prompt, most=ASKED_FOR)
    phrases = dict.fromkeys(filter(None, map(completed, found)))
    return [Candidate(p, "chat", setup.judge.name, partial(_judge, setup, p)) for p in phrases]


def _judge(setup: Setup, phrase: str, texts: Sequence[str]) -> np.ndarray:
    return judged(phrase, setup.judge).degrees(texts)


def completed(line: str) -> str:
    """A line of the model's as a phrase that completes "The text …"; empty where it is none."""
    line = line.strip().rstrip(".")
    for opening in _OPENINGS:
        if line.lower().startswith(opening):
            line = line[len(opening) :]
    return line[0].lower() + line[1:] if 2 < len(line) < 160 else ""
