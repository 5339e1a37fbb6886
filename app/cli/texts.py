"""What `--text`, `--corpus` and `--chat` mean: where the texts of a run come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..failures import bad_input

if TYPE_CHECKING:
    from ...agent import Budget, Store
    from ...tools.black_boxes import BlackBox, NumericDomain, TextDomain
    from ...tools.texts import Corpus
    from .driving import Sitting
    from .modelling import ModelWish


LEAST_HELD_OUT = 4
"""Held-out texts without which nothing can be scored."""
FEW_TEXTS = 60
"""Different texts below which a user is told that they are few."""


@dataclass(frozen=True)
class TextWish:
    """What the user said of texts."""

    text: bool = False
    corpus: Path | None = None
    chat: str | None = None

    @property
    def given(self) -> str:
        """The first option that only texts have; empty if the user said nothing of texts."""
        named = (("--text", self.text), ("--corpus", self.corpus), ("--chat", self.chat))
        return next((name for name, value in named if value), "")

    @property
    def domain(self) -> TextDomain:
        from ...tools.black_boxes.texts import ANY_TEXT

        return ANY_TEXT

    def refuse(self, spec: str) -> None:
        """Refuse what was said of texts where the box takes numbers."""
        if self.given:
            raise bad_input(f"expected a box of texts for {self.given}, got {spec}, which takes numbers; leave it out")

    def refuse_numbers(self, stated: NumericDomain | None) -> None:
        if stated is not None:
            raise bad_input("expected no --domain for a box that takes texts, got one; say --corpus FILE instead")

    def sitting(self, store: Store, box: BlackBox, budget: Budget, options: dict[str, Any], by: ModelWish) -> Sitting:
        """The first sitting of a run on texts."""
        from ...agent import Brief, refer
        from .driving import Sitting

        corpus = open_corpus(self.corpus)
        place = None if self.corpus is None else str(self.corpus.expanduser().absolute())
        open_chat(self.chat)
        brief = Brief.of(
            box,
            budget=budget,
            seed=options["seed"],
            options=options,
            corpus=refer(corpus, place),
            chat=self.chat,
        )
        return Sitting(store.create(by.brief(brief)), box, corpus=corpus, remarks=_if_few(corpus))


def _if_few(corpus: Corpus) -> tuple[str, ...]:
    """A line about a corpus on which hardly anything can be shown; nothing for a larger one."""
    from ...tools.texts.corpus import same_text

    different = len({same_text(text) for text in corpus.texts})
    if different >= FEW_TEXTS:
        return ()
    return (
        f"{different} different texts are few: half of them are held out, and on fewer than about {FEW_TEXTS} texts "
        "hardly any explanation can stand",
    )


def open_corpus(path: Path | None) -> Corpus:
    """The texts in the file, or those that ship; a file that will not do is the user's mistake."""
    from ...tools.texts import CorpusError, default_corpus, read_corpus

    if path is None:
        return default_corpus()
    try:
        corpus = read_corpus(path)
        _, held_out = corpus.split(0)
    except CorpusError as error:
        raise bad_input(str(error)) from error
    if len(held_out) < LEAST_HELD_OUT:
        raise bad_input(
            f"expected a corpus of at least {2 * LEAST_HELD_OUT} different texts, half of them to be held out, got "
            f"{len(corpus)} in {path}, which are too few; add texts (hundreds are better), or leave --corpus out"
        )
    return corpus


def open_chat(name: str | None) -> None:
    """Refuse a chat model that cannot be opened before anything is spent."""
    from ...tools.chat import ChatError, open_chat_model

    if name is None:
        return
    try:
        open_chat_model(name)
    except ChatError as error:
        raise bad_input(str(error)) from error
