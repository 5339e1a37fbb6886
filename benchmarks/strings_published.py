"""`python -m zetetic.benchmarks.strings_published`: published string functions, found from ten pairs of theirs alone.

Each item of FIND's unit tests for strings (arXiv:2309.03886) holds ten inputs with three outputs each, one of them
right; the right ones are all that the search is shown. Functions whose description speaks of chance are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..tools.strings.search import straight
from ..tools.strings.types import Pair, Search
from .front import console

PAIRS_FILE, DESCRIPTIONS_FILE = "strings_unit_test_data_dev.json", "strings_test_data_dev.json"


@dataclass(frozen=True, slots=True)
class Item:
    """A published function: its name, its ten true pairs, what its authors say of it."""

    name: str
    pairs: tuple[Pair, ...]
    description: str

    @property
    def random(self) -> bool:
        """Whether chance plays a part, by its description, or because its pairs contradict each other."""
        return "random" in self.description.lower() or len(set(self.pairs)) > len(dict(self.pairs))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the search made of an item."""

    item: Item
    search: Search
    seconds: float


def data_folder() -> Path:
    """The folder `find` below $ZETETIC_DATA, or below `../shared/data` beside the repository."""
    given = os.environ.get("ZETETIC_DATA")
    base = Path(given) if given else Path(__file__).resolve().parents[2] / "shared" / "data"
    return base / "find"


def read_items(folder: Path) -> list[Item]:
    """All published functions. Raises `FileNotFoundError` where the files are not there."""
    descriptions = {row["name"]: str(row["description"]) for row in _read(folder / DESCRIPTIONS_FILE)}
    return [
        Item(row["name"], _true_pairs(row), descriptions.get(row["name"], "")) for row in _read(folder / PAIRS_FILE)
    ]


def _read(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _true_pairs(row: dict[str, Any]) -> tuple[Pair, ...]:
    """Of every input the output that is right; `correct_inx` counts from 1."""
    pairs = [
        (inputs[right - 1], outputs[right - 1])
        for (inputs, outputs), right in zip(row["test_vec"], row["correct_inx"], strict=True)
    ]
    return tuple(pairs)


def run(items: list[Item], *, seconds: float) -> list[Outcome]:
    """Search each item for at most `seconds`."""
    outcomes = []
    for item in items:
        began = time.perf_counter()
        search = straight(item.pairs, seconds=seconds)
        outcomes.append(Outcome(item, search, time.perf_counter() - began))
    return outcomes


def show(outcomes: list[Outcome], *, details: bool) -> None:
    """The share with a consistent program, and the seconds."""
    out = console(sys.stdout)
    if details:
        for outcome in outcomes:
            programs = outcome.search.programs
            says = programs[0].sentence() if programs else "(no program)"
            out.print(f"{outcome.item.name}  {outcome.seconds:5.1f} s  {says}", markup=False, highlight=False)
    solved = sum(bool(o.search.programs) for o in outcomes)
    seconds = sorted(o.seconds for o in outcomes)
    late = seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
    out.print(
        f"{solved} of {len(outcomes)} functions ({solved / len(outcomes):.1%}) have a program "
        f"that agrees with all pairs; median {statistics.median(seconds):.2f} s, 95 % within {late:.2f} s"
    )


def main() -> None:
    """Read the command line, run, show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=None, help="only so many functions, spread over all of them")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each function, at most")
    parser.add_argument("--details", action="store_true", help="a line a function")
    options = parser.parse_args()
    try:
        items = [item for item in read_items(data_folder()) if not item.random]
    except FileNotFoundError as error:
        raise SystemExit(f"{error.filename} is not there; set ZETETIC_DATA to the folder that holds find/") from None
    if options.limit:
        items = items[:: max(1, len(items) // options.limit)][: options.limit]
    show(run(items, seconds=options.seconds), details=options.details)


if __name__ == "__main__":
    main()
