"""One cell, a grid, a description: what they say is what hooks on whole forward passes say."""

from __future__ import annotations

import math

import pytest
import torch

from zetetic.models import LayerError, Patch, PatchError, PositionError, PromptError
from zetetic.tools.patchscope import (
    MappingError,
    PatchscopeError,
    Source,
    Target,
    describe,
    entity_description,
    grid,
    identity,
    patchscope,
    pooled,
)
from zetetic.tools.patchscope.scope import mentions

SOURCE = "the cat sat on"
TARGET = "a→a; b→b; ?"
CONTROL = "the dog is ?"


def last_hidden(model, layer, prompt=SOURCE, position=-1):
    address = f"layers.{layer}.residual"
    return model.capture([prompt], [address], position)[address][0][0]


def test_a_grid_is_what_hooks_give_cell_by_cell(model):
    found = grid(Source(model, SOURCE), Target(model, TARGET), controls=[])
    assert len(found.target.cells) == model.n_layers**2
    for cell in found.target.cells:
        patch = Patch(cell.target_layer, -1, last_hidden(model, cell.source_layer))
        [[best, *_]] = model.next_token([TARGET], top=2, patches=[patch])
        assert cell.tokens[0].id == best.id
        assert cell.tokens[0].log_probability == pytest.approx(best.log_probability, abs=4e-4)


def test_the_tokens_of_a_cell_come_likeliest_first(model):
    cell = patchscope(Source(model, SOURCE, layer=1), Target(model, TARGET), controls=[]).target.cells[0]
    shares = [t.log_probability for t in cell.tokens]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("layer", [-1, 0, 1, 2, 3])
def test_putting_a_state_back_where_it_came_from_changes_nothing(model, layer):
    place = Target(model, SOURCE, -1, layer)
    found = patchscope(Source(model, SOURCE, -1, layer), place, identity, controls=[])
    [[own, *_]] = model.next_token([SOURCE])
    assert found.target.cells[0].tokens[0].id == own.id
    assert found.target.cells[0].tokens[0].log_probability == pytest.approx(own.log_probability, abs=3e-5)
    assert found.target.cells[0].hit
    assert found.reference.ids == (own.id,)


def test_a_patch_into_the_last_layer_reads_head_of_norm(model):
    last = model.n_layers - 1
    found = grid(Source(model, SOURCE), Target(model, TARGET, layer=last), controls=[])
    for cell in found.target.cells:
        shares = torch.log_softmax(model.unembed(last_hidden(model, cell.source_layer)).float(), -1)
        assert cell.tokens[0].id == int(shares.argmax())
        assert cell.tokens[0].log_probability == pytest.approx(float(shares.max()), abs=4e-4)


def test_surprisal_is_of_the_reference(model):
    found = patchscope(Source(model, SOURCE, layer=1), Target(model, TARGET, layer=2), controls=[])
    patch = Patch(2, -1, last_hidden(model, 1))
    [logits] = model.logits([TARGET], patches=[patch])
    wanted = -torch.log_softmax(logits[0].float(), -1)[found.reference.ids[0]]
    assert found.target.cells[0].surprisal == pytest.approx(float(wanted), abs=4e-4)


def test_an_answer_counts_with_and_without_a_space_before_it(model):
    found = patchscope(Source(model, SOURCE, layer=1), Target(model, TARGET, layer=2), answer="dog", controls=[])
    assert {model.decode([i]) for i in found.reference.ids} == {"d", " "}
    [logits] = model.logits([TARGET], patches=[Patch(2, -1, last_hidden(model, 1))])
    both = torch.softmax(logits[0].float(), -1)[list(found.reference.ids)].sum()
    assert found.target.cells[0].surprisal == pytest.approx(-math.log(float(both)), abs=4e-4)


def test_descriptions_are_what_patched_generation_gives(model):
    found = describe(Source(model, SOURCE), Target(model, TARGET), controls=[CONTROL], max_new_tokens=6)
    assert [(c.source_layer, c.target_layer) for c in found.target.cells] == [(i, i) for i in range(model.n_layers)]
    for reading in (found.target, *found.controls):
        for cell in reading.cells:
            patch = Patch(cell.target_layer, reading.position, last_hidden(model, cell.source_layer))
            [written] = model.generate([reading.prompt], max_new_tokens=6, patches=[patch])
            assert cell.continuation == written.text
        [bare] = model.generate([reading.prompt], max_new_tokens=6)
        assert reading.unpatched.continuation == bare.text


