"""The report in a real browser: its plots are drawn, under its own content security policy."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from zetetic import explain
from zetetic.agent import Store, replay_state
from zetetic.app.report import write_report
from zetetic.app.report.bundle import script_hash

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
    folder = tmp_path_factory.mktemp("browser")
    with Store.open(folder / "store.sqlite") as store:
        explain(lambda x: 40.0 if 3 <= x <= 5 else 2 * x, domain=(-10, 10), queries=150, seconds=20, store=store)
        journal = store.journal(store.runs()[0].id)
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
