"""Tool calls in the text of a local model: the ways in which open models write them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_BLOCKS = (
    re.compile(r"<tool_call>\s*(.*?)\s*(?:</tool_call>|$)", re.DOTALL),
    re.compile(r"<function_call>\s*(.*?)\s*(?:</function_call>|$)", re.DOTALL),
    re.compile(r"\[TOOL_CALLS\]\s*(.*)$", re.DOTALL),
    re.compile(r"<\|python_tag\|>\s*(.*?)\s*(?:<\|eom_id\|>|<\|eot_id\|>|$)", re.DOTALL),
    re.compile(r"```(?:json|tool_call)\s*(.*?)\s*(?:```|$)", re.DOTALL),
)
"""Qwen, Hermes and SmolLM; functions as some name them; Mistral; Llama 3; a fenced block. The first found counts."""
_NAMES = ("name", "function", "tool")
_ARGUMENTS = ("arguments", "parameters", "args", "input")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was written: `text` outside the calls; `calls` as (name, arguments); `invalid` as (name, text, error)."""

    text: str
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    invalid: tuple[tuple[str | None, str, str], ...] = ()


def parse_tool_calls(text: str) -> Parsed:
    """The tool calls that `text` holds, several in a block or one a block; malformed ones are kept as invalid.

    A text that is one JSON object, or a list of them, which name a tool counts as calls too; other JSON is text.
    """
    for pattern in _BLOCKS:
        found = pattern.findall(text)
        if not found:
            continue
        calls, invalid = _read_all(found)
        fenced = pattern is _BLOCKS[-1]
        if calls or (invalid and not fenced):  # a fenced block that is no call is only a fenced block
            return Parsed(pattern.sub("", text).strip(), tuple(calls), tuple(invalid))
    bare = text.strip()
    if bare.startswith(("{", "[")):
        calls, invalid = _read_all([bare])
        if calls:
            return Parsed("", tuple(calls), tuple(invalid))
    return Parsed(text)


def _read_all(blocks: list[str]) -> tuple[list[tuple[str, dict[str, Any]]], list[tuple[str | None, str, str]]]:
    calls: list[tuple[str, dict[str, Any]]] = []
    invalid: list[tuple[str | None, str, str]] = []
    for block in blocks:
        try:
            values = _values(block)
        except ValueError as error:
            invalid.append((_named(block), block, f"expected JSON of a tool call, got text that is none: {error}"))
            continue
        for value in values:
            try:
                calls.append(_call(value))
            except ValueError as error:
                name = value.get("name") if isinstance(value, dict) else None
                said = json.dumps(value, ensure_ascii=False)
                invalid.append((name if isinstance(name, str) else None, said, str(error)))
    return calls, invalid


def _values(block: str) -> list[Any]:
    """The JSON values that follow each other in `block`; a list is taken apart."""
    decoder = json.JSONDecoder()
    values: list[Any] = []
    at = 0
    while at < len(block):
        value, at = decoder.raw_decode(block, at)
        values += value if isinstance(value, list) else [value]
        while at < len(block) and block[at] in " \t\r\n;,":
            at += 1
    return values


def _call(value: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(value, dict):
        raise ValueError(f'expected {{"name": …, "arguments": {{…}}}}, got {type(value).__name__}')
    if isinstance(value.get("function"), dict):  # as OpenAI's protocol nests it
        value = value["function"]
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    if not name:
        raise ValueError('expected the name of a tool under "name", got none')
    arguments: Any = next((value[key] for key in _ARGUMENTS if key in value), {})
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError as error:
            raise ValueError(f"expected arguments in JSON, got text that is none: {error}") from error
    if not isinstance(arguments, dict):
        raise ValueError(f"expected arguments as an object, got {type(arguments).__name__}")
    return name, arguments


def _named(block: str) -> str | None:
    found = re.search(r'"name"\s*:\s*"([^"]+)"', block)
    return found[1] if found else None