def test_a_placeholder_in_the_middle_is_where_the_patch_goes(model):
    found = grid(Source(model, SOURCE, layer=1), Target(model, "is x a cat, or", layer=1), controls=[])
    assert (found.target.position, found.target.token) == (3, "x")
    [[best, *_]] = model.next_token(["is x a cat, or"], patches=[Patch(1, 3, last_hidden(model, 1))])
    assert found.target.cells[0].tokens[0].id == best.id


def test_controls_are_run_by_default_and_compared(tiny):
    found = grid(Source(tiny(), SOURCE), Target(tiny(), TARGET))
    assert len(found.controls) == 3
    assert {c.control for c in found.comparisons} == {c.prompt for c in found.controls}
    assert {c.metric for c in found.comparisons} == {"precision@1", "surprisal"}
    assert all(c.count == 4 and c.units == "source layers" for c in found.comparisons)
    assert "control" in found.verdict
    for comparison in found.comparisons:
        assert comparison.difference.low <= comparison.difference.value <= comparison.difference.high


def test_a_control_that_is_the_target_does_as_well_and_the_verdict_says_so(tiny):
    last = tiny().n_layers - 1
    found = grid(Source(tiny(), SOURCE, layer=last), Target(tiny(), TARGET, layer=[2, 3]), controls=[TARGET])
    assert found.target.precision > 0
    both = grid(Source(tiny(), SOURCE, layer=[2, last]), Target(tiny(), TARGET, layer=[2, 3]), controls=[TARGET])
    assert all(c.difference.value == 0 for c in both.comparisons)
    assert "A control does as well" in both.verdict
    assert "cannot be put down to this target" in both.verdict


def test_without_controls_the_verdict_claims_nothing(tiny):
    found = grid(Source(tiny(), SOURCE), Target(tiny(), TARGET), controls=[])
    assert "No controls were run" in found.verdict


def test_several_sources_are_compared_prompt_by_prompt(tiny):
    sources = ("the cat", "a dog on", "mat and log")
    found = pooled([grid(Source(tiny(), s), Target(tiny(), TARGET), controls=[CONTROL]) for s in sources])
    assert {(c.units, c.count) for c in found[0].comparisons} == {("prompts", 3)}
    assert found[0].comparisons == found[2].comparisons


def test_a_given_answer_is_looked_for_in_descriptions(tiny):
    free = describe(Source(tiny(), SOURCE), Target(tiny(), TARGET), controls=[], max_new_tokens=8)
    said = free.target.cells[2].continuation or ""
    found = describe(Source(tiny(), SOURCE), Target(tiny(), TARGET), answer=said, controls=[CONTROL], max_new_tokens=8)
    assert found.target.cells[2].hit
    assert {c.metric for c in found.comparisons} == {"answers found", "surprisal"}
    assert any("judge" in note for note in free.notes)


@pytest.mark.parametrize(
    ("text", "answer", "there"),
    [
        ("It is a Starfish.", "fish", False),
        ("a fish, of course", "Fish", True),
        ("in Washington\nD.C. today", "Washington D.C.", True),
        ("unpolished", "polish", False),
        ("", "x", False),
    ],
)
def test_an_answer_is_looked_for_as_words(text, answer, there):
    assert mentions(text, answer) is there


def test_the_first_token_of_a_target_brings_a_warning(tiny):
    found = grid(Source(tiny(), SOURCE, layer=1), Target(tiny(), "x is", layer=1), controls=[])
    assert any("first token" in note for note in found.notes)


