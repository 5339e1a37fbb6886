"""The scientist for functions of texts: it finds what there is, says honestly what it does not know, and resumes."""

from __future__ import annotations

import functools
import importlib.util
import random
import sys
from pathlib import Path

import pytest

from zetetic.agent import Brief, Budget, Investigation, cast, replay_state
from zetetic.agent.casting import string_ground
from zetetic.agent.string_scientist import StringScientist
from zetetic.tools.black_boxes import TextDomain
from zetetic.tools.black_boxes.function import FunctionBox, RecordingBox
from zetetic.tools.strings import predict_texts
from zetetic.tools.strings.branching import induce

ANY = TextDomain("", 1000)


@pytest.fixture(scope="session")
def engine():
    path = Path(__file__).parent.parent / "tools" / "strings" / "toy_search.py"
    spec = importlib.util.spec_from_file_location("toy_search_for_agents", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return functools.partial(induce, search=module.toy_search)


def seven(text):
    return text if len(text) == 7 else text[::-1].upper()


def no_digits(text):
    return "" if any(c.isdigit() for c in text) else text[::-1]


def fourth(text):
    return text[3] and text[::-1]


def constant(text):
    return "k"


def shuffled(text):
    return "".join(random.sample(text, len(text)))


def unknown(text):
    return str(sum(map(ord, text)) * 7919 % 1013) + text[:1]


def begin(store, function, *, output="text", **budget):
    box = RecordingBox(FunctionBox(function, ANY, output=output))
    journal = store.create(Brief.of(box, kind="strings", budget=Budget(**budget)))
    return box, journal


def study(box, journal, engine):
    ground = string_ground(box, journal.brief.domain)
    return Investigation(box, StringScientist(box.signature.output, engine=engine), journal, ground=ground)


@pytest.mark.parametrize("function", [seven, no_digits, fourth, constant], ids=lambda f: f.__name__)
def test_functions_are_found_within_150_queries(store, engine, function):
    box, journal = begin(store, function)
    done = study(box, journal, engine).run()
    record = replay_state(journal.events())
    assert done.outcome == "explained"
    assert done.score.value == 1.0
    assert record.spend.queries - record.spend.held_out <= 150
    texts = ["window", "thunder", "a1", "The Cat", ""]

    def truth(text):
        try:
            return function(text)
        except IndexError:
            return None

    assert predict_texts(done.code, texts) == [truth(t) for t in texts]


def test_what_was_refuted_names_the_text_that_did_it(store, engine):
    box, journal = begin(store, seven)
    study(box, journal, engine).run()
    record = replay_state(journal.events())
    refuted = [h for h in record.hypotheses.values() if h.standing == "refuted"]
    texts = {o.number: o for o in record.observations}
    assert refuted
    assert all(h.refuted_by in texts for h in refuted)
    assert sum(h.standing == "concluded" for h in record.hypotheses.values()) == 1


def test_numbers_that_are_computed_from_a_text_are_explained_as_numbers(store, engine):
    box, journal = begin(store, lambda text: float(len(text)), output="number")
    done = study(box, journal, engine).run()
    assert done.outcome == "explained"
    assert predict_texts(done.code, ["abc"], gives="number") == ["3"]


def test_a_random_box_is_called_random_and_never_explained(store, engine):
    random.seed(3)
    box, journal = begin(store, shuffled)
    done = study(box, journal, engine).run()
    assert done.outcome == "not_better_than_baseline"
    assert done.description.startswith("Gives different answers for the same text.")
    assert "rearrangement" in done.description
    assert "different answers for the same text" in done.reason


def test_where_no_program_fits_the_ending_is_honest(store, engine):
    box, journal = begin(store, unknown, seconds=2)
    done = study(box, journal, engine).run()
    assert done.outcome == "not_better_than_baseline"
    assert "what holds of the rest is open" in done.description


def test_a_box_that_never_answers_is_told_as_one(store, engine):
    def broken(text):
        raise ValueError("no")

    box, journal = begin(store, broken)
    done = study(box, journal, engine).run()
    assert done.outcome == "failed"
    assert "none of" in done.description


def test_a_killed_run_goes_on_where_it_was_and_ends_the_same(store, engine):
    box, journal = begin(store, seven)
    whole = study(box, journal, engine).run()
    other, second = begin(store, seven)

    class Killed(Exception):
        pass

    def killer(event):
        if event.sequence == 75:
            raise Killed

    forget = second.subscribe(killer)
    with pytest.raises(Killed):
        study(other, second, engine).run()
    forget()
    asked = len(other.asked)
    done = study(other, second, engine).resume()
    record = replay_state(second.events())
    assert done.code == whole.code
    assert asked < len(other.asked) == done.queries  # nothing was asked twice
    assert len({h.code for h in record.hypotheses.values()}) == len(record.hypotheses)  # nor supposed anew


def test_a_small_budget_is_kept(store, engine):
    box, journal = begin(store, constant, queries=30)
    done = study(box, journal, engine).run()
    assert done.queries <= 30
    assert done.outcome == "explained"


def test_without_a_model_it_is_the_one_who_is_cast(store):
    box, journal = begin(store, no_digits)
    assert isinstance(cast(journal, box).scientist, StringScientist)
