"""Generated data sets: repeatable, readable by our own loaders, and never of functions that say nothing."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from zetetic.benchmarks.errors import BenchmarkError
from zetetic.benchmarks.generator import GeneratorOptions, generate
from zetetic.benchmarks.generator.composing import draw_function
from zetetic.benchmarks.generator.families import CHANCE_FAMILIES, STRING_FAMILIES
from zetetic.benchmarks.generator.texts import any_text, different_texts
from zetetic.tools.black_boxes import open_box
from zetetic.tools.black_boxes.find import find_layout
from zetetic.tools.black_boxes.find_strings import string_layout


def written(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def make(out: Path, **given: Any) -> dict[str, bytes]:
    return written(generate(GeneratorOptions(out=out, **given)))


@pytest.mark.parametrize("category", ["strings", "numeric"])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path, category: str, noise: float) -> None:
    settings: dict[str, Any] = {"category": category, "count": 12, "noise": noise}
    random.seed(1)
    first = make(tmp_path / "a", seed=7, **settings)
    random.seed(2)
    assert make(tmp_path / "b", seed=7, **settings) == first
    assert make(tmp_path / "c", seed=8, **settings) != first


def test_a_larger_set_begins_with_the_functions_of_a_smaller_one(tmp_path: Path) -> None:
    few, many = make(tmp_path / "few", count=9), make(tmp_path / "many", count=15)
    code = [name for name in few if name.endswith(".py")]
    assert len(code) == 9
    assert all(many[name] == few[name] for name in code)


def test_a_third_of_the_functions_has_one_step_and_some_have_an_exception(tmp_path: Path) -> None:
    make(tmp_path / "set", count=60, seed=1)
    functions = string_layout(tmp_path / "set")
    steps = Counter(len(function.families) for function in functions)
    assert steps[1] == 20
    assert steps[2] > steps[3] > 0
    assert 3 <= sum(function.exception is not None for function in functions) <= 18
    assert not any(function.stochastic for function in functions)
    make(tmp_path / "plain", count=9, depth=(2, 2), corruptions=0.0)
    assert all(len(f.families) == 2 and f.exception is None for f in string_layout(tmp_path / "plain"))


def test_published_pairs_are_what_the_functions_give(tmp_path: Path) -> None:
    make(tmp_path / "set", count=8, seed=5)
    for function in string_layout(tmp_path / "set"):
        assert len(function.items) == len(function.test_inputs) == 10
        assert [item.pair[0] for item in function.items] == list(function.test_inputs)
        with closing(open_box(f"find:{function.file.parent}", untrusted=False)) as box:
            for item in function.items:
                given = [reply.value for reply in box.ask(item.inputs)]
                assert [a == b for a, b in zip(given, item.outputs)] == [k == item.correct for k in range(3)]


@pytest.mark.parametrize("family", STRING_FAMILIES, ids=lambda family: str(family.name))
def test_every_family_says_something_of_any_text(family: Any) -> None:
    function = draw_function(random.Random(f"test {family.name}"), [family], steps=1, exception=False)
    call = function.compiled()
    texts = different_texts(random.Random(3), 120)
    outputs = [call(text) for text in texts]
    assert all(isinstance(output, str) for output in outputs)
    assert outputs == [call(text) for text in texts]
    assert outputs != texts
    assert len(set(outputs)) > 1
    assert function.says.startswith("The function ")


@pytest.mark.parametrize("family", CHANCE_FAMILIES, ids=lambda family: str(family.name))
def test_families_of_chance_answer_differently_when_asked_again(family: Any) -> None:
    function = draw_function(random.Random(1), [family], steps=1, exception=False)
    call = function.compiled()
    assert len({call("a longer text to ask") for _ in range(20)}) > 1


def defined_by(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "test"}
    exec(compile(source, "<test>", "exec"), names)
    return names


def test_compositions_need_each_of_their_steps() -> None:
    texts = different_texts(random.Random(0), 100)
    names = ("whole_case", "snake_case", "camel_case", "replace_spaces", "join_words")
    alike = [family for family in STRING_FAMILIES if family.name in names]
    for seed in range(12):
        whole = defined_by(draw_function(random.Random(seed), alike, steps=2, exception=False).source)
        outputs = [whole["function"](text) for text in texts]
        for step in ("function1", "function2"):
            assert outputs != [whole[step](text) for text in texts]


def test_exceptions_concern_some_texts_and_not_most() -> None:
    texts = different_texts(random.Random(0), 300)
    for seed in range(10):
        function = draw_function(random.Random(seed), STRING_FAMILIES, steps=1, exception=True)
        assert function.exception
        names = defined_by(function.source)
        concerned = sum(names["function"](text) != names["function1"](text) for text in texts)
        assert 0 < concerned < 0.65 * len(texts)


def test_families_are_chosen_by_name_and_by_kind(tmp_path: Path) -> None:
    make(tmp_path / "set", count=6, families=("caesar", "order"), depth=(1, 2), corruptions=0.0)
    kinds = {family.name: family.kind for family in STRING_FAMILIES}
    for function in string_layout(tmp_path / "set"):
        assert all(name == "caesar" or kinds[name] == "order" for name in function.families)
    with pytest.raises(BenchmarkError, match=r"there is no family 'caesars'; kinds are case, cipher"):
        make(tmp_path / "other", families=("caesars",))
    with pytest.raises(BenchmarkError, match="too few for functions of 3 steps"):
        make(tmp_path / "other", families=("caesar",))


def test_a_folder_that_holds_a_set_is_left_alone(tmp_path: Path) -> None:
    before = make(tmp_path / "set", count=3)
    with pytest.raises(BenchmarkError, match="holds something already"):
        make(tmp_path / "set", count=3, seed=1)
    assert written(tmp_path / "set") == before


def test_numeric_sets_are_what_our_loaders_read(tmp_path: Path) -> None:
    files = make(tmp_path / "set", category="numeric", count=24, seed=2)
    functions = find_layout(tmp_path / "set")
    kinds = Counter(function.kind for function in functions)
    assert set(kinds) == {"clean", "noised", "corrupted"}
    rows = json.loads(files["numeric/data.json"])
    assert sum(row["type"] == "simple" for row in rows) == 8
    for function in functions[:6]:
        assert function.family
        with closing(open_box(f"find:{function.file.parent}", untrusted=False, seed=0)) as box:
            assert any(reply.value is not None for reply in box.ask([(-20.5,), (3.0,), (50.0,)]))


def test_texts_are_of_all_sorts() -> None:
    rng = random.Random(0)
    texts = [any_text(rng) for _ in range(2000)]
    assert "" in texts
    for test in (str.isupper, str.isdigit, str.isalpha, lambda t: "  " in t, lambda t: not t.isascii()):
        assert any(test(text) for text in texts)
    assert 0.2 < sum(" " in text for text in texts) / len(texts) < 0.6
