"""`zetetic explain SPEC`: from a black box to an explanation."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .domains import implied, open_kinds, settle_domain, stated_domain
from .failures import bad_input
from .options import (
    DebugOption,
    JsonOption,
    SandboxLevelOption,
    SandboxOption,
    StoreOption,
    TrustOption,
    sandbox_options,
)

if TYPE_CHECKING:
    from ...agent import Budget, Store
    from ...tools.black_boxes import NumericDomain
    from .driving import Sitting

BOX_PANEL = "The black box"
BUDGET_PANEL = "Budget"
OUTPUT_PANEL = "Output"


def explain(
    context: typer.Context,
    spec: Annotated[
        str,
        typer.Argument(
            metavar="SPEC",
            help="The black box: python:FILE.py:NAME, command:PROGRAM, http://HOST/PATH, find:PATH/numeric/f00001 …",
        ),
    ],
    domain: Annotated[
        list[str] | None,
        typer.Option(
            "--domain",
            metavar="LOW:HIGH[:int]",
            help="Where an input lives; one for each input, in order. Wins over what the box says of itself. "
            "Default: the box's own, else -100:100 as a first guess.",
            rich_help_panel=BOX_PANEL,
        ),
    ] = None,
    integer: Annotated[
        bool, typer.Option("--integer", help="Every input is a whole number.", rich_help_panel=BOX_PANEL)
    ] = False,
    timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="How long one query may take before it fails.", rich_help_panel=BOX_PANEL),
    ] = 10.0,
    batch_size: Annotated[
        int | None,
        typer.Option(metavar="N", help="Inputs in one request or program run.", rich_help_panel=BOX_PANEL),
    ] = None,
    token_variable: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The environment variable that holds the bearer token of an HTTP box.",
            rich_help_panel=BOX_PANEL,
        ),
    ] = None,
    single: Annotated[
        bool,
        typer.Option("--single", help='An HTTP box takes one input a request, {"x": …}.', rich_help_panel=BOX_PANEL),
    ] = False,
    untrusted: TrustOption = None,
    sandbox: SandboxOption = None,
    sandbox_level: SandboxLevelOption = None,
    budget_queries: Annotated[
        int,
        typer.Option(
            metavar="N", help="Inputs that may be asked, held-out ones included.", rich_help_panel=BUDGET_PANEL
        ),
    ] = 400,
    seconds: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long the run may work.", rich_help_panel=BUDGET_PANEL)
    ] = 60.0,
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
    budget = _budget(budget_queries, seconds)
    texts = domain or []
    stated = stated_domain(texts, integer=integer)
    options = _box_options(
        integer=integer,
        timeout_seconds=timeout,
        batch_size=batch_size,
        token_variable=token_variable,
        single=single,
        seed=seed,
    ) | sandbox_options(untrusted, sandbox, sandbox_level)
    is_open = open_kinds(texts)
    raise typer.Exit(drive(output, lambda journals: _begin(journals, spec, stated, is_open, options, budget)))


def _budget(queries: int, seconds: float) -> Budget:
    from ...agent import Budget

    if queries < 1:
        raise bad_input(f"expected --budget-queries of at least 1, got {queries}; try --budget-queries 400")
    if math.isnan(seconds) or seconds <= 0:
        raise bad_input(f"expected --seconds above 0, got {seconds:g}; try --seconds 60")
    return Budget(queries=queries, seconds=seconds)


def _box_options(**options: Any) -> dict[str, Any]:
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


def _begin(
    store: Store,
    spec: str,
    stated: NumericDomain | None,
    is_open: list[bool],
    options: dict[str, Any],
    budget: Budget,
) -> Sitting:
    """The first sitting of a new run."""
    from ...agent import Brief
    from ...tools.black_boxes import open_box
    from .driving import Sitting

    box = open_box(spec, domain=stated, **options)
    try:
        integer = bool(options["integer"])
        settled = settle_domain(box.signature, stated, integer=integer, is_open=is_open)
        brief = Brief.of(box, budget=budget, seed=options["seed"], domain=settled, options=options)
        return Sitting(store.create(brief), box, remarks=implied(box.signature, stated, settled, integer=integer))
    except BaseException:
        box.close()
        raise
