"""`zetetic qa-embed`: texts as answers to yes/no questions, and what in them goes with a target."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..failures import CommandError, ExitCode, bad_input
from .options import DebugOption, JsonOption
from .results import write_json

if TYPE_CHECKING:
    from ...tools.qa_emb import Answerer
    from ...tools.qa_emb.held_out import HeldOutScore
    from ...tools.qa_emb.sparse import SparseFit
    from ..qa_emb import Rows
    from ..qa_emb.outcome import Outcome

PIPE_WIDTH = 140
SHOWN = 10
"""Questions shown in the terminal where there is no target."""
AT_CHANCE = ("smollm2",)
"""Models known to answer yes/no questions no better than a coin."""


def qa_emb(
    texts: Annotated[Path, typer.Argument(metavar="TEXTS", help="Texts: a line each, or a .csv, .tsv or .jsonl.")],
    questions: Annotated[
        str,
        typer.Option(
            metavar="FILE|bank|propose",
            help="A file of yes/no questions, the bank that comes with zetetic, or proposed for these texts (by "
            "--chat, else out of the banks).",
        ),
    ] = "bank",
    column: Annotated[str | None, typer.Option(metavar="NAME", help="The column with the texts.")] = None,
    target: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Explain this column: numbers, or two classes.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="Let a local language model answer: a folder or hub id.")
    ] = None,
    chat: Annotated[
        str | None, typer.Option(metavar="PROVIDER:MODEL", help="Let a chat model answer, such as openai:gpt-5-mini.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the table of features: .csv, .npz or .jsonl.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="PATH", help="Write the page with the plots there.")] = None,
    cache: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep answers in this SQLite file; none is asked twice.")
    ] = None,
    method: Annotated[
        str, typer.Option(metavar="NAME", help="How questions are chosen: elastic_net or stability.")
    ] = "elastic_net",
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Questions in the model at most.")] = 12,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Seed of folds and resampling.")] = 0,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Answer yes/no questions about texts; with a target, find the few whose answers predict it (QA-Emb).

    Without --model or --chat the embedded answerer answers, which needs no language model.
    """
    from ...models import ModelError
    from ...tools.chat import ChatError
    from ...tools.qa_emb import QAError
    from ..qa_emb import ReadingError
    from ..qa_emb.writing import check_out

    if model and chat:
        raise bad_input("expected --model or --chat, got both; leave one out")
    try:
        if out is not None:
            check_out(out)
        outcome = _run(texts.expanduser(), questions, column, target, (model, chat, cache), method, most, seed)
    except (ReadingError, QAError, ModelError) as error:
        raise bad_input(str(error)) from error
    except ChatError as error:
        raise CommandError(str(error), ExitCode.BOX_FAILED) from error
    out = _write_table(outcome, out)
    page = _write_page(outcome, target, html)
    if as_json:
        write_json(as_plain(outcome) | {"out": out and str(out), "page": page and str(page)})
    else:
        _show(outcome, target, out, page)
    raise typer.Exit(int(ExitCode.EXPLAINED))


def _run(
    path: Path,
    questions: str,
    column: str | None,
    target: str | None,
    who: tuple[str | None, str | None, Path | None],
    method: str,
    most: int,
    seed: int,
) -> Outcome:
    from ...tools.qa_emb import CachedAnswerer, QAEmbedder
    from ...tools.qa_emb.questions import check_questions
    from ..qa_emb import read_rows
    from ..qa_emb.outcome import Outcome

    rows = read_rows(path, column=column, target=target)
    asked, seen = _questions(questions, rows, who[1], seed)
    check_questions(asked)
    answerer, notes = _answerer(who[0], who[1])
    if rows.left_out:
        notes.append(f"{rows.left_out} rows without a text or a target were left out")
    if seen:
        notes.append(f"questions were proposed from {len(seen)} of the texts, which are not scored")
    embedder = QAEmbedder(asked, CachedAnswerer(answerer, who[2]))
    features = embedder.fit_transform(list(rows.texts))
    fit = score = sentence = None
    if rows.target is not None:
        fit, score, sentence = _explain(rows, features, embedder.questions_, method, most, seen, seed)
    return Outcome(rows, embedder.questions_, features, answerer.name, fit, score, sentence, tuple(notes))


