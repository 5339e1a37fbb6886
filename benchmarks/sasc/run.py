"""Run the SASC benchmark: what a results file already holds is not computed again."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ..errors import BenchmarkError
from ..ledger import Ledger, content_hash, content_key
from ..progress import progress_bar
from .options import SascOptions, Setting
from .report import SascReport, report
from .tasks import Task, folder, read_tasks, read_texts
from .trial import Answer, Bench

if TYPE_CHECKING:
    from rich.console import Console


def run_sasc(options: SascOptions, console: Console | None = None) -> SascReport:
    """Run what the results file does not hold yet, and add everything up. Raises `BenchmarkError`."""
    from ...models.errors import ModelError
    from ...tools.chat import ChatError
    from ...tools.sasc import SascError
    from ...tools.texts import CorpusError

    try:
        return _run(options, console)
    except (ModelError, ChatError, SascError, CorpusError) as error:
        raise BenchmarkError(str(error)) from error


def _run(options: SascOptions, console: Console | None) -> SascReport:
    path = folder(options.data)
    tasks = read_tasks(path, options.tasks)
    ledger = Ledger(options.out)
    if options.fresh:
        ledger.clear()
    jobs = [(t, s, t.other if s == "restricted" else t.number) for t in tasks for s in options.settings]
    jobs.sort(key=lambda job: job[2])  # the jobs of one corpus together: its embeddings are remembered
    found: dict[tuple[int, Setting], list[Answer]] = {}
    bench = None
    with progress_bar(console, total=len(jobs), done=0, title="sasc") as bar:
        for task, setting, source in jobs:
            key = _key(options, path, task, setting, source)
            kept = _kept(ledger.get(key))
            if kept is None:
                bench = bench or _bench(options, path)
                kept = bench.run(task, setting, read_texts(path, source))
                ledger.append(key, {"answers": [answer.model_dump(mode="json") for answer in kept]})
            found[task.number, setting] = kept
            bar.advance(f"{task.keyword}, {setting}")
    return report([answer for t in tasks for s in options.settings for answer in found[t.number, s]])


def _kept(record: dict[str, Any] | None) -> list[Answer] | None:
    try:
        return None if record is None else [Answer.model_validate(answer) for answer in record["answers"]]
    except (ValidationError, KeyError, TypeError):
        return None


def _bench(options: SascOptions, path: Path) -> Bench:
    from ...models import load_embedder
    from ...tools.chat import Chat, open_chat_model
    from ...tools.judging import EmbeddedJudge

    embedder = load_embedder()
    chat = None if options.chat is None else Chat(open_chat_model(options.chat), options.chat)
    return Bench(
        embedder, EmbeddedJudge(embedder), chat, [t.keyword for t in read_tasks(path)], phrases=options.phrases,
        budget=options.budget, held_out=options.held_out, seed=options.seed,
    )  # fmt: skip


def _key(options: SascOptions, path: Path, task: Task, setting: Setting, source: int) -> str:
    return content_key(
        code=_fingerprint(), data=content_hash(path / f"d3_{source}.csv"), task=task.number, accept=task.accept,
        keyword=task.keyword, setting=setting, phrases=options.phrases, budget=options.budget,
        held_out=options.held_out, chat=options.chat, seed=options.seed,
    )  # fmt: skip


@cache
def _fingerprint() -> str:
    """A short hash of the code and data that figures come from: results of others are not reused."""
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for place in ("tools/sasc", "tools/texts", "tools/concepts", "tools/judging", "benchmarks/sasc"):
        for path in sorted((root / place).glob("*.*")):
            if path.name not in ("table.py", "report.py"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
