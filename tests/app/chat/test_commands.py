from __future__ import annotations

import pytest

from zetetic.app.chat.commands import (
    HELP,
    NAMES,
    Command,
    CommandMistake,
    edit_arguments,
    hypothesis_id,
    parse,
    query_inputs,
)
from zetetic.app.chat.expressions import ExpressionError, PersonCandidate, code_of
from zetetic.tools.black_boxes import Interval, NumericDomain, TextDomain

ONE = NumericDomain((Interval(-9.0, 9.0),))
TWO = NumericDomain((Interval(-9.0, 9.0), Interval(0.0, 1.0)))


def test_lines_are_read_as_people_type_them() -> None:
    assert parse("  ") is None
    assert parse("why is #3 so large?") == Command("say", "why is #3 so large?")
    assert parse("/QUERY 1 2") == Command("query", "1 2")
    assert hypothesis_id("H2") == hypothesis_id("h2") == hypothesis_id(" 2 ") == "h2"
    for words in ('H2 "a line"', "h2 a line", "h2 “a line”", "h2 'a line'"):
        assert edit_arguments(words) == ("h2", "a line")
    with pytest.raises(CommandMistake, match="did you mean /undo"):
        parse("/unod")


@pytest.mark.parametrize(
    ("rest", "domain", "inputs"),
    [
        ("1 2.5 -3e1", ONE, [[1.0], [2.5], [-30.0]]),
        ("1, 2", ONE, [[1.0], [2.0]]),
        ("1,0.5 2,0", TWO, [[1.0, 0.5], [2.0, 0.0]]),
        ("1 , 0.5", TWO, [[1.0, 0.5]]),
        ("1 0.5", TWO, [[1.0, 0.5]]),
        ("(1,0.5)", TWO, [[1.0, 0.5]]),
        ('"a text" "it\'s"', TextDomain("", 10), ["a text", "it's"]),
        ("a text", TextDomain("", 10), ["a text"]),
    ],
)
def test_inputs_are_read(rest: str, domain: NumericDomain, inputs: list[object]) -> None:
    assert query_inputs(rest, domain) == inputs


@pytest.mark.parametrize(
    ("rest", "domain"), [("", ONE), ("x", ONE), ("1,2,3", TWO), ("1", TWO), ('"open', TextDomain("", 10))]
)
def test_inputs_that_cannot_be_read_are_refused(rest: str, domain: NumericDomain) -> None:
    with pytest.raises(CommandMistake, match="expected"):
        query_inputs(rest, domain)


def test_help_names_every_command() -> None:
    listed = " ".join(name for name, _ in HELP)
    assert all(f"/{name}" in listed for name in NAMES)


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("3*x + 1", 2.0, 7.0),
        ("y = 3*x^2", 2.0, 12.0),
        ("f(x) = sin(pi*x) + e", 0.5, 1.0 + 2.718281828459045),
        ("40 if 12 <= x <= 19.5 else 3*abs(x) + 1", -1.0, 4.0),
        ("3*abs(x) + 1, except 40 between 12 and 19.5", 15.0, 40.0),
        ("3*abs(x) + 1 except 40 from 12 to 19.5", 20.0, 61.0),
    ],
)
def test_a_person_s_expression_predicts(text: str, at: float, value: float) -> None:
    candidate = PersonCandidate("one", text, text, code_of(text, ("x",)))
    assert candidate.predict([(at,)])[0] == pytest.approx(value)


@pytest.mark.parametrize("text", ["a line", "x +", "", "z + 1", "open(x)", "x.real", "'x'", "[x]", "x if", "print(x)"])
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="expected"):
        code_of(text, ("x",))


def test_huge_powers_end() -> None:
    candidate = PersonCandidate("one", "", "", code_of("9**9**9**9 * x", ("x",)))
    assert candidate.predict([(1.0,)])[0] != candidate.predict([(1.0,)])[0]
