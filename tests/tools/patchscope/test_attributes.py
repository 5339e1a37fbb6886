"""Attribute extraction, its controls and its baseline, on tiny models."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.models import Patch
from zetetic.tools.patchscope import PatchscopeError, extract, probe, self_correct
from zetetic.tools.patchscope.attributes import chosen_target_layer, others, some_target_layer
from zetetic.tools.patchscope.probes import subject_states
from zetetic.tools.patchscope.scope import mentions
from zetetic.tools.patchscope.task_files import Example

NAMES = ("cat", "dog", "log", "mat", "hen")


def examples(answers=("a", "b", "c", "a", "b")):
    return [
        Example(
            "task", i, f"we saw the {name} today", name, 11 + len(name), "The kind of x", f"The kind of {name}", answer
        )
        for i, (name, answer) in enumerate(zip(NAMES, answers))
    ]


def test_every_cell_is_a_patched_generation(tiny):
    model, rows = tiny(), examples()
    found = extract(model, rows, source_layers=[0, 2], target_layers=[1, 3], max_new_tokens=4)
    assert found.patched.shape == found.swapped.shape == found.unrelated.shape == (5, 2, 2)
    texts = {}
    for e, example in enumerate(rows):
        for i, low in enumerate((0, 2)):
            address = f"layers.{low}.residual"
            hidden = model.capture([example.text], [address], example.subject_end - 1)[address][0][0]
            for j, high in enumerate((1, 3)):
                patch = Patch(high, len("The kind of x") - 1, hidden)
                [written] = model.generate([example.target], max_new_tokens=4, patches=[patch])
                texts[e, i, j] = written.text
                assert found.patched[e, i, j] == mentions(written.text, example.answer)
    for e, other in enumerate(others(rows)):
        assert rows[other].answer != rows[e].answer
        assert found.swapped[e, 1, 1] == mentions(texts[other, 1, 1], rows[e].answer)


def test_answers_that_are_said_are_found(tiny):
    model = tiny()
    [written] = model.generate(["The kind of cat"], max_new_tokens=6)
    rows = examples((written.text.strip() or written.text, *"bcab"))
    found = extract(model, rows, source_layers=1, target_layers=1, max_new_tokens=6)
    assert found.direct[0]


def test_the_chosen_layer_is_chosen_on_other_subjects():
    """Every subject is right at a layer of its own: an oracle is always right, a layer chosen elsewhere never."""
    right = np.zeros((4, 1, 4), dtype=bool)
    for i in range(4):
        right[i, 0, i] = True
    assert some_target_layer(right).all()
    assert not chosen_target_layer(right, list("abcd")).any()
    shared = np.zeros((4, 1, 4), dtype=bool)
    shared[:, 0, 2] = True
    assert chosen_target_layer(shared, list("abcd")).all()


def test_examples_of_several_tasks_are_refused(tiny):
    with pytest.raises(PatchscopeError, match="one task"):
        extract(tiny(), [])


def test_states_are_read_at_the_end_of_the_subject(tiny):
    states = subject_states(tiny(), examples(), [1])
    address = "layers.1.residual"
    wanted = tiny().capture(["we saw the dog today"], [address], 13)[address][0][0]
    assert np.allclose(states[1, 0], wanted.numpy(), atol=1e-5)


def test_a_probe_names_what_is_linear_in_subjects_it_never_saw():
    rng = np.random.default_rng(0)
    answers = ["a" if i % 2 else "b" for i in range(60)]
    states = rng.normal(size=(60, 2, 8)).astype(np.float32)
    states[:, 1, 0] += np.array([4.0 if a == "a" else -4.0 for a in answers])
    named = probe(states, answers, [f"s{i}" for i in range(60)])
    assert named[:, 1].mean() > 0.95
    assert named[:, 0].mean() < 0.75


def test_a_probe_never_sees_the_subject_it_is_asked_about():
    """Each subject has a mark of its own and an answer of its own: nothing can be learned from the others."""
    states = np.repeat(np.eye(6, dtype=np.float32)[:, None] * 5, 1, axis=1).repeat(4, axis=0)
    subjects = [f"s{i // 4}" for i in range(24)]
    assert not probe(states, subjects, subjects).any()
    with pytest.raises(PatchscopeError, match="at least 2 subjects"):
        probe(states, subjects, ["one"] * 24)


def test_self_correction_puts_the_first_hop_into_the_second(tiny):
    found = self_correct(
        tiny(), "the maker of the cat", "The home of x is", "zz", layers=[0, 2], target_layers=[1], max_new_tokens=4
    )
    [written] = tiny().generate(["The home of the maker of the cat is"], max_new_tokens=4)
    assert found.plain == written.text
    assert found.plain_right == mentions(written.text, "zz")
    assert [(c.source_layer, c.target_layer) for c in found.patched.target.cells] == [(0, 1), (2, 1)]
    assert found.some_cell_right == any(c.hit for c in found.patched.target.cells)
    assert len(found.patched.controls) == 3
    with pytest.raises(PatchscopeError, match="lone x"):
        self_correct(tiny(), "the cat", "nothing here?", "zz")
