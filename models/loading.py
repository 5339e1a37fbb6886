"""`load`: from a name, a folder or a hub id to a `LanguageModel`."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

import torch

from .bars import no_bars
from .embedded import EMBEDDED, ensure, is_stored
from .errors import LoadError, ModelError
from .language_model import LanguageModel
from .storage import Progress


def load(
    name: str | Path = "smollm2",
    *,
    device_map: Any = None,
    dtype: str | torch.dtype | None = None,
    quantization_config: Any = None,
    progress: Progress | None = None,
    **options: Any,
) -> LanguageModel:
    """Load an embedded model (`smollm2`), a folder that transformers wrote, or a model of the hub by its id.

    `device_map` (`"auto"`, `"cuda"`, a dictionary), `quantization_config` and any other `options` go to
    transformers as they are. `dtype` None takes the checkpoint's own, except on processors that are slow in 16 bits,
    where it is float32. An embedded model is fetched and converted first if need be; `progress` is told about it
    (None: shown on stderr). Raises `LoadError`.
    """
    place, title = _locate(str(name), progress)
    if title is None:
        options = _hub_options(place) | options
    with no_bars():
        config = _from_pretrained("AutoConfig", place, name, {k: v for k, v in options.items() if k in _CONFIG_OPTIONS})
        chosen = {
            "device_map": device_map,
            "dtype": _choose_dtype(config, device_map) if dtype is None else dtype,
            "quantization_config": quantization_config,
        }
        passed = {k: v for k, v in chosen.items() if v is not None} | options
        model = _from_pretrained(_auto_class(config), place, name, passed)
        tokenizer = _tokenizer(place, {k: v for k, v in options.items() if k in _CONFIG_OPTIONS})
    return LanguageModel(model, tokenizer, name=title)


HUB_TIMEOUT_SECONDS = 10.0
_CONFIG_OPTIONS = ("revision", "token", "cache_dir", "local_files_only", "trust_remote_code", "subfolder")


def _locate(name: str, progress: Progress | None) -> tuple[str, str | None]:
    """(what transformers is to load, what to call it)."""
    if name in EMBEDDED:
        model = EMBEDDED[name]
        if progress is None and not is_stored(model):
            from .showing import shown

            with shown() as progress:
                return str(ensure(model, progress)), model.title
        return str(ensure(model) if progress is None else ensure(model, progress)), model.title
    folder = Path(name).expanduser()
    if name.strip() and folder.is_dir():
        if not (folder / "config.json").is_file():
            raise LoadError(
                f"expected a folder with a model's config.json in it, got {folder}; pass the model's folder"
            )
        return str(folder), folder.resolve().name
    if folder.is_file():
        raise LoadError(f"expected a model's folder, got the file {folder}; pass the folder that holds config.json")
    looks_like_path = folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1 or not name
    if looks_like_path or any(c.isspace() for c in name):
        raise LoadError(
            f"no model at {name!r}; pass {', '.join(EMBEDDED)}, a folder that exists, or a hub id (owner/name)"
        )
    return name, None


def _hub_options(name: str) -> dict[str, Any]:
    """How to ask for a model of the hub: from the local cache alone where the hub cannot be reached.

    Asked before transformers does, which tries for half a minute and says little.
    """
    import httpx
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = isinstance(try_to_load_from_cache(name, "config.json"), str)
    except HFValidationError as error:
        raise LoadError(
            f"no model at {name!r}; pass {', '.join(EMBEDDED)}, a folder, or a hub id (owner/name)"
        ) from error
    reason = "which the environment variable HF_HUB_OFFLINE forbids"
    if not constants.HF_HUB_OFFLINE:
        try:
            httpx.head(constants.ENDPOINT, timeout=HUB_TIMEOUT_SECONDS, follow_redirects=True)
            return {}
        except httpx.HTTPError as error:
            reason = f"which cannot be reached ({error})"
    if cached:
        return {"local_files_only": True}
    raise LoadError(
        f"{name!r} is neither an embedded model ({', '.join(EMBEDDED)}) nor a folder, so it would have to come from "
        f"{constants.ENDPOINT}, {reason}; pass another name, or a folder with a copy of the model"
    )


def _from_pretrained(auto: str, place: str, name: str | Path, options: dict[str, Any]) -> Any:
    import transformers

    try:
        return getattr(transformers, auto).from_pretrained(place, **options)
    except ModelError:
        raise
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        said = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise LoadError(
            f"{str(name)!r} could not be loaded: {said.strip().rstrip('.')}; pass {', '.join(EMBEDDED)}, a folder "
            "that transformers wrote, or the id of a model on a hub that can be reached"
        ) from error


def _auto_class(config: Any) -> str:
    """The kind of model to make: what the checkpoint was saved as, if it says so."""
    from transformers.models.auto import modeling_auto as mappings

    saved_as = next(iter(getattr(config, "architectures", None) or ()), "")
    kind = config.model_type
    masked = kind in mappings.MODEL_FOR_MASKED_LM_MAPPING_NAMES
    if masked and saved_as == mappings.MODEL_MAPPING_NAMES.get(kind):
        return "AutoModel"  # an encoder saved without a head, such as an embedder of sentences
    causal = kind in mappings.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    if masked and not saved_as.endswith(("ForCausalLM", "LMHeadModel")) and not getattr(config, "is_decoder", False):
        return "AutoModelForMaskedLM"
    return "AutoModelForCausalLM" if causal else "AutoModel"


def _tokenizer(place: str, options: dict[str, Any]) -> Any:
    """The tokenizer that lies beside the model; None if there is none, and then prompts are token ids."""
    from transformers import AutoTokenizer

    try:
        found: Any = AutoTokenizer.from_pretrained(place, **options)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.vocab_size else None  # where no files are, transformers makes one without a vocabulary


def _choose_dtype(config: Any, device_map: Any) -> Any:
    saved = getattr(config, "dtype", None)
    if not _on_cpu(device_map):
        return "auto"
    return saved if saved is torch.bfloat16 and bfloat16_is_fast() else torch.float32


def _on_cpu(device_map: Any) -> bool:
    if isinstance(device_map, dict):
        return all(str(device) in ("cpu", "disk") for device in device_map.values())
    if device_map in ("auto", "balanced", "balanced_low_0", "sequential"):
        return not torch.accelerator.is_available()
    return device_map is None or str(device_map).startswith("cpu")


@cache
def bfloat16_is_fast() -> bool:
    """Whether this processor multiplies matrices in bfloat16 no slower than in float32. Measured, in a few ms.

    What a processor claims to know is no guide: without the right kernels, products take hundreds of times longer.
    """

    def seconds(dtype: torch.dtype) -> float:
        matrix = torch.ones(192, 192, dtype=dtype)
        times = []
        for _ in range(3):
            begin = time.perf_counter()
            matrix @ matrix
            times.append(time.perf_counter() - begin)
        return min(times)

    return seconds(torch.bfloat16) <= 1.5 * seconds(torch.float32)
