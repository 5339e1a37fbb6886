"""`zetetic explain SPEC`: from a black box, or from examples alone, to an explanation."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..failures import bad_input
from .domains import implied, open_kinds, settle_domain, stated_domain
from .examples import ColumnOption, ExamplesOption, ExamplesWish, begin_examples, check_examples
from .modelling import (
    BaseUrlOption,
    HintOption,
    McpOption,
    ModelOption,
    ModelWish,
    MoneyOption,
    RoundsOption,
    ScientistOption,
    TokensOption,
    ToolsOption,
)
from .options import (
    BOX_PANEL,
    BUDGET_PANEL,
    TEXT_PANEL,
    DebugOption,
    DomainOption,
    IntegerOption,
    JsonOption,
    SandboxLevelOption,
    SandboxOption,
    StoreOption,
    TextOption,
    TimeoutOption,
    TokenVariableOption,
    TrustOption,
    sandbox_options,
)
from .texts import TextWish

if TYPE_CHECKING:
    from ...agent import Budget, Kind, Store
    from ...tools.black_boxes import BlackBox, NumericDomain
    from .driving import Sitting

OUTPUT_PANEL = "Output"
COUNT = "count"
"""What `--gives` says of a box whose number is computed from the characters of a text."""


def explain(
    context: typer.Context,
    spec: Annotated[
        str | None,
        typer.Argument(
            metavar="SPEC",
            help="The black box: python:FILE.py:NAME, command:PROGRAM, http://HOST/PATH, find:PATH/numeric/f00001, "
            "hf:MODEL/ADDRESS …",
            show_default=False,
        ),
    ] = None,
    examples: ExamplesOption = None,
    output_column: ColumnOption = None,
    domain: DomainOption = None,
    integer: IntegerOption = False,
    text: TextOption = False,
    corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Texts to ask and to verify on: one a line, or a column of a .csv, .tsv or .jsonl. Default: a corpus "
            "that ships.",
            rich_help_panel=TEXT_PANEL,
        ),
    ] = None,
    chat: Annotated[
        str | None,
        typer.Option(
            metavar="PROVIDER:MODEL",
            help="A chat model that proposes explanations as well; none is needed.",
            rich_help_panel=TEXT_PANEL,
        ),
    ] = None,
    timeout: TimeoutOption = 10.0,
    batch_size: Annotated[
        int | None,
        typer.Option(metavar="N", help="Inputs in one request or program run.", rich_help_panel=BOX_PANEL),
    ] = None,
    token_variable: TokenVariableOption = None,
    single: Annotated[
        bool,
        typer.Option("--single", help='An HTTP box takes one input a request, {"x": …}.', rich_help_panel=BOX_PANEL),
    ] = False,
    gives: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="What the box gives: number, text, or count (of a text: a number computed from its characters).",
            rich_help_panel=BOX_PANEL,
        ),
    ] = "number",
    untrusted: TrustOption = None,
    sandbox: SandboxOption = None,
    sandbox_level: SandboxLevelOption = None,
    budget_queries: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Inputs that may be asked, held-out ones included. Default: 400; for texts what the box's speed "
            "allows, 4000 at most.",
            rich_help_panel=BUDGET_PANEL,
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="How long the run may work. Default: 60; for texts 120.",
            rich_help_panel=BUDGET_PANEL,
        ),
    ] = None,
    scientist: ScientistOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    budget_tokens: TokensOption = None,
    budget_money: MoneyOption = None,
    budget_rounds: RoundsOption = None,
    hint: HintOption = "",
    tool: ToolsOption = None,
    mcp: McpOption = None,
    seed: Annotated[
        int,
        typer.Option(metavar="N", help="Same seed and deterministic box: same result.", rich_help_panel=BUDGET_PANEL),
    ] = 0,
    store: StoreOption = None,
    as_json: JsonOption = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Where the HTML report goes. Default: reports/ID.html beside the store; with --json, none.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = None,
    no_report: Annotated[
        bool, typer.Option("--no-report", help="Write no report.", rich_help_panel=OUTPUT_PANEL)
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress.", rich_help_panel=OUTPUT_PANEL)
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Explain a black box: a description in words, code that reproduces it, and a score on inputs never used for it.

    Progress goes to stderr, the explanation to stdout. Ctrl-C leaves a run that `zetetic runs resume` takes up again.
    """
    from .driving import Output, drive

    output = Output(as_json=as_json, report=report, no_report=no_report, quiet=quiet, store=store)
    output.check()
    check_examples(context, spec, examples, output_column)
    wish = BudgetWish(budget_queries, seconds)
    wish.check()
    gives_text = _output(gives) == "text"
    if examples is not None:
        pairs = ExamplesWish(examples, output_column, texts=text, gives_text=gives_text)
        raise typer.Exit(drive(output, lambda journals: begin_examples(journals, pairs, seed=seed, seconds=seconds)))
    assert spec is not None
    by = ModelWish(
        scientist, model, base_url, budget_tokens, budget_money, hint, tuple(tool or ()), mcp, rounds=budget_rounds
    )
    by.check()
    intervals = domain or []
    texts = TextWish(text or gives == COUNT, corpus, chat)
    asked = Asked(stated_domain(intervals, integer=integer), open_kinds(intervals), texts, counts=gives == COUNT)
    asked.check()
    if asked.counts and by.model is not None:
        raise bad_input(f"expected --gives {COUNT} or --model, got both; a model explains numbers of texts in words")
    options = box_options(
        integer=integer,
        timeout_seconds=timeout,
        batch_size=batch_size,
        token_variable=token_variable,
        single=single,
        seed=seed,
        output=_output(gives),
    ) | sandbox_options(untrusted, sandbox, sandbox_level)
    raise typer.Exit(drive(output, lambda journals: begin(journals, spec, asked, options, wish, by)))


