"""`concept:related to food`: a neuron that responds to one concept, from 0 (not at all) to 1.

    concept:related to food
    concept:related to music genres?or=related to archaeology
    concept:written in anger?judge=openai:gpt-5-mini&base_url=http://127.0.0.1:8000/v1

The neurons of FIND's text functions (arXiv:2309.03886): how strongly a text is related to a concept, or to the nearer
of two. Graded by the chat model `judge`, twenty texts a prompt (`prompts/concept/grade.md.j2`); or, where none is
named, by the embedder: the cosine similarity c of text and concept as 1 / (1 + exp((0.25 - c) / 0.05)), which is above
0.5 from c = 0.25 on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...prompts import render
from ..chat import Chat, ChatError, open_chat_model
from .embedders import DEFAULT_EMBEDDER, open_embedder
from .guest import one_line
from .options import OpenOptions
from .settings import split_spec, write_settings
from .texts import TextBox, Window, fail_all, with_words
from .types import Failure, SpecError, TextDomain

if TYPE_CHECKING:
    from ...models import Embedder

TEXTS_PER_PROMPT, CHARACTERS_PER_PROMPT = 20, 12_000
"""A prompt holds at most so many texts, together at most so long; or one."""
HALF_SIMILARITY, SIMILARITY_STEP = 0.25, 0.05
"""The cosine similarity that counts as 0.5, and how steeply the degree grows there."""
ATTEMPTS = 2
_KEYS = ("or", "judge", "base_url", "embedder", "device")
_FORMS = ("related to ", "about ", "texts about ", "text about ", "text related to ", "texts related to ")


def graded_box(
    concept: str,
    chat: Chat,
    *,
    spec: str | None = None,
    batch_size: int | None = None,
    domain: TextDomain | None = None,
) -> TextBox:
    """The neuron of `concept` as a chat model grades it.

    An answer that is no list of grades is asked for once more; after that the texts of that prompt fail.
    """

    def measure(texts: Sequence[str]) -> list[float | Failure]:
        return grade(concept, texts, chat)

    return TextBox(
        spec or f"concept:{concept}?judge={chat.name}",
        with_words(measure),
        domain=domain,
        usage=lambda: chat.usage,
        window=Window(batch_size or TEXTS_PER_PROMPT, CHARACTERS_PER_PROMPT),
    )


def similar_box(
    concept: str,
    embedder: Embedder,
    *,
    other: str | None = None,
    spec: str | None = None,
    domain: TextDomain | None = None,
) -> TextBox:
    """The neuron of `concept` by similarity in meaning; with an `other` one, by the similarity to the nearer."""
    concepts = [concept] if other is None else [concept, other]
    targets = embedder.encode([subject(one) for one in concepts]).astype(float)

    def measure(texts: Sequence[str]) -> list[float]:
        return [float(value) for value in degrees((embedder.encode(texts).astype(float) @ targets.T).max(axis=1))]

    named = write_settings({"or": other, "embedder": embedder.name})
    return TextBox(spec or f"concept:{concept}{named}", with_words(measure), domain=domain)


def degrees(similarities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine similarities as degrees from 0 to 1, in the same order."""
    return 1 / (1 + np.exp((HALF_SIMILARITY - similarities) / SIMILARITY_STEP))


def subject(concept: str) -> str:
    """What a concept is about: `food` of `related to food`."""
    stripped = concept.strip()
    form = next((f for f in _FORMS if stripped.casefold().startswith(f) and len(stripped) > len(f)), "")
    return stripped[len(form) :]


def grade(concept: str, texts: Sequence[str], chat: Chat) -> list[float | Failure]:
    """The chat model's grades of `texts` in one prompt, or why there are none."""
    quoted = [json.dumps(text, ensure_ascii=False) for text in texts]
    trouble = ""
    for _ in range(ATTEMPTS):
        try:
            answer = chat.ask(render("concept/grade", concept=concept, texts=quoted, trouble=trouble))
        except ChatError as error:
            return fail_all(Failure("transport", one_line(str(error))), texts)
        found = read_grades(answer, len(texts))
        if not isinstance(found, str):
            return list(found)
        trouble = found
    return fail_all(Failure("wrong_kind", one_line(f"{chat.name}: {trouble}")), texts)


def read_grades(answer: str, count: int) -> list[float] | str:
    """The grades in an answer that is a JSON list of `count` numbers from 0 to 1 and nothing else; or what is wrong."""
    fenced = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", answer, re.DOTALL)
    try:
        found = json.loads(fenced[1] if fenced else answer)
    except ValueError:
        return f"expected a JSON list of {count} numbers and nothing else, got {answer[:80]!r}"
    if not isinstance(found, list) or len(found) != count:
        got = f"a list of {len(found)}" if isinstance(found, list) else f"{answer[:80]!r}"
        return f"expected a list of {count} numbers, one for each text, got {got}"
    for value in found:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            return f"expected numbers from 0 to 1, got {value!r}"
    return [float(value) for value in found]


def open_box(rest: str, options: OpenOptions) -> TextBox:
    """Open `CONCEPT?judge=…`: by a chat model if one is named, else by the embedder."""
    domain = options.text_domain("a concept neuron")
    concept, settings = split_spec(rest, _KEYS, "a concept")
    other = settings.get("or")
    if not concept.strip() or (other is not None and not other.strip()):
        raise SpecError("a concept is named concept:DESCRIPTION, such as concept:related to food, got none")
    by = {} if "judge" in settings or "embedder" in settings else {"embedder": DEFAULT_EMBEDDER}
    spec = f"concept:{concept}{write_settings({**settings, **by})}"
    if "judge" not in settings:
        if "base_url" in settings:
            raise SpecError("expected a judge with base_url, got none; add judge=PROVIDER:MODEL, or leave it out")
        embedder = open_embedder(settings.get("embedder", DEFAULT_EMBEDDER), settings.get("device"))
        return similar_box(concept, embedder, other=other, spec=spec, domain=domain)
    if settings.keys() & {"embedder", "device"}:
        raise SpecError("a concept is graded by a judge or by an embedder, and both were named; leave one out")
    chat = open_judge(settings["judge"], settings.get("base_url"))
    both = concept if other is None else f"{concept}, or {other}"
    return graded_box(both, chat, spec=spec, batch_size=options.batch_size, domain=domain)


def open_judge(name: str, base_url: str | None = None) -> Chat:
    """The chat model `name`, answering as evenly as it can. Raises `SpecError`."""
    more = {} if base_url is None else {"base_url": base_url}
    try:
        return Chat(open_chat_model(name, temperature=0, **more), name)
    except ChatError as error:
        raise SpecError(one_line(str(error))) from error
