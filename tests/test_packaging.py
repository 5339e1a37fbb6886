"""What is installed, and what is shipped: pins for the whole environment, a wheel with the package and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOP_LEVEL = ("agent", "app", "benchmarks", "models", "prompts", "sandboxes", "tools")


def pins() -> dict[str, Version]:
    found = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            requirement = Requirement(line)
            versions = [s.version for s in requirement.specifier if s.operator == "=="]
            assert len(versions) == 1, f"constraints.txt: {line!r} is no exact pin"
            found[canonicalize_name(requirement.name)] = Version(versions[0])
    return found


def closure(root: str, extras: set[str]) -> dict[str, Version]:
    """Every installed distribution that `root[extras]` needs here and nobody pins upstream, by canonical name."""
    found: dict[str, Version] = {}
    todo, seen = [(root, frozenset(extras))], set()
    while todo:
        name, wanted = todo.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        for line in metadata.requires(name) or []:
            need = Requirement(line)
            if need.marker and not any(need.marker.evaluate({"extra": e}) for e in (wanted or {""}) | {""}):
                continue
            try:
                version = metadata.version(need.name)
            except metadata.PackageNotFoundError:
                continue
            if not any(s.operator == "==" for s in need.specifier):  # torch pins the parts of its own wheel itself
                found[canonicalize_name(need.name)] = Version(version)
            todo.append((canonicalize_name(need.name), frozenset(need.extras)))
    return found


def test_constraints_pin_every_distribution_that_is_resolved() -> None:
    pinned, installed = pins(), closure("zetetic", {"dev"})
    assert {"torch", "numpy", "langchain", "mypy", "pytest", "ruff"} <= set(installed)
    missing = sorted(set(installed) - set(pinned))
    assert not missing, f"not pinned in constraints.txt: {missing}"


def test_what_is_installed_is_what_is_pinned() -> None:
    pinned = pins()
    off = {n: str(v) for n, v in closure("zetetic", {"dev"}).items() if v.public != pinned[n].public}
    assert not off, f"installed versions that differ from constraints.txt: {off}"
    assert str(pinned["torch"]) == "2.13.0"


def test_the_pins_satisfy_what_the_project_declares() -> None:
    pinned = pins()
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    for line in [*project["dependencies"], *extras["dev"], *extras["symbolic"]]:
        need = Requirement(line)
        version = pinned[canonicalize_name(need.name)]
        assert need.specifier.contains(version), f"constraints.txt pins {need.name}=={version}, the project asks {need}"


def test_every_package_of_ours_is_shipped_and_type_checked() -> None:
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    checked = PROJECT["tool"]["mypy"]["files"]
    for folder in (f for f in TOP_LEVEL if any((ROOT / f).rglob("*.py"))):
        assert folder in shipped, f"{folder} is missing from the wheel's only-include"
        assert f".links/zetetic/{folder}" in checked, f"{folder} is missing from mypy's files"
    for path in shipped:
        assert (ROOT / path).exists(), f"the wheel's only-include names {path}, which is not there"


def test_version_is_stated_once_over() -> None:
    text = (ROOT / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    assert match
    assert match[1] == PROJECT["project"]["version"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {n.split("/")[0] for n in names}
    version = PROJECT["project"]["version"]
    assert tops == {"zetetic", f"zetetic-{version}.dist-info"}
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    parts = {n.split("/")[1] for n in names if n.startswith("zetetic/")}
    assert parts <= set(shipped)
    assert {"zetetic/py.typed", "zetetic/__init__.py", "zetetic/app/report/report.html.j2"} <= set(names)
    shipped = {"zetetic/tools/texts/default.jsonl"}
    leftovers = (".pyc", ".jsonl", ".sqlite")
    assert not [n for n in names if "__pycache__" in n or (n.endswith(leftovers) and n not in shipped)]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode == 0 and not os.environ.get("ZETETIC_UNTRACKED_OK"):
        expected = {f"zetetic/{line}" for line in tracked.stdout.splitlines() if line.split("/")[0] in shipped}
        assert expected <= set(names), f"committed but not shipped: {sorted(expected - set(names))[:5]}"


def test_an_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True, timeout=120, capture_output=True)
    code = (
        "import sys, zetetic; print(zetetic.__file__, flush=True);"
        "from zetetic.app.cli import main; sys.argv[1:] = ['--version']; main()"
    )
    environment = {**os.environ, "PYTHONPATH": str(target)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    where, said = run.stdout.splitlines()[:2]
    assert Path(where).is_relative_to(target)
    assert PROJECT["project"]["version"] in said
