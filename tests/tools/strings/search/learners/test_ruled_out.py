"""Learners rule out early only what cannot be: steps taken are found again, and what was asked before is no matter."""

import pytest

from zetetic.tools.strings.operations.expressions import CURRENT, Expression
from zetetic.tools.strings.search.forward import first_steps, plain_steps
from zetetic.tools.strings.search.frame import Frame, Shared, evaluate
from zetetic.tools.strings.search.learners import learn
from zetetic.tools.strings.search.lookup import find_numbers, find_pieces
from zetetic.tools.strings.search.tables import number_readings, piece_readings

INPUTS = ("", "a", "Zo", "7b", "cat", "Noon 12", "Hello World", "x-y_z!", "  two  words ", "Mississippi")
NOW = tuple(text[::-1].lower() + "e" for text in INPUTS)


def _found(current: tuple[str, ...], wanted: tuple[str, ...]) -> list[Expression]:
    return [step for _, step in learn(Frame(current, INPUTS, wanted, Shared(INPUTS)))]


@pytest.mark.parametrize("current", [INPUTS, NOW], ids=["at the start", "after a step"])
def test_every_plain_step_is_found_again(current: tuple[str, ...]) -> None:
    for step in plain_steps():
        wanted = evaluate(step, current, INPUTS)
        assert wanted is not None
        if wanted != current:
            assert wanted in {evaluate(found, current, INPUTS) for found in _found(current, wanted)}, step


def test_steps_of_all_kinds_are_found_again() -> None:
    steps = first_steps(INPUTS, tuple(text + "!" for text in INPUTS))[::37]
    vain = []
    for step in steps:
        wanted = evaluate(step, INPUTS, INPUTS)
        if wanted is not None and wanted != INPUTS and not _found(INPUTS, wanted):
            vain.append(step)
    assert len(vain) <= len(steps) / 50, vain


def test_what_was_asked_before_is_no_matter() -> None:
    steps = first_steps(INPUTS, tuple(text + "!" for text in INPUTS))[::211]
    outcomes = [wanted for step in steps if (wanted := evaluate(step, NOW, INPUTS)) not in (None, NOW)]
    once = [_found(NOW, wanted) for wanted in outcomes]
    for _ in range(3):
        assert [_found(NOW, wanted) for wanted in outcomes] == once


def test_numbers_read_off_the_texts_now_are_those_of_their_table() -> None:
    frame = Frame(NOW, INPUTS, INPUTS, Shared(INPUTS))
    for column in number_readings(frame.shared.longest).table(NOW, CURRENT):
        for factor, more in ((1, 0), (-1, 5), (3, -2)):
            wanted = [factor * value + more for value in column.values]
            found = [evaluate(e, NOW, INPUTS) for e in find_numbers(frame, wanted)]
            assert found
            assert all(list(values or ()) == wanted for values in found)
        found = [evaluate(e, NOW, INPUTS) for e in find_numbers(frame, [v % 26 for v in column.values], modulus=26)]
        assert found
        assert all([v % 26 for v in values or ()] == [v % 26 for v in column.values] for values in found)


def test_pieces_read_off_the_texts_now_are_those_of_their_table() -> None:
    frame = Frame(NOW, INPUTS, INPUTS, Shared(INPUTS))
    for column in piece_readings(frame.shared.longest).table(NOW, CURRENT):
        found = [evaluate(e, NOW, INPUTS) for e in find_pieces(frame, column.values)]
        assert found
        assert all(values == column.values for values in found)
