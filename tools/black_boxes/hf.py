"""`hf:MODEL/ADDRESS`: a place in a language model as a black box, text → number.

    hf:smollm2/layers.12.mlp.neurons.345
    hf:smollm2/layers.7.residual?direction=probe.npy&pool=max

MODEL is anything that `zetetic.models.load` takes, ADDRESS a place in it (see `zetetic.models.addresses`). After `?`:
`pool` is `mean` (the default), `max` or `last`, over the tokens of the text, those that the tokenizer adds left out;
`skip` leaves out that many tokens at the beginning (the first token is often an attention sink with huge values);
`direction` is a file with a vector (`.npy`, or JSON), onto which a whole vector is projected by the dot product;
`device` is where the model goes (`cuda`, `auto`). The same texts asked in other batches agree to rounding.
"""

from __future__ import annotations

import json
import string
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, urlencode

from .guest import encode
from .options import OpenOptions
from .types import BlackBoxError, Domain, Input, Reply, Signature, SpecError, TextDomain
from .wire import decode, failure

if TYPE_CHECKING:
    import numpy as np

    from ...models import Address, LanguageModel, Prompt

Pool = Literal["mean", "max", "last"]
POOLS: tuple[Pool, ...] = ("mean", "max", "last")
DEFAULT_BATCH = 32
LONGEST_TEXT = 1000
"""Characters of the longest text that a domain nobody stated allows."""
_KEYS = ("pool", "skip", "direction", "device")


