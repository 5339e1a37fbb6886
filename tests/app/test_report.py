"""The report: one self-contained file that holds all of a run and runs nothing that a box or a user wrote."""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from zetetic.agent import (
    Brief,
    Budget,
    CodeCandidate,
    Investigation,
    RunRecord,
    ScriptedScientist,
    Store,
    replay_state,
)
from zetetic.app.report import NotebookReport, ReportError, render_report, write_report
from zetetic.tools.black_boxes import Interval, NumericDomain
from zetetic.tools.black_boxes.function import FunctionBox
from zetetic.tools.induction import ExceptionRegion, Noise

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & {{ 7 * 7 }} %{x}"
BENT = "SLOPE = 2.0\n\n\ndef explained(x):\n    if 3 <= x <= 5:\n        return 40.0\n    return SLOPE * x + 1\n"


def bent(x: float) -> float:
    if x < -9:
        raise ValueError(HOSTILE)
    return 40.0 if 3 <= x <= 5 else 2.0 * x + 1


class Page(HTMLParser):
    """Tags, and the texts of scripts, of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self.text = ""
        self._script: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._script = (dict(attrs).get("id") or "main") if tag == "script" else None

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        else:
            self.text += data

    @property
    def figures(self) -> dict[str, Any]:
        return {f["id"]: f for f in json.loads(self.scripts["figures"])}


def investigate(
    tmp_path: Path,
    function: Callable[..., Any],
    candidates: list[CodeCandidate],
    domain: NumericDomain,
    *,
    conclude: bool = True,
) -> RunRecord:
    """A whole run through the real journal, by a scientist that proposes the candidates one after the other."""

    def script(inquiry: Any, seed: int) -> None:
        for n, _ in enumerate(candidates):
            points = [
                tuple(i.snap(i.low + i.width * (k + n / 3) / 20) for i in inquiry.domain.inputs) for k in range(20)
            ]
            inquiry.ask(points, f"look {n}")
            inquiry.propose(candidates[n:], f"step {n}")
        if conclude:
            inquiry.conclude(candidates[-1])

    box = FunctionBox(function, domain)
    with Store.open(tmp_path / "store.sqlite") as store:
        journal = store.create(Brief.of(box, scientist="scripted", budget=Budget(queries=120), seed=3))
        if conclude:
            Investigation(box, ScriptedScientist(script), journal).run()
        else:

            def interrupted(inquiry: Any, seed: int) -> None:
                script(inquiry, seed)
                raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                Investigation(box, ScriptedScientist(interrupted), journal).run()
        return replay_state(journal.events(), run_id=journal.run_id)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    line = CodeCandidate("line", "def explained(x):\n    return 2.0 * x\n", HOSTILE, "2*x " + HOSTILE, 900.0)
    right = CodeCandidate(
        "bent line",
        BENT + f"# {HOSTILE}\n",
        f"2·x + 1, except {HOSTILE}",
        "2*x + 1",
        120.0,
        (ExceptionRegion(3.0, 5.0, f"it is 40 {HOSTILE}"), ExceptionRegion(-math.inf, -9.0, "no answer")),
        Noise("normal", 0.25),
    )
    domain = NumericDomain((Interval(-10.0, 10.0),))
    return investigate(tmp_path_factory.mktemp("report"), bent, [line, right], domain)


@pytest.fixture(scope="module")
def page(record: RunRecord) -> Page:
    return Page(render_report(record))


def test_the_page_fetches_nothing(page: Page) -> None:
    for tag, attributes in page.tags:
        assert tag not in {"link", "iframe", "object", "embed", "base"}
        assert not {"src", "href", "srcset", "action"} & set(attributes), (tag, attributes)
    (policy,) = (a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv"))
    assert policy
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_the_policy_names_the_hash_of_the_script_that_is_there(page: Page) -> None:
    from zetetic.app.report.bundle import script_hash

    (policy,) = (a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv"))
    assert policy
    assert script_hash(page.scripts["main"].encode()) in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_the_plotting_code_unpacks_to_what_is_installed(page: Page) -> None:
    from importlib.resources import files

    unpacked = gzip.decompress(base64.b64decode(page.scripts["plotly"]))
    assert unpacked == files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()


def test_hostile_text_stays_text(record: RunRecord, page: Page) -> None:
    assert HOSTILE in page.text  # shown as it stands
    assert set(page.scripts) == {"figures", "plotly", "main"}
    assert not [a for t, a in page.tags if t == "img" or "onerror" in a]
    assert "49" not in re.findall(r"& (\d+) %", page.text)  # no template runs inside values
    labels = json.dumps([[t.get("text"), t.get("name")] for f in page.figures.values() for t in f["data"]])
    assert "<script>" not in labels  # plotly reads a little HTML in labels
    assert "%{x}" not in labels


def test_everything_a_reader_asks_for_is_there(record: RunRecord, page: Page) -> None:
    assert record.explanation is not None
    assert record.explanation.score is not None
    for wanted in (
        record.explanation.description,
        record.explanation.formula,
        record.run_id,
        "Seed",
        "E1",
        "SLOPE",
        "standard deviation of 0.25",
        "How it was scored",
        "interpolation",
        "How the hypotheses rose and fell",
        "What it cost",
        str(record.spend.queries),
    ):
        assert wanted in page.text, wanted
    assert {"fit", "residuals", "score", "ranks", "cost"} <= set(page.figures)
    copies = [a["data-copy"] for t, a in page.tags if t == "button" and "data-copy" in a]
    assert copies == ["formula", "code"]


def test_every_answer_is_plotted_once(record: RunRecord, page: Page) -> None:
    numbers = []
    for trace in page.figures["fit"]["data"]:
        numbers += [int(re.match(r"#(\d+)", t)[1]) for t in trace.get("text", [])]  # type: ignore[index]
    assert sorted(numbers) == [o.number for o in record.observations]


def test_exceptions_are_shaded_and_open_ends_reach_the_domain(page: Page) -> None:
    shapes = [(s["x0"], s["x1"]) for s in page.figures["fit"]["layout"]["shapes"]]
    assert shapes == [(3.0, 5.0), (-10.0, -9.0)]
    assert [a["text"] for a in page.figures["fit"]["layout"]["annotations"]] == ["E1", "E2"]


def test_the_refuting_observation_is_named(record: RunRecord, page: Page) -> None:
    fallen = [h for h in record.hypotheses.values() if h.refuted_by]
    assert fallen
    for h in fallen:
        assert re.search(rf"(refuted by|revised after) #{h.refuted_by}: x = ", page.text)


def test_headings_labels_and_captions_make_it_readable_without_seeing(page: Page) -> None:
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h[1-6]", t)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    plots = [a for t, a in page.tags if a.get("role") == "img"]
    assert len(plots) == len(page.figures)
    assert all(a["aria-label"] for a in plots)
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for name in filter(None, (attributes.get("aria-labelledby") or "").split()):
            assert name in ids


def test_numbers_in_the_page_are_strict_json(page: Page) -> None:
    json.loads(page.scripts["figures"], parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_the_same_run_gives_the_same_page(record: RunRecord) -> None:
    assert render_report(record) == render_report(record)


def test_an_unfinished_run_has_a_report_too(tmp_path: Path) -> None:
    domain = NumericDomain((Interval(-10.0, 10.0),))
    half = investigate(tmp_path, bent, [CodeCandidate("bent", BENT, "a bent line")], domain, conclude=False)
    page = Page(render_report(half))
    assert "Interrupted" in page.text
    assert "Leading hypothesis: a bent line" in page.text
    assert "Nothing was scored" in page.text
    nothing = replace(half, observations=(), steps=(), hypotheses={})
    assert "Nothing is known yet" in Page(render_report(nothing)).text


def test_several_inputs_get_slices_a_map_and_predicted_against_observed(tmp_path: Path) -> None:
    domain = NumericDomain((Interval(1.0, 5.0), Interval(1e-3, 1e3)))
    candidate = CodeCandidate("product", "def explained(mass, speed):\n    return mass * speed**2\n", "m·v²", "m*v**2")
    record = investigate(tmp_path, lambda mass, speed: mass * speed**2, [candidate], domain)
    figures = Page(render_report(record)).figures
    assert {"agreement", "map", "slice-1", "slice-2", "residuals"} <= set(figures)
    assert figures["slice-2"]["layout"]["xaxis"]["type"] == "log"
    assert figures["slice-2"]["layout"]["xaxis"]["title"]["text"] == "speed"


def test_complex_answers_show_both_parts(tmp_path: Path) -> None:
    domain = NumericDomain((Interval(-9.0, 9.0),))
    candidate = CodeCandidate("root", "def explained(x):\n    return x**0.5\n", "a root", "sqrt(x)")
    record = investigate(tmp_path, lambda x: x**0.5, [candidate], domain)
    names = {t["name"] for t in Page(render_report(record)).figures["fit"]["data"]}
    assert {"explanation, real part", "explanation, imaginary part", "queries, imaginary part"} <= names


def test_code_that_does_not_run_leaves_the_answers_plotted(record: RunRecord) -> None:
    assert record.explanation is not None
    broken = replace(record, explanation=replace(record.explanation, code="def explained(x:\n"))
    traces = Page(render_report(broken)).figures["fit"]["data"]
    assert {t["name"] for t in traces} == {"queries", "held-out inputs", "no answer"}


def test_a_report_is_written_whole_or_not_at_all(record: RunRecord, tmp_path: Path) -> None:
    place = write_report(record, tmp_path / "new" / "report.html")
    assert place.read_text(encoding="utf-8") == render_report(record)
    assert [p.name for p in place.parent.iterdir()] == ["report.html"]
    write_report(record, place)  # an older report is replaced
    (tmp_path / "file").write_text("")
    for wrong in (tmp_path, tmp_path / "file" / "report.html"):
        with pytest.raises(ReportError, match="expected to write the report"):
            write_report(record, wrong)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "new"]


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(record: RunRecord) -> None:
    html = NotebookReport(record)._repr_html_()
    (frame,) = Page(html).tags
    assert frame[0] == "iframe"
    assert frame[1]["sandbox"] == "allow-scripts"
    assert frame[1]["srcdoc"] == render_report(record)


def test_a_closer_look_at_whole_numbers_shows_whole_numbers_only(tmp_path: Path) -> None:
    domain = NumericDomain((Interval(0.0, 10000.0, integer=True),))
    weekly = CodeCandidate("weekly", "def explained(x):\n    return 10.0 if x % 7 > 4 else 6.0\n", "by weekday")
    record = investigate(tmp_path, lambda x: 10.0 if x % 7 > 4 else 6.0, [weekly], domain)
    closer = Page(render_report(record)).figures["fit-closer-1"]
    (drawn,) = [t["x"] for t in closer["data"] if t["name"] == "explanation"]
    assert len(drawn) > 20
    assert all(b - a == 1 for a, b in pairwise(drawn))
