"""One call from data to an explanation, with everything it rests on opened on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .explaining import MOST_TEXTS, Say, Setup, explain_texts
from .reading import Options, Source, read_dataset
from .tables import TableExplanation, explain_table
from .types import DatasetExplanation, TextData

if TYPE_CHECKING:
    from ...models.embedding import Embedder
    from ..chat import Chat
    from ..judging.types import Judge


def explain_dataset(
    source: Source,
    other: Source | None = None,
    *,
    text: str | None = None,
    label: str | None = None,
    target: str | None = None,
    a: str | None = None,
    b: str | None = None,
    table: bool = False,
    encoding: str | None = None,
    embedder: Embedder | None = None,
    judge: Judge | None = None,
    chat: Chat | None = None,
    top: int = 5,
    most_texts: int = MOST_TEXTS,
    seed: int = 0,
    say: Say = lambda stage: None,
) -> DatasetExplanation | TableExplanation:
    """What tells two lots of texts apart, or what a label or a number of a table goes with, in words.

    >>> explain_dataset("complaints.txt", "praise.txt")
    >>> explain_dataset("reviews.csv", text="review", target="stars")

    `source` and `other` are paths, lists of texts, rows as mappings or a data frame. A table without a column of texts
    (or with `table=True`) is explained by its features. `chat` proposes differences besides those found without it;
    `judge` says to which texts a phrase applies (default: the embedded one), and is calibrated first. Raises
    `DatasetError`.
    """
    options = Options(text, label, target, a, b, table, encoding)
    data = read_dataset(source, other, options)
    if not isinstance(data, TextData):
        return explain_table(data, seed=seed, say=say)
    say("loading the embedder")
    setup = prepare(embedder, judge, chat, top=top, most_texts=most_texts, seed=seed, say=say)
    return explain_texts(data, setup)


def prepare(
    embedder: Embedder | None = None,
    judge: Judge | None = None,
    chat: Chat | None = None,
    *,
    top: int = 5,
    most_texts: int = MOST_TEXTS,
    seed: int = 0,
    say: Say = lambda stage: None,
) -> Setup:
    """Open the embedder and the judge where they are not given, and calibrate the judge."""
    from ..judging import EmbeddedJudge, calibrate

    if embedder is None:
        from ...models.embedding import load_embedder

        embedder = load_embedder()
    judge = judge or EmbeddedJudge(embedder)
    say("calibrating the judge")
    at_chance = calibrate(judge).at_chance
    return Setup(embedder, judge, at_chance, chat, top, most_texts, seed, say)
