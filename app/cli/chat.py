"""`zetetic chat SPEC` and `zetetic runs chat ID`: talk with an investigation, while it runs and afterwards."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..failures import bad_input
from .domains import open_kinds, stated_domain
from .explain import Asked, BudgetWish, begin, box_options
from .modelling import (
    BaseUrlOption,
    HintOption,
    McpOption,
    ModelOption,
    ModelWish,
    MoneyOption,
    RoundsOption,
    TokensOption,
    ToolsOption,
)
from .options import (
    BUDGET_PANEL,
    TEXT_PANEL,
    DebugOption,
    DomainOption,
    IntegerOption,
    SandboxLevelOption,
    SandboxOption,
    StoreOption,
    TextOption,
    TimeoutOption,
    TokenVariableOption,
    TrustOption,
    sandbox_options,
)
from .runs import RunArgument, _open_to_read, _reopen
from .texts import TextWish

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ...agent import Store
    from .driving import Sitting


def chat(
    spec: Annotated[
        str, typer.Argument(metavar="SPEC", help="The black box, as for zetetic explain: python:FILE.py:NAME …")
    ],
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    domain: DomainOption = None,
    integer: IntegerOption = False,
    text: TextOption = False,
    corpus: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Texts to ask and to verify on.", rich_help_panel=TEXT_PANEL),
    ] = None,
    timeout: TimeoutOption = 10.0,
    token_variable: TokenVariableOption = None,
    untrusted: TrustOption = None,
    sandbox: SandboxOption = None,
    sandbox_level: SandboxLevelOption = None,
    budget_queries: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Inputs that may be asked, yours and held-out ones included. Default: as for zetetic explain.",
            rich_help_panel=BUDGET_PANEL,
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="How long the run may work; waiting for you does not count. Default: 60; for texts 120; with a "
            "model 1800.",
            rich_help_panel=BUDGET_PANEL,
        ),
    ] = None,
    budget_tokens: TokensOption = None,
    budget_money: MoneyOption = None,
    budget_rounds: RoundsOption = None,
    hint: HintOption = "",
    tool: ToolsOption = None,
    mcp: McpOption = None,
    seed: Annotated[int, typer.Option(metavar="N", rich_help_panel=BUDGET_PANEL)] = 0,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Investigate a black box together: watch, pause, ask, correct, conclude. Type /help once it has begun.

    Where the input is no terminal, its lines are taken as a script. Leaving keeps the run.
    """
    wish = BudgetWish(budget_queries, seconds)
    wish.check()
    by = ModelWish(
        None, model, base_url, budget_tokens, budget_money, hint, tuple(tool or ()), mcp, rounds=budget_rounds
    )
    by.check()
    intervals = domain or []
    asked = Asked(stated_domain(intervals, integer=integer), open_kinds(intervals), TextWish(text, corpus, None))
    asked.check()
    opened = _model(model, base_url)
    options = box_options(
        integer=integer,
        timeout_seconds=timeout,
        batch_size=None,
        token_variable=token_variable,
        single=False,
        seed=seed,
    ) | sandbox_options(untrusted, sandbox, sandbox_level)
    raise typer.Exit(_talk(store, opened, lambda journals: begin(journals, spec, asked, options, wish, by)))


def chat_about(
    run: RunArgument,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    budget_queries: Annotated[
        int | None, typer.Option(metavar="N", help="Another limit of queries, those already asked included.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Another limit of time, what was used before included.")
    ] = None,
    corpus: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the texts of the run lie now, if not where they were."),
    ] = None,
    untrusted: TrustOption = None,
    sandbox: SandboxOption = None,
    sandbox_level: SandboxLevelOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Take a run up again in a chat, or ask about one that has concluded."""
    _open_to_read(store).close()
    place = sandbox_options(untrusted, sandbox, sandbox_level)
    with _open_to_read(store) as opened_store:
        brief = opened_store.journal(run).brief
    named = model or (brief.chat if brief.scientist == "llm" else None)
    opened = _model(named, base_url or brief.base_url)
    limits = (budget_queries, seconds)
    raise typer.Exit(_talk(store, opened, lambda journals: _reopen(journals, run, limits, place, corpus)))


def _model(name: str | None, base_url: str | None) -> Callable[[], BaseChatModel] | None:
    """What opens the model, refused at once where its name says nothing; LangChain is imported when it is opened."""
    if name is None:
        if base_url is not None:
            raise bad_input("expected --model with --base-url, got no model; add --model openai:NAME")
        return None
    provider, colon, rest = name.partition(":")
    if not (provider and colon and rest):
        raise bad_input(f"expected --model PROVIDER:MODEL, such as openai:gpt-5-mini, got {name!r}")
    more: dict[str, Any] = {} if base_url is None else {"base_url": base_url}

    def open_model() -> BaseChatModel:
        from ...tools.chat import open_chat_model

        return open_chat_model(name, **more)

    return open_model


def _talk(place: Path | None, model: Any, prepare: Callable[[Store], Sitting]) -> int:
    """The chat, from opening to leaving; returns the exit code."""
    from ...agent import Store
    from ..chat.session import ChatSession
    from ..chat.terminal import left_text, on_terminal
    from ..chat.work import Opening
    from .driving import tools_for

    with contextlib.ExitStack() as cleanup:
        store = cleanup.enter_context(Store.open(place))
        sitting = prepare(store)
        if sitting.box is not None:
            cleanup.callback(sitting.box.close)
        extra = () if model is None else cleanup.enter_context(tools_for(sitting.journal.brief))
        settings = {"extra_tools": extra} if extra else {}
        opening = Opening(model, corpus=sitting.corpus, budget=sitting.budget, settings=settings)
        made: list[ChatSession] = []

        def session_of(screen: Any) -> ChatSession:
            made.append(
                ChatSession(
                    sitting.journal,
                    sitting.box,
                    opening,
                    screen.tell,
                    width=lambda: screen.width,
                    streams=screen.streams,
                )
            )
            return made[0]

        for remark in sitting.remarks:
            print(f"note: {remark}", file=sys.stderr)
        whole = on_terminal(session_of)
        where = "" if place is None else f" --store {shlex.quote(str(place))}"
        print(left_text(made[0], where), file=sys.stderr)
        if not whole:
            _abandon()
    return 0


def _abandon() -> None:
    """End the process although a thread still waits for a model: what it was told is in the journal already."""
    import os

    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
