"""`hf:MODEL/ADDRESS`: a place in a language model as a black box, text → number.

    hf:smollm2/layers.12.mlp.neurons.345
    hf:smollm2/layers.7.residual?direction=probe.npy&pool=max
    hf:smollm2/layers.12.residual?dictionary=sae.safetensors&latent=5

MODEL is anything that `zetetic.models.load` takes, ADDRESS a place in it (see `zetetic.models.addresses`). After `?`:
`pool` is `mean` (the default), `max` or `last`, over the tokens of the text, those that the tokenizer adds left out;
`skip` leaves out that many tokens at the beginning (the first token is often an attention sink with huge values);
`prefix` is put before every text and not pooled over, so that no token of the text is the model's first, which behaves
like no other. Unless one is given (`prefix=` for none), it is the mark with which texts begin or end in the model's
training, where its tokenizer adds none;
`direction` is a file with a vector (`.npy`, or JSON), onto which a whole vector is projected by the dot product;
`dictionary` is a file with the weights of a sparse autoencoder or with directions, `latent` one of them, `k` and
`center` (`yes`, `no`) what its file does not say (see `readouts`); `device` is where the model goes (`cuda`, `auto`).
The same texts asked in other batches agree to rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .hidden_states import POOLS, HiddenStateBox, Pool, check_address
from .options import OpenOptions
from .readouts import Readout, read_direction, read_latent
from .settings import one_of, read_settings, whole_number, write_settings
from .types import BlackBoxError, SpecError

if TYPE_CHECKING:
    from ...models import LanguageModel

_FILES = {"direction", "dictionary"}
_KEYS = ("pool", "skip", "prefix", "direction", "dictionary", "latent", "k", "center", "device")


def open_box(rest: str, options: OpenOptions) -> HiddenStateBox:
    """Open `MODEL/ADDRESS?pool=…`. Loads the model; two boxes on one model in a row share it."""
    path, _, query = rest.partition("?")
    name, _, address = path.rpartition("/")
    if not name or not address:
        raise SpecError(
            f"a place in a model is named hf:MODEL/ADDRESS, such as hf:smollm2/layers.12.mlp.neurons.345, got hf:{rest}"
        )
    domain = options.text_domain("a place in a model")
    settings = read_settings(query, _KEYS, "an hf")
    for key in _FILES & settings.keys():
        settings[key] = str(Path(settings[key]).expanduser().resolve())
    pool = _pool(settings.get("pool", "mean"))
    skip = whole_number(settings.get("skip", "0"), "skip")
    model = load_model(name, settings.get("device"))
    return HiddenStateBox(
        model,
        address,
        pool=pool,
        skip=skip,
        prefix=settings["prefix"] if "prefix" in settings else beginning(model),
        direction=read_direction(settings["direction"]) if "direction" in settings else None,
        readout=_latent(model, address, settings),
        domain=domain,
        batch_size=options.batch_size,
        spec=f"hf:{path}{write_settings(settings)}",
    )


def beginning(model: LanguageModel) -> str:
    """What to put before texts: nothing where the tokenizer marks beginnings itself, or knows no mark."""
    tokenizer = model.tokenizer
    if not model.is_causal or not getattr(tokenizer, "is_fast", False):
        return ""
    if len(model.prompt("a")) > len(model.prompt("a", special_tokens=False)):
        return ""
    return str(getattr(tokenizer, "bos_token", None) or getattr(tokenizer, "eos_token", None) or "")


def load_model(name: str, device: str | None) -> LanguageModel:
    """The model. `BlackBoxError` where it cannot be had now, `SpecError` where there is none of that name."""
    from ...models import DownloadError, LoadError

    try:
        return _load(name, device)
    except DownloadError as error:
        raise BlackBoxError(str(error)) from error
    except LoadError as error:
        raise SpecError(str(error)) from error


@lru_cache(maxsize=1)
def _load(name: str, device: str | None) -> LanguageModel:
    from ...models import load

    return load(name, device_map=device)


def _latent(model: LanguageModel, address: str, settings: Mapping[str, str]) -> Readout | None:
    belonging = [key for key in ("latent", "k", "center") if key in settings]
    if "dictionary" not in settings:
        if belonging:
            raise SpecError(f"{belonging[0]} belongs to a dictionary; name its file, ?dictionary=FILE&latent=5")
        return None
    if "latent" not in settings:
        raise SpecError("expected the number of a latent of the dictionary; add &latent=5")
    place = check_address(model, address)
    if place.unit is not None:
        raise SpecError(f"a dictionary reads a whole vector, and {place} is one number; name {place.whole}")
    center = settings.get("center")
    return read_latent(
        settings["dictionary"],
        whole_number(settings["latent"], "latent"),
        model.width(place),
        k=whole_number(settings["k"], "k", 1) if "k" in settings else None,
        center=None if center is None else one_of(center, "center", ("yes", "no")) == "yes",
    )


def _pool(text: str) -> Pool:
    one_of(text, "pool", POOLS)
    return next(pool for pool in POOLS if pool == text)
