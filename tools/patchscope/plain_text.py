"""Plain text that comes with every Python: its manual's topics and the docstrings of its library."""

from __future__ import annotations

import ast
import inspect
import sysconfig
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEAST_CHARACTERS = 240
MOST_CHARACTERS = 1200
_SKIPPED = {"site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3", "turtledemo", "pydoc_data"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and the module or topic that it comes from. Split by `origin`, never by passage: neighbours are alike."""

    origin: str
    text: str


@cache
def passages() -> tuple[Passage, ...]:
    """The manual's topics and long docstrings, none twice, in the same order on every machine with this Python."""
    seen: set[str] = set()
    found = []
    for passage in (*_topics(), *_docstrings()):
        opening = passage.text[:120]
        if opening not in seen:
            seen.add(opening)
            found.append(passage)
    return tuple(found)


def _topics() -> Iterator[Passage]:
    from pydoc_data.topics import topics

    for name, text in sorted(topics.items()):
        for part in _parts(text):
            yield Passage(f"topic {name}", part)


def _parts(text: str) -> Iterator[str]:
    """Pieces of a long text at blank lines."""
    piece = ""
    for paragraph in text.split("\n\n"):
        if _is_prose(paragraph):
            piece = f"{piece}\n\n{paragraph}".strip()
        if len(piece) >= LEAST_CHARACTERS:
            yield _flowing(piece)
            piece = ""


def _docstrings() -> Iterator[Passage]:
    root = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if _SKIPPED & set(inside.parts) or any(part.startswith(("_", ".")) for part in inside.parts[:-1]):
            continue
        for text in _docstrings_of(path):
            if len(text) >= LEAST_CHARACTERS and _is_prose(text):
                yield Passage(f"module {inside.parts[0].removesuffix('.py')}", _flowing(text))


def _docstrings_of(path: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False)
            if text:
                yield inspect.cleandoc(text)


def _flowing(text: str) -> str:
    """`text` as one paragraph, cut at a word."""
    found = " ".join(text.split())
    return found if len(found) <= MOST_CHARACTERS else found[:MOST_CHARACTERS].rpartition(" ")[0]


def _is_prose(text: str) -> bool:
    """Mostly letters and spaces, and no console session or table."""
    plain = sum(c.isalpha() or c == " " for c in text)
    return bool(text.strip()) and ">>>" not in text and "---" not in text and plain > 0.8 * len(text)
