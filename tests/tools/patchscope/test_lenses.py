"""Logit, tuned and future lens: special cases of the Patchscope."""

from __future__ import annotations

import copy

import pytest
import torch

from zetetic.models import LanguageModel
from zetetic.tools.patchscope import (
    MappingError,
    PatchscopeError,
    Source,
    Target,
    fit_tuned_lens,
    grid,
    logit_lens,
    tuned_lens,
)

TEXTS = [f"the cat sat on mat {i} and the dog sat on log {i * 7 % 11} of all {i * i}" for i in range(40)]
PROMPT = "the dog sat on"


def test_the_logit_lens_is_a_patch_into_the_last_layer_of_the_source_itself(model):
    last = model.n_layers - 1
    lens = logit_lens(Source(model, PROMPT))
    patched = grid(Source(model, PROMPT), Target(model, PROMPT, -1, last), controls=[])
    assert [c.tokens[0].id for c in lens.cells] == [c.tokens[0].id for c in patched.target.cells]
    for ours, theirs in zip(lens.cells, patched.target.cells):
        assert ours.surprisal == pytest.approx(theirs.surprisal, abs=4e-4)


def test_on_the_last_layer_the_lens_is_the_model_and_norms_once(model):
    """The last state is raw: norming it before head(norm(h)) would change what the model says."""
    lens = logit_lens(Source(model, PROMPT, layer=model.n_layers - 1))
    [[own, *_]] = model.next_token([PROMPT])
    assert lens.cells[0].tokens[0].id == own.id
    assert lens.cells[0].tokens[0].log_probability == pytest.approx(own.log_probability, abs=3e-5)
    assert lens.cells[0].hit


def test_the_lens_of_block_l_reads_the_output_of_block_l(model):
    hidden = model.model(torch.tensor([model.prompt(PROMPT).ids]), output_hidden_states=True).hidden_states
    for layer in range(model.n_layers - 1):
        said = logit_lens(Source(model, PROMPT, layer=layer)).cells[0].tokens[0]
        shares = torch.log_softmax(model.unembed(hidden[layer + 1][0, -1]).float(), -1)
        assert said.id == int(shares.argmax())


def test_the_embedding_may_be_read_as_well(model):
    assert logit_lens(Source(model, PROMPT, layer=[-1, 0])).source_layers == (-1, 0)


def test_a_tuned_lens_beats_the_logit_lens_on_texts_it_never_saw(tiny):
    """The last block adds one large vector to all: the logit lens cannot know it, an affine one learns it."""
    raw = copy.deepcopy(tiny("GPT2").model)
    with torch.no_grad():
        raw.transformer.h[-1].mlp.c_proj.bias.add_(10 * torch.randn(32, generator=torch.Generator().manual_seed(1)))
    model = LanguageModel(raw, tiny("GPT2").tokenizer, name="shifted")
    lens = fit_tuned_lens(model, TEXTS, layers=[1, 2])
    unseen = ["on the mat sat a dog", "the cat and the log", "of the 99 mats"]
    tuned = [tuned_lens(Source(model, t), lens).surprisal for t in unseen]
    plain = [logit_lens(Source(model, t, layer=[1, 2])).surprisal for t in unseen]
    assert all(t < p for t, p in zip(tuned, plain))
    assert 0 < lens.fitted[1].explained < lens.fitted[2].explained <= 1


def test_the_last_layer_maps_to_itself(tiny):
    model = tiny("GPT2")
    lens = fit_tuned_lens(model, TEXTS, layers=[3])
    assert lens.fitted[3].explained > 0.999


def test_a_future_lens_is_fitted_to_later_tokens(tiny):
    model = tiny("Llama", seed=3)
    now, later = (fit_tuned_lens(model, TEXTS, layers=[2], ahead=ahead).fitted[2] for ahead in (0, 2))
    assert later.pairs < now.pairs
    assert later.explained < now.explained


@pytest.mark.parametrize(
    ("run", "error", "said"),
    [
        (lambda m: fit_tuned_lens(m, TEXTS[:3]), MappingError, "at least 6 texts"),
        (lambda m: fit_tuned_lens(m, TEXTS, ahead=-1), MappingError, "ahead"),
        (lambda m: fit_tuned_lens(m, ["a"] * 8, layers=0), MappingError, "pairs of tokens"),
        (lambda m: tuned_lens(Source(m, PROMPT, layer=2), fit_tuned_lens(m, TEXTS, layers=0)), MappingError, "layer 2"),
        (lambda m: logit_lens(Source(m, PROMPT), top=0), PatchscopeError, "top of 1"),
    ],
)
def test_mistakes_are_told(tiny, run, error, said):
    with pytest.raises(error, match=said):
        run(tiny())


def test_a_lens_of_another_model_is_refused(tiny):
    lens = fit_tuned_lens(tiny("GPT2"), TEXTS, layers=0)
    with pytest.raises(MappingError, match="tiny-GPT2"):
        tuned_lens(Source(tiny("Llama"), PROMPT), lens)
