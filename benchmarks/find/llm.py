"""A language model investigates one function of FIND: begun or gone on with, its journal kept until the row is in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...tools.black_boxes import BlackBox
from ...tools.black_boxes.types import Domain, NumericDomain
from ...tools.chat import ChatError
from ..errors import Unfinished
from ..trial import Trial
from .category import Task
from .llm_chats import Silent, open_scientist
from .llm_costs import JOURNAL

if TYPE_CHECKING:
    from ...agent import Brief, Explanation, Investigation, Journal, Store
    from ...agent.ground import Ground
    from ...sandboxes import Sandbox
    from ...tools.chat import Chat
    from ...tools.texts import Corpus

MakeGround = Callable[[Callable[[], "Sandbox"]], "Ground"]
"""From what opens a sandbox to the ground of an investigation."""


def investigate_by_model(box: BlackBox, domain: Domain | None, task: Task) -> Trial:
    """A whole investigation of `box` by the task's chat model. Raises `Unfinished` where the model does not answer."""
    began, cpu = time.perf_counter(), time.process_time()
    return as_trial(explain_by_model(box, domain, task), time.perf_counter() - began, time.process_time() - cpu)


def explain_by_model(
    box: BlackBox,
    domain: Domain | None,
    task: Task,
    *,
    hint: str = "",
    corpus: Corpus | None = None,
    ground: MakeGround | None = None,
    chat: Chat | None = None,
) -> Explanation:
    """What the task's chat model (`chat`, where it is open already) makes of `box`.

    A run that was cut short is gone on with: what the model said and what the box answered is not paid for again.
    `ground` replaces the usual one of a box that gives texts; `corpus` (None: the one that ships) is for text modules.
    """
    from ...agent import Store

    store = task.kept / JOURNAL
    store.parent.mkdir(parents=True, exist_ok=True)
    with Store.open(store) as opened:
        begun = opened.runs()
        journal = opened.journal(begun[0].id) if begun else _begin(opened, box, domain, task, hint, corpus)
        try:
            investigation = _cast(journal, box, corpus, ground, chat or open_scientist(task.options))
            return investigation.resume() if begun else investigation.run()
        except (ChatError, Silent) as error:
            raise Unfinished(" ".join(str(error).split())) from error


def as_trial(explanation: Explanation, seconds: float, cpu_seconds: float) -> Trial:
    """An explanation as the categories measure it."""
    return Trial(
        code=explanation.code,
        formula=explanation.formula,
        description=explanation.description,
        exceptions=tuple((e.low, e.high) for e in explanation.exceptions),
        noise_sd=explanation.noise.scale if explanation.noise else 0.0,
        outcome=explanation.outcome,
        queries=explanation.queries,
        seconds=max(seconds, explanation.seconds),
        cpu_seconds=cpu_seconds,
        error=None if explanation.code else explanation.description or explanation.outcome,
    )


def _begin(store: Store, box: BlackBox, domain: Domain | None, task: Task, hint: str, corpus: Corpus | None) -> Journal:
    from ...agent import Brief, Budget, kind_of, refer
    from ...tools.texts import default_corpus

    by, effort = task.options.investigator, task.effort
    budget = Budget(queries=effort.queries, seconds=effort.seconds, tokens=by.tokens, money=by.money)
    kind = kind_of(box.signature)
    brief: Brief = Brief.of(
        box,
        scientist="llm",
        budget=budget,
        seed=effort.seed,
        domain=domain if isinstance(domain, NumericDomain) else None,
        corpus=refer(corpus or default_corpus()) if kind == "texts" else None,
        chat=by.model,
    )
    return store.create(replace(brief, base_url=by.base_url, hint=hint))


def _cast(
    journal: Journal, box: BlackBox, corpus: Corpus | None, ground: MakeGround | None, chat: Chat
) -> Investigation:
    from ...agent import Investigation
    from ...agent.llm import LLMScientist
    from ...agent.llm.casting import cast
    from ...sandboxes import open_sandbox

    if ground is None:
        return cast(journal, box, corpus=corpus, chat=chat)
    scientist = LLMScientist(chat.model, sandbox=open_sandbox, hint=journal.brief.hint)
    return Investigation(box, scientist, journal, ground=ground(open_sandbox))


def hint_words(words: Sequence[str]) -> str:
    """What a scientist is told of the words that come with a function."""
    return f"Words that may help to begin with, some of them telling and some not: {', '.join(words)}." if words else ""
