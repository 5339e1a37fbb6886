"""`concept:related to food`: a neuron that responds to one concept, from 0 (not at all) to 1.

    concept:related to food
    concept:written in anger?judge=openai:gpt-5-mini

The neurons of FIND's text functions (arXiv:2309.03886): how strongly a text is related to a concept. Graded by the
chat model `judge`, twenty texts a prompt (`prompts/concept/grade.md.j2`); or, where none is named, by the embedder:
the cosine similarity c of text and concept as 1 / (1 + exp((0.25 - c) / 0.05)), which is above 0.5 from c = 0.25 on.
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
_KEYS = ("judge", "embedder", "device")
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
    concept: str, embedder: Embedder, *, spec: str | None = None, domain: TextDomain | None = None
) -> TextBox:
    """The neuron of `concept` by similarity in meaning."""
    target = embedder.encode([subject(concept)])[0].astype(float)

    def measure(texts: Sequence[str]) -> list[float]:
        return [float(value) for value in degrees(embedder.encode(texts).astype(float) @ target)]

    return TextBox(spec or f"concept:{concept}?embedder={embedder.name}", with_words(measure), domain=domain)


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
    if not concept.strip():
        raise SpecError("a concept is named concept:DESCRIPTION, such as concept:related to food, got none")
    spec = f"concept:{concept}{write_settings(settings) or f'?embedder={DEFAULT_EMBEDDER}'}"
    if "judge" not in settings:
        embedder = open_embedder(settings.get("embedder", DEFAULT_EMBEDDER), settings.get("device"))
        return similar_box(concept, embedder, spec=spec, domain=domain)
    if len(settings) > 1:
        raise SpecError("a concept is graded by a judge or by an embedder, and both were named; leave one out")
    try:
        chat = Chat(open_chat_model(settings["judge"], temperature=0), settings["judge"])
    except ChatError as error:
        raise SpecError(one_line(str(error))) from error
    return graded_box(concept, chat, spec=spec, batch_size=options.batch_size, domain=domain)