class HiddenStateBox:
    """A place in a language model, asked with texts. `direction` turns a vector into a number by the dot product.

    >>> box = HiddenStateBox(load("smollm2"), "layers.12.mlp.neurons.345", pool="max")
    >>> [reply.value for reply in box.ask(["a text", "another"])]
    """

    def __init__(
        self,
        model: LanguageModel,
        address: str | Address,
        *,
        pool: Pool = "mean",
        skip: int = 0,
        direction: np.ndarray[Any, Any] | None = None,
        domain: Domain | None = None,
        batch_size: int = DEFAULT_BATCH,
        spec: str | None = None,
    ) -> None:
        if pool not in POOLS:
            raise SpecError(f"expected pool to be one of {', '.join(POOLS)}, got {pool!r}")
        if skip < 0:
            raise SpecError(f"expected skip to be 0 or more tokens, got {skip}")
        self._model = model
        self._address = _checked(model, address)
        self._direction = _check_direction(model, self._address, direction)
        self._pool = pool
        self._skip = skip
        self._batch_size = batch_size
        self._spec = spec or f"hf:{model.name}/{self._address}?pool={pool}&skip={skip}"
        longest = min(LONGEST_TEXT, (model.context_length or LONGEST_TEXT) - 2)
        self._signature = Signature(("text",), domain or TextDomain(string.printable[:95], max(1, longest)))

    @property
    def spec(self) -> str:
        return self._spec

    @property
    def signature(self) -> Signature:
        return self._signature

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`. A text that is empty or longer than the model's context fails by itself."""
        for start in range(0, len(inputs), self._batch_size):
            yield from self._answer(inputs[start : start + self._batch_size])

    def close(self) -> None:
        """Nothing to let go of: the model may be in use elsewhere."""

    def _answer(self, inputs: Sequence[Input]) -> list[Reply]:
        from ...models import ModelError

        begin = time.perf_counter()
        replies: list[Reply | None] = [None] * len(inputs)
        prompts: dict[int, tuple[Prompt, tuple[int, ...]]] = {}
        for i, text in enumerate(inputs):
            found = self._prepare(text)
            if isinstance(found, Reply):
                replies[i] = found
            else:
                prompts[i] = found
        try:
            values = self._values(list(prompts.values()))
        except (ModelError, RuntimeError) as error:  # the latter: out of memory, a device that is gone
            raise BlackBoxError(f"{self._spec} could not be computed: {error}") from error
        seconds = (time.perf_counter() - begin) / len(inputs)
        for i, value in zip(prompts, values):
            replies[i] = decode(encode(value, "number", seconds))
        return [reply or failure("crashed", "no answer was computed") for reply in replies]

    def _prepare(self, text: Input) -> Reply | tuple[Prompt, tuple[int, ...]]:
        """The prompt of one text and the positions to look at; or the reply of one that cannot be asked."""
        from ...models import PromptError

        if not isinstance(text, str):
            return failure("wrong_kind", f"expected a text, got {text!r}")
        try:
            prompt = self._model.prompt(text)
        except PromptError as error:
            return failure("raised", str(error))
        own = [i for i in range(len(prompt)) if prompt.offsets is None or prompt.offsets[i][0] < prompt.offsets[i][1]]
        if len(own) <= self._skip:
            return failure("raised", f"expected a text of more than {self._skip} tokens, got {len(own)}")
        return prompt, (own[-1],) if self._pool == "last" else tuple(own[self._skip :])

    def _values(self, asked: Sequence[tuple[Prompt, tuple[int, ...]]]) -> list[float]:
        import torch

        if not asked:
            return []
        positions = [where for _, where in asked]
        states = self._model.capture(
            [prompt for prompt, _ in asked], self._address, positions, batch_size=self._batch_size
        )[self._address]
        values = []
        for state in states:
            numbers = state.double()
            if self._direction is not None:
                numbers = numbers @ torch.as_tensor(self._direction, dtype=numbers.dtype, device=numbers.device)
            values.append(float(numbers.max() if self._pool == "max" else numbers.mean()))
        return values


def open_box(rest: str, options: OpenOptions) -> HiddenStateBox:
    """Open `MODEL/ADDRESS?pool=…`. Loads the model; two boxes on one model in a row share it."""
    from ...models import DownloadError, LoadError

    path, _, query = rest.partition("?")
    name, _, address = path.rpartition("/")
    if not name or not address:
        raise SpecError(
            f"a place in a model is named hf:MODEL/ADDRESS, such as hf:smollm2/layers.12.mlp.neurons.345, got hf:{rest}"
        )
    if options.output != "number":
        raise SpecError(f"a place in a model gives numbers, and {options.output} was asked for; leave the output out")
    settings = _settings(query)
    try:
        model = _load(name, settings.get("device"))
    except DownloadError as error:
        raise BlackBoxError(str(error)) from error
    except LoadError as error:
        raise SpecError(str(error)) from error
    return HiddenStateBox(
        model,
        address,
        pool=_pool(settings.get("pool", "mean")),
        skip=_skip(settings.get("skip", "0")),
        direction=_read_direction(settings["direction"]) if "direction" in settings else None,
        domain=options.domain,
        batch_size=options.batch_size or DEFAULT_BATCH,
        spec=f"hf:{path}" + (f"?{urlencode(settings, safe='/:')}" if settings else ""),
    )


@lru_cache(maxsize=1)
def _load(name: str, device: str | None) -> LanguageModel:
    from ...models import load

    return load(name, device_map=device)


def _checked(model: LanguageModel, address: str | Address) -> Address:
    from ...models import ModelError

    try:
        return model.address(address)
    except ModelError as error:
        raise SpecError(str(error)) from error


def _check_direction(
    model: LanguageModel, address: Address, direction: np.ndarray[Any, Any] | None
) -> np.ndarray[Any, Any] | None:
    import numpy as np

    size = model.width(address)
    if direction is None:
        if address.unit is None:
            raise SpecError(
                f"{address} in {model.name} is a vector of {size} numbers; name one of them ({address}.0), "
                "or a direction to project it on (?direction=FILE)"
            )
        return None
    vector = np.asarray(direction)
    numeric = vector.dtype.kind in "fiu" and bool(np.isfinite(vector).all())
    if address.unit is not None or vector.shape != (size,) or not numeric:
        raise SpecError(
            f"expected a direction of {size} finite numbers at the address of a vector, "
            f"got {' × '.join(map(str, vector.shape)) or 'one number'} for {address}"
        )
    return vector.astype(np.float64)


def _settings(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    unknown = [key for key, _ in pairs if key not in _KEYS] or ([query] if query and not pairs else [])
    if unknown:
        raise SpecError(f"expected {', '.join(_KEYS)} after the ? of an hf spec, got {unknown[0]!r}")
    return dict(pairs)


def _pool(text: str) -> Pool:
    found = next((pool for pool in POOLS if pool == text), None)
    if found is None:
        raise SpecError(f"expected pool to be one of {', '.join(POOLS)}, got {text!r}")
    return found


def _skip(text: str) -> int:
    if not text.isdecimal():
        raise SpecError(f"expected skip to be a number of tokens, got {text!r}")
    return int(text)


def _read_direction(place: str) -> np.ndarray[Any, Any]:
    import numpy as np

    path = Path(place).expanduser()
    try:
        if path.suffix == ".npy":
            return np.asarray(np.load(path, allow_pickle=False))
        return np.asarray(json.loads(path.read_text(encoding="utf-8")), dtype=np.float64)
    except (OSError, ValueError, TypeError) as error:
        raise SpecError(f"expected a file with a vector (.npy, or a JSON list) at {path}, got: {error}") from error
