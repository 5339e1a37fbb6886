"""Dataset explanation on the D3 tasks: is the known difference found, is it told in words, is chance told as chance?

`python -m zetetic.benchmarks.dataset_explanation`. A is label 1, B is label 0. The accept patterns are those published
with SASC (arXiv:2305.09863).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .errors import BenchmarkError

if TYPE_CHECKING:
    from ..tools.dataset_explanation import DatasetExplanation, Setup, TextData

DATA_VARIABLE = "ZETETIC_DATA"
GROUPS: tuple[tuple[int, ...], ...] = (
    (0,),
    (1, 2),
    tuple(range(5, 16)),
    (16, 17),
    (20, 21),
    (26, 27),
    tuple(range(30, 34)),
    (41,),
    tuple(range(47, 54)),
)
"""Source groups of the tasks."""
DEVELOPED_ON = (0, 1, 2, 3, 5)
"""The source groups whose explanations were looked at while this was written. One rule, how topics are screened by
likeness, was compared on the topics of all groups.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """A D3 task: two lots of texts, and a pattern that a right description matches."""

    number: int
    keyword: str
    accept: str
    a: tuple[str, ...]
    b: tuple[str, ...]

    @property
    def group(self) -> int:
        return next(i for i, numbers in enumerate(GROUPS) if self.number in numbers)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one task. `top_1`, `top_5`: does the first, or any, reported phrase match the accept pattern?
    `said` also counts phrases that were merged into the first.
    """

    task: int
    keyword: str
    developed_on: bool
    phrases: tuple[str, ...]
    top_1: bool
    top_5: bool
    said: bool
    auc: float
    together: float
    probe: float
    seconds: float


def data_folder(given: str | None = None) -> Path:
    """Where the D3 tasks lie: `given`, else in `$ZETETIC_DATA`, else in `../shared/data`. Raises `BenchmarkError`."""
    root = Path(__file__).resolve().parent.parent
    folder = Path(given or os.environ.get(DATA_VARIABLE) or root.parent / "shared" / "data").expanduser() / "d3"
    if not (folder / "tasks.json").is_file():
        raise BenchmarkError(f"expected the D3 tasks in {folder}, got no tasks.json there; set {DATA_VARIABLE}")
    return folder


def read_tasks(folder: Path, *, most: int, seed: int = 0) -> Iterator[Task]:
    """The tasks with at most `most` texts a label, drawn at random."""
    csv.field_size_limit(10_000_000)
    for entry in json.loads((folder / "tasks.json").read_text(encoding="utf-8")):
        number = int(entry["task"].split("_")[1])
        with (folder / f"d3_{number}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rng = np.random.default_rng(seed)
        lots = []
        for label in ("1", "0"):
            texts = [row["input"].strip() for row in rows if row["label"] == label and row["input"].strip()]
            lots.append(tuple(texts[i] for i in rng.permutation(len(texts))[:most]))
        yield Task(number, entry["keyword"], entry["accept"], lots[0], lots[1])


def run_task(task: Task, setup: Setup) -> tuple[Outcome, DatasetExplanation]:
    """Explain a task and compare with what is known of it."""
    from ..tools.dataset_explanation import explain_texts

    start = time.perf_counter()
    found = explain_texts(_data(task.a, task.b), setup)
    seconds = time.perf_counter() - start
    right = re.compile(task.accept, re.IGNORECASE)
    # what B does more often is a difference too, but not the one that the task is about
    of_a = [d for d in found.differences if d.more_in == "A"]
    hits = [bool(right.search(d.phrase)) for d in of_a]
    merged = [*of_a[0].also, of_a[0].phrase] if of_a else []
    first = bool(found.differences) and found.differences[0].more_in == "A" and hits[0]
    together, probe = found.together.differences, found.together.probe
    outcome = Outcome(
        task.number,
        task.keyword,
        task.group in DEVELOPED_ON,
        tuple(f"{d.more_in}: {d.phrase}" for d in found.differences),
        first,
        any(hits),
        any(hits) or any(bool(right.search(phrase)) for phrase in merged),
        _of_better(found),
        0.5 if together is None else together.value,
        0.5 if probe is None else probe.value,
        seconds,
    )
    return outcome, found


def _of_better(found: DatasetExplanation) -> float:
    """The held-out AUC of the first difference, from the side it favours."""
    if not found.differences:
        return 0.5
    first = found.differences[0]
    return first.auc.value if first.more_in == found.a else 1 - first.auc.value


def _data(a: Sequence[str], b: Sequence[str]) -> TextData:
    from ..tools.dataset_explanation import TextData, read_dataset

    data = read_dataset(a, b)
    assert isinstance(data, TextData)
    return data


def false_positives(tasks: Iterable[Task], setup: Setup, *, repeats: int) -> tuple[int, int]:
    """(times a difference was reported, runs) where the texts of A and B are dealt out anew: there is none to find."""
    from ..tools.dataset_explanation import explain_texts

    reported = runs = 0
    for task in tasks:
        texts = [*task.a, *task.b]
        for repeat in range(repeats):
            order = np.random.default_rng([task.number, repeat]).permutation(len(texts))
            a, b = order[: len(task.a)], order[len(task.a) :]
            found = explain_texts(_data([texts[i] for i in a], [texts[i] for i in b]), setup)
            reported += found.found
            runs += 1
    return reported, runs


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as a table of text, with the means of both halves of the source groups."""
    lines = [f"{'task':>4} {'keyword':15} top1 top5 said  AUC  all  probe  sec  first difference"]
    for o in outcomes:
        marks = "   ".join("yes" if hit else " no" for hit in (o.top_1, o.top_5, o.said))
        first = o.phrases[0] if o.phrases else "(none found)"
        lines.append(
            f"{o.task:>4} {o.keyword:15} {marks} {o.auc:.2f} {o.together:.2f} {o.probe:.2f} {o.seconds:5.1f}  {first}"
        )
    for name, half in (
        ("developed on", [o for o in outcomes if o.developed_on]),
        ("not looked at", [o for o in outcomes if not o.developed_on]),
        ("all", list(outcomes)),
    ):
        if half:
            means = np.array([[o.top_1, o.top_5, o.said, o.auc, o.together, o.probe, o.seconds] for o in half]).mean(0)
            lines.append(
                f"{name} ({len(half)} tasks): top 1 {means[0]:.3f}, top 5 {means[1]:.3f}, with merged phrases "
                f"{means[2]:.3f}; held-out AUC of the first {means[3]:.3f}, of all together {means[4]:.3f}, of the "
                f"probe {means[5]:.3f}; {means[6]:.1f} s a task"
            )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; the exit code says whether it could be run."""
    parser = argparse.ArgumentParser(prog="python -m zetetic.benchmarks.dataset_explanation", description=__doc__)
    parser.add_argument("--data", help="the folder that holds d3/ (default: $ZETETIC_DATA, else ../shared/data)")
    parser.add_argument("--tasks", type=int, nargs="*", help="numbers of tasks (default: all)")
    parser.add_argument("--most", type=int, default=300, help="texts a label (default: 300)")
    parser.add_argument("--nulls", type=int, default=4, help="shuffles of labels a task (default: 4)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write the outcomes there")
    given = parser.parse_args(arguments)
    from ..tools.dataset_explanation import prepare

    try:
        tasks = list(read_tasks(data_folder(given.data), most=given.most, seed=given.seed))
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if given.tasks:
        tasks = [task for task in tasks if task.number in given.tasks]
    setup = prepare(seed=given.seed)
    outcomes = []
    for task in tasks:
        outcome, _ = run_task(task, setup)
        outcomes.append(outcome)
        print(table([outcome]).splitlines()[1], flush=True)
    print(table(outcomes))
    small = [Task(t.number, t.keyword, t.accept, t.a[:100], t.b[:100]) for t in tasks]
    reported, runs = false_positives(small, setup, repeats=given.nulls)
    print(f"shuffled labels: a difference reported in {reported} of {runs} runs ({reported / max(1, runs):.3f})")
    if given.json:
        plain = {"outcomes": [asdict(o) for o in outcomes], "false_positives": reported, "null_runs": runs}
        given.json.write_text(json.dumps(plain, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
