"""`python -m zetetic.benchmarks.patchscope_speed`: a whole grid of patches, and descriptions from every layer."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import BenchmarkError
from ..front import console, ended
from .environments import PEERS, peer_python, shared_versions
from .measure import Measurement, Sizes, measure
from .programs import Program, inside, outside
from .report import disagreements, render, rows_of
from .subject import Subject, embedded_subject, random_subject

BILLION_LAYERS, BILLION_HIDDEN = 24, 2048


def main(arguments: list[str] | None = None) -> int:
    """Print the table; exit code 1 when a bar is missed or an answer differs."""
    given = _parser().parse_args(arguments)
    return ended(lambda: _run(given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m zetetic.benchmarks.patchscope_speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="paired runs; medians are shown (3)")
    parser.add_argument("--all", action="store_true", help="let the slow ways do all cells, not a sample")
    parser.add_argument("--peers", action="store_true", help="nnsight and TransformerLens too, installed if need be")
    parser.add_argument("--threads", type=int, default=1, help="threads of every program (1)")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), help="float32 on a CPU, bfloat16 on a GPU")
    parser.add_argument("--layers", type=int, help="random weights: how many blocks (24 on a GPU)")
    parser.add_argument("--hidden", type=int, help="random weights: hidden size, a multiple of 64 (2048 on a GPU)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _run(given: argparse.Namespace) -> int:
    _check(given)
    notes = console(sys.stderr)

    def say(what: str) -> None:
        notes.print(what, style="dim", highlight=False)

    with tempfile.TemporaryDirectory(prefix="zetetic-") as name:
        scratch = Path(name)
        subject = _subject(given, scratch, say)
        dtype = given.dtype or ("float32" if given.device == "cpu" else "bfloat16")
        with _programs(given, subject, dtype, scratch, say) as (programs, n_layers):
            sizes = Sizes(None, None, None) if given.all else Sizes()
            found = measure(programs, n_layers, sizes, given.rounds, say)
    strict = given.device == "cpu" and given.layers is None and dtype == "float32"
    return _tell(given, subject, found, strict=strict)


def _check(given: argparse.Namespace) -> None:
    for name, least in (("rounds", 1), ("threads", 1), ("layers", 1), ("hidden", 64)):
        value = getattr(given, name)
        if value is not None and value < least:
            raise BenchmarkError(f"expected --{name} of {least} or more, got {value}")
    if given.hidden is not None and given.hidden % 64:
        raise BenchmarkError(f"expected --hidden to be a multiple of 64 (the size of a head), got {given.hidden}")
    if given.device == "cuda":
        import torch

        if not torch.cuda.is_available():
            raise BenchmarkError("expected a GPU for --device cuda, and torch sees none; leave it out")
        given.layers, given.hidden = given.layers or BILLION_LAYERS, given.hidden or BILLION_HIDDEN
    if (given.layers is None) != (given.hidden is None):
        raise BenchmarkError("expected --layers and --hidden together, for a model of random weights; got one of them")


def _subject(given: argparse.Namespace, scratch: Path, say: Callable[[str], None]) -> Subject:
    if given.layers is None:
        return embedded_subject(say)
    dtype = given.dtype or ("float32" if given.device == "cpu" else "bfloat16")
    say("writing a model of random weights")
    sizes = {"layers": given.layers, "hidden": given.hidden}
    return random_subject(scratch / "model", **sizes, device=given.device, dtype=dtype)


@contextmanager
def _programs(
    given: argparse.Namespace, subject: Subject, dtype: str, scratch: Path, say: Callable[[str], None]
) -> Iterator[tuple[dict[str, Program], int]]:
    """All programs, loaded, and how many layers the model has. Ours makes the source's states for the others."""
    workload: dict[str, Any] = {
        **asdict(subject),
        "folder": str(subject.folder),
        "vectors": str(scratch / "vectors.pt"),
        "device": given.device,
        "dtype": dtype,
        "threads": given.threads,
    }
    del workload["title"]
    commands = {"hooks": ("plain hooks", inside("hooks"))}
    if given.peers:
        commands |= {name: (p.title, outside(p.program, peer_python(p, say))) for name, p in PEERS.items()}
    with ExitStack() as running:
        say("loading zetetic's own program")
        engine = running.enter_context(Program("zetetic", inside("engine"), workload, scratch / "engine.log"))
        n_layers = int(engine.ask("capture").answer)
        programs = {"engine": engine}
        for name, (title, command) in commands.items():
            say(f"loading {title}")
            program = Program(title, command, workload, scratch / f"{name}.log")
            programs[name] = running.enter_context(program)
        yield programs, n_layers


def _tell(given: argparse.Namespace, subject: Subject, found: Measurement, *, strict: bool) -> int:
    rows = rows_of(found, with_bars=strict)
    differing = disagreements(found)
    versions = ", ".join(f"{name} {number}" for name, number in shared_versions().items())
    title = (
        f"{subject.title}: {found.n_layers} × {found.n_layers} cells, target of {len(subject.target)} tokens; "
        f"{found.n_layers} descriptions after {len(subject.describing)} tokens"
    )
    if given.json:
        about = {"subject": title, "method": found.method, "versions": versions, "threads": given.threads}
        about |= {"device": given.device, "machine": platform.machine(), "rounds": given.rounds}
        print(json.dumps({**about, "rows": rows, "differing": differing}, indent=2))
    else:
        console(sys.stdout).print(render(rows, title))
        compared = "all answers are the same" if not differing else "\n".join(differing)
        print(f"{versions}; {given.threads} thread(s); rows by {found.method}; {compared}")
    missed = any(row["met"] is False for row in rows)
    return int(missed or (strict and bool(differing)))


if __name__ == "__main__":
    sys.exit(main())