def _questions(asked: str, rows: Rows, chat: str | None, seed: int) -> tuple[list[str], list[int]]:
    """(questions, rows that they were proposed from)."""
    import numpy as np

    from ...tools.chat import Chat, open_chat_model
    from ...tools.qa_emb import propose_questions, question_bank
    from ..qa_emb import read_questions

    if asked == "bank":
        return list(question_bank()), []
    if asked != "propose":
        return read_questions(Path(asked).expanduser()), []
    order = np.random.default_rng(seed).permutation(len(rows.texts))
    seen = sorted(int(i) for i in order[: max(1, len(order) * 2 // 5)])
    known = None if rows.target is None else [rows.target[i] for i in seen]
    opened = None if chat is None else Chat(open_chat_model(chat), chat)
    found = propose_questions([rows.texts[i] for i in seen], known, chat=opened, seed=seed)
    return found, seen if rows.target is not None else []


def _answerer(model: str | None, chat: str | None) -> tuple[Answerer, list[str]]:
    from ...tools.qa_emb import ChatAnswerer, LocalAnswerer, embedded_answerer

    if chat is not None:
        from ...tools.chat import Chat, open_chat_model

        return ChatAnswerer(Chat(open_chat_model(chat), chat)), []
    if model is not None:
        from ...models.loading import load

        warned = [f"{model} answers yes/no questions no better than a coin: its features are for trying things out"]
        return LocalAnswerer(load(model)), warned if model in AT_CHANCE else []
    found = embedded_answerer()
    return found, [f"embedded answerer, no language model: {found.about}"]


def _explain(
    rows: Rows, features: Any, questions: list[str], method: str, most: int, seen: list[int], seed: int
) -> tuple[SparseFit, HeldOutScore, str]:
    import numpy as np

    from ...models.embedding import load_embedder
    from ...tools.qa_emb.held_out import held_out_score
    from ...tools.qa_emb.selection import METHODS
    from ...tools.qa_emb.sparse import Kind, fit_sparse
    from ...tools.qa_emb.wording import sentence

    chosen = next((m for m in METHODS if m == method), None)
    if chosen is None:
        raise bad_input(f"expected --method {' or '.join(METHODS)}, got {method!r}")
    kind: Kind = "classification" if rows.classes else "regression"
    target = np.array(rows.target, dtype=np.float64)
    score = held_out_score(
        features, target, rows.texts, questions, kind=kind, method=chosen, most=most, seen=seen,
        embeddings=np.asarray(load_embedder().encode(list(rows.texts)), dtype=np.float64), seed=seed,
    )  # fmt: skip
    fit = fit_sparse(features, target, questions, kind=kind, method=chosen, most=most, seed=seed)
    said = sentence(fit)
    return fit, score, said if not rows.classes else said.replace("the second class", repr(rows.classes[1]))


def _write_table(outcome: Outcome, out: Path | None) -> Path | None:
    from ..qa_emb import write_features

    if out is None:
        return None
    out = out.expanduser().absolute()
    try:
        write_features(out, outcome.rows.texts, outcome.questions, outcome.features)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(
            f"expected to write the features to {out}, got: {reason}; pass another --out", ExitCode.OUTPUT
        ) from error
    return out


def _write_page(outcome: Outcome, target: str | None, html: Path | None) -> Path | None:
    if html is None:
        return None
    from ..patchscopes import PageError, write_page
    from ..qa_emb.page import qa_page

    try:
        return write_page(qa_page(outcome, target), html)
    except PageError as error:
        raise CommandError(str(error), ExitCode.OUTPUT) from error


def as_plain(outcome: Outcome) -> dict[str, Any]:
    """The result as plain data; the features themselves go to --out."""
    means = outcome.features.mean(axis=0)
    return {
        "texts": len(outcome.rows.texts),
        "questions": len(outcome.questions),
        "answerer": outcome.answerer,
        "shares": {q: round(float(m), 4) for q, m in zip(outcome.questions, means)},
        "classes": list(outcome.rows.classes),
        "coefficients": None if outcome.fit is None else [asdict(c) for c in outcome.fit.coefficients],
        "score": None if outcome.score is None else asdict(outcome.score),
        "explanation": outcome.sentence,
        "notes": list(outcome.notes),
    }


def _show(outcome: Outcome, target: str | None, out: Path | None, page: Path | None) -> None:
    console = Console()
    console = console if console.is_terminal else Console(width=max(console.width, PIPE_WIDTH))
    for note in outcome.notes:
        Console(stderr=True, width=console.width).print(Text(f"note: {note}"), style="dim")
    count = f"{len(outcome.rows.texts)} texts × {len(outcome.questions)} questions, answered by {outcome.answerer}"
    if outcome.fit is None or outcome.score is None:
        console.print(_spread(outcome, count))
    else:
        console.print(coefficients_table(outcome.fit, f"{target}: {count}"))
        console.print(Text(outcome.sentence or ""))
        console.print(Text(score_line(outcome.score)))
    for name, place in (("features", out), ("page", page)):
        if place is not None:
            console.print(Text(f"{name}: {place}"), soft_wrap=True)
    sys.stdout.flush()


def coefficients_table(fit: SparseFit, title: str) -> Table:
    """A row a chosen question."""
    unit = "change of target" if fit.kind == "regression" else "change of log-odds"
    table = Table("question", f"{unit} a deviation", "95 % interval", "kept", title=title, title_justify="left")
    for c in fit.coefficients:
        style = "" if c.known else "dim"
        cells = (c.question, f"{c.value:+.3g}", f"{c.low:+.3g} to {c.high:+.3g}", f"{c.kept:.0%}")
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table


def score_line(score: HeldOutScore) -> str:
    """The score with its interval and what it is compared with."""
    beside = ", ".join(f"{name} {value:.3f}" for name, value in score.baselines.items())
    verdict = "better than" if score.beats_baselines else "NOT better than"
    return (
        f"held-out {score.metric} {score.value:.3f} (95 % interval {score.low:.3f} to {score.high:.3f}, {score.texts} "
        f"different texts); {verdict} the simple baselines: {beside}"
    )


def _spread(outcome: Outcome, title: str) -> Table:
    """The questions whose answers vary most over these texts; of a single text, those most surely answered yes."""
    import numpy as np

    several = len(outcome.features) > 1
    first = "question whose answers vary most" if several else "question most surely answered yes"
    table = Table(first, "mean probability of yes", "deviation", title=title)
    spread = outcome.features.std(axis=0) if several else outcome.features[0]
    for column in np.argsort(-spread, kind="stable")[:SHOWN]:
        mean = outcome.features[:, column].mean()
        table.add_row(Text(outcome.questions[column]), f"{mean:.2f}", f"{outcome.features[:, column].std():.2f}")
    return table
