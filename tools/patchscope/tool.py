"""The Patchscope as a LangChain tool: an agent asks what a model's hidden state at some token says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from ...models import LanguageModel
    from .outcomes import Patchscope, Reading
    from .places import PositionLike

DESCRIPTION = (
    "Read a hidden state of a language model in words (a Patchscope): the state at one token of a source prompt is put "
    "into a target prompt, layer by layer, and the model goes on. Unrelated control targets are run beside it: where a "
    "control says as much, the target's wording explains nothing."
)


class PatchscopeArguments(BaseModel):
    """What an agent may ask for."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, description="The prompt whose hidden state is read.")
    position: int | str = Field(
        -1, description="The token that is read: a number (negative from the end), or a part of the source (its last)."
    )
    target: str | None = Field(
        None,
        description="The prompt it is put into, with ? or a lone x where. Default: an entity-description prompt when "
        "describing, else token identity.",
    )
    layers: list[int] | None = Field(None, description="Source layers; block outputs count from 0. Default: all.")
    target_layers: list[int] | None = Field(
        None, description="Target layers. Default: all for readouts, each source layer's own for descriptions."
    )
    describe: bool = Field(True, description="Generate a continuation at every layer, not the next token alone.")
    answer: str | None = Field(None, description="What a right reading would say: it is then counted, with controls.")
    controls: list[str] | None = Field(None, description="Control targets with a placeholder. Default: unrelated ones.")
    max_new_tokens: int = Field(20, ge=1, le=200, description="Length of continuations.")


def patchscope_tool(load: Callable[[], LanguageModel] | None = None) -> BaseTool:
    """The tool `patchscope`. `load` gives the model when it is first asked for (None: the embedded one).

    What an agent can mend comes back to it as the tool's answer; nothing is raised for it.
    """
    from langchain_core.tools import StructuredTool, ToolException

    model = cache(load or _embedded)

    def run(**given: Any) -> str:
        from ...models.errors import ModelError
        from .errors import PatchscopeError

        try:
            return run_patchscope(model(), PatchscopeArguments(**given))
        except (ModelError, PatchscopeError) as error:
            raise ToolException(str(error)) from error

    return StructuredTool.from_function(
        run,
        name="patchscope",
        description=DESCRIPTION,
        args_schema=PatchscopeArguments,
        handle_tool_error=True,
        handle_validation_error=_first_fault,
    )


def _first_fault(error: Any) -> str:
    """What is wrong with the arguments, for the agent that gave them."""
    faults = error.errors() if hasattr(error, "errors") else []
    if not faults:
        return f"expected the arguments of patchscope, got others: {error}"
    where = ".".join(map(str, faults[0]["loc"]))
    return f"bad value for {where}: {faults[0]['msg']}, got {faults[0].get('input')!r}; mend it and call again"


def _embedded() -> LanguageModel:
    from ...models.loading import load

    return load("smollm2")


def run_patchscope(model: LanguageModel, asked: PatchscopeArguments) -> str:
    """Run what was asked for and tell it as text for an agent."""
    from .places import Source, Target
    from .scope import describe, grid
    from .targets import CONTROLS, entity_description_prompt, token_identity_prompt

    text = asked.target or (entity_description_prompt() if asked.describe else token_identity_prompt())
    source = Source(model, asked.source, position_like(asked.position), asked.layers)
    target = Target(model, text, layer=asked.target_layers)
    controls = CONTROLS if asked.controls is None else asked.controls
    if asked.describe:
        found = describe(source, target, answer=asked.answer, controls=controls, max_new_tokens=asked.max_new_tokens)
    else:
        found = grid(source, target, answer=asked.answer, controls=controls)
    return tell(found)


def position_like(position: int | str) -> PositionLike:
    """A position as a person writes it: a whole number, or a part of the prompt, of which the last token is meant."""
    from .places import LastTokenOf

    if isinstance(position, int):
        return position
    try:
        return int(position)
    except ValueError:
        return LastTokenOf(position)


def tell(found: Patchscope) -> str:
    """The outcome as text: the reading, the strongest control's, and the verdict."""
    lines = [str(found)]
    lines += [f"Control {c.prompt!r}: {_saying(c)}" for c in found.controls]
    return "\n".join(lines)


def _saying(reading: Reading) -> str:
    from .outcomes import saying

    rows = reading.by_source_layer()
    some = [rows[i] for i in sorted({0, len(rows) // 2, len(rows) - 1})]
    return "; ".join(f"layer {row[0].source_layer} {saying(row[len(row) // 2])!r}" for row in some)
