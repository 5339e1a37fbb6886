"""Patchscope pages in a real browser: heatmaps and curves are drawn, under their own content security policy."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from zetetic.app.patchscopes import write_page
from zetetic.app.patchscopes.bench import bench_page
from zetetic.app.patchscopes.one import patchscope_page
from zetetic.benchmarks.patchscopes import PatchscopesReport
from zetetic.benchmarks.patchscopes.extraction import SHARES, attributes_report
from zetetic.models.language_model import NextToken
from zetetic.tools.patchscope import Cell, Patchscope, Reading, Reference

BROWSER = next((b for b in map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome")) if b), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--virtual-time-budget=10000", "--dump-dom",
)  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="needs a Chromium on the PATH to open the page in"),
]


def reading(prompt, right):
    """Tokens that would break out of a page that did not escape them."""
    said = (NextToken(1, "</script><b>&%{x}role:bad", -0.5), NextToken(2, "\n", -1.5))
    cells = tuple(Cell(a, b, said, 0.5 + a, (a, b) in right, "“go on” <i>\nhere") for a in range(4) for b in range(3))
    return Reading(prompt, 3, "?", cells, cells[0], diagonal=False)


def opened(page: Path, profile: Path) -> str:
    """The document after its scripts have run."""
    assert BROWSER is not None
    command = [BROWSER, *FLAGS, f"--user-data-dir={profile}", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=90).stdout


def test_heatmaps_and_curves_are_drawn_whatever_the_tokens(tmp_path):
    target, control = reading("a <b> & ?", {(1, 1), (2, 1)}), reading("b ?", set())
    found = Patchscope("s", 0, "s", "m", "m", Reference("x", (1,), True), target, (control,), (), ("note",), False)
    page = write_page(patchscope_page([found]), tmp_path / "page.html")
    document = opened(page, tmp_path / "profile")
    assert 'data-plots="drawn"' in document
    assert len(re.findall(r'class="plot[^"]*js-plotly-plot', document)) == 3
    assert 'class="plot waiting"' not in document
    assert document.count("heatmaplayer") >= 2


def test_the_benchmarks_curves_are_drawn(tmp_path):
    kept = {name: [[i % 2, 1] for i in range(10)] for name in SHARES} | {"direct": [1] * 10, "unpatched": [0] * 10}
    report = PatchscopesReport(next_token=None, attributes=attributes_report("m", {"t": kept}, [0, 5], [1], 20))
    page = write_page(bench_page(report), tmp_path / "page.html")
    assert 'data-plots="drawn"' in opened(page, tmp_path / "profile")
