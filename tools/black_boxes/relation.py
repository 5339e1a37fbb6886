"""`relation:a city -> the country where that city is located?model=openai:gpt-5-mini`: what a chat model knows.

    relation:a gemstone -> the color of that gemstone?model=openai:gpt-5-mini
    relation:a country -> its capital?except=the country is in Asia&model=ollama:llama3.2

The relations of FIND (arXiv:2309.03886): words of one kind are mapped to others by knowledge of the world. What is not
of the kind gives `undefined`, and so does what the exception names. The chat model answers twenty inputs a prompt
(`prompts/relation/map.md.j2`).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, final

from ...prompts import render
from ..chat import Chat, ChatError
from .concept import ATTEMPTS, CHARACTERS_PER_PROMPT, TEXTS_PER_PROMPT, open_judge
from .guest import one_line
from .options import OpenOptions
from .settings import split_spec, write_settings
from .texts import ANY_TEXT, INPUT_NAMES, Memory, Window, answer_texts, windows
from .types import Failure, Input, Reply, Signature, SpecError, TextDomain

if TYPE_CHECKING:
    from ..chat import ChatUsage

UNDEFINED = "undefined"
"""What a relation gives where it does not hold."""
ARROW = "->"
_KEYS = ("except", "model", "base_url")


@final
class RelationBox:
    """The relation from `kind` ("a city") to `gives` ("the country where that city is located"), as `chat` knows it.

    It gives `undefined` for other inputs, blank ones among them, and where `exception` ("the input city is in Mexico")
    holds. Each text is asked once. An answer that is no list is asked for once more; after that the texts of that
    prompt fail.
    """

    def __init__(
        self,
        kind: str,
        gives: str,
        chat: Chat,
        *,
        exception: str | None = None,
        spec: str | None = None,
        batch_size: int | None = None,
        domain: TextDomain | None = None,
    ) -> None:
        self._kind, self._gives, self._exception, self._chat = kind, gives, exception, chat
        settings = write_settings({"except": exception, "model": chat.name})
        self._spec = spec or f"relation:{kind} {ARROW} {gives}{settings}"
        self._signature = Signature(INPUT_NAMES, domain or ANY_TEXT, "text")
        self._window = Window(batch_size or TEXTS_PER_PROMPT, CHARACTERS_PER_PROMPT)
        self._memory = Memory()

    @property
    def spec(self) -> str:
        return self._spec

    @property
    def signature(self) -> Signature:
        return self._signature

    @property
    def usage(self) -> ChatUsage:
        """What the chat model has spent."""
        return self._chat.usage

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`."""
        return answer_texts(inputs, self._replies)

    def close(self) -> None:
        """Nothing to let go of."""

    def _replies(self, texts: Sequence[str]) -> Iterator[Reply]:
        for window in windows(texts, self._window):
            found = self._answered([text for text in self._memory.fresh(window) if text.strip()])
            for text, reply in found.items():
                self._memory.keep(text, reply)
            for text in window:
                if text in found:
                    yield found.pop(text)
                elif not text.strip():
                    yield Reply(UNDEFINED)
                else:
                    yield self._memory.recall(text) or self._answered([text])[text]

    def _answered(self, texts: Sequence[str]) -> dict[str, Reply]:
        if not texts:
            return {}
        begin = time.perf_counter()
        values = ask_answers(texts, self._chat, self._prompt)
        seconds = (time.perf_counter() - begin) / len(texts)
        if isinstance(values, Failure):
            return {text: Reply(None, values, seconds) for text in texts}
        return {text: Reply(value, None, seconds) for text, value in zip(texts, values, strict=True)}

    def _prompt(self, texts: Sequence[str], trouble: str) -> str:
        return render(
            "relation/map",
            kind=self._kind,
            gives=self._gives,
            exception=self._exception or "",
            texts=[json.dumps(text, ensure_ascii=False) for text in texts],
            trouble=trouble,
        )


def ask_answers(texts: Sequence[str], chat: Chat, prompt: Callable[[Sequence[str], str], str]) -> list[str] | Failure:
    """The chat model's answers for `texts` in one prompt (made of the texts and what was wrong with the last answer),
    or why there are none.
    """
    trouble = ""
    for _ in range(ATTEMPTS):
        try:
            found = read_answers(chat.ask(prompt(texts, trouble)), len(texts))
        except ChatError as error:
            return Failure("transport", one_line(str(error)))
        if not isinstance(found, str):
            return found
        trouble = found
    return Failure("wrong_kind", one_line(f"{chat.name}: {trouble}"))


def read_answers(answer: str, count: int) -> list[str] | str:
    """The texts in an answer that is a JSON list of `count` texts and nothing else; or what is wrong with it.

    Numbers count as their digits. Blanks at the ends go, and `undefined` is written one way.
    """
    fenced = re.fullmatch(r"\s*```(?:json)?\s*(.*?)\s*```\s*", answer, re.DOTALL)
    try:
        found = json.loads(fenced[1] if fenced else answer, parse_float=str, parse_int=str)
    except ValueError:
        return f"expected a JSON list of {count} texts and nothing else, got {answer[:80]!r}"
    if not isinstance(found, list) or len(found) != count:
        got = f"a list of {len(found)}" if isinstance(found, list) else f"{answer[:80]!r}"
        return f"expected a list of {count} texts, one for each input, got {got}"
    for value in found:
        if not isinstance(value, str) or not value.strip():
            return f"expected texts that say something, got {value!r}"
    said = [" ".join(value.split()) for value in found]
    return [UNDEFINED if value.strip(" .'\"").casefold() == UNDEFINED else value for value in said]


def open_box(rest: str, options: OpenOptions) -> RelationBox:
    """Open `KIND -> WHAT IT GIVES?model=PROVIDER:MODEL`."""
    if options.domain is not None and not isinstance(options.domain, TextDomain):
        raise SpecError("a relation takes texts, and another domain was given; leave the domain out")
    relation, settings = split_spec(rest, _KEYS, "a relation")
    kind, arrow, gives = (part.strip() for part in relation.partition(ARROW))
    if not (kind and arrow and gives):
        raise SpecError(
            "a relation is named relation:KIND -> WHAT IT GIVES?model=PROVIDER:MODEL, such as "
            f"relation:a city -> the country where that city is located?model=openai:gpt-5-mini, got {rest!r}"
        )
    if "model" not in settings:
        raise SpecError("a relation is what a chat model knows, and none was named; add ?model=PROVIDER:MODEL")
    return RelationBox(
        kind,
        gives,
        open_judge(settings["model"], settings.get("base_url")),
        exception=settings.get("except"),
        spec=f"relation:{kind} {ARROW} {gives}{write_settings(settings)}",
        batch_size=options.batch_size,
        domain=options.domain,
    )
