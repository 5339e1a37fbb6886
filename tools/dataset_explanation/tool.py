"""Dataset explanation as a LangChain tool: what tells texts apart, or what a column goes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from ..chat import Chat

DESCRIPTION = (
    "Find what tells two lots of texts apart (or, in a table, what a label or a number goes with), in words. "
    "Differences are proposed on one half and measured on the other: shares, effect with interval, p-values corrected "
    "for everything that was tried. No difference found is a valid answer."
)


class DatasetArguments(BaseModel):
    """What an agent may ask for: texts as lists, or files."""

    model_config = ConfigDict(extra="forbid")

    texts_a: list[str] | None = Field(None, description="Texts of the first group (8 or more).")
    texts_b: list[str] | None = Field(None, description="Texts of the second group (8 or more).")
    path: str | None = Field(None, description="A .csv, .tsv or .jsonl with a label or a number; or group A's .txt.")
    path_b: str | None = Field(None, description="Group B's .txt, where path is group A's.")
    text: str | None = Field(None, description="The column of texts. Default: detected.")
    label: str | None = Field(None, description="The column that names two groups. Default: detected.")
    target: str | None = Field(None, description="The column with a number to explain. Default: detected.")
    a: str | None = Field(None, description="The group of interest, where the label has several.")
    b: str | None = Field(None, description="The group it is compared with. Default: all others.")
    table: bool = Field(False, description="Explain by the table's other columns instead of its texts.")
    top: int = Field(5, ge=1, le=20, description="How many differences to report.")
    seed: int = Field(0, ge=0, description="Which half is held out.")


def explain_dataset_tool(chat: Chat | None = None) -> BaseTool:
    """The tool `explain_dataset`. With a `chat` model, that model proposes differences too.

    What an agent can mend comes back to it as the tool's answer; nothing is raised for it.
    """
    from langchain_core.tools import StructuredTool, ToolException

    def run(**given: Any) -> str:
        from ...models.errors import ModelError
        from ..chat import ChatError
        from .errors import DatasetError

        try:
            return run_explain_dataset(DatasetArguments(**given), chat)
        except (DatasetError, ModelError, ChatError) as error:
            raise ToolException(str(error)) from error

    return StructuredTool.from_function(
        run,
        name="explain_dataset",
        description=DESCRIPTION,
        args_schema=DatasetArguments,
        handle_tool_error=True,
        handle_validation_error=_first_fault,
    )


def run_explain_dataset(asked: DatasetArguments, chat: Chat | None = None) -> str:
    """Run what was asked for and tell it as text for an agent. Raises `DatasetError`."""
    from .errors import DatasetError
    from .front import explain_dataset

    lists, files = (asked.texts_a, asked.texts_b), (asked.path, asked.path_b)
    if all(part is not None for part in lists) and files == (None, None):
        source: Any = asked.texts_a
        other: Any = asked.texts_b
    elif lists == (None, None) and asked.path is not None:
        source, other = files
    else:
        raise DatasetError("expected texts_a and texts_b, or path (and path_b), got a mixture; pass one of both pairs")
    options = asked.model_dump(include={"text", "label", "target", "a", "b", "table", "top", "seed"})
    return str(explain_dataset(source, other, chat=chat, **options))


def _first_fault(error: Any) -> str:
    """What is wrong with the arguments, for the agent that gave them."""
    faults = error.errors() if hasattr(error, "errors") else []
    if not faults:
        return f"expected the arguments of explain_dataset, got others: {error}"
    where = ".".join(map(str, faults[0]["loc"]))
    return f"bad value for {where}: {faults[0]['msg']}, got {faults[0].get('input')!r}; mend it and call again"
