"""Affine mappings: exact on linear data, judged on what they were not fitted to."""

from __future__ import annotations

import pytest
import torch

from zetetic.tools.patchscope import MappingError, Source, Target, fit_affine, grid, identity
from zetetic.tools.patchscope.mappings import RIDGES, Affine, Moments, best_ridge


def linear_data(rows=200, wide=6, out=4, seed=0, noise=0.0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, wide, generator=generator) * torch.tensor([1.0, 5.0, 0.1, 100.0, 1.0, 2.0])[:wide]
    weight, bias = torch.randn(wide, out, generator=generator), torch.randn(out, generator=generator)
    return x, x @ weight + bias + noise * torch.randn(rows, out, generator=generator), Affine(weight, bias)


def test_a_linear_law_is_found_exactly():
    x, y, law = linear_data()
    found = fit_affine(x, y)
    assert torch.allclose(found.weight, law.weight, atol=1e-3)
    assert torch.allclose(found(x), y, atol=1e-2)


def test_directions_that_do_not_vary_or_repeat_do_no_harm():
    x, y, _ = linear_data()
    doubled = torch.cat([x, x[:, :2], torch.full((len(x), 1), 3.0)], dim=1)
    found = fit_affine(doubled, y)
    assert torch.isfinite(found.weight).all()
    assert torch.allclose(found(doubled), y, atol=1e-2)


def test_batches_add_up_to_the_whole():
    x, y, _ = linear_data(noise=1.0)
    parts = Moments()
    for i in range(0, len(x), 37):
        parts.add(x[i : i + 37], y[i : i + 37])
    assert torch.allclose(parts.fit(0.1).weight, fit_affine(x, y, ridge=0.1).weight, atol=1e-5)


def test_explained_is_the_share_of_variance():
    x, y, law = linear_data(noise=2.0)
    moments = Moments()
    moments.add(x, y)
    residue = ((y - law(x)) ** 2).sum() / ((y - y.mean(0)) ** 2).sum()
    assert moments.explained(law) == pytest.approx(1 - float(residue), abs=1e-4)
    flat = Affine(torch.zeros(6, 4), y.mean(0))
    assert moments.explained(flat) == pytest.approx(0, abs=1e-5)


def test_the_penalty_is_chosen_on_other_data():
    x, y, _ = linear_data(rows=9, noise=5.0)
    more_x, more_y, _ = linear_data(rows=400, noise=5.0, seed=0)
    train, validation = Moments(), Moments()
    train.add(x, y)
    validation.add(more_x[100:], more_y[100:])
    mapping, ridge = best_ridge(train, validation)
    assert ridge in RIDGES
    assert validation.explained(mapping) >= validation.explained(train.fit(RIDGES[0]))


def test_unequal_rows_are_refused():
    with pytest.raises(MappingError, match="as many rows"):
        fit_affine(torch.zeros(3, 2), torch.zeros(4, 2))
    with pytest.raises(MappingError, match="at least 2 pairs"):
        fit_affine(torch.zeros(1, 2), torch.zeros(1, 2))


def test_models_of_different_sizes_need_a_mapping(tiny):
    small, large = tiny(size=32), tiny(size=48, seed=1)
    with pytest.raises(MappingError, match=r"got 32 .* and 48 .*pass a mapping"):
        grid(Source(small, "the cat"), Target(large, "a→a; ?"))
    with pytest.raises(MappingError, match=r"got 32 .* and 48"):
        grid(Source(small, "the cat"), Target(large, "a→a; ?"), identity)
    with pytest.raises(MappingError, match="size 48"):
        grid(Source(small, "the cat"), Target(large, "a→a; ?"), Affine(torch.eye(32), torch.zeros(32)))


def test_a_mapping_of_the_wrong_input_is_refused(tiny):
    with pytest.raises(MappingError, match="does not take hidden states of size 32"):
        grid(Source(tiny(), "the cat"), Target(tiny(), "a→a; ?"), Affine(torch.eye(5), torch.zeros(5)))
