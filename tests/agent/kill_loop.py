"""Runs investigations whose process is killed with SIGKILL at random moments, and says what the box was asked.

Arguments: a folder, a seed, how many kills, and `numbers` or `texts`. Prints a JSON list, one object a run.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from polynomials import PolynomialScientist
from toy_texts import CORPUS, words_of_the_sea

from zetetic.agent import Brief, Budget, Investigation, Journal, Store, refer
from zetetic.agent.wordwise import word_ground, word_scientist
from zetetic.tools.black_boxes import Interval, NumericDomain, Reply, Signature, TextDomain


class LoggingBox:
    """Writes every answered input to a file before it hands the answer over."""

    spec = "logging:cubic"
    signature = Signature(("x",), NumericDomain((Interval(-10.0, 10.0),)))

    def __init__(self, log: Path, seconds: float) -> None:
        self.log, self.seconds = log, seconds

    def ask(self, inputs) -> Iterator[Reply]:
        for x in inputs:
            time.sleep(self.seconds / 2)
            with self.log.open("a") as stream:
                stream.write(name_of(x) + "\n")
            time.sleep(self.seconds / 2)  # a kill here loses an answer that was not handed over yet
            yield Reply(self.answer(x))

    def answer(self, x) -> float:
        return x[0] ** 3 - 2.0 * x[0] + abs(x[0])

    def close(self) -> None:
        pass


class LoggingTextBox(LoggingBox):
    """The same for texts."""

    spec = "logging:sea"
    signature = Signature(("text",), TextDomain("", 1000))

    def answer(self, x) -> float:
        return words_of_the_sea(x)


def name_of(x) -> str:
    return x.replace(" ", "_") if isinstance(x, str) else x[0].hex()


class Numbers:
    """Runs on a box of numbers."""

    moments = (0.01, 0.09)
    """Seconds between which a sitting is killed."""

    def brief(self, seed: int) -> Brief:
        budget = Budget(queries=150, seconds=120.0)
        return Brief.of(LoggingBox(Path(), 0.0), scientist="polynomial", budget=budget, seed=seed)

    def investigation(self, log: Path, seconds: float, journal: Journal) -> Investigation:
        return Investigation(LoggingBox(log, seconds), PolynomialScientist(), journal)


class Texts:
    """Runs on a text module."""

    moments = (0.1, 0.8)

    def brief(self, seed: int) -> Brief:
        budget = Budget(queries=240, seconds=120.0)
        return Brief.of(LoggingTextBox(Path(), 0.0), budget=budget, seed=seed, corpus=refer(CORPUS))

    def investigation(self, log: Path, seconds: float, journal: Journal) -> Investigation:
        ground = word_ground(CORPUS, seed=journal.brief.seed)
        return Investigation(LoggingTextBox(log, seconds), word_scientist(ground), journal, ground=ground)


KIND: Numbers | Texts = Numbers()


def drive(store: Path, log: Path, run_id: str, seconds: float) -> None:
    with Store.open(store) as opened:
        KIND.investigation(log, seconds, opened.journal(run_id)).resume()


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
        return Counter(name_of(o.input) for o in opened.journal(run_id).observations())


def logged(log: Path) -> list[str]:
    return log.read_text().split() if log.exists() else []


def begin(store: Path, seed: int) -> str:
    with Store.open(store) as opened:
        return opened.create(KIND.brief(seed)).run_id


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
    while len(marks) < most and killed(store, log, run_id, rng.uniform(*KIND.moments)):
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
    KIND = {"numbers": Numbers, "texts": Texts}[sys.argv[4]]()
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
