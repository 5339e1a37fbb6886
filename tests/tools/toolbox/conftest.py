from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
RAW_SERVER = Path(__file__).parent / "raw_server.py"


@pytest.fixture(scope="session")
def plugin_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the example plug-in is installed, as pip does it."""
    site = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    options = ["--no-deps", "--no-build-isolation", "--target", str(site)]
    run = subprocess.run([*install, *options, str(ROOT / "examples/plugin")], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return site


@pytest.fixture
def plugin(plugin_site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(plugin_site))
    return plugin_site


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Installs a package made up on the spot: its entry points and one module of the same name."""

    def install(name: str, source: str, **entries: str) -> Path:
        site = tmp_path / name
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = "".join(f"{entry} = {value}\n" for entry, value in entries.items())
        (info / "entry_points.txt").write_text(f"[zetetic.tools]\n{lines}")
        (site / f"{name}.py").write_text(source)
        monkeypatch.syspath_prepend(str(site))
        monkeypatch.delitem(sys.modules, name, raising=False)
        return site

    return install


@pytest.fixture
def raw(tmp_path: Path) -> Callable[..., Path]:
    """Writes a configuration of one raw server, called `raw`; `starts` beside it counts its processes."""

    def write(mode: str = "", **fields: object) -> Path:
        command = {"command": sys.executable, "args": [str(RAW_SERVER), mode, str(tmp_path / "starts")]}
        settings = command | {"allow": ["*"], "timeout_seconds": 20, "start_seconds": 30} | fields
        path = tmp_path / "mcp.json"
        path.write_text(json.dumps({"mcpServers": {"raw": settings}}))
        return path

    return write
