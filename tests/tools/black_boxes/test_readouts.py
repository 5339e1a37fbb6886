"""Latents of a dictionary: the arithmetic by the book, whichever way round and by whichever name weights are kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from zetetic.tools.black_boxes import SpecError
from zetetic.tools.black_boxes.readouts import Direction, Latent, read_latent

WIDTH, LATENTS = 6, 10
RNG = np.random.default_rng(0)
ENCODER = RNG.normal(size=(LATENTS, WIDTH))
BIASES, CENTER = RNG.normal(size=LATENTS), RNG.normal(size=WIDTH)
THRESHOLD = np.abs(RNG.normal(size=LATENTS)) + 0.2
STATES = torch.tensor(RNG.normal(size=(40, WIDTH)), dtype=torch.float32)
BEFORE = STATES.double().numpy() @ ENCODER.T + BIASES
CENTERED = (STATES.double().numpy() - CENTER) @ ENCODER.T + BIASES


def store(path: Path, **arrays: Any) -> str:
    if path.suffix == ".npz":
        np.savez(path, **arrays)
    else:
        save_file({name: torch.as_tensor(np.asarray(a)).contiguous() for name, a in arrays.items()}, path)
    return str(path)


def read(place: str, latent: int = 3, width: int = WIDTH, **options: Any) -> Any:
    readout = read_latent(place, latent, width, **options)
    assert readout.width == width
    return readout(STATES).numpy()


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize(
    ("encoder", "bias", "center"),
    [("W_enc", "b_enc", "b_dec"), ("encoder.weight", "encoder.bias", "decoder.bias"), ("W_enc", "b_enc", "pre_bias")],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_relu_latent(tmp_path: Path, suffix: str, encoder: str, bias: str, center: str, turned: bool) -> None:
    weights = ENCODER.T if turned else ENCODER
    place = store(tmp_path / f"sae{suffix}", **{encoder: weights, bias: BIASES, center: CENTER})
    np.testing.assert_allclose(read(place), np.maximum(CENTERED[:, 3], 0))
    np.testing.assert_allclose(read(place, center=False), np.maximum(BEFORE[:, 3], 0))


def test_biases_may_be_missing(tmp_path: Path) -> None:
    place = store(tmp_path / "sae.npz", W_enc=ENCODER.T)
    np.testing.assert_allclose(read(place), np.maximum(STATES.double().numpy() @ ENCODER[3], 0))


def test_a_jumprelu_latent_is_0_up_to_its_threshold(tmp_path: Path) -> None:
    arrays = {"W_enc": ENCODER.T, "b_enc": BIASES, "b_dec": CENTER, "threshold": THRESHOLD}
    place = store(tmp_path / "sae.safetensors", **arrays)
    np.testing.assert_allclose(read(place), np.where(BEFORE[:, 3] > THRESHOLD[3], BEFORE[:, 3], 0))
    centered = np.where(CENTERED[:, 3] > THRESHOLD[3], CENTERED[:, 3], 0)
    np.testing.assert_allclose(read(place, center=True), centered)
    place = store(tmp_path / "one.npz", W_enc=ENCODER.T, b_enc=BIASES, threshold=0.7)
    np.testing.assert_allclose(read(place), np.where(BEFORE[:, 3] > 0.7, BEFORE[:, 3], 0))


@pytest.mark.parametrize("k", [1, 3, LATENTS])
def test_a_top_k_latent_is_0_unless_it_is_among_the_largest(tmp_path: Path, k: int) -> None:
    expected = np.zeros_like(CENTERED)
    for row, values in enumerate(CENTERED):
        best = np.argsort(-values)[:k]
        expected[row, best] = np.maximum(values[best], 0)
    said = store(tmp_path / "said.npz", W_enc=ENCODER.T, b_enc=BIASES, b_dec=CENTER)
    kept = store(tmp_path / "kept.npz", W_enc=ENCODER.T, b_enc=BIASES, b_dec=CENTER, k=k)
    for latent in range(LATENTS):
        np.testing.assert_allclose(read(said, latent, k=k), expected[:, latent])
        np.testing.assert_allclose(read(kept, latent), expected[:, latent])


def test_a_square_encoder_is_told_by_its_name(tmp_path: Path) -> None:
    square = ENCODER[:WIDTH]
    expected = np.maximum(STATES.double().numpy() @ square[2], 0)
    np.testing.assert_allclose(read(store(tmp_path / "a.npz", W_enc=square.T), 2), expected)
    np.testing.assert_allclose(read(store(tmp_path / "b.npz", **{"encoder.weight": square}), 2), expected)


@pytest.mark.parametrize("name", ["D", "components", "directions"])
def test_a_plain_dictionary_is_a_dot_product(tmp_path: Path, name: str) -> None:
    for turned in (ENCODER, ENCODER.T):
        place = store(tmp_path / "d.npz", **{name: turned})
        assert isinstance(read_latent(place, 3, WIDTH), Direction)
        np.testing.assert_allclose(read(place), STATES.double().numpy() @ ENCODER[3])
    with pytest.raises(SpecError, match="holds only directions"):
        read_latent(place, 3, WIDTH, k=2)


def test_weights_in_16_bits_are_read(tmp_path: Path) -> None:
    path = tmp_path / "sae.safetensors"
    save_file({"W_enc": torch.tensor(ENCODER.T).bfloat16().contiguous()}, path)
    found = read_latent(str(path), 3, WIDTH)
    assert isinstance(found, Latent)
    np.testing.assert_allclose(found.encoder[0], ENCODER[3], rtol=0.01)
    assert found.encoder.shape == (1, WIDTH), "only the row that is needed is kept"


@pytest.mark.parametrize(
    ("arrays", "options", "says"),
    [
        ({"weights": ENCODER}, {}, "(an encoder W_enc, encoder.weight, or directions D, components"),
        ({"weights": ENCODER}, {}, "found weights (10 × 6)"),
        (
            {"W_enc": ENCODER[:, :5]},
            {},
            "to have 6 numbers for each latent, the width at this address, found W_enc (10 × 5)",
        ),
        ({"W_enc": ENCODER[0]}, {}, "found W_enc (6)"),
        ({"W_enc": ENCODER, "b_enc": BIASES[:4]}, {}, "expected 10 numbers in b_enc"),
        ({"W_enc": ENCODER, "b_dec": BIASES}, {}, "expected 6 numbers in b_dec"),
        ({"W_enc": ENCODER, "threshold": BIASES[:3]}, {}, "expected 10 numbers in threshold"),
        ({"W_enc": ENCODER}, {"latent": 10}, "latent 10 is not one of 0..9"),
        ({"W_enc": ENCODER}, {"k": 11}, "expected k between 1 and 10"),
        ({"W_enc": np.full((LATENTS, WIDTH), np.nan)}, {}, "expected finite numbers in the array W_enc"),
        ({}, {}, "found no arrays"),
    ],
)
def test_what_does_not_fit_names_the_arrays_found(tmp_path: Path, arrays: Any, options: Any, says: str) -> None:
    place = store(tmp_path / "sae.npz", **arrays)
    with pytest.raises(SpecError, match=re.escape(says)):
        read_latent(place, **{"latent": 3, "width": WIDTH, **options})
