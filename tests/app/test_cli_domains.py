"""What --domain and --integer mean."""

from __future__ import annotations

import pytest

from zetetic.agent import kind_of
from zetetic.app.cli.domains import parse_interval, settle_domain, stated_domain
from zetetic.app.failures import CommandError, ExitCode
from zetetic.tools.black_boxes import DomainError, Interval, NumericDomain, Signature, TextDomain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-100:100", Interval(-100, 100)),
        ("1e-6:1e6", Interval(1e-6, 1e6)),
        ("-1e3:-.5", Interval(-1000, -0.5)),
        (" 0 : 1 ", Interval(0, 1)),
        ("0:100:int", Interval(0, 100, True)),
        ("0:100:real", Interval(0, 100)),
    ],
)
def test_an_interval_reads_as_written(text: str, expected: Interval) -> None:
    assert parse_interval(text) == expected


def test_the_integer_flag_is_the_default_kind_and_a_suffix_wins() -> None:
    domain = stated_domain(["0:9", "0:1:real"], integer=True)
    assert domain == NumericDomain((Interval(0, 9, True), Interval(0, 1)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("5:-5", "--domain=-5:5"),
        ("3:3", "empty"),
        ("0", "LOW:HIGH"),
        ("", "LOW:HIGH"),
        ("a:b", "'a' is not a number"),
        ("0:1:2:3", "LOW:HIGH"),
        ("0:1:integer", "LOW:HIGH"),
        ("-inf:inf", "finite"),
        ("nan:1", "finite"),
        ("0:1e400", "finite"),
        ("0.2:0.8:int", "whole numbers"),
    ],
)
def test_a_bad_interval_is_refused_with_the_remedy(text: str, told: str) -> None:
    with pytest.raises(CommandError) as refusal:
        parse_interval(text)
    assert told in str(refusal.value)
    assert refusal.value.code is ExitCode.BAD_INPUT
    assert "\n" not in str(refusal.value)


def test_the_stated_domain_wins_over_the_boxes_own() -> None:
    own = Signature(("x",), NumericDomain((Interval(0, 1),)))
    stated = NumericDomain((Interval(5, 6),))
    assert settle_domain(own, stated, integer=False) == stated
    assert settle_domain(own, None, integer=False) == own.domain


def test_without_any_domain_the_first_guess_says_that_it_is_one() -> None:
    domain = settle_domain(Signature(("x", "y"), None), None, integer=True)
    assert domain == NumericDomain((Interval(-100, 100, True),) * 2, stated=False)


def test_the_integer_flag_holds_for_the_boxes_own_domain() -> None:
    own = Signature(("n",), NumericDomain((Interval(0, 12),)))
    assert settle_domain(own, None, integer=True).inputs[0].integer


def test_a_wrong_number_of_domains_names_the_inputs() -> None:
    with pytest.raises(CommandError, match=r"2 inputs \(mass, speed\), got 1"):
        settle_domain(Signature(("mass", "speed"), None), NumericDomain((Interval(0, 1),)), integer=False)


def test_a_box_that_gives_texts_for_numbers_is_refused_clearly() -> None:
    with pytest.raises(DomainError, match="gives texts"):
        kind_of(Signature(("x",), NumericDomain((Interval(0.0, 1.0),)), "text"))


def test_what_a_box_takes_decides_how_it_is_explained() -> None:
    assert kind_of(Signature(("s",), TextDomain("ab", 3))) == "texts"
    assert kind_of(Signature(("s",), TextDomain("ab", 3), "text")) == "strings"
    assert kind_of(Signature(("x",), None)) == "numbers"
