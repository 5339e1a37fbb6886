"""Array calls: used only where they give what single calls give."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from zetetic.tools.black_boxes import Interval, NumericDomain, open_box

HEADER = (
    "import os, time\nimport numpy as np\ncalls = []\ndef note(x):\n    calls.append(np.ndim(x)); time.sleep(0.002)\n"
)
FUNCTIONS = """
def good(x):
    note(x)
    return np.sin(x) * 3
def count(x):
    return float(sum(d > 0 for d in calls))
def noisy(x):
    note(x)
    return x + np.random.normal()
def mean(x):
    note(x)
    return np.mean(x) + 0 * x
def branch(x):
    note(x)
    return x + 1 if np.all(x < 5) else x + 2
def first_only(x):
    note(x)
    return float(np.ravel(x)[0])
def root(x):
    note(x)
    return x**0.5
def dies(x):
    note(x)
    if np.ndim(x):
        os._exit(1)
    return x
"""
Open = Callable[[str], str]


@pytest.fixture
def path(write: Callable[..., Path]) -> Path:
    return write(HEADER + FUNCTIONS)


def array_calls(path: Path, name: str, batches: list[list[float]], **options: bool) -> tuple[list[list[object]], float]:
    """Values by batch, and how many array calls the function saw."""
    code = path.read_text() + f"\ndef probe(x):\n    return count(x) if x == 99 else {name}(x)\n"
    path.write_text(code.replace("if x == 99", "if np.ndim(x) == 0 and x == 99"))
    with closing(open_box(f"python:{path}:probe", **options)) as box:  # type: ignore[arg-type]
        values = [[r.value for r in box.ask([(x,) for x in batch])] for batch in batches]
        [seen] = box.ask([(99.0,)])
    return values, seen.number


LOW, HIGH = [0.5 + i / 10 for i in range(20)], [6.0 + i for i in range(20)]


def test_a_slow_function_of_arrays_is_found_out_and_stays_right(path: Path) -> None:
    values, seen = array_calls(path, "good", [LOW, LOW, HIGH])
    assert seen == 4  # two trials, two batches
    assert values[1] == pytest.approx(values[0], rel=1e-12)


def test_a_quick_function_is_never_tried(write: Callable[..., Path]) -> None:
    path = write(HEADER.replace("time.sleep(0.002)", "None") + FUNCTIONS)
    assert array_calls(path, "good", [LOW, HIGH])[1] == 0


@pytest.mark.parametrize("name", ["noisy", "mean", "first_only"])
def test_what_does_not_agree_stays_with_single_calls(path: Path, name: str) -> None:
    assert array_calls(path, name, [LOW, HIGH, LOW])[1] <= 2


def test_a_disagreement_found_later_ends_it(path: Path) -> None:
    values, _ = array_calls(path, "branch", [LOW, HIGH, [1.0, 6.0] * 5, LOW])
    assert values[1] == [x + 2 for x in HIGH]


def test_a_crash_on_arrays_is_survived(path: Path) -> None:
    values, _ = array_calls(path, "dies", [LOW, HIGH])
    assert values == [LOW, HIGH]


def test_what_arrays_cannot_say_is_asked_alone(path: Path) -> None:
    values, _ = array_calls(path, "root", [[4.0, 9.0], [4.0, -4.0]], vectorized=True)
    assert values[1] == [2.0, pytest.approx(2j)]


def test_it_can_be_forced_and_forbidden(path: Path) -> None:
    assert array_calls(path, "good", [LOW], vectorized=True)[1] == 1


def test_it_can_be_forbidden(path: Path) -> None:
    assert array_calls(path, "good", [LOW, LOW], vectorized=False)[1] == 0


def test_several_inputs_and_whole_numbers(write: Callable[..., Path]) -> None:
    path = write("def f(a, n): return a * 10 + n if n.__class__.__name__ != 'ndarray' or n.dtype == int else None\n")
    domain = NumericDomain((Interval(0, 1), Interval(0, 9, integer=True)))
    with closing(open_box(f"python:{path}:f", domain=domain, vectorized=True)) as box:
        assert [r.value for r in box.ask([(0.5, 1.0), (1.0, 2.0)])] == [6.0, 12.0]
