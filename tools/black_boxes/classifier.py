"""`classifier:MODEL?label=POSITIVE`: what a sequence classifier of transformers says of a text.

MODEL is a folder or a hub id. `label` is the name or the number of a class (a model with one output needs none);
`as` is `probability` (the default) or `logit`; `long` is what becomes of a text longer than the context: `fail` (the
default) or `cut`; `device` is where the model goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ...models.bars import no_bars
from ...models.errors import LoadError
from .options import OpenOptions
from .settings import one_of, split_spec, write_settings
from .texts import WINDOW, WINDOW_ON_ACCELERATOR, TextBox, batches_by_length
from .types import Failure, SpecError, TextDomain

Reading = Literal["probability", "logit"]
BATCH_TOKENS, BATCH_TOKENS_ON_ACCELERATOR = 512, 16_384
"""Tokens in one batch, padding included."""
_KEYS = ("label", "as", "long", "device")
_LONGEST = 1_000_000
"""Tokenizers that know no limit say one above this."""
_NUMBERED_AFTER_PADDING = ("roberta", "xlm-roberta", "camembert", "longformer")
"""Kinds of models whose positions begin after the number of the padding token."""


class Classifier:
    """A sequence classifier and its tokenizer: texts → logits, batched by length."""

    def __init__(self, model: Any, tokenizer: Any, name: str) -> None:
        self.name = name
        self._model, self._tokenizer = model.eval(), tokenizer
        self._pads = tokenizer.pad_token_id is not None
        if self._pads and model.config.pad_token_id is None:
            model.config.pad_token_id = tokenizer.pad_token_id
        self.longest = _longest(model.config, tokenizer)

    @property
    def on_cpu(self) -> bool:
        return str(self._model.device.type) == "cpu"

    @property
    def labels(self) -> list[str]:
        config = self._model.config
        return [str(config.id2label.get(i, i)) for i in range(config.num_labels)]

    @property
    def independent(self) -> bool:
        """Whether each class has a probability of its own."""
        return len(self.labels) == 1 or self._model.config.problem_type == "multi_label_classification"

    def number_of(self, label: str | None) -> int:
        """The class that `label` names. `SpecError` with the names there are."""
        known = self.labels
        if label is None and len(known) == 1:
            return 0
        folded = [name.casefold() for name in known]
        if label is not None and folded.count(label.casefold()) == 1:
            return folded.index(label.casefold())
        if label is not None and label.isdecimal() and int(label) < len(known):
            return int(label)
        got = "none" if label is None else repr(label)
        raise SpecError(f"expected a label of {self.name} ({', '.join(known)}), got {got}; write ?label={known[-1]}")

    def measure(self, texts: Sequence[str], number: int, reading: Reading, *, cut: bool) -> list[float | Failure]:
        """The logit or the probability of class `number` for each text."""
        encoded = self._tokenizer(list(texts), truncation=cut, max_length=self.longest if cut else None, verbose=False)
        ids: list[list[int]] = encoded["input_ids"]
        values: list[float | Failure] = [self._trouble(len(row)) or 0.0 for row in ids]
        asked = [i for i, value in enumerate(values) if not isinstance(value, Failure)]
        lengths = [len(ids[i]) for i in asked]
        rows = None if self._pads else 1
        most = BATCH_TOKENS if self.on_cpu else BATCH_TOKENS_ON_ACCELERATOR
        for batch in batches_by_length(lengths, most_tokens=most, most_rows=rows):
            numbers = [asked[i] for i in batch]
            for i, value in zip(numbers, self._values([ids[i] for i in numbers], number, reading)):
                values[i] = value
        return values

    def _trouble(self, length: int) -> Failure | None:
        if not length:
            return Failure("raised", "expected a text of at least one token, got an empty one")
        if self.longest is not None and length > self.longest:
            return Failure(
                "raised",
                f"expected a text of at most {self.longest} tokens (the context of {self.name}), got {length}; "
                "shorten it, or open the classifier with long=cut",
            )
        return None

    def _values(self, rows: Sequence[list[int]], number: int, reading: Reading) -> list[float]:
        import torch

        longest = max(map(len, rows))
        ids = torch.full((len(rows), longest), self._tokenizer.pad_token_id or 0)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(row)
            mask[i, : len(row)] = 1
        device = self._model.device
        with torch.inference_mode():
            logits = self._model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits.double()
        if reading == "probability":
            logits = logits.sigmoid() if self.independent else logits.softmax(-1)
        return [float(value) for value in logits[:, number].tolist()]


def _longest(config: Any, tokenizer: Any) -> int | None:
    """How many tokens a text may have; None where nobody says."""
    positions = getattr(config, "max_position_embeddings", None)
    if isinstance(positions, int) and config.model_type in _NUMBERED_AFTER_PADDING:
        positions -= (config.pad_token_id or 0) + 1
    stated = [n for n in (positions, tokenizer.model_max_length) if isinstance(n, int) and 0 < n < _LONGEST]
    return min(stated, default=None)


def classifier_box(
    classifier: Classifier,
    label: str | None = None,
    *,
    reading: Reading = "probability",
    cut: bool = False,
    spec: str | None = None,
    domain: TextDomain | None = None,
) -> TextBox:
    """The text module text → probability (or logit) of one class."""
    number = classifier.number_of(label)

    def measure(texts: Sequence[str]) -> list[float | Failure]:
        return classifier.measure(texts, number, reading, cut=cut)

    said = f"classifier:{classifier.name}?label={classifier.labels[number]}&as={reading}"
    window = WINDOW if classifier.on_cpu else WINDOW_ON_ACCELERATOR
    return TextBox(spec or said, measure, domain=domain, window=window)


def open_box(rest: str, options: OpenOptions) -> TextBox:
    """Open `MODEL?label=…`. Loads the model; two boxes on one model in a row share it."""
    domain = options.text_domain("a classifier")
    name, settings = split_spec(rest, _KEYS, "a classifier")
    wanted = one_of(settings.get("as", "probability"), "as", ("probability", "logit"))
    reading: Reading = "logit" if wanted == "logit" else "probability"
    cut = one_of(settings.get("long", "fail"), "long", ("fail", "cut")) == "cut"
    classifier = load_classifier(name, settings.get("device"))
    spec = f"classifier:{name}{write_settings(settings)}"
    return classifier_box(classifier, settings.get("label"), reading=reading, cut=cut, spec=spec, domain=domain)


@lru_cache(maxsize=1)
def load_classifier(name: str, device: str | None = None) -> Classifier:
    """A classifier from a folder or the hub. `SpecError` where there is none."""
    from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

    from ...models.loading import _hub_options  # asks the hub once, where transformers tries for half a minute

    folder = Path(name).expanduser()
    if not folder.is_dir() and (folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1):
        raise SpecError(f"there is no folder {name}; pass a folder with a classifier, or a hub id (owner/name)")
    place = str(folder) if folder.is_dir() else name
    try:
        options: dict[str, Any] = {"local_files_only": True} if folder.is_dir() else _hub_options(name)
        with no_bars():
            config = AutoConfig.from_pretrained(place, **options)
            if not any("SequenceClassification" in kind for kind in config.architectures or ()):
                made = ", ".join(config.architectures or ()) or "nothing that says what it is"
                raise SpecError(f"expected a sequence classifier, got {name} ({made}); for its insides write hf:{name}")
            tokenizer = AutoTokenizer.from_pretrained(place, **options)
            model = AutoModelForSequenceClassification.from_pretrained(place, device_map=device, **options)
    except LoadError as error:
        raise SpecError(str(error)) from error
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        said = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        raise SpecError(
            f"{name!r} could not be loaded as a classifier: {said.strip().rstrip('.')}; pass a folder that "
            "transformers wrote, or the id of a model on a hub that can be reached"
        ) from error
    return Classifier(model, tokenizer, folder.resolve().name if folder.is_dir() else name)
