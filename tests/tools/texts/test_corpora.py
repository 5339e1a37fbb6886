"""Corpora: what is held out was never on the other side, and files that hold no texts say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zetetic.tools.texts import Corpus, CorpusError, default_corpus, read_corpus
from zetetic.tools.texts.corpus import same_text


@given(
    texts=st.lists(st.sampled_from(["a cat", "A cat!", "dogs", "two dogs", "?", "", "x y z"]), min_size=1, max_size=20),
    seed=st.integers(0, 5),
)
def test_a_split_keeps_equal_texts_together_and_loses_none(texts: list[str], seed: int) -> None:
    corpus = Corpus("c", tuple(texts))
    if len({same_text(t) for t in texts}) < 2:
        with pytest.raises(CorpusError, match="at least two different texts"):
            corpus.split(seed)
        return
    first, second = corpus.split(seed)
    assert sorted(first.texts + second.texts) == sorted(texts)
    assert first.texts
    assert second.texts
    assert not {same_text(t) for t in first.texts} & {same_text(t) for t in second.texts}
    assert corpus.split(seed) == (first, second)


def test_texts_of_one_origin_stay_on_one_side_even_through_equal_texts() -> None:
    texts = (*(f"text {i}" for i in range(20)), "text 0")
    origins = (*(f"book {i // 2}" for i in range(20)), "book 9")  # "text 0" ties book 0 to book 9
    first, second = Corpus("books", texts, origins).split(1)
    assert first.origins
    assert second.origins
    assert not set(first.origins) & set(second.origins)
    assert ("book 0" in first.origins) == ("book 9" in first.origins)
    assert abs(len(first) - len(second)) <= 6


def test_one_origin_for_all_is_no_reason_not_to_split() -> None:
    first, second = Corpus("c", ("one", "two", "three", "four"), ("web",) * 4).split(0)
    assert len(first) == len(second) == 2


def test_every_text_needs_its_origin() -> None:
    with pytest.raises(CorpusError, match="an origin for each of 2 texts"):
        Corpus("c", ("a", "b"), ("x",))


def test_the_corpus_that_ships_is_broad_plain_and_without_repeats() -> None:
    corpus = default_corpus()
    assert len(corpus) >= 1500
    assert sum(map(len, corpus.texts)) < 500_000
    assert len({same_text(t) for t in corpus.texts}) == len(corpus)
    assert corpus.origins is not None
    assert len({origin.split(" / ")[0] for origin in corpus.origins}) > 350
    assert len({origin.split(" / ")[1] for origin in corpus.origins}) == 14
    for text in corpus.texts:
        assert text[-1] in ".!?…\"'"
        assert "\n" not in text
        assert "language model" not in text.lower()


@pytest.mark.parametrize(
    ("name", "content", "texts", "origins"),
    [
        ("a.txt", "one cat\n\n  two dogs \n", ("one cat", "two dogs"), None),
        ("a.csv", 'text,label\n"a, b",1\n"c\nd",0\n', ("a, b", "c\nd"), None),
        ("a.csv", "input,source\nx,p\ny,q\n", ("x", "y"), ("p", "q")),
        ("a.tsv", "Sentence\tn\nx y\t1\nz\t2\n", ("x y", "z"), None),
        ("a.jsonl", '{"text": "x"}\n{"text": "y"}\n', ("x", "y"), None),
        ("a.jsonl", '"x"\n"y"\n', ("x", "y"), None),
        ("a.csv", "words\nx\ny\n", ("x", "y"), None),
        ("bom.txt", "\ufeffone\ntwo\n", ("one", "two"), None),
    ],
)
def test_texts_are_read_from_files(
    tmp_path: Path, name: str, content: str, texts: tuple[str, ...], origins: tuple[str, ...] | None
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    found = read_corpus(path)
    assert (found.texts, found.origins) == (texts, origins)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "an empty file; put one text on each line"),
        ("a.txt", b"  \n\n", "an empty file"),
        ("a.txt", b"only one line\n", "at least two different texts"),
        ("a.txt", b"Same.\nsame\n", "at least two different texts"),
        ("a.txt", b"a\0b\n", "a binary file"),
        ("a.txt", b"\xff\xfe\x00", "UTF-8"),
        ("a.csv", b"one,two\n1,2\n", "a column named text"),
        ("a.csv", b"text\n", "at least two different texts"),
        ("a.jsonl", b'{"text": "x"}\n{broken\n', "line 2 .* is no JSON"),
        ("a.jsonl", b"[1]\n", "expected an object or a text"),
        ("a.jsonl", b'{"text": 3}\n', "has no text 'text'"),
    ],
)
def test_a_file_without_texts_says_what_to_do(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        read_corpus(path)


def test_a_missing_file_and_a_missing_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot read the corpus"):
        read_corpus(tmp_path / "none.txt")
    path = tmp_path / "a.csv"
    path.write_text("text,other\nx,1\ny,2\n", encoding="utf-8")
    assert read_corpus(path, column="other").texts == ("1", "2")
    with pytest.raises(CorpusError, match="its columns are 'text', 'other'"):
        read_corpus(path, column="third")


def test_long_texts_of_a_table_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\n" + "x" * 200_000 + "\ny\n", encoding="utf-8")
    assert [len(text) for text in read_corpus(path).texts] == [200_000, 1]
