"""The report in a real browser: its plots are drawn, under its own content security policy."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import Brief, Budget, CodeCandidate, Investigation, ScriptedScientist, Store, replay_state
from zetetic.app.report import write_report
from zetetic.app.report.bundle import script_hash
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox

BROWSER = next((b for b in map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome")) if b), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--virtual-time-budget=10000", "--dump-dom",
)  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="needs a Chromium on the PATH to open the report in"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    line = CodeCandidate("line", "def explained(x):\n    return 2.0 * x\n", "a line", "2*x", 900.0)
    bent = CodeCandidate("pole", "def explained(x):\n    return 1.0 / x\n", "a pole", "1/x", 90.0)

    def script(inquiry: Any, seed: int) -> None:
        inquiry.ask([(0.2 * n - 10.1,) for n in range(100)], "look")
        for ranked in ([line, bent], [bent, line], [bent]):
            inquiry.propose(ranked, "think")
        inquiry.conclude(bent)

    folder = tmp_path_factory.mktemp("browser")
    box = FunctionBox(lambda x: 1.0 / x, NumericDomain((Interval(-10.2, 10.2),)))
    with Store.open(folder / "store.sqlite") as store:
        journal = store.create(Brief.of(box, scientist="scripted", budget=Budget(queries=150)))
        Investigation(box, ScriptedScientist(script), journal).run()
        record = replay_state(journal.events(), run_id=journal.run_id)
    return write_report(record, folder / "report.html")


def opened(page: Path, profile: Path) -> str:
    """The document after its scripts have run."""
    assert BROWSER is not None
    command = [BROWSER, *FLAGS, f"--user-data-dir={profile}", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=90).stdout


def test_every_plot_is_drawn(report: Path, tmp_path: Path) -> None:
    document = opened(report, tmp_path)
    assert 'data-plots="drawn"' in document
    wanted = len(re.findall(r'class="plot waiting"', report.read_text(encoding="utf-8")))
    assert wanted >= 3
    assert len(re.findall(r'class="plot[^"]*js-plotly-plot', document)) == wanted
    assert 'class="plot waiting"' not in document


def test_an_old_browser_gets_a_message_in_place_of_the_plots(report: Path, tmp_path: Path) -> None:
    """A format that no browser unpacks stands for a browser that unpacks nothing."""
    text = report.read_text(encoding="utf-8")
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)[-1]
    changed = script.replace('"gzip"', '"no-such-format"')
    assert changed != script
    old, new = (script_hash(s.encode()).strip("'") for s in (script, changed))
    assert old in text
    page = tmp_path / "old.html"
    page.write_text(text.replace(script, changed).replace(old, new), encoding="utf-8")
    document = opened(page, tmp_path / "profile")
    assert 'data-plots="failed"' in document
    assert "No plot here" in document
    assert "How it was scored" in document
