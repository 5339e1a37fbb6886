"""`python -m zetetic.benchmarks.qa_emb_speed`: many questions on each text, against a prompt for every pair."""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from .errors import BenchmarkError
from .front import console, ended

if TYPE_CHECKING:
    from ..models import LanguageModel
    from ..tools.qa_emb.local import LocalAnswerer

SPEED_BAR = 8.0
MEMORY_BAR_BYTES = 3_000_000_000
TOLERANCE = 2e-3
"""How far two probabilities of the same pair may lie apart: rounding of 32-bit sums in another order."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Pairs a second of both ways, round by round; `alone_pairs` of all pairs were asked one by one in each round.

    `*_cpu_rates` are pairs a second of processor time: on a machine that others use too they are the steadier ones.
    """

    model: str
    texts: int
    questions: int
    text_tokens: int
    shared_rates: tuple[float, ...]
    alone_rates: tuple[float, ...]
    alone_pairs: int
    largest_difference: float
    peak_bytes: int
    shared_cpu_rates: tuple[float, ...] = ()
    alone_cpu_rates: tuple[float, ...] = ()

    @property
    def cpu_ratio(self) -> float:
        """The same by processor time; NaN where that was not taken."""
        found = [a / b for a, b in zip(self.shared_cpu_rates, self.alone_cpu_rates)]
        return statistics.median(found) if found else float("nan")

    @property
    def ratio(self) -> float:
        """The median over rounds of ours over one prompt a pair."""
        return statistics.median(a / b for a, b in zip(self.shared_rates, self.alone_rates))

    @property
    def met(self) -> bool:
        """Whether answers agree and both bars are met."""
        agree = self.largest_difference <= TOLERANCE
        return agree and self.ratio >= SPEED_BAR and self.peak_bytes < MEMORY_BAR_BYTES


def texts_of(model: LanguageModel, count: int, tokens: int) -> list[str]:
    """`count` texts of `tokens` tokens each, out of the plain text that comes with Python."""
    from ..tools.patchscope.plain_text import passages

    ids = [i for p in passages() for i in model.tokenizer(p.text, add_special_tokens=False, verbose=False)["input_ids"]]
    if len(ids) < count * tokens:
        raise BenchmarkError(f"expected {count * tokens} tokens of plain text, got {len(ids)}; pass fewer --texts")
    return [model.decode(ids[i * tokens : (i + 1) * tokens]) for i in range(count)]


def measure(model: LanguageModel, texts: int, questions: int, tokens: int, rounds: int, alone: int) -> Speed:
    """Time both ways `rounds` times in turns; the slow way on `alone` pairs, drawn afresh for each round."""
    from ..tools.qa_emb.local import LocalAnswerer
    from ..tools.qa_emb.questions import question_bank

    answerer = LocalAnswerer(model)
    asked, read = list(question_bank()[:questions]), texts_of(model, texts, tokens)
    answerer.answer(asked[:8], read[:1])  # the first run of anything is slower
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    gap = 0.0
    for number in range(rounds):
        began = _clocks()
        found = answerer.answer(asked, read)
        ours.append(_rates(found.size, began))
        drawn = random.Random(number).sample([(t, q) for t in range(texts) for q in range(questions)], alone)
        began = _clocks()
        said = [_alone(answerer, asked[q], read[t]) for t, q in drawn]
        theirs.append(_rates(alone, began))
        gap = max(gap, *(abs(found[t, q] - value) for (t, q), value in zip(drawn, said)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Speed(
        model.name, texts, len(asked), tokens, tuple(r for r, _ in ours), tuple(r for r, _ in theirs), alone,
        float(gap), peak, tuple(r for _, r in ours), tuple(r for _, r in theirs),
    )  # fmt: skip


def _clocks() -> tuple[float, float]:
    """Seconds on the wall, and of processor time."""
    return time.perf_counter(), time.process_time()


def _rates(pairs: int, began: tuple[float, float]) -> tuple[float, float]:
    """Pairs a second by both clocks."""
    wall, processor = (now - before for now, before in zip(_clocks(), began))
    return pairs / wall, pairs / max(processor, 1e-9)


def _alone(answerer: LocalAnswerer, question: str, text: str) -> float:
    """The same prompt, with nothing beside it to share."""
    return float(answerer.answer([question], [text])[0, 0])


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; exit code 1 when a bar is missed or answers differ."""
    parser = argparse.ArgumentParser(prog="python -m zetetic.benchmarks.qa_emb_speed", description=__doc__)
    parser.add_argument("--model", default="smollm2", help="smollm2, a folder or a hub id")
    parser.add_argument("--texts", type=int, default=64, help="texts (64)")
    parser.add_argument("--questions", type=int, default=64, help="questions (64)")
    parser.add_argument("--tokens", type=int, default=200, help="tokens of a text (200)")
    parser.add_argument("--rounds", type=int, default=1, help="paired runs; the median is shown (1)")
    parser.add_argument("--alone", type=int, default=40, help="pairs asked one by one in each round, as a sample (40)")
    parser.add_argument("--threads", type=int, default=1, help="threads (1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    return ended(lambda: _run(given))


def _run(given: argparse.Namespace) -> int:
    import torch

    from ..models import ModelError
    from ..models.loading import load

    numbers = (given.texts, given.questions, given.tokens, given.rounds, given.alone, given.threads)
    if min(numbers) < 1 or given.alone > given.texts * given.questions:
        raise BenchmarkError("expected numbers of 1 or more, and --alone of no more than texts × questions pairs")
    torch.set_num_threads(given.threads)
    try:
        model = load(given.model)
    except ModelError as error:
        raise BenchmarkError(str(error)) from error
    found = measure(model, given.texts, given.questions, given.tokens, given.rounds, given.alone)
    if given.json:
        print(
            json.dumps(asdict(found) | {"ratio": found.ratio, "cpu_ratio": found.cpu_ratio, "met": found.met}, indent=2)
        )
    else:
        _show(found)
    return int(not found.met)


def _show(found: Speed) -> None:
    from rich.table import Table

    title = f"{found.model}: {found.texts} texts of {found.text_tokens} tokens × {found.questions} questions"
    table = Table("what", "found", "bar", title=title)
    shared, alone = statistics.median(found.shared_rates), statistics.median(found.alone_rates)
    table.add_row("pairs a second, texts shared", f"{shared:.1f}", "")
    table.add_row(f"pairs a second, a prompt each ({found.alone_pairs} pairs)", f"{alone:.2f}", "")
    table.add_row("times as fast", f"{found.ratio:.1f}", f"at least {SPEED_BAR:g}")
    table.add_row("times as fast, by processor time", f"{found.cpu_ratio:.1f}", "")
    table.add_row("largest difference of an answer", f"{found.largest_difference:.1e}", f"at most {TOLERANCE:g}")
    table.add_row("peak memory", f"{found.peak_bytes / 1e9:.2f} GB", f"below {MEMORY_BAR_BYTES / 1e9:g} GB")
    console(sys.stdout).print(table)


if __name__ == "__main__":
    sys.exit(main())
