"""Boxes in this process."""

import pytest

from zetetic.tools.black_boxes import (
    BlackBox,
    BlackBoxError,
    Failure,
    FunctionBox,
    Interval,
    NumericDomain,
    RecordingBox,
    SpecError,
)

DOMAIN = NumericDomain((Interval(-5, 5),))


def half(x: float) -> float:
    return x / 2


def test_values_are_converted_as_in_a_child_process() -> None:
    box = FunctionBox(lambda x: [1, 2j, None, float("nan")][int(x)], DOMAIN)
    assert isinstance(box, BlackBox)
    replies = list(box.ask([(0.0,), (1.0,), (2.0,), (3.0,), (4.0,)]))
    assert [r.value for r in replies] == [1.0, 2j, None, None, None]
    assert [r.failure.kind for r in replies[2:] if r.failure] == ["wrong_kind", "not_finite", "raised"]
    assert all(r.seconds >= 0 for r in replies)


def test_ctrl_c_goes_through() -> None:
    def interrupted(x: float) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(FunctionBox(interrupted, DOMAIN).ask([(0.0,)]))


def test_whole_numbers_and_names() -> None:
    box = FunctionBox(lambda n, scale: type(n) is int, NumericDomain((Interval(0, 9, True), Interval(0, 1))))
    assert box.signature.names == ("n", "scale")
    assert [r.value for r in box.ask([(3.0, 0.5)])] == [1.0]
    with pytest.raises(SpecError, match="takes 2 inputs"):
        FunctionBox(lambda a, b: a, DOMAIN)
    with pytest.raises(ValueError, match="has 2 numbers, got 1"):
        list(box.ask([(1.0,)]))


def test_a_recording_box_counts_and_fails_on_cue() -> None:
    broken = Failure("crashed", "on cue")
    too_low = Failure("raised", "below -4")
    box = RecordingBox(
        FunctionBox(half, DOMAIN), failures={1: broken}, fails=lambda x: too_low if float(x[0]) < -4 else None
    )
    replies = list(box.ask([(1.0,), (2.0,), (-4.5,), (3.0,)]))
    assert [r.failure or r.value for r in replies] == [0.5, broken, too_low, 1.5]
    assert (box.asked, box.batch_sizes) == ([(1.0,), (2.0,), (-4.5,), (3.0,)], [4])
    assert (box.spec, box.signature.names) == ("function:half", ("x",))
    box.close()
    with pytest.raises(BlackBoxError, match="closed"):
        box.ask([(1.0,)])


def test_a_recording_box_counts_what_was_fetched_only() -> None:
    box = RecordingBox(FunctionBox(half, DOMAIN), seconds_per_answer=0.01)
    next(iter(box.ask([(1.0,), (2.0,)])))
    assert box.asked == [(1.0,)]


def test_a_recording_box_goes_away_on_cue() -> None:
    replies = iter(RecordingBox(FunctionBox(half, DOMAIN), gone_after=1).ask([(1.0,), (2.0,)]))
    assert next(replies).value == 0.5
    with pytest.raises(BlackBoxError, match="after 1 replies"):
        next(replies)
