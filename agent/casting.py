"""Who investigates a run, and on what ground: decided by the kind of its black box, as the brief says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..tools.black_boxes.types import BlackBox, Domain, DomainError, TextDomain
from .brief import Brief, CorpusReference, Kind
from .budget import Budget
from .inductive import InductiveScientist
from .investigation import Investigation
from .journal import Journal
from .text_plan import DEFAULT_QUERIES, DEFAULT_SECONDS

if TYPE_CHECKING:
    from ..models import Embedder
    from ..sandboxes import Sandbox
    from ..tools.chat import Chat
    from ..tools.judging.types import Judge
    from ..tools.texts import Corpus
    from .string_ground import StringGround
    from .text_ground import TextGround
    from .text_verdict import JudgeStanding


LLM_SECONDS = 1800.0
"""How long an LLM scientist may work when its user says nothing: models are slow, and so are their limits."""


def cast(
    journal: Journal,
    box: BlackBox,
    budget: Budget | None = None,
    *,
    corpus: Corpus | None = None,
    chat: Chat | None = None,
) -> Investigation:
    """The inductive scientist's investigation that the journal's brief asks for, ready to run or resume.

    `corpus`: the texts of a run on a text module, where they were given in Python; else the brief says where they are.
    `chat`: a chat model that is open already, instead of the one that the brief names. Runs of a language model are
    `llm.casting.cast`'s. Raises DomainError for other texts than the run was begun with.
    """
    brief = journal.brief
    if brief.kind == "strings":
        return _cast_strings(journal, box, budget)
    if brief.kind == "numbers":
        return Investigation(box, InductiveScientist(), journal, budget)
    return _cast_texts(journal, box, budget, corpus, chat)


@dataclass(frozen=True)
class TextParts:
    """What every scientist needs on a text module."""

    ground: TextGround
    judge: Judge
    embedder: Embedder


def text_parts(brief: Brief, corpus: Corpus | None) -> TextParts:
    """The ground of a run on a text module, and who judges on it."""
    from ..models.embedding import load_embedder
    from ..tools.judging import EmbeddedJudge
    from ..tools.sasc import baselines
    from .baseline_wordings import BaselineWordings
    from .text_ground import TextGround

    texts = corpus if corpus is not None else _corpus_of(brief.corpus)
    _check(texts, brief.corpus)
    embedder = load_embedder()
    judge = EmbeddedJudge(embedder)
    wordings = BaselineWordings(lambda ranked, rng: baselines(ranked, embedder, rng))
    ground = TextGround(brief.domain, texts, judge, standing_of_judge(judge), wordings, seed=brief.seed)
    return TextParts(ground, judge, embedder)


def string_ground(box: BlackBox, domain: Domain, sandbox: Callable[[], Sandbox] | None = None) -> StringGround:
    """The ground of a run on `box`, which computes a text, or a number, from the characters of a text."""
    from .string_ground import StringGround

    if not isinstance(domain, TextDomain):
        raise DomainError(f"{box.spec} was taken for a function of texts, and its domain is of {type(domain).__name__}")
    return StringGround(domain, sandbox, gives=box.signature.output)


def _cast_strings(journal: Journal, box: BlackBox, budget: Budget | None) -> Investigation:
    from .string_scientist import StringScientist

    ground = string_ground(box, journal.brief.domain)
    return Investigation(box, StringScientist(box.signature.output), journal, budget, ground=ground)


def _cast_texts(
    journal: Journal, box: BlackBox, budget: Budget | None, corpus: Corpus | None, chat: Chat | None
) -> Investigation:
    from .journaled_chat import JournaledChat
    from .text_scientist import TextScientist
    from .text_tools import text_tools

    brief = journal.brief
    parts = text_parts(brief, corpus)
    talker = chat or open_chat(brief)
    journaled = None if talker is None else lambda inquiry: JournaledChat(talker, inquiry)
    scientist = TextScientist(parts.ground.discovery, text_tools(parts.embedder, parts.judge), chat=journaled)
    return Investigation(box, scientist, journal, budget, ground=parts.ground)


def default_budget(kind: Kind, scientist: str = "inductive") -> Budget:
    """What a run may spend when its user says nothing. On texts the limit is what the module's speed allows."""
    if scientist == "llm":
        return Budget(queries=DEFAULT_QUERIES if kind == "texts" else Budget().queries, seconds=LLM_SECONDS)
    return Budget(queries=DEFAULT_QUERIES, seconds=DEFAULT_SECONDS) if kind == "texts" else Budget()


def refer(corpus: Corpus, path: str | None = None) -> CorpusReference:
    """What a brief says of `corpus`; `path` where it was read from a file."""
    return CorpusReference(corpus.name, digest(corpus.texts), len(corpus.texts), path)


def digest(texts: Iterable[str]) -> str:
    """A fingerprint of texts in their order."""
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return found.hexdigest()[:16]


def _corpus_of(reference: CorpusReference | None) -> Corpus:
    from ..tools.texts import default_corpus, read_corpus

    if reference is None or reference.path is None:
        return default_corpus()
    return read_corpus(reference.path)


def _check(corpus: Corpus, reference: CorpusReference | None) -> None:
    """Refuse other texts than the run was begun with: what was held out would not be held out any more."""
    found = digest(corpus.texts)
    if reference is None or reference.digest == found:
        return
    where = reference.path or f"the corpus {reference.name!r}"
    remedy = "put the texts back as they were" if reference.path else "pass the texts that it was begun with"
    raise DomainError(
        f"the run was begun on {reference.texts} texts of {where}, and got {len(corpus.texts)} other ones; "
        f"{remedy}, or begin a new run"
    )


def open_chat(brief: Brief) -> Chat | None:
    """The chat model that the brief names; None if it names none. Raises `ChatError`."""
    from ..tools.chat import Chat, open_chat_model

    if brief.chat is None:
        return None
    more = {} if brief.base_url is None else {"base_url": brief.base_url}
    return Chat(open_chat_model(brief.chat, **more), brief.chat)


def standing_of_judge(judge: Judge) -> JudgeStanding:
    """How well the judge does on its calibration set."""
    from ..tools.judging import calibrate
    from .text_verdict import JudgeStanding
    from .wording import Span

    found = calibrate(judge)
    return JudgeStanding(Span(found.auc.value, found.auc.low, found.auc.high), found.withheld)
