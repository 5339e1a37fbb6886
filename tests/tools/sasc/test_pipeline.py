"""SASC whole: honest endings, texts that were held out, tools that an agent can use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from langchain_core.language_models import FakeListChatModel

from zetetic.models import Embedder
from zetetic.tools.chat import Chat, ChatError
from zetetic.tools.sasc import SascError, SascTools, sasc, sasc_tools, synthesize
from zetetic.tools.sasc.synthesizing import retrieve
from zetetic.tools.sasc.types import Floats
from zetetic.tools.texts import Corpus


class NearJudge:
    """Judges by the embedder's similarity."""

    name = "near"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def judge(self, explanations: Sequence[str], texts: Sequence[str]) -> Floats:
        alike = self._embedder.encode(explanations) @ self._embedder.encode(texts).T
        return np.clip(np.asarray(alike, dtype=np.float64), 0, 1)


def money(embedder: Embedder) -> object:
    target = embedder.encode(["money"])[0]
    return lambda texts: np.asarray(embedder.encode(texts) @ target, dtype=np.float64)


def run(module: object, embedder: Embedder, sentences: tuple[str, ...], **more: object) -> object:
    corpus = Corpus("themes", sentences)
    return sasc(module, corpus, embedder=embedder, judge=NearJudge(embedder), most_phrases=400, **more)


def test_a_module_of_one_theme_is_explained(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    found = run(money(embedder), embedder, sentences)
    assert found.outcome == "explained"
    assert found.best.score.value.value > 0.9
    assert found.best.effect.low > 0.5
    assert found.best.score.tried == found.tried == len(found.explanations)
    assert {b.candidate.origin for b in found.baselines} == {b.name for b in found.best.score.baselines}


def test_no_phrase_comes_from_a_held_out_text(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    asked: list[str] = []

    def module(texts: Sequence[str]) -> Floats:
        asked.extend(texts)
        return np.asarray(money(embedder)(texts))

    found = run(module, embedder, sentences)
    phrases = " ".join(found.ranked.all_phrases)
    held_out = [t for t in asked if t in sentences]
    assert len(held_out) == found.held_out == 120
    assert found.module_calls == len(asked)
    assert not [t for t in held_out if t.split()[-1] in phrases.split()]


def test_noise_is_not_explained(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    draw = np.random.default_rng(0)
    outcomes = [
        run(lambda texts: draw.normal(size=len(texts)), embedder, sentences, seed=seed).outcome for seed in range(2)
    ]
    assert outcomes.count("no better than baseline") == 2


def test_constant_and_dead_modules_end_clearly(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    found = run(lambda texts: np.ones(len(texts)), embedder, sentences)
    assert found.outcome == "constant"
    assert "answers 1" in found.notes[0]
    assert found.best is None
    with pytest.raises(SascError, match="finite responses"):
        run(lambda texts: np.full(len(texts), np.nan), embedder, sentences)


def test_what_phrases_never_show_is_looked_for_in_whole_texts(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    texts = tuple(text + ("!" if i % 3 == 0 else ".") for i, text in enumerate(sentences))
    found = run(lambda asked: np.array([float(t.endswith("!")) for t in asked]), embedder, texts)
    assert "whole texts" in found.notes[0]
    assert "exclamation" in found.best.text


def test_a_judge_at_chance_withholds_the_score(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    found = run(money(embedder), embedder, sentences, withheld="the judge is at chance")
    assert found.outcome == "withheld"
    assert found.best.score.value is None


def test_texts_without_the_concept_are_as_long_as_those_with_it() -> None:
    texts = ["word " * n for n in range(1, 101)]
    found = retrieve(texts, np.array([n % 10 == 0 for n in range(1, 101)], float), n=10, rng=np.random.default_rng(0))
    assert {len(t.split()) % 10 for t in found.with_concept} == {0}
    gaps = [abs(len(a.split()) - len(b.split())) for a, b in zip(found.with_concept, found.without_concept)]
    assert max(gaps) <= 5
    assert not set(found.with_concept) & set(found.without_concept)


def test_a_chat_model_writes_texts_and_orders_by_their_effect(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    corpus = Corpus("c", sentences)
    answers = ["war\nmoney", "bank loan\ndebt coins", "soup\nthe sea", "army\nbattle", "bread\nship"]
    chat = Chat(FakeListChatModel(responses=answers), "fake")
    found = sasc(
        money(embedder), corpus, embedder=embedder, judge=NearJudge(embedder), chat=chat, n=2, texts=2, most_phrases=300
    )
    assert found.explanations[0].text == "money"
    assert found.chat_calls == 5 == chat.usage.calls
    silent = Chat(FakeListChatModel(responses=["\n"]), "silent")
    with pytest.raises(ChatError, match="wrote no texts"):
        synthesize("food", corpus=corpus, judge=NearJudge(embedder), chat=silent)


def test_too_few_held_out_texts_say_so(embedder: Embedder) -> None:
    with pytest.raises(SascError, match="at least 4 held-out texts"):
        synthesize("food", corpus=Corpus("c", ("a", "b")), judge=NearJudge(embedder))


def test_an_agent_can_take_every_step_and_mend_its_mistakes(embedder: Embedder, sentences: tuple[str, ...]) -> None:
    steps = SascTools(money(embedder), Corpus("c", sentences), embedder, NearJudge(embedder))
    tools = {tool.name: tool for tool in sasc_tools(steps)}
    assert sorted(tools) == ["score", "summarize", "synthesize", "top_phrases"]
    assert "phrases asked" in tools["top_phrases"].invoke({"keep": 5})
    assert "Fit on the ranked phrases" in tools["summarize"].invoke({"n": 2})
    assert "Without it:" in tools["synthesize"].invoke({"explanation": "money"})
    first, second = (tools["score"].invoke({"explanation": e}) for e in ("money", "war"))
    assert "held-out AUC" in first
    assert "corrected for 1 tried" in first
    assert "corrected for 2 tried" in second
    assert "bad value for n" in tools["summarize"].invoke({"n": 0})
    assert "bad value for style" in tools["score"].invoke({"explanation": "x", "style": "y"})
