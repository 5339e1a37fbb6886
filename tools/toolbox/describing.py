"""What an agent reads of a tool: its arguments as JSON schema, and as rows for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def arguments_schema(tool: BaseTool) -> dict[str, Any]:
    """The JSON schema of a tool's arguments, always of an object."""
    schema: Any = tool.tool_call_schema
    found: dict[str, Any] = dict(schema) if isinstance(schema, dict) else schema.model_json_schema()
    found.setdefault("type", "object")
    found.setdefault("properties", {})
    config = getattr(tool.args_schema, "model_config", {})
    if config.get("extra") == "forbid":  # LangChain's subset of the model forgets it
        found["additionalProperties"] = False
    found.pop("title", None)
    found.pop("description", None)  # pydantic repeats the tool's own
    return found


def first_fault(error: Any) -> str:
    """What pydantic found wrong with the arguments of a call, in a line for whoever gave them."""
    faults = error.errors()
    more = f" ({len(faults) - 1} more faults)" if len(faults) > 1 else ""
    where = ".".join(map(str, faults[0]["loc"])) or "the arguments"
    return (
        f"bad value for {where}: {faults[0]['msg']}, got {faults[0].get('input')!r:.200}{more}; mend it and call again"
    )


def argument_rows(schema: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(name, type, `, required` or its default, description) of each argument."""
    required = set(schema.get("required", ()))
    return [(name, _kind(p), _note(name in required, p), _text(p)) for name, p in schema["properties"].items()]


def _kind(field: Any) -> str:
    if not isinstance(field, dict):
        return "any"
    if "anyOf" in field:
        return " or ".join(_kind(part) for part in field["anyOf"])
    if "enum" in field:
        return " or ".join(json.dumps(value) for value in field["enum"])
    kind = str(field.get("type", "any"))
    return f"list of {_kind(field['items'])}" if kind == "array" and "items" in field else kind


def _note(is_required: bool, field: Any) -> str:
    if is_required:
        return ", required"
    if isinstance(field, dict) and "default" in field:
        return f", default {json.dumps(field['default'])}"
    return ""


def _text(field: Any) -> str:
    return str(field.get("description", "")) if isinstance(field, dict) else ""
