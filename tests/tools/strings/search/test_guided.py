"""The order in which programs are looked at: each task once, nothing left out, long programs found."""

from __future__ import annotations

from itertools import islice

import pytest

from zetetic.tools.black_boxes.types import TextDomain
from zetetic.tools.strings import probes
from zetetic.tools.strings.guidance import network
from zetetic.tools.strings.operations.expressions import Expression
from zetetic.tools.strings.search import straight
from zetetic.tools.strings.search.forward import first_steps
from zetetic.tools.strings.search.frame import evaluate
from zetetic.tools.strings.search.guided import Guide, Prefix

INPUTS = ("hello", "Hello World", "ox", "banana", "a1b2c3", "one two three", "Mississippi")


def _guide(outputs: tuple[str, ...]) -> Guide:
    def extend(prefix: Prefix, step: Expression) -> Prefix | None:
        values = evaluate(step, prefix.values, INPUTS)
        return None if values is None else Prefix((*prefix.steps, step), values, prefix.bits + step.bits)

    firsts = first_steps(INPUTS, outputs)
    return Guide(INPUTS, outputs, firsts, (), extend=extend, is_out=lambda: False, network=network())


def test_every_first_step_is_taken_once_and_no_task_twice() -> None:
    outputs = tuple(t[::-1].upper() + "!" for t in INPUTS)
    tasks = list(_guide(outputs).in_turn(2))
    keys = [(prefix.values, tail.wanted if tail else outputs) for prefix, tail in tasks]
    assert len(set(keys)) == len(keys)
    reached = {prefix.values for prefix, tail in tasks if tail is None} | {INPUTS}
    made = {evaluate(step, INPUTS, INPUTS) for step in first_steps(INPUTS, outputs)} - {None}
    assert made <= reached


def test_tasks_of_three_steps_lead_to_the_outputs_and_none_comes_twice() -> None:
    outputs = tuple("-".join(t[::-1].upper()) for t in INPUTS)
    tasks = list(islice(_guide(outputs).in_turn(3), 3000))
    keys = [(prefix.values, tail.wanted if tail else outputs) for prefix, tail in tasks]
    assert len(set(keys)) == len(keys)
    for prefix, tail in tasks[:200]:
        assert len(prefix.steps) + (len(tail.steps) if tail else 0) == 2
        current = tail.wanted if tail else outputs
        for step in tail.steps if tail else ():
            current = evaluate(step, current, current)
        assert current == outputs


def _swap_each_pair(text: str) -> str:
    return "".join(text[i : i + 2][::-1] for i in range(0, len(text), 2))


@pytest.mark.slow
def test_most_functions_of_three_steps_are_found() -> None:
    functions = (
        lambda t: "_".join(w[:3] for w in (t[::-1]).split()),
        lambda t: _swap_each_pair(t.upper()) + "!",
        lambda t: "".join(sorted(t.replace("e", "3"))) + str(len(t)),
        lambda t: " ".join(w.capitalize() for w in t.split()[::-1]).replace("a", "u"),
        lambda t: "".join(dict.fromkeys(t.lower()))[::-1] + t[:1],
        lambda t: "-".join(c for c in t.swapcase() if c.isalpha()),
    )
    texts = probes(TextDomain("", 200))
    found = [straight([(t, f(t)) for t in texts], seconds=15) for f in functions]
    right = [bool(s.programs) and s.programs[0]("Quite Another text") == f("Quite Another text")
             for s, f in zip(found, functions)]  # fmt: skip
    assert sum(right) >= 4
