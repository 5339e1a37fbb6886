"""The measures as LangChain tools: what a model reads of them, and how mistakes come back to it."""

from __future__ import annotations

from dataclasses import asdict

from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import BaseModel, ConfigDict, Field

from .measures import contrast, traits


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    texts: list[str] = Field(min_length=1, max_length=50, description="Up to 50 texts.")


class TwoLots(BaseModel):
    model_config = ConfigDict(extra="forbid")

    texts_a: list[str] = Field(min_length=1, description="Texts of one kind, such as those that excite the box.")
    texts_b: list[str] = Field(min_length=1, description="Texts of the other kind.")
    most: int = Field(10, ge=1, le=50, description="How many words of each lot to show.")


def make_tools() -> list[BaseTool]:
    """What the entry point names: called once, without arguments."""
    return [
        StructuredTool.from_function(
            text_traits,
            name="text_traits",
            description="Surface traits of texts: length, reading ease, capitals, digits, punctuation. A row a text.",
            args_schema=Texts,
            handle_tool_error=True,
        ),
        StructuredTool.from_function(
            word_contrast,
            name="word_contrast",
            description="The words that tell two lots of texts apart, with z-scores. Rules out that one frequent word "
            "explains a response.",
            args_schema=TwoLots,
            handle_tool_error=True,
        ),
    ]


def text_traits(texts: list[str]) -> str:
    return "\n".join(f"{text[:40]!r}: {_row(asdict(traits(text)))}" for text in texts)


def word_contrast(texts_a: list[str], texts_b: list[str], most: int = 10) -> str:
    found = contrast(texts_a, texts_b, most=most)
    if not found:  # a ToolException is told to the model, which can mend its call
        raise ToolException("expected texts with words in both lots, got a lot without any; pass texts with words")
    return "\n".join(f"{c.word}: z {c.z:+.1f} ({c.in_a} times in A, {c.in_b} in B)" for c in found)


def _row(fields: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in fields.items())
