"""Rows of FIND's metadata: what they answer, on average and one by one."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zetetic.tools.black_boxes import OpenOptions, SpecError, open_box
from zetetic.tools.black_boxes.find import FIND_DOMAIN, load_rows, row_box
from zetetic.tools.black_boxes.find_rows import FindRow

CLEAN = {"id": "a1", "family": "linear", "variant": "clean", "expression": "2*x + 1", "domain": [-100, 100]}
NOISED = CLEAN | {"id": "a2", "variant": "noised"}
INSIDE = {"region": [3.0, 5.0], "mean": 40.0, "scale": 0.1}


def file_of(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    return path


def row_of(folder: Path, **fields: Any) -> FindRow:
    [row] = load_rows(file_of(folder, CLEAN | fields))
    return row


def test_a_clean_row(tmp_path: Path) -> None:
    row = row_of(tmp_path)
    assert (row.truth(3.0), row.expected(3.0), row.in_corruption(3.0)) == (7.0, 7.0, False)


@pytest.mark.parametrize(
    "noise",
    [{"kind": "normal", "scale": 2.0}, {"kind": "uniform", "low": -1, "high": 4}, {"kind": "poisson", "rate": 3}],
)
def test_noise_has_the_mean_and_spread_it_says(tmp_path: Path, noise: dict[str, Any]) -> None:
    row = row_of(tmp_path, variant="noised", noise=noise)
    assert row.noise is not None
    rng = np.random.default_rng(0)
    draws = np.array([row.sample(3.0, rng) for _ in range(20_000)])
    assert draws.mean() == pytest.approx(row.expected(3.0), abs=5 * row.noise.standard_deviation / 20_000**0.5)
    assert draws.std() == pytest.approx(row.noise.standard_deviation, rel=0.03)
    assert row.expected(3.0) == 7.0 + row.noise.mean


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [
        ([3.0, 5.0], [3.01, 4.99], [3.0, 5.0, -9.0]),
        ([None, 5.0], [5.0, -1e9], [5.01]),
        ([3.0, None], [3.0, 1e9], [2.99]),
    ],
)
def test_the_corruption_rules_in_its_region(
    tmp_path: Path, region: list[float | None], inside: list[float], outside: list[float]
) -> None:
    row = row_of(tmp_path, variant="corrupted", corruption=INSIDE | {"region": region})
    rng = np.random.default_rng(0)
    for x in inside:
        assert row.in_corruption(x)
        assert row.expected(x) == 40.0
        assert abs(row.sample(x, rng) - 40.0) < 1
    for x in outside:
        assert not row.in_corruption(x)
        assert row.expected(x) == row.sample(x, rng) == row.truth(x) == 2 * x + 1


def test_a_pole_inside_the_corruption_is_covered(tmp_path: Path) -> None:
    row = row_of(tmp_path, expression="1/x", variant="corrupted", corruption=INSIDE | {"region": [-1, 1]})
    assert row.expected(0.0) == 40.0
    with pytest.raises(ZeroDivisionError):
        row.truth(0.0)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("not json", "line 2: expected a JSON object"),
        ("[]", "line 2: the row"),
        (json.dumps({"id": "x"}), "line 2: family: Field required"),
        (json.dumps(CLEAN | {"extra": 1}), "line 2: extra"),
        (json.dumps(CLEAN | {"expression": "y"}), "line 2: 'y' is not allowed"),
        (json.dumps(CLEAN | {"noise": {"kind": "cauchy"}}), "line 2: noise"),
        (json.dumps(NOISED | {"noise": {"kind": "normal", "scale": -1}}), "line 2: noise"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(CLEAN) + "\n" + line)
    with pytest.raises(SpecError, match=expected):
        load_rows(path)


def test_a_box_by_spec_with_seeded_draws(tmp_path: Path) -> None:
    noise = {"kind": "normal", "scale": 1}
    path = file_of(tmp_path, CLEAN, NOISED | {"noise": noise}, NOISED | {"id": "a3", "noise": noise})

    def ask(name: str, seed: int | None) -> list[object]:
        box = open_box(f"find:{path}#{name}", seed=seed)
        assert box.spec == f"find:{path}#{name}"
        assert box.signature.domain == FIND_DOMAIN
        return [reply.value for reply in box.ask([(1.0,), (1.0,), (2.0,)])]

    assert ask("a1", None) == [3.0, 3.0, 5.0]
    assert ask("a2", 1) == ask("a2", 1)
    assert len({ask("a2", 1)[0], ask("a2", 2)[0], ask("a3", 1)[0], ask("a2", None)[0], ask("a2", 1)[1]}) == 5


@pytest.mark.parametrize(("rest", "expected"), [("#nope", "'nope'; ids look like a1"), ("", "find:.*#ID")])
def test_a_spec_that_names_no_row(tmp_path: Path, rest: str, expected: str) -> None:
    with pytest.raises(SpecError, match=expected):
        open_box(f"find:{file_of(tmp_path, CLEAN)}{rest}")
    with pytest.raises(SpecError, match="cannot be read"):
        open_box(f"find:{tmp_path}/none.jsonl#a1")


def published() -> Path:
    folder = Path(os.environ.get("ZETETIC_DATA") or Path(__file__).parents[3] / ".." / "shared" / "data")
    path = folder / "find" / "numeric_dev.jsonl"
    if not path.is_file():
        pytest.skip(f"no benchmark data at {path}; set ZETETIC_DATA to the folder that holds find/numeric_dev.jsonl")
    return path


def test_the_published_rows_all_answer() -> None:
    rows = load_rows(published())
    assert len({row.id for row in rows}) == len(rows) > 0
    points = [(i + 0.5,) for i in range(-128, 128)]
    for row in rows:
        replies = list(row_box(row, options=OpenOptions(seed=0)).ask(points))
        values = [complex(r.value) for r in replies if isinstance(r.value, (float, complex))]
        assert len(values) >= 100, row
        for (x,), reply in zip(points, replies):
            if row.in_corruption(x):
                assert row.corruption is not None
                assert abs(reply.number - row.corruption.mean) < 8 * row.corruption.scale
            elif reply.value is not None and not row.noise:
                assert reply.value == row.expected(x)