@pytest.mark.parametrize(
    ("run", "error", "said"),
    [
        (lambda m: grid(Source(m, SOURCE, 99), Target(m, TARGET)), PositionError, "outside the prompt of 14 tokens"),
        (lambda m: grid(Source(m, SOURCE, layer=4), Target(m, TARGET)), LayerError, "layer 4 is not one of 0..3"),
        (lambda m: grid(Source(m, SOURCE), Target(m, TARGET, layer=[0, 7])), LayerError, "layer 7"),
        (lambda m: grid(Source(m, ""), Target(m, TARGET)), PromptError, "empty"),
        (lambda m: grid(Source(m, "a" * 500), Target(m, TARGET)), PromptError, "at most 192 tokens"),
        (lambda m: grid(Source(m, SOURCE), Target(m, "no place here")), PositionError, "placeholder"),
        (lambda m: grid(Source(m, SOURCE), Target(m, TARGET), controls=["none"]), PositionError, "placeholder"),
        (lambda m: grid(Source(m, SOURCE, layer=[]), Target(m, TARGET)), PatchscopeError, "at least one layer"),
        (lambda m: grid(Source(m, SOURCE), Target(m, TARGET), answer=" "), PatchscopeError, "answer"),
        (lambda m: patchscope(Source(m, SOURCE), Target(m, TARGET)), PatchscopeError, "one layer as source.layer"),
        (lambda m: describe(Source(m, SOURCE), max_new_tokens=0), PatchscopeError, "max_new_tokens"),
        (lambda m: grid(Source(m, SOURCE), Target(m, TARGET), lambda h: h[:, :5]), MappingError, "size 32"),
        (lambda m: grid(Source(m, SOURCE), Target(m, TARGET), {0: identity}), MappingError, "source layer 1"),
    ],
)
def test_mistakes_are_told_before_anything_runs(tiny, monkeypatch, run, error, said):
    model = tiny()

    def forbidden(*_, **__):
        raise AssertionError("the model was run")

    monkeypatch.setattr(type(model), "capture", forbidden)
    with pytest.raises(error, match=said):
        run(model)


def test_not_a_number_is_refused(tiny):
    with pytest.raises(PatchError, match="NaN"):
        grid(Source(tiny(), SOURCE), Target(tiny(), TARGET), lambda h: h * math.nan)


def test_layers_that_were_not_run_are_named(tiny):
    found = grid(Source(tiny(), SOURCE, layer=[0, 2]), Target(tiny(), TARGET, layer=1), controls=[])
    assert found[2, 1].source_layer == 2
    with pytest.raises(PatchscopeError, match="source layers are 0, 2"):
        found[1, 1]


def test_it_prints_as_a_table(tiny):
    text = str(grid(Source(tiny(), SOURCE), Target(tiny(), TARGET)))
    assert text.count("\nlayer ") == 4
    assert "Right is" in text


def test_the_entity_description_is_patched_at_its_x(tiny):
    target = entity_description(tiny(), {"Rex": "a dog"})
    found = describe(Source(tiny(), SOURCE, layer=1), target, controls=[], max_new_tokens=3)
    assert found.target.prompt == "Rex: a dog, x"
    assert found.target.token == "x"


def test_a_target_of_one_token_is_patched_too(model):
    found = grid(Source(model, SOURCE, layer=[0, 2]), Target(model, "?", layer=[0, 2]), controls=[])
    unpatched = found.target.unpatched.tokens[0]
    for cell in found.target.cells:
        [[best, *_]] = model.next_token(
            ["?"], patches=[Patch(cell.target_layer, 0, last_hidden(model, cell.source_layer))]
        )
        assert cell.tokens[0].log_probability == pytest.approx(best.log_probability, abs=4e-4)
        assert cell.tokens[0].log_probability != unpatched.log_probability


def test_a_subset_of_layers_gives_the_same_cells_as_all(model):
    whole = grid(Source(model, SOURCE), Target(model, TARGET), controls=[])
    part = grid(Source(model, SOURCE, layer=[3, 1]), Target(model, TARGET, layer=[2]), controls=[])
    for cell in part.target.cells:
        assert cell.tokens[0].id == whole[cell.source_layer, cell.target_layer].tokens[0].id
        assert cell.surprisal == pytest.approx(whole[cell.source_layer, cell.target_layer].surprisal, abs=4e-4)


def test_a_target_that_is_right_by_itself_is_told(tiny):
    """Patched or not, this target goes on with the same: the verdict must not credit the hidden state."""
    [[own, *_]] = tiny().next_token([TARGET])
    found = grid(Source(tiny(), SOURCE, layer=[0, 1]), Target(tiny(), TARGET, layer=[0, 1]), answer=own.text)
    assert found.target.unpatched.hit
    assert "right without any patch" in found.verdict


def test_without_an_answer_a_description_is_measured_by_its_first_token(tiny):
    found = describe(Source(tiny(), SOURCE), Target(tiny(), TARGET), max_new_tokens=3)
    assert found.verdict.startswith("Right is ")
    assert "as likeliest token" in found.verdict
    assert {c.metric for c in found.comparisons} == {"precision@1", "surprisal"}
