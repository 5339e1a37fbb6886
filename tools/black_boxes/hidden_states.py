"""A place in a language model as a text module, pooled over the tokens of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, final

import numpy as np

from .readouts import Direction, Readout
from .texts import LONGEST_TEXT, PRINTABLE, WINDOW, WINDOW_ON_ACCELERATOR, TextBox, batches_by_length
from .types import Failure, Input, Reply, Signature, SpecError, TextDomain, TokenValue

if TYPE_CHECKING:
    import torch

    from ...models import Address, LanguageModel, Prompt

Pool = Literal["mean", "max", "last"]
POOLS: tuple[Pool, ...] = ("mean", "max", "last")
BATCH_TOKENS, BATCH_TOKENS_ON_ACCELERATOR = 512, 16_384
"""Tokens in one batch, padding included. One core gains nothing by more, and past its caches it loses."""

_Asked = tuple["Prompt", tuple[int, ...]]


@final
class HiddenStateBox:
    """A place in a language model, asked with texts. A vector becomes a number by `direction` (the dot product) or by
    `readout` (a latent of a dictionary). `prefix` is put before every text; its tokens are not pooled over.

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
        prefix: str = "",
        direction: np.ndarray[Any, Any] | None = None,
        readout: Readout | None = None,
        domain: TextDomain | None = None,
        batch_size: int | None = None,
        spec: str | None = None,
    ) -> None:
        if pool not in POOLS:
            raise SpecError(f"expected pool to be one of {', '.join(POOLS)}, got {pool!r}")
        if skip < 0:
            raise SpecError(f"expected skip to be 0 or more tokens, got {skip}")
        if prefix and not getattr(model.tokenizer, "is_fast", False):
            raise SpecError(f"a prefix needs a tokenizer that knows offsets; {model.name}'s does not, so leave it")
        self._model = model
        self._address = check_address(model, address)
        self._readout = _check_readout(model, self._address, direction, readout)
        self._pool = pool
        self._skip = skip
        self._prefix = prefix
        self._rows = batch_size
        on_cpu = model.device.type == "cpu"
        self._batch_tokens = BATCH_TOKENS if on_cpu else BATCH_TOKENS_ON_ACCELERATOR
        longest = min(LONGEST_TEXT, (model.context_length or LONGEST_TEXT) - len(prefix) - 2)
        self._box = TextBox(
            spec or f"hf:{model.name}/{self._address}?pool={pool}&skip={skip}",
            self._measure,
            domain=domain or TextDomain(PRINTABLE, max(1, longest)),
            window=WINDOW if on_cpu else WINDOW_ON_ACCELERATOR,
        )

    @property
    def model(self) -> LanguageModel:
        """Whose place it is."""
        return self._model

    @property
    def spec(self) -> str:
        return self._box.spec

    @property
    def signature(self) -> Signature:
        return self._box.signature

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`. A text that is empty or longer than the model's context fails by itself."""
        return self._box.ask(inputs)

    def close(self) -> None:
        """Nothing to let go of: the model may be in use elsewhere."""

    def token_values(self, text: str) -> list[TokenValue]:
        """See `TokenLevel`. With the pool `last`, the response is the value at the last of these tokens."""
        asked = self._prepare(text)
        if isinstance(asked, Failure) or asked[0].offsets is None:
            return []
        prompt, _ = asked
        positions = self._own(prompt)[self._skip :]
        [values] = self._numbers([(prompt, positions)])
        before = len(self._prefix)
        spans = [(max(0, start - before), end - before) for start, end in (asked[0].offsets[i] for i in positions)]
        return [TokenValue(start, end, value) for (start, end), value in zip(spans, values.tolist())]

    def _measure(self, texts: Sequence[str]) -> list[float | Failure]:
        import torch

        prepared = [self._prepare(text) for text in texts]
        asked = [(i, found) for i, found in enumerate(prepared) if not isinstance(found, Failure)]
        values: list[float | Failure] = [found if isinstance(found, Failure) else 0.0 for found in prepared]
        lengths = [len(prompt) for _, (prompt, _) in asked]
        for batch in batches_by_length(lengths, most_tokens=self._batch_tokens, most_rows=self._rows):
            numbers = self._numbers([asked[i][1] for i in batch])
            pooled = torch.stack([n.max() if self._pool == "max" else n.mean() for n in numbers])
            for i, value in zip(batch, pooled.tolist()):
                values[asked[i][0]] = value
        return values

    def _prepare(self, text: str) -> _Asked | Failure:
        """The prompt of one text and the positions to look at; or why it cannot be asked."""
        from ...models import PromptError

        if not text:
            return Failure("raised", "expected a text of at least one token, got an empty one")
        try:
            prompt = self._model.prompt(self._prefix + text)
        except PromptError as error:
            return Failure("raised", str(error))
        own = self._own(prompt)
        if len(own) <= self._skip:
            return Failure("raised", f"expected a text of more than {self._skip} tokens, got {len(own)}")
        return prompt, own[-1:] if self._pool == "last" else own[self._skip :]

    def _own(self, prompt: Prompt) -> tuple[int, ...]:
        """The positions of the text's own tokens, without those of the prefix and those that the tokenizer adds."""
        if prompt.offsets is None:
            return tuple(range(len(prompt)))
        before = len(self._prefix)
        return tuple(i for i, (start, end) in enumerate(prompt.offsets) if start < end and end > before)

    def _numbers(self, asked: Sequence[_Asked]) -> Sequence[torch.Tensor]:
        """For each prompt its numbers at the positions, in double precision. One batch."""
        import torch

        states = self._model.capture(
            [prompt for prompt, _ in asked], self._address, [where for _, where in asked], batch_size=len(asked)
        )[self._address]
        if self._readout is None:
            return [state.double() for state in states]
        return torch.split(self._readout(torch.cat(states)), [len(state) for state in states])


def check_address(model: LanguageModel, address: str | Address) -> Address:
    """The address, if the model has it; else `SpecError`."""
    from ...models import ModelError

    try:
        return model.address(address)
    except ModelError as error:
        raise SpecError(str(error)) from error


def _check_readout(
    model: LanguageModel, address: Address, direction: np.ndarray[Any, Any] | None, readout: Readout | None
) -> Readout | None:
    """What makes a number of what lies at `address`, if it is not one already."""
    size = model.width(address)
    if direction is not None and readout is not None:
        raise SpecError("expected a direction or a readout, got both; leave one out")
    if readout is not None:
        if address.unit is not None or readout.width != size:
            raise SpecError(
                f"expected a readout of {size} numbers at the address of a vector, got one of {readout.width} "
                f"for {address}"
            )
        return readout
    if direction is None:
        if address.unit is None:
            raise SpecError(
                f"{address} in {model.name} is a vector of {size} numbers; name one of them ({address}.0), "
                "a direction to project it on (?direction=FILE), or a latent (?dictionary=FILE&latent=0)"
            )
        return None
    vector = np.asarray(direction)
    numeric = vector.dtype.kind in "fiu" and bool(np.isfinite(vector).all())
    if address.unit is not None or vector.shape != (size,) or not numeric:
        raise SpecError(
            f"expected a direction of {size} finite numbers at the address of a vector, "
            f"got {' × '.join(map(str, vector.shape)) or 'one number'} for {address}"
        )
    return Direction(vector.astype(np.float64))
