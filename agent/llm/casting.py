"""Who investigates a run, whichever scientist its brief names: the face of runs with and without a language model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...tools.black_boxes.types import BlackBox, DomainError, NumericDomain, TextDomain
from ...tools.judging.types import Judge
from ...tools.texts import Corpus
from ..budget import Budget
from ..casting import cast as cast_inductive
from ..casting import open_chat, string_ground, text_parts
from ..ground import Ground
from ..investigation import Investigation
from ..journal import Journal
from ..numeric_ground import NumericGround
from .text_aids import TextAids

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from ...models import Embedder
    from ...sandboxes import Sandbox
    from ...tools.chat import Chat


def cast(
    journal: Journal,
    box: BlackBox,
    budget: Budget | None = None,
    *,
    corpus: Corpus | None = None,
    chat: Chat | None = None,
    extra_tools: Sequence[BaseTool] = (),
    sandbox: Callable[[], Sandbox] | None = None,
) -> Investigation:
    """The investigation that the journal's brief asks for, ready to run or resume.

    As `agent.cast` for the inductive scientist. `extra_tools` stand beside a language model's own; `sandbox` opens
    where code runs that is not ours. Raises `ChatError` where the model cannot be opened.
    """
    if journal.brief.scientist != "llm":
        return cast_inductive(journal, box, budget, corpus=corpus, chat=chat)
    return _cast_llm(journal, box, budget, corpus, chat, extra_tools, sandbox or _open_sandbox)


def _cast_llm(
    journal: Journal,
    box: BlackBox,
    budget: Budget | None,
    corpus: Corpus | None,
    chat: Chat | None,
    extra_tools: Sequence[BaseTool],
    sandbox: Callable[[], Sandbox],
) -> Investigation:
    from .scientist import LLMScientist

    brief = journal.brief
    talker = chat or open_chat(brief)
    if talker is None:
        raise DomainError(f"run {journal.run_id} is a chat model's, and its brief names none; begin a new run")
    aids: TextAids | None = None
    ground: Ground
    if isinstance(brief.domain, NumericDomain):
        ground = NumericGround(brief.domain, sandbox)
    elif isinstance(brief.domain, TextDomain) and brief.kind == "strings":
        ground = string_ground(box, brief.domain, sandbox)
    else:
        parts = text_parts(brief, corpus)
        ground = parts.ground
        aids = text_aids(parts.ground.discovery, parts.embedder, parts.judge)
    tools = [*extra_tools, *_tools_of_model(box)]
    scientist = LLMScientist(talker.model, sandbox=sandbox, aids=aids, extra_tools=tools, hint=brief.hint)
    return Investigation(box, scientist, journal, budget, ground=ground)


def text_aids(corpus: Corpus, embedder: Embedder, judge: Judge) -> TextAids:
    """What an LLM scientist works with on a text module; `corpus` holds nothing that is held out."""
    from ...tools.qa_emb import embedded_answerer

    return TextAids(corpus, embedder, judge, lambda: embedded_answerer(embedder))


def _tools_of_model(box: BlackBox) -> list[BaseTool]:
    """Patchscopes for a place in a language model, on that very model."""
    model = getattr(box, "model", None)
    if model is None or not getattr(model, "is_causal", False):
        return []
    from ...tools.patchscope.tool import patchscope_tool

    return [patchscope_tool(lambda: model)]


def _open_sandbox() -> Sandbox:
    from ...sandboxes import open_sandbox

    return open_sandbox()
