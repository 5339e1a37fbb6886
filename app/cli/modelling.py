"""What `--model` and its kin mean: which language model investigates, what it may spend, what it has at hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ..failures import bad_input
from .options import BUDGET_PANEL

if TYPE_CHECKING:
    from ...agent import Brief

MODEL_PANEL = "A language model that investigates"
ScientistName = Literal["inductive", "llm"]

ScientistOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Who investigates: inductive (needs no model), or llm. Default: llm with --model, else inductive.",
        rich_help_panel=MODEL_PANEL,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="PROVIDER:MODEL",
        help="The chat model that investigates, such as openai:gpt-5-mini, anthropic:…, ollama:… or local:smollm2.",
        rich_help_panel=MODEL_PANEL,
    ),
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="A server that speaks the provider's protocol, such as http://127.0.0.1:8000/v1.",
        rich_help_panel=MODEL_PANEL,
    ),
]
TokensOption = Annotated[
    int | None, typer.Option(metavar="N", help="Tokens that the model may use.", rich_help_panel=MODEL_PANEL)
]
MoneyOption = Annotated[
    float | None,
    typer.Option(metavar="DOLLARS", help="US dollars that the model may cost.", rich_help_panel=MODEL_PANEL),
]
RoundsOption = Annotated[
    int | None, typer.Option(metavar="N", help="How often may be verified. Default: 4.", rich_help_panel=BUDGET_PANEL)
]
HintOption = Annotated[
    str, typer.Option(metavar="TEXT", help="Something that the model should know.", rich_help_panel=MODEL_PANEL)
]
ToolsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tool", metavar="NAME", help="A plug-in's tool for it; see zetetic tools list.", rich_help_panel=MODEL_PANEL
    ),
]
McpOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="MCP servers whose tools it gets (TOML or JSON).", rich_help_panel=MODEL_PANEL),
]


@dataclass(frozen=True)
class ModelWish:
    """What the user said of a language model."""

    scientist: str | None = None
    model: str | None = None
    base_url: str | None = None
    tokens: int | None = None
    money: float | None = None
    hint: str = ""
    tools: tuple[str, ...] = ()
    mcp: Path | None = None
    rounds: int | None = None

    @property
    def name(self) -> ScientistName:
        """Who investigates."""
        return "llm" if self.model is not None else "inductive"

    def check(self) -> None:
        """Refuse what does not fit together, before anything is opened."""
        if self.scientist not in (None, "inductive", "llm"):
            raise bad_input(f"expected --scientist inductive or llm, got {self.scientist!r}")
        if self.scientist == "llm" and self.model is None:
            raise bad_input("expected a --model for --scientist llm, such as openai:gpt-5-mini, got none")
        if self.scientist == "inductive" and self.model is not None:
            raise bad_input(f"expected --scientist llm with --model {self.model}, got inductive; leave one out")
        given: dict[str, Any] = {"--base-url": self.base_url, "--budget-tokens": self.tokens}
        given |= {"--budget-money": self.money, "--hint": self.hint, "--tool": self.tools, "--mcp": self.mcp}
        for option, value in given.items():
            if value and self.model is None:
                raise bad_input(f"expected a --model with {option}, got none; add --model openai:NAME")
        if self.tokens is not None and self.tokens < 1:
            raise bad_input(f"expected --budget-tokens of at least 1, got {self.tokens}; try --budget-tokens 100000")
        if self.rounds is not None and self.rounds < 1:
            raise bad_input(f"expected --budget-rounds of at least 1, got {self.rounds}; try --budget-rounds 4")
        if self.money is not None and not self.money > 0:
            raise bad_input(f"expected --budget-money above 0, got {self.money:g}; try --budget-money 1")
        if self.model is not None and not all(self.model.partition(":")):
            raise bad_input(f"expected --model PROVIDER:MODEL, such as openai:gpt-5-mini, got {self.model!r}")

    def brief(self, brief: Brief) -> Brief:
        """`brief` with what the user said."""
        limits: dict[str, Any] = {"tokens": self.tokens, "money": self.money, "rounds": self.rounds}
        budget = replace(brief.budget, **{k: v for k, v in limits.items() if v is not None})
        if self.model is None:
            return replace(brief, budget=budget)
        mcp = None if self.mcp is None else str(self.mcp.expanduser().absolute())
        return replace(
            brief,
            scientist="llm",
            chat=self.model,
            base_url=self.base_url,
            hint=self.hint,
            tools=self.tools,
            mcp=mcp,
            budget=budget,
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the user should know before it begins."""
        if self.model is None or self.money is None:
            return ()
        from ...agent.llm import Prices

        if Prices.load().of(self.model) is not None:
            return ()
        return (
            f"no price is known for {self.model}, so --budget-money limits nothing; put one into a table of your own "
            "and name it in ZETETIC_PRICES",
        )
