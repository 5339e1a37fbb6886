"""Files of examples: what is read as what, and every mistake named with its line and its remedy."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from zetetic.tools.black_boxes import SpecError
from zetetic.tools.black_boxes import open_box as open_any_box
from zetetic.tools.black_boxes.options import OpenOptions
from zetetic.tools.black_boxes.specs import known_schemes
from zetetic.tools.examples import Examples, ExamplesBox, ExamplesError, read_examples
from zetetic.tools.examples.box import domain_of, open_box
from zetetic.tools.examples.reading import lines_of

TWO_INPUTS = (((1.0, 2.0), 3.0), ((0.0, 2.0), 2.0))


def read(tmp_path: Path, content: str, name: str = "pairs.csv", **how: Any) -> Examples:
    path = tmp_path / name
    path.write_bytes(content.encode())
    return read_examples(path, **how)


@pytest.mark.parametrize(
    ("name", "content", "kind", "pairs"),
    [
        ("a.csv", "input,output\nab,ba\nabc,cba\n", "texts", (("ab", "ba"), ("abc", "cba"))),
        ("a.csv", "a,b,output\n1,2,3\n2,3,5\n", "numbers", (((1.0, 2.0), 3.0), ((2.0, 3.0), 5.0))),
        ("a.csv", "y,x\n1,2\n2,3\n", "numbers", (((2.0,), 1.0), ((3.0,), 2.0))),
        ("a.tsv", "word\tlength\nab\t2\nabc\t3\n", "counts", (("ab", 2.0), ("abc", 3.0))),
        ("a.csv", 'input,output\n"a,""b""\nc",1\nd,2\n', "counts", (('a,"b"\nc', 1.0), ("d", 2.0))),
        ("a.csv", "input,output\r\nab,\r\nc,c\r\n", "texts", (("ab", ""), ("c", "c"))),
        ("a.csv", "input,output\n007,7\n012,12\n", "counts", (("007", 7.0), ("012", 12.0))),
        ("a.jsonl", '["ab", "ba"]\n\n["abc", "cba"]\n', "texts", (("ab", "ba"), ("abc", "cba"))),
        ("a.jsonl", "[[1, 2], 3]\n[[2, 3], 5]\n", "numbers", (((1.0, 2.0), 3.0), ((2.0, 3.0), 5.0))),
        ("a.jsonl", "[1, 2]\n[2, 3]\n", "numbers", (((1.0,), 2.0), ((2.0,), 3.0))),
        ("a.jsonl", '{"in": "12", "y": "1"}\n{"y": "3", "in": "34"}\n', "texts", (("12", "1"), ("34", "3"))),
        ("a.jsonl", '{"input": [1, 2], "output": 3}\n{"input": [0, 2], "output": 2}\n', "numbers", TWO_INPUTS),
        ("a.jsonl", '["a\u2028b", 3]\n["c", 1]\n', "counts", (("a\u2028b", 3.0), ("c", 1.0))),
    ],
)  # fmt: skip
def test_pairs_are_read_as_what_they_look_like(
    tmp_path: Path, name: str, content: str, kind: str, pairs: tuple[Any, ...]
) -> None:
    found = read(tmp_path, content, name)
    assert (found.kind, found.pairs) == (kind, pairs)
    again = read(tmp_path, "\n".join(lines_of(found)), "again.jsonl", output_column=found.output)
    assert again.pairs == pairs


def test_what_looks_like_numbers_can_be_said_to_be_texts(tmp_path: Path) -> None:
    content = "input,output\n12,21\n34,43\n"
    assert read(tmp_path, content).kind == "numbers"
    assert read(tmp_path, content, texts=True).kind == "counts"
    assert read(tmp_path, content, texts=True, gives_text=True).pairs == (("12", "21"), ("34", "43"))
    assert read(tmp_path, content, gives_text=True).kind == "texts"


def test_the_output_is_named_or_known_by_its_name_or_last(tmp_path: Path) -> None:
    assert read(tmp_path, "Y,x\n1,2\n2,3\n").output == "Y"
    assert read(tmp_path, "y,output\n1,2\n2,3\n").output == "output"
    assert read(tmp_path, "a,b\n1,2\n2,3\n").output == "b"
    assert read(tmp_path, "a,b\n1,2\n2,3\n", output_column="a").names == ("b",)


def test_duplicates_are_dropped_and_contradictions_told(tmp_path: Path) -> None:
    found = read(tmp_path, "x,y\na,b\na,b\na,c\nd,e\na,b\n")
    assert found.pairs == (("a", "b"), ("a", "c"), ("d", "e"))
    assert found.duplicates == 2
    [doubt] = found.contradictions
    assert (doubt.input, doubt.answers) == ("a", ("b", "c"))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "", "empty file"),
        ("a.csv", " \n ", "empty file"),
        ("a.csv", "input,output\n", "got none"),
        ("a.csv", "input,output\na,b\n", "at least 2 different inputs"),
        ("a.csv", "input,output\na,b\na,c\n", "at least 2 different inputs"),
        ("a.csv", "output\na\n", "an input column beside 'output'"),
        ("a.csv", "1,2\n3,4\n", "a header"),
        ("a.csv", "a,a\n3,4\n", "different names"),
        ("a.csv", "a,b\n1,2\n1,2,3\n", r"2 cells \(a, b\) in line 3"),
        ("a.csv", 'a,b\n1,"2\n', "line"),
        ("a.csv", "x,y\n1,nan\n2,3\n", "finite number as y in line 2, got 'nan'"),
        ("a.csv", "x,y\ninf,1\n2,3\n", "finite number as x in line 2"),
        ("a.csv", "x,y\n1,\n2,3\n", "finite number as y in line 2, got nothing"),
        ("a.csv", "x,y\n" + "".join(f"{n},{n}\n" for n in range(20)) + "7,n/a\n", "line 22, got 'n/a'"),
        ("a.csv", "x,z,y\n1,a,3\n2,b,4\n", r"one input column for texts.*\(line 2 has 'a' as z"),
        ("a.jsonl", "{\n", "line 1 of .* is not JSON"),
        ("a.jsonl", "3\n", "an object such as"),
        ("a.jsonl", "[3]\n", "a list .input, output."),
        ("a.jsonl", '["a", null]\n', "got null"),
        ("a.jsonl", '["a", {"b": 1}]\n', "got a dict"),
        ("a.jsonl", '{"a": 1, "b": 2}\n{"a": 1}\n', "expected a, b in line 2"),
        ("a.jsonl", "[1, NaN]\n[2, 3]\n", "finite number as output"),
        ("a.txt", "x", "csv, .tsv or .jsonl"),
    ],
)
def test_a_file_that_will_not_do_is_told_with_its_line(tmp_path: Path, name: str, content: str, says: str) -> None:
    with pytest.raises(ExamplesError, match=says):
        read(tmp_path, content, name)


def test_a_column_that_is_not_there_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExamplesError, match=r"a column 'z' .* got x, y"):
        read(tmp_path, "x,y\n1,2\n2,3\n", output_column="z")
    with pytest.raises(ExamplesError, match="there is no file"):
        read_examples(tmp_path / "gone.csv")
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(ExamplesError, match="the folder"):
        read_examples(tmp_path / "d.csv")
    (tmp_path / "l.csv").write_bytes("x,y\né,1\nb,2\n".encode("latin-1"))
    with pytest.raises(ExamplesError, match="UTF-8"):
        read_examples(tmp_path / "l.csv")


def test_the_box_answers_what_is_in_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("x,y\na,b\nc,d\na,e\n")
    box = open_box(f"{path}#y", OpenOptions())
    assert box.spec == f"examples:{path}#y"
    replies = list(box.ask(["a", "a", "a", "c", "z"]))
    assert [r.value for r in replies] == ["b", "e", "b", "d", None]
    assert replies[-1].failure is not None
    assert box.signature.output == "text"
    with pytest.raises(SpecError, match="there is no file"):
        open_box(str(tmp_path / "gone.csv"), OpenOptions())


def test_the_box_is_opened_again_with_what_its_run_knows_of_it(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("input,output\n12,21\n34,43\n")
    first = ExamplesBox(read_examples(path, texts=True))
    again = open_box(first.spec.removeprefix("examples:"), OpenOptions(domain=first.signature.domain))
    assert again.examples == first.examples


def test_the_domain_is_the_range_of_the_inputs(tmp_path: Path) -> None:
    whole, real, flat = domain_of(read(tmp_path, "a,b,c,y\n1,0.5,3,1\n7,2,3,2\n")).inputs
    assert (whole.low, whole.high, whole.integer) == (1.0, 7.0, True)
    assert (real.low, real.high, real.integer) == (0.5, 2.0, False)
    assert (flat.low, flat.high) == (2.0, 4.0)


@pytest.mark.skipif("examples" not in known_schemes(), reason="installed before there were boxes of examples")
def test_a_spec_opens_the_box_through_the_door_of_all_boxes(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("x,y\na,b\nc,d\n")
    with contextlib.closing(open_any_box(f"examples:{path}")) as box:
        assert [reply.value for reply in box.ask(["c"])] == ["d"]
