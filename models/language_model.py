"""A language model as the tools see it: prompts in, hidden states, logits and words out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import torch

from .activations import Activations, PositionsLike, resolve_positions
from .addresses import Address, check_address, residual, width
from .batches import DEFAULT_BATCH_SIZE, Batch, Padding, make_batches
from .blocks import Blocks
from .errors import ArchitectureError, PromptError
from .patching import PatchesLike, check_patches, edits_of
from .prompt import Limits, Message, Prompt, PromptLike, make_prompt
from .running import Runner
from .unembedding import Unembedding

if TYPE_CHECKING:
    from .generation import Generation
    from .target import PatchedTarget
    from .targets import PatchedTargets


@dataclass(frozen=True, slots=True)
class NextToken:
    """A token that may come next. `log_probability` is natural."""

    id: int
    text: str
    log_probability: float


class LanguageModel:
    """A model of transformers and its tokenizer, with its hidden states within reach.

    >>> model = load("smollm2")
    >>> states = model.capture(["The Eiffel Tower is in"], ["layers.12.residual"], positions=-1)
    >>> model.unembed(states["layers.12.residual"][0]).argmax()

    Layers count block outputs from 0; -1 is the embedding. Nothing here trains or changes the model.
    """

    def __init__(self, model: Any, tokenizer: Any = None, *, name: str | None = None) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.blocks = Blocks(model)
        if name is not None:
            self.blocks.name = name
        self.runner = Runner(model, self.blocks)
        self._unembedding = Unembedding(self.blocks)

    @property
    def name(self) -> str:
        return self.blocks.name

    @property
    def n_layers(self) -> int:
        return self.blocks.n_layers

    @property
    def d_model(self) -> int:
        """Width of the residual stream."""
        return self.blocks.d_model

    @property
    def device(self) -> torch.device:
        """Where token ids go in and captured states come out; with a device map the blocks may lie elsewhere."""
        return self.runner.device

    @property
    def dtype(self) -> torch.dtype:
        parameters: Iterator[torch.nn.Parameter] = self.model.parameters()
        return next(p.dtype for p in parameters if p.is_floating_point())

    @cached_property
    def n_tokens(self) -> int:
        """How many token ids the model knows."""
        weight = self.blocks.embedding.weight
        assert isinstance(weight, torch.Tensor)
        return int(weight.shape[0])

    @property
    def context_length(self) -> int | None:
        """Tokens a prompt may have; None where the model sets no limit."""
        config = self.blocks.config
        for name in ("max_position_embeddings", "max_seq_len", "n_positions"):
            longest = getattr(config, name, None)
            if isinstance(longest, int):
                return longest - self.runner.first_position
        return None

    @property
    def is_causal(self) -> bool:
        """Whether a token sees only what precedes it, so that the model can generate; False for BERT and its kin."""
        config = self.blocks.config
        if getattr(config, "is_decoder", None) is False and type(self.model).__name__.endswith("MaskedLM"):
            return False
        return bool(getattr(type(self.model), "can_generate", lambda: False)())

    def prompt(self, source: PromptLike, *, special_tokens: bool = True) -> Prompt:
        """Tokenize a text, the messages of a chat, or token ids. Raises `PromptError` if empty or too long."""
        limits = Limits(self.name, self.context_length, self.n_tokens)
        return make_prompt(self.tokenizer, source, special_tokens=special_tokens, limits=limits)

    def prompts(self, sources: PromptLike | Sequence[PromptLike], *, special_tokens: bool = True) -> list[Prompt]:
        """Tokenize several; a single one counts as a list of one."""
        return [self.prompt(s, special_tokens=special_tokens) for s in _as_list(sources)]

    def decode(self, ids: Sequence[int] | torch.Tensor, *, special_tokens: bool = True) -> str:
        """The text of token ids, special tokens included or not. Without a tokenizer, the ids themselves."""
        values = [int(i) for i in ids]
        if self.tokenizer is None:
            return " ".join(map(str, values))
        return str(self.tokenizer.decode(values, skip_special_tokens=not special_tokens))

    def address(self, text: str | Address) -> Address:
        """Read an address and check that this model has it."""
        return check_address(text, self.blocks)

    def width(self, address: str | Address) -> int:
        """How many numbers lie at `address`."""
        return width(self.address(address), self.blocks)

    def capture(
        self,
        prompts: PromptLike | Sequence[PromptLike],
        addresses: str | Address | Sequence[str | Address],
        positions: PositionsLike = None,
        *,
        patches: PatchesLike = None,
        batch_size: int = DEFAULT_BATCH_SIZE,
        padding: Padding = "right",
    ) -> Activations:
        """The hidden states of `prompts` at `addresses` and `positions` (None: all), raw, before any final norm.

        Computes nothing above the deepest address. With `patches`, what is captured is what they leave.
        """
        wanted = [self.address(a) for a in ([addresses] if isinstance(addresses, str | Address) else addresses)]
        made = self.prompts(prompts)
        where = resolve_positions(positions, made)
        changes = check_patches(patches, made, self.blocks)
        found: dict[Address, list[torch.Tensor]] = {a: [torch.empty(0)] * len(made) for a in wanted}
        for batch in self.batches(made, size=batch_size, padding=padding):
            asked = [where[i] for i in batch.numbers]
            edits = edits_of([changes[i] for i in batch.numbers], batch)
            read = self.runner.read(batch, wanted, batch.cells(asked), edits=edits)
            for address, states in read.items():
                parts = torch.split(states.to(self.device).clone(), [len(a) for a in asked])
                for number, part in zip(batch.numbers, parts):
                    found[address][number] = part if address.unit is None else part[:, 0]
        return Activations(tuple(made), where, {a: tuple(rows) for a, rows in found.items()})

    def batches(
        self, prompts: Sequence[Prompt], *, size: int = DEFAULT_BATCH_SIZE, padding: Padding = "right"
    ) -> Iterator[Batch]:
        """Padded batches of `prompts`, the longest first."""
        ids = [p.ids for p in prompts]
        return make_batches(ids, size=size, padding=padding, pad_id=self.pad_id, border=self.runner.length_border)

    def unembed(self, hidden: torch.Tensor) -> torch.Tensor:
        """Logits of a raw residual stream (…, d_model) → (…, vocabulary): head(norm(h)), capped as the model does.

        On the last layer these are the model's own logits; on others the logit lens.
        """
        if hidden.shape[-1:] != (self.d_model,):
            raise ArchitectureError(
                f"expected hidden states of size {self.d_model} (the hidden size of {self.name}), "
                f"got {' × '.join(map(str, hidden.shape))}; map them first"
            )
        with torch.inference_mode():
            return self._unembedding(hidden).to(self.device)

    def logits(
        self,
        prompts: PromptLike | Sequence[PromptLike],
        positions: PositionsLike = -1,
        *,
        patches: PatchesLike = None,
        batch_size: int = DEFAULT_BATCH_SIZE,
        padding: Padding = "right",
    ) -> tuple[torch.Tensor, ...]:
        """For each prompt the logits at `positions` (None: all): (positions, vocabulary)."""
        last = residual(self.n_layers - 1)
        states = self.capture(prompts, last, positions, patches=patches, batch_size=batch_size, padding=padding)
        return tuple(self.unembed(s).clone() for s in states[last])

    def next_token(
        self,
        prompts: PromptLike | Sequence[PromptLike],
        *,
        top: int = 5,
        patches: PatchesLike = None,
        batch_size: int = DEFAULT_BATCH_SIZE,
    ) -> list[list[NextToken]]:
        """For each prompt the `top` most likely next tokens, the likeliest first."""
        found = []
        for logits in self.logits(prompts, patches=patches, batch_size=batch_size):
            best = torch.log_softmax(logits[-1].float(), -1).topk(min(top, logits.shape[-1]))
            pairs = zip(best.indices.tolist(), best.values.tolist())
            found.append([NextToken(i, self.decode([i]), value) for i, value in pairs])
        return found

    def choice_log_probabilities(
        self,
        prompts: PromptLike | Sequence[PromptLike],
        choices: Sequence[str],
        *,
        batch_size: int = DEFAULT_BATCH_SIZE,
    ) -> torch.Tensor:
        """(prompts, choices): the natural log-probability of each choice after each prompt, without generating.

        Many questions on one text cost little: what the prompts begin with in common is run once. Mind a leading
        space in `choices`, such as " yes".
        """
        from .choices import choice_log_probabilities

        return choice_log_probabilities(self, self.prompts(prompts), choices, batch_size=batch_size)

    def log_probabilities(
        self,
        prompts: PromptLike | Sequence[PromptLike],
        continuations: Sequence[str],
        *,
        batch_size: int = DEFAULT_BATCH_SIZE,
    ) -> list[torch.Tensor]:
        """For each prompt, the natural log-probabilities of the tokens of its own continuation."""
        from .choices import continuation_ids, continuation_log_probabilities

        made = self.prompts(prompts)
        if len(made) != len(continuations):
            raise PromptError(f"expected a continuation for each of {len(made)} prompts, got {len(continuations)}")
        ids = [continuation_ids(self, p, c) for p, c in zip(made, continuations)]
        return continuation_log_probabilities(self, made, ids, batch_size=batch_size)

    def generate(
        self,
        prompts: PromptLike | Sequence[PromptLike],
        *,
        max_new_tokens: int = 50,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int = 0,
        stop: str | Sequence[str] = (),
        patches: PatchesLike = None,
        batch_size: int = DEFAULT_BATCH_SIZE,
    ) -> list[Generation]:
        """Continue each prompt: greedily at temperature 0, else sampled from the `top_p` share, the same for a `seed`.

        `patches` are made once, while the prompt is read, and live on in keys and values. See `generation.generate`.
        """
        from .generation import Sampling, generate

        return generate(
            self,
            self.prompts(prompts),
            max_new_tokens=max_new_tokens,
            sampling=Sampling(temperature, top_p, seed),
            stop=stop,
            patches=patches,
            batch_size=batch_size,
        )

    def target(self, prompt: PromptLike, position: int = -1) -> PatchedTarget:
        """`prompt`, ready for many patches at one position: next tokens and continuations of a whole grid at once."""
        return self.targets.target(prompt, position)

    @cached_property
    def targets(self) -> PatchedTargets:
        """How targets are run in this model (`method`), and where not block by block, why (`reason`)."""
        from .targets import PatchedTargets

        return PatchedTargets(self)

    @cached_property
    def end_ids(self) -> frozenset[int]:
        """The token ids that end a text."""
        found: set[int] = set()
        for source in (getattr(self.model, "generation_config", None), self.blocks.config, self.tokenizer):
            ends = getattr(source, "eos_token_id", None)
            found |= {ends} if isinstance(ends, int) else set(ends or ())
        return frozenset(found)

    @property
    def pad_id(self) -> int:
        """The token id that fills short rows; what it is does not matter, for it is masked."""
        for name in ("pad_token_id", "eos_token_id"):
            found = getattr(self.tokenizer, name, None)
            if isinstance(found, int) and found < self.n_tokens:
                return found
        return 0


def _as_list(sources: PromptLike | Sequence[PromptLike]) -> list[PromptLike]:
    if isinstance(sources, str | Prompt):
        return [sources]
    found = list(cast("Sequence[Any]", sources))
    single = bool(found) and isinstance(found[0], int | Mapping)
    return [cast("Sequence[int] | Sequence[Message]", found)] if single else found
