"""What `--domain` and `--integer` mean: intervals from text, and the domain an investigation ends up with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..failures import bad_input

if TYPE_CHECKING:
    from ...tools.black_boxes import Interval, NumericDomain, Signature

FIRST_GUESS = (-100.0, 100.0)
"""Where an input is first looked for when neither the user nor the box says."""

FORM = "--domain=LOW:HIGH or --domain=LOW:HIGH:int, such as --domain=-100:100"


def parse_interval(text: str, *, integer: bool = False) -> Interval:
    """`LOW:HIGH`, `LOW:HIGH:int` or `LOW:HIGH:real` as an interval; `integer` is the kind where none is written."""
    from ...tools.black_boxes import DomainError, Interval

    ends = [part.strip() for part in text.split(":")]
    if len(ends) == 3 and ends[2] in ("int", "real"):
        integer = ends.pop() == "int"
    if len(ends) != 2:
        raise bad_input(f"expected {FORM}, got {text!r}; give two numbers with a colon between them")
    low, high = (_number(end, text) for end in ends)
    if low > high:
        raise bad_input(f"expected LOW < HIGH in --domain, got {text!r}; swap them: --domain={ends[1]}:{ends[0]}")
    if low == high:
        raise bad_input(f"expected LOW < HIGH in --domain, got the empty {text!r}; give an interval with some width")
    try:
        return Interval(low, high, integer)
    except DomainError as error:
        raise bad_input(f"{error}, in --domain={text}; expected {FORM}") from error


def _number(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise bad_input(f"expected {FORM}, got {whole!r}; {text!r} is not a number") from error


def stated_domain(texts: Sequence[str], *, integer: bool) -> NumericDomain | None:
    """The domain that the options state, one interval per input; None when they state none."""
    from ...tools.black_boxes import NumericDomain

    if not texts:
        return None
    return NumericDomain(tuple(parse_interval(text, integer=integer) for text in texts))


def open_kinds(texts: Sequence[str]) -> list[bool]:
    """For each text, whether it leaves open if its input is a whole number or a real one."""
    return [text.rpartition(":")[2].strip() not in ("int", "real") for text in texts]


def settle_domain(
    signature: Signature, stated: NumericDomain | None, *, integer: bool, is_open: Sequence[bool] = ()
) -> NumericDomain:
    """The domain to investigate: the user's, else the box's own, else a first guess per input.

    An input that the box says is a whole number is one, where the user's `is_open` says that its kind was left open.
    Refuses a number of intervals other than the number of inputs.
    """
    from ...agent import imply_whole
    from ...tools.black_boxes import Interval, NumericDomain

    names = signature.names
    own = signature.domain
    chosen = stated or (own if isinstance(own, NumericDomain) else None)
    if chosen is None:
        if not names:
            raise bad_input("expected a --domain per input, got none, and the black box does not say how many it takes")
        guess = NumericDomain(tuple(Interval(*FIRST_GUESS, integer) for _ in names), stated=False)
        return imply_whole(guess, signature, [True] * len(names))
    if names and len(names) != chosen.arity:
        inputs = f"{len(names)} {'input' if len(names) == 1 else 'inputs'} ({', '.join(names)})"
        raise bad_input(f"expected one --domain for each of {inputs}, got {chosen.arity}; give them in order")
    if not integer:
        return imply_whole(chosen, signature, is_open) if is_open else chosen
    return replace(chosen, inputs=tuple(Interval(i.low, i.high, True) for i in chosen.inputs))


def implied(
    signature: Signature, stated: NumericDomain | None, settled: NumericDomain, *, integer: bool
) -> tuple[str, ...]:
    """A line that says which inputs are whole numbers only because the box's code says so; nothing if none is."""
    before = [False] * settled.arity if stated is None else [i.integer for i in stated.inputs]
    names = [
        name
        for name, was, interval in zip(signature.names, before, settled.inputs)
        if name in signature.whole and interval.integer and not (was or integer)
    ]
    if not names:
        return ()
    listed = ", ".join(names)
    return (f"{listed}: annotated int, so whole numbers are asked; for real ones say --domain=LOW:HIGH:real",)