@dataclass(frozen=True)
class BudgetWish:
    """What the user said of the budget; None: nothing."""

    queries: int | None
    seconds: float | None

    def check(self) -> None:
        if self.queries is not None and self.queries < 1:
            raise bad_input(f"expected --budget-queries of at least 1, got {self.queries}; try --budget-queries 400")
        if self.seconds is not None and (math.isnan(self.seconds) or self.seconds <= 0):
            raise bad_input(f"expected --seconds above 0, got {self.seconds:g}; try --seconds 60")

    def budget(self, kind: Kind, scientist: str = "inductive") -> Budget:
        from ...agent import default_budget

        usual = default_budget(kind, scientist)
        return replace(usual, queries=self.queries or usual.queries, seconds=self.seconds or usual.seconds)


@dataclass(frozen=True)
class Asked:
    """Where the user wants to look: a domain of numbers (`is_open`: which kinds it leaves open), or texts.

    `counts`: the number that a box gives for a text is computed from its characters.
    """

    stated: NumericDomain | None
    is_open: list[bool]
    texts: TextWish
    counts: bool = False

    def check(self) -> None:
        if self.stated is not None and self.texts.given:
            raise bad_input(f"expected --domain or {self.texts.given}, got both; a domain is of numbers: leave one out")


def _output(gives: str) -> str | None:
    """What the opener is told; nothing for the usual."""
    if gives not in ("number", "text", COUNT):
        raise bad_input(f"expected --gives number, text or {COUNT}, got {gives!r}")
    return "text" if gives == "text" else None


def box_options(**options: Any) -> dict[str, Any]:
    """The options that opening the box again will need; what is not given is left out."""
    timeout = options["timeout_seconds"]
    if not (math.isfinite(timeout) and timeout > 0):
        raise bad_input(f"expected --timeout above 0 seconds, got {timeout:g}; try --timeout 10")
    if options["seed"] < 0:
        raise bad_input(f"expected --seed of 0 or more, got {options['seed']}; try --seed 0")
    size = options["batch_size"]
    if size is not None and size < 1:
        raise bad_input(f"expected --batch-size of at least 1, got {size}; leave it out for the box's own size")
    variable = options["token_variable"]
    if variable is not None and not os.environ.get(variable):
        raise bad_input(f"expected a token in the environment variable {variable}, got none; set it first")
    return {name: value for name, value in options.items() if value is not None}


def begin(
    store: Store, spec: str, asked: Asked, options: dict[str, Any], wish: BudgetWish, by: ModelWish | None = None
) -> Sitting:
    """The first sitting of a new run."""
    from ...agent import kind_of
    from ...tools.black_boxes import open_box

    by = by or ModelWish()
    texts = asked.texts
    box = open_box(spec, domain=texts.domain if texts.given else asked.stated, **options)
    try:
        kind = "strings" if asked.counts else kind_of(box.signature)
        budget = wish.budget(kind, by.name)
        if kind != "numbers":
            texts.refuse_numbers(asked.stated)
        if kind == "texts":
            sitting = texts.sitting(store, box, budget, options, by)
        elif kind == "strings":
            sitting = _on_strings(store, box, options, budget, by)
        else:
            texts.refuse(spec)
            sitting = _on_numbers(store, box, asked, options, budget, by)
        return replace(sitting, remarks=sitting.remarks + by.remarks)
    except BaseException:
        box.close()
        raise


def _on_strings(store: Store, box: BlackBox, options: dict[str, Any], budget: Budget, by: ModelWish) -> Sitting:
    from ...agent import Brief
    from .driving import Sitting

    brief = Brief.of(box, budget=budget, seed=options["seed"], options=options, kind="strings")
    return Sitting(store.create(by.brief(brief)), box)


def _on_numbers(
    store: Store, box: BlackBox, asked: Asked, options: dict[str, Any], budget: Budget, by: ModelWish
) -> Sitting:
    from ...agent import Brief
    from .driving import Sitting

    integer = bool(options["integer"])
    settled = settle_domain(box.signature, asked.stated, integer=integer, is_open=asked.is_open)
    brief = Brief.of(box, budget=budget, seed=options["seed"], domain=settled, options=options)
    return Sitting(
        store.create(by.brief(brief)), box, remarks=implied(box.signature, asked.stated, settled, integer=integer)
    )
