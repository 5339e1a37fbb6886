"""Importing the package is light and happens under one name only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "transformers", "accelerate", "langchain", "langgraph", "scipy", "sklearn", "sympy", "plotly")


def loaded_after(statement: str) -> set[str]:
    """The top-level modules in memory once a fresh interpreter has run `statement`."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "statement", ["import zetetic", "import zetetic; dir(zetetic)", "import zetetic.app.cli", "import zetetic.agent"]
)
def test_nothing_heavy_is_loaded(statement: str) -> None:
    assert not loaded_after(statement) & set(HEAVY)


def test_import_zetetic_loads_no_third_party_package_at_all() -> None:
    assert not loaded_after("import zetetic") & {"numpy", "pydantic", "typer", "rich"}


def test_the_public_names_resolve_lazily_and_a_wrong_one_says_which_exist() -> None:
    import zetetic

    for name in zetetic.__all__:
        assert getattr(zetetic, name) is not None
    with pytest.raises(AttributeError, match=r"no_such_name.*open_box"):
        _ = zetetic.no_such_name


def test_no_module_of_ours_is_loaded_under_a_second_name() -> None:
    """Two copies of one class would make isinstance lie. The root file alone may be seen under the folder's name."""
    import zetetic.agent
    import zetetic.tools.black_boxes

    assert zetetic.agent.__name__ == "zetetic.agent"
    twins = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or name.split(".")[0] == "zetetic":
            continue
        path = Path(file).resolve()
        inside = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in {
            "agent",
            "app",
            "benchmarks",
            "models",
            "plugins.py",
            "sandboxes",
            "tools",
        }
        if inside:
            twins.append(name)
    assert not twins, f"loaded under a second name: {twins}"
