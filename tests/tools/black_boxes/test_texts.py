"""What text modules have in common: order, windows, memory, and texts that cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.models.errors import ModelError
from zetetic.tools.black_boxes import (
    BlackBox,
    BlackBoxError,
    Failure,
    FunctionBox,
    RecordingBox,
    RememberingBox,
    Reply,
    TextBox,
    TextDomain,
    TokenLevel,
    responses,
)
from zetetic.tools.black_boxes.texts import (
    WINDOW,
    Memory,
    Window,
    batches_by_length,
    windows,
    with_words,
)

FAILED = Failure("raised", "no")


class Counting:
    """A measure that counts what it is asked: the length of a text, a failure for "bad"."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> list[float | Failure]:
        self.asked.append(list(texts))
        return [FAILED if text == "bad" else float(len(text)) for text in texts]


@pytest.fixture
def counting() -> Counting:
    return Counting()


def test_replies_come_in_order_and_each_text_is_computed_once(counting: Counting) -> None:
    box = TextBox("length:", counting)
    assert isinstance(box, BlackBox)
    assert not isinstance(box, TokenLevel)
    texts = ["aaa", "b", "aaa", "bad", "", "b"]
    assert [reply.value for reply in box.ask(texts)] == [3.0, 1.0, 3.0, None, 0.0, 1.0]
    assert [reply.value for reply in box.ask(["b", "cc", "bad"])] == [1.0, 2.0, None]
    assert counting.asked == [["aaa", "b", "bad", ""], ["cc"]]


def test_it_is_a_text_module(counting: Counting) -> None:
    box = TextBox("length:", counting)
    assert box.signature.is_text_module
    assert box.signature.names == ("text",)
    assert TextBox("length:", counting, domain=TextDomain("ab", 3)).signature.domain == TextDomain("ab", 3)
    assert not FunctionBox(lambda x: x).signature.is_text_module


def test_a_window_is_handed_over_before_the_next_is_computed(counting: Counting) -> None:
    texts = [str(number) for number in range(WINDOW.texts + 5)]
    replies = TextBox("length:", counting).ask(texts)
    next(replies)
    assert len(counting.asked) == 1
    assert len(list(replies)) == len(texts) - 1
    assert [len(asked) for asked in counting.asked] == [WINDOW.texts, 5]


@given(st.lists(st.text(max_size=50), max_size=40))
def test_windows_keep_every_text_in_order_and_stay_small(texts: list[str]) -> None:
    cut = list(windows(texts, Window(texts=10, characters=100)))
    assert [text for window in cut for text in window] == texts
    assert all(len(window) == 1 or sum(map(len, window)) <= 100 for window in cut)
    assert all(1 <= len(window) <= 10 for window in cut)


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 120), st.none() | st.integers(1, 9))
def test_batches_hold_like_lengths_and_fit(lengths: list[int], tokens: int, rows: int | None) -> None:
    batches = list(batches_by_length(lengths, most_tokens=tokens, most_rows=rows))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    ordered = [lengths[i] for batch in batches for i in batch]
    assert ordered == sorted(lengths, reverse=True)
    for batch in batches:
        assert len(batch) == 1 or len(batch) * lengths[batch[0]] <= tokens
        assert rows is None or len(batch) <= rows


def test_what_is_no_sound_text_fails_alone(counting: Counting) -> None:
    replies = list(TextBox("length:", counting).ask(["fine", (1.0,), "half \ud800", "fine"]))
    assert [reply.failure and reply.failure.kind for reply in replies] == [None, "wrong_kind", "wrong_kind", None]
    assert replies[2].failure == Failure(
        "wrong_kind", "expected a text, got one with half a surrogate pair at character 5"
    )
    assert counting.asked == [["fine"]]
    assert list(TextBox("length:", counting).ask([])) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_none_is_a_failure(value: float) -> None:
    [reply] = TextBox("odd:", lambda texts: [value] * len(texts)).ask(["x"])
    assert reply.failure is not None
    assert reply.failure.kind == "not_finite"


@pytest.mark.parametrize("error", [RuntimeError("out of memory"), ModelError("gone"), MemoryError()])
def test_a_model_that_fails_takes_the_box_with_it(error: Exception) -> None:
    def measure(texts: Sequence[str]) -> list[float]:
        raise error

    with pytest.raises(BlackBoxError, match=f"odd: could not be computed: {str(error) or 'MemoryError'}"):
        list(TextBox("odd:", measure).ask(["x"]))


def test_blank_texts_need_no_answer(counting: Counting) -> None:
    box = TextBox("length:", with_words(counting))
    values = [reply.value for reply in box.ask(["one", "", " \n", "two!"])]
    assert values == [3.0, None, None, 4.0]
    assert [r.failure and r.failure.message for r in box.ask([""])] == [
        "expected a text with a word in it, got a blank one"
    ]
    assert counting.asked == [["one", "two!"]]


def test_responses_are_numbers_with_nan_for_failures(counting: Counting) -> None:
    number, nothing = responses(TextBox("length:", counting), ["one", "bad"])
    assert number == 3.0
    assert np.isnan(nothing)


def length(text: str) -> float:
    if text == "bad":
        raise ValueError("no")
    return float(len(text))


def test_a_wrapped_box_is_asked_each_text_once() -> None:
    inner = RecordingBox(FunctionBox(length))
    box = RememberingBox(inner)
    assert [reply.value for reply in box.ask(["aa", "b", "aa", "bad"])] == [2.0, 1.0, 2.0, None]
    assert [reply.value for reply in box.ask(["b", "cc", "bad"])] == [1.0, 2.0, None]
    assert inner.asked == ["aa", "b", "bad", "cc"]
    assert (box.spec, box.signature, box.standing) == (inner.spec, inner.signature, None)
    box.close()
    assert inner.closed


def test_a_wrapped_box_hands_over_as_it_goes() -> None:
    inner = RecordingBox(FunctionBox(length))
    replies = RememberingBox(inner).ask(["a", "bb", "ccc"])
    next(replies)
    assert inner.asked == ["a"]


def test_a_passing_failure_is_asked_again() -> None:
    inner = RecordingBox(
        FunctionBox(length), failures={0: Failure("timed_out", "late"), 1: Failure("transport", "off")}
    )
    box = RememberingBox(inner)
    assert [reply.value for _ in range(3) for reply in box.ask(["aa"])] == [None, None, 2.0]


def test_memory_forgets_the_least_recently_used() -> None:
    memory = Memory(most=2)
    long = "x" * 1000
    memory.keep("a", Reply(1.0, None, 9.0))
    memory.keep(long, Reply(2.0))
    assert memory.recall("a") == Reply(1.0, None, 0.0), "the same reply again takes no time"
    memory.keep("c", Reply(3.0))
    assert memory.fresh(["a", long, "c", long]) == [long]
    assert memory.recall(long) is None


def test_a_box_that_owes_replies_is_found_out() -> None:
    class Short:
        spec, signature = "short:", FunctionBox(length).signature

        def ask(self, inputs: object) -> Iterator[Reply]:
            yield Reply(1.0)

        def close(self) -> None: ...

    with pytest.raises(BlackBoxError, match="short: answered fewer texts than it was asked"):
        list(RememberingBox(Short()).ask(["a", "b"]))
