from __future__ import annotations

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.black_boxes import TextDomain
from zetetic.tools.scoring import CodeError
from zetetic.tools.strings import exact_match, fit_baselines, predict_texts, probes, random_texts
from zetetic.tools.strings.inputs import admits
from zetetic.tools.strings.scoring import wilson

ANY = TextDomain("", 40)


@pytest.mark.parametrize("domain", [ANY, TextDomain("abc", 5), TextDomain(string.digits, 3), TextDomain("", 0)])
def test_all_inputs_lie_in_the_domain(domain: TextDomain) -> None:
    texts = random_texts(np.random.default_rng(0), 300, domain) + probes(domain)
    assert all(admits(domain, text) for text in texts)


def test_random_texts_are_the_same_for_a_seed_and_of_many_kinds() -> None:
    first = random_texts(np.random.default_rng(1), 400, ANY)
    assert first == random_texts(np.random.default_rng(1), 400, ANY)
    assert len(set(first)) > 250
    for has in (str.isupper, str.isdigit, str.isspace):
        assert any(any(has(c) for c in text) for text in first)
    assert "" in first


def test_code_is_run_and_its_failures_are_no_text() -> None:
    code = "def explained(text):\n    return text[0].upper() if text != 'n' else 3\n"
    assert predict_texts(code, ["abc", "", "n"]) == ["A", None, None]
    with pytest.raises(CodeError):
        predict_texts("def other(text): return text", ["a"])


def test_exact_match_counts_failures_of_both_as_right() -> None:
    score = exact_match(["a", None, "c", "d"], ["a", None, None, "x"], {"identity": ["a", "b", "c", "d"]})
    assert (score.value, score.held_out) == (0.5, 4)
    assert score.baselines == {"identity": 0.75}
    assert score.low < 0.5 < score.high


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_interval_holds_the_share(right: int, count: int) -> None:
    right = min(right, count)
    low, high = wilson(right, count)
    assert 0.0 <= low <= right / count <= high <= 1.0


def test_baselines() -> None:
    fitted = fit_baselines([("abc", "X"), ("abd", "X"), ("zzz", "Y")])
    assert [fitted[n]("zzy") for n in ("identity", "constant", "nearest")] == ["zzy", "X", "Y"]
    assert fit_baselines([])["nearest"]("a") is None
