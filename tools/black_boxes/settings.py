"""What follows the `?` of a spec: `key=value&key=value`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlencode

from .types import SpecError


def read_settings(query: str, keys: Sequence[str], kind: str) -> dict[str, str]:
    """The settings in `query`. `SpecError` for one that is none of `keys`, or that comes twice."""
    pairs = parse_qsl(query, keep_blank_values=True)
    unknown = [key for key, _ in pairs if key not in keys] or ([query] if query and not pairs else [])
    if unknown:
        raise SpecError(f"expected {', '.join(keys)} after the ? of {kind} spec, got {unknown[0]!r}")
    found = dict(pairs)
    if len(found) < len(pairs):
        raise SpecError(f"expected each of {', '.join(found)} once after the ? of {kind} spec, got {query!r}")
    return found


def split_spec(rest: str, keys: Sequence[str], kind: str) -> tuple[str, dict[str, str]]:
    """What stands before the settings, and the settings.

    What stands before may be plain text with question marks in it: settings begin where `?key=` does.
    """
    mark = re.search(r"\?(?=[A-Za-z_]+=)", rest)
    if mark is None:
        return rest, {}
    return rest[: mark.start()], read_settings(rest[mark.end() :], keys, kind)


def write_settings(settings: Mapping[str, object | None]) -> str:
    """`?key=value…`, or nothing; settings that are None are left out."""
    said = {key: value for key, value in settings.items() if value is not None}
    return f"?{urlencode(said, safe='/:, <>|', quote_via=quote)}" if said else ""


def whole_number(text: str, name: str, least: int = 0) -> int:
    """`text` as a whole number of at least `least`."""
    if not text.isdecimal() or int(text) < least:
        raise SpecError(f"expected {name} to be a whole number of at least {least}, got {text!r}")
    return int(text)


def one_of(text: str, name: str, choices: Sequence[str]) -> str:
    """`text`, if it is one of `choices`."""
    if text not in choices:
        raise SpecError(f"expected {name} to be one of {', '.join(choices)}, got {text!r}")
    return text
