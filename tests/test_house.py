"""How the house is built: small public faces, arrows that run one way, small rooms."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("agent", "app", "benchmarks", "examples", "models", "prompts", "sandboxes", "tools")

BELOW = {
    "app": {"agent", "benchmarks", "models", "prompts", "sandboxes", "tools"},
    "benchmarks": {"agent", "models", "prompts", "sandboxes", "tools"},
    "agent": {"models", "prompts", "sandboxes", "tools"},
    "tools": {"models", "prompts", "sandboxes"},
    "models": set(),
    "prompts": set(),
    "sandboxes": set(),
    "examples": {"agent", "models", "tools"},
}
"""What each folder may import besides itself. Arrows point down."""
COMMON = {"", "plugins"}
"""Modules beside the folders, which every folder may import."""

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60


def sources() -> list[Path]:
    return sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("zetetic", *(parts[:-1] if parts[-1] == "__init__" else parts)))


MODULES = {module_name(p) for p in sources()} | {"zetetic"}
PACKAGES = sorted({"zetetic", *(module_name(p) for p in sources() if p.name == "__init__.py")})


def imported(path: Path) -> Iterator[str]:
    """The zetetic modules that a file imports anywhere in it, inside functions and for type checking too."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "zetetic")
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1], *filter(None, (node.module or "").split("."))]
            if not node.level:
                base = (node.module or "").split(".")
            if base[0] != "zetetic":
                continue
            for alias in node.names:
                inner = ".".join((*base, alias.name))
                yield inner if inner in MODULES else ".".join(base)


def folder_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("package", PACKAGES)
def test_public_face_is_sorted_and_importable(package: str) -> None:
    module = importlib.import_module(package)
    face = getattr(module, "__all__", None)
    if face is None:
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        body = [n for n in ast.parse(source).body if not isinstance(n, ast.Expr)]
        assert not body, f"{package} hands out names but declares no __all__"
        return
    assert list(face) == sorted(face), f"{package}.__all__ is not sorted"
    assert len(set(face)) == len(face), f"{package}.__all__ repeats a name"
    for name in face:
        assert getattr(module, name) is not None, f"{package}.{name} is declared but not there"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_arrows_run_one_way(path: Path) -> None:
    here = path.relative_to(ROOT).parts[0]
    for target in imported(path):
        there = folder_of(target)
        allowed = COMMON | {here} | BELOW[here]
        assert there in allowed, f"{path.relative_to(ROOT)} imports {target}: {here} is not above it"


def package_of(module: str) -> str:
    """The package that holds `module`; what is nested deeper belongs to the noun it is nested in."""
    package = module if module in PACKAGES else module.rpartition(".")[0]
    return ".".join(package.split(".")[:3])


def test_no_package_imports_in_a_circle() -> None:
    """What happens between the modules of one package is its own affair; a face gathers what lies below it."""
    graph: dict[str, set[str]] = {}
    for path in sources():
        if path.name != "__init__.py":
            origin = package_of(module_name(path))
            graph.setdefault(origin, set()).update({package_of(t) for t in imported(path)} - {origin})
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(f"imports run in a circle: {' -> '.join(circle.args[1])}")


def test_the_walk_sees_relative_and_absolute_imports() -> None:
    """Guards the two tests above: an empty walk would let everything pass."""
    seen = {t for p in sources() for t in imported(p)}
    assert {"zetetic.tools.black_boxes.types", "zetetic.tools.induction.types"} <= seen
    assert len(seen) > 10


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= MAX_FILE_LINES, f"{path.relative_to(ROOT)} has {lines} lines; one idea, or two?"
    for item in ast.walk(ast.parse(text)):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (item.end_lineno or 0) - item.body[0].lineno + 1  # a long list of options is no second idea
            assert length <= MAX_FUNCTION_LINES, (
                f"{path.relative_to(ROOT)}:{item.lineno} {item.name} has {length} lines; split it by idea"
            )
