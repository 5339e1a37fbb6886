"""Runs investigations whose process is killed with SIGKILL at random moments, and says what the box was asked.

Arguments: a folder, a seed, how many kills. Prints a JSON list, one object a run.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from polynomials import PolynomialScientist

from zetetic.agent import Brief, Budget, Investigation, Store
from zetetic.tools.black_boxes import Interval, NumericDomain, Reply, Signature


class LoggingBox:
    """Writes every answered input to a file before it hands the answer over."""

    spec = "logging:cubic"
    signature = Signature(("x",), NumericDomain((Interval(-10.0, 10.0),)))

    def __init__(self, log: Path, seconds: float) -> None:
        self.log, self.seconds = log, seconds

    def ask(self, inputs):
        for (x,) in inputs:
            time.sleep(self.seconds / 2)
            with self.log.open("a") as stream:
                stream.write(x.hex() + "\n")
            time.sleep(self.seconds / 2)  # a kill here loses an answer that was not handed over yet
            yield Reply(x**3 - 2.0 * x + abs(x))

    def close(self) -> None:
        pass


def drive(store: Path, log: Path, run_id: str, seconds: float) -> None:
    with Store.open(store) as opened:
        Investigation(LoggingBox(log, seconds), PolynomialScientist(), opened.journal(run_id)).resume()


def killed(store: Path, log: Path, run_id: str, after: float) -> bool:
    """Drive the run in a child and kill it `after` seconds; whether it was still alive then."""
    child = os.fork()
    if child == 0:
        drive(store, log, run_id, seconds=0.001)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def committed(store: Path, run_id: str) -> Counter[str]:
    with Store.open(store, read_only=True) as opened:
        return Counter(o.input[0].hex() for o in opened.journal(run_id).observations())


def logged(log: Path) -> list[str]:
    return log.read_text().split() if log.exists() else []


def begin(store: Path, seed: int) -> str:
    with Store.open(store) as opened:
        box = LoggingBox(Path(), 0.0)
        budget = Budget(queries=150, seconds=120.0)
        return opened.create(Brief.of(box, scientist="polynomial", budget=budget, seed=seed)).run_id


def result(store: Path, run_id: str) -> dict:
    with Store.open(store, read_only=True) as opened:
        last = list(opened.journal(run_id).events())[-1]
    explanation = dict(last.data["explanation"])
    del explanation["run_id"], explanation["seconds"]
    return explanation


def investigate_under_fire(folder: Path, seed: int, rng: random.Random, most: int) -> dict:
    """One run, killed up to `most` times and then driven to its end, beside the same run left in peace."""
    store = folder / "store.sqlite"
    straight_log, log = folder / f"straight-{seed}", folder / f"killed-{seed}"
    straight, run_id = begin(store, seed), begin(store, seed)
    drive(store, straight_log, straight, seconds=0.0)
    marks = []
    while len(marks) < most and killed(store, log, run_id, rng.uniform(0.01, 0.09)):
        marks.append((committed(store, run_id), len(logged(log))))
    drive(store, log, run_id, seconds=0.0)
    final, asked = committed(store, run_id), logged(log)
    again = 0
    for before, length in marks:
        later = Counter(asked[length:])
        again += sum(later[x] for x in before if before[x] == final[x])
    return {
        "kills": len(marks),
        "committed_at_kills": [sum(before.values()) for before, _ in marks],
        "committed_asked_again": again,
        "asked": len(asked),
        "observations": sum(final.values()),
        "asked_in_peace": len(logged(straight_log)),
        "same": result(store, run_id) == result(store, straight),
    }


def main(folder: Path, seed: int, kills: int) -> None:
    rng = random.Random(seed)
    reports: list[dict] = []
    while sum(r["kills"] for r in reports) < kills:
        seed += 1
        reports.append(investigate_under_fire(folder, seed, rng, most=8))
    print(json.dumps(reports))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
