"""Run the Patchscopes benchmark: what a results file already holds is not computed again."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...models.errors import ModelError
from ...tools.patchscope.errors import PatchscopeError
from ...tools.patchscope.task_files import Example, read_task, task_files
from ..errors import BenchmarkError
from ..ledger import Ledger, content_hash, content_key
from ..progress import Bar, progress_bar
from .extraction import attributes_report, measure_task, pick, spread
from .next_token import METHODS, Measured, measure
from .options import PatchscopesOptions
from .report import AttributesReport, NextTokenReport, PatchscopesReport, next_token_report
from .sample import draw_sample, split_origins

if TYPE_CHECKING:
    from rich.console import Console

    from ...models import LanguageModel


def run_patchscopes(options: PatchscopesOptions, console: Console | None = None) -> PatchscopesReport:
    """Run what the results file does not hold yet, and add everything up. Raises `BenchmarkError`."""
    try:
        return _run(options, console)
    except (ModelError, PatchscopeError) as error:
        raise BenchmarkError(str(error)) from error


def _run(options: PatchscopesOptions, console: Console | None) -> PatchscopesReport:
    from ...models.loading import load

    tasks = _tasks(options) if "attributes" in options.parts else {}
    ledger = Ledger(options.out)
    if options.fresh:
        ledger.clear()
    model = load(options.model)
    steps = (len(METHODS) if "next-token" in options.parts else 0) + sum(len(chosen) for _, chosen in tasks.values())
    next_token = attributes = None
    with progress_bar(console, total=steps, done=0, title="patchscopes") as bar:
        if "next-token" in options.parts:
            next_token = _next_token(model, options, ledger, bar)
        if "attributes" in options.parts:
            attributes = _attributes(model, options, tasks, ledger, bar)
    return PatchscopesReport(next_token=next_token, attributes=attributes)


def _next_token(model: LanguageModel, options: PatchscopesOptions, ledger: Ledger, bar: Bar) -> NextTokenReport:
    evaluated, to_fit = split_origins(options.seed)
    sample = None
    origins: list[str] = []
    measured: dict[str, Measured] = {}
    for method in METHODS:
        key = content_key(
            code=_fingerprint(), part="next-token", model=options.model, method=method.name, prompt=method.prompt,
            positions=options.positions, fit_texts=options.fit_texts, seed=options.seed,
        )  # fmt: skip
        kept = ledger.get(key)
        if kept is None:
            sample = sample or draw_sample(model, evaluated, options.positions, options.seed)
            found = measure(model, sample, method, lambda: [p.text for p in to_fit[: options.fit_texts]])
            kept = found.as_dict() | {"origins": list(sample.origins)}
            ledger.append(key, kept)
        origins = kept["origins"]
        measured[method.name] = Measured.from_dict(kept)
        bar.advance(method.name)
    return next_token_report(model.name, origins, measured)


def _tasks(options: PatchscopesOptions) -> dict[str, tuple[Path, list[Example]]]:
    """For each task its file and the examples to run."""
    files = task_files(options.data)
    unknown = [t for t in options.tasks if t not in files]
    if unknown:
        raise BenchmarkError(
            f"expected tasks among {', '.join(files)}, got {', '.join(unknown)}; pass --tasks of those"
        )
    wanted = options.tasks or tuple(files)
    return {task: (files[task], pick(read_task(files[task]), options.examples, options.seed)) for task in wanted}


def _attributes(
    model: LanguageModel,
    options: PatchscopesOptions,
    tasks: dict[str, tuple[Path, list[Example]]],
    ledger: Ledger,
    bar: Bar,
) -> AttributesReport:
    low, high = spread(model.n_layers, options.source_layers), spread(model.n_layers, options.target_layers)
    found: dict[str, dict[str, Any]] = {}
    for task, (path, chosen) in tasks.items():
        key = content_key(
            code=_fingerprint(), part="attributes", model=options.model, task=task, data=content_hash(path),
            examples=options.examples, layers=[low, high], tokens=options.max_new_tokens, seed=options.seed,
        )  # fmt: skip
        kept = ledger.get(key)
        if kept is None:
            advance = partial(bar.advance, task)
            kept = measure_task(model, read_task(path), chosen, low, high, options.max_new_tokens, advance)
            ledger.append(key, kept)
        else:
            for _ in chosen:
                bar.advance(task)
        found[task] = kept
    return attributes_report(model.name, found, low, high, options.max_new_tokens)


@cache
def _fingerprint() -> str:
    """A short hash of the code that figures come from: results of other code are not reused."""
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for folder in ("tools/patchscope", "benchmarks/patchscopes"):
        for path in sorted((root / folder).glob("*.py")):
            if path.name not in ("table.py", "report.py"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
