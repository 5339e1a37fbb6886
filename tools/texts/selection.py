"""Which of a small model's texts are good enough to keep: whole sentences, on their subject, none twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .words import content_words, folded, words

if TYPE_CHECKING:
    from ...models import Embedder

LEAST_WORDS, MOST_SENTENCES = 5, 3
ON_SUBJECT = 0.25
"""Least similarity in meaning of a text and its subject."""
ALIKE = 0.85
"""Similarity from which two texts are one."""
_SENTENCE_END = re.compile(r"(?<!\b[DMS][rst])(?<!\bMrs)(?<!\b[A-Z])[.!?…]+[\"'”’)]*(?=\s|$)")
_BROKEN = re.compile(
    r"as an ai\b|\bai (?:assistant|model|language)|language model|text-based|i(?:'m| am) sorry,? but i (?:can|do)"
    r"|i(?:'m| am) here to help you|ready to assist|creative writing|writing project|compelling narrative"
    r"|i can(?:'t|not) (?:assist|help|provide)|i don't have personal|^here(?:'s| is| are)\b"
    r"|\[[^\]]*\]|https?:|www\.|```|[{}<>|*#@\\_]|\bsmol|\bprompt\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\x20-\x7e‘’“”–—…£€éèêëàâäáçñöôóüûúïîíå°½]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that a model wrote. `ended`: it came to an end by itself rather than to the limit of its length."""

    subject: str
    form: str
    text: str
    ended: bool

    @property
    def origin(self) -> str:
        return f"{self.subject} / {self.form}"

    def as_row(self) -> dict[str, object]:
        return asdict(self)


def select(drafts: Sequence[Draft], embedder: Embedder) -> list[Draft]:
    """The drafts that are whole, plain, on their subject and unlike each other, cut at the end of a sentence."""
    tidied = [replace(draft, text=text) for draft in drafts if (text := tidy(draft.text)) is not None]
    if not tidied:
        return []
    vectors = embedder.encode([draft.text for draft in tidied])
    subjects = embedder.encode([draft.subject for draft in tidied])
    on_subject = np.einsum("ij,ij->i", vectors, subjects)
    kept: list[int] = []
    for i in np.flatnonzero(on_subject >= ON_SUBJECT):
        if not kept or float((vectors[kept] @ vectors[i]).max()) < ALIKE:
            kept.append(int(i))
    return sorted((tidied[i] for i in kept), key=lambda draft: draft.origin)


def tidy(text: str) -> str | None:
    """`text` up to its last whole sentence, of `MOST_SENTENCES` at most; None for what is broken or says too little."""
    text = " ".join(text.split()).replace("’", "'")
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    if not ends:
        return None
    text = text[: ends[min(len(ends), MOST_SENTENCES) - 1]]
    if text.count('"') % 2:
        if not text.startswith('"') or text.count('"') > 1:
            return None
        text += '"'
    if _BROKEN.search(text) or not _PLAIN.fullmatch(text) or text.count("(") != text.count(")"):
        return None
    return text if len(words(text)) >= LEAST_WORDS and not repeats(text) else None


def repeats(text: str) -> bool:
    """Whether a text goes round in circles: three words in a row come twice, a content word three times, or too many
    words are the same.
    """
    run = [folded(word) for word in words(text)]
    triples = list(zip(run, run[1:], run[2:]))
    busiest = max(Counter(content_words(text)).values(), default=0)
    return len(set(triples)) < len(triples) or busiest > 2 or len(set(run)) < 0.6 * len(run)
