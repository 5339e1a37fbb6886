"""A sequence classifier's class probability, with tiny models of random weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from zetetic.tools.black_boxes import BlackBox, SpecError, open_box
from zetetic.tools.black_boxes.classifier import Classifier, classifier_box, load_classifier

TEXTS = ["one", "two words", "a", "the longest of these", "b" * 30]
SIZES: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "vocab_size": 260,
    "max_position_embeddings": 40,
}


def make_tokenizer(pads: bool = True) -> Any:
    """Tokens are bytes, with a mark at the beginning."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(["<cls>", "<pad>", *alphabet])}, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.post_processor = processors.TemplateProcessing(single="<cls> $A", special_tokens=[("<cls>", 0)])
    return PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="<pad>" if pads else None)


def make_model(kind: str = "Bert", **changes: Any) -> Any:
    import transformers

    torch.manual_seed(0)
    config = getattr(transformers, f"{kind}Config")(**SIZES, pad_token_id=None if kind == "Llama" else 1, **changes)
    model = getattr(transformers, f"{kind}ForSequenceClassification")(config).eval()
    for parameter in model.parameters():
        parameter.data += torch.randn_like(parameter) * 0.2
    return model


NAMED = {"id2label": {0: "sad", 1: "calm", 2: "happy"}, "label2id": {"sad": 0, "calm": 1, "happy": 2}}


def values(box: BlackBox, texts: Sequence[str] = TEXTS) -> list[Any]:
    return [reply.value for reply in box.ask(texts)]


def alone(model: Any, tokenizer: Any, text: str) -> Any:
    """The slow reference: one text, no padding."""
    with torch.inference_mode():
        return model(input_ids=torch.tensor([tokenizer(text)["input_ids"]])).logits[0].double()


@pytest.mark.parametrize(("kind", "pads"), [("Bert", True), ("Roberta", True), ("Llama", True), ("Llama", False)])
def test_batches_agree_with_one_at_a_time(kind: str, pads: bool) -> None:
    model, tokenizer = make_model(kind, **NAMED), make_tokenizer(pads)
    classifier = Classifier(model, tokenizer, "tiny")
    logits = [alone(model, tokenizer, text) for text in TEXTS]
    found = values(classifier_box(classifier, "calm"))
    assert found == pytest.approx([float(row.softmax(-1)[1]) for row in logits], abs=1e-5)
    raw = values(classifier_box(classifier, "HAPPY", reading="logit"))
    assert raw == pytest.approx([float(row[2]) for row in logits], abs=1e-5)


@pytest.mark.parametrize(
    "changes", [{"num_labels": 1}, {"num_labels": 2, "problem_type": "multi_label_classification"}]
)
def test_independent_classes_have_probabilities_of_their_own(changes: dict[str, Any]) -> None:
    model, tokenizer = make_model(**changes), make_tokenizer()
    label = None if changes["num_labels"] == 1 else "0"
    found = values(classifier_box(Classifier(model, tokenizer, "tiny"), label))
    assert found == pytest.approx([float(alone(model, tokenizer, text).sigmoid()[0]) for text in TEXTS], abs=1e-5)


@pytest.mark.parametrize("kind", ["Bert", "Roberta"])
def test_a_text_longer_than_the_context_fails_alone_or_is_cut(kind: str) -> None:
    classifier = Classifier(make_model(kind, **NAMED), make_tokenizer(), "tiny")
    replies = list(classifier_box(classifier, "sad").ask(["fine", "x" * 100, "fine too"]))
    assert [reply.failure and reply.failure.kind for reply in replies] == [None, "raised", None]
    longest = classifier.longest
    assert longest is not None
    assert f"at most {longest} tokens (the context of tiny), got 101" in str(replies[1].failure)
    cut = classifier_box(classifier, "sad", cut=True)
    [long, fitting] = values(cut, ["x" * 100, "x" * (longest - 1)])
    assert long == pytest.approx(fitting, abs=1e-6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from zetetic.models.bars import no_bars

    place = tmp_path_factory.mktemp("models") / "tiny"
    with no_bars():
        make_model(**NAMED).save_pretrained(place)
        make_tokenizer().save_pretrained(place)
    return place


def test_a_spec_opens_it_and_its_own_spec_opens_it_again(folder: Path) -> None:
    load_classifier.cache_clear()
    box = open_box(f"classifier:{folder}?label=happy&as=logit")
    assert box.signature.is_text_module
    again = open_box(box.spec)
    assert again.spec == box.spec
    assert values(again) == values(box)
    assert values(open_box(f"classifier:{folder}?label=2&as=logit&long=cut")) == pytest.approx(values(box), abs=1e-6)
    assert load_classifier.cache_info().misses == 1
    load_classifier.cache_clear()


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        ("{folder}", "expected a label of tiny (sad, calm, happy), got none; write ?label=happy"),
        ("{folder}?label=angry", "(sad, calm, happy), got 'angry'"),
        ("{folder}?label=3", "(sad, calm, happy), got '3'"),
        ("{folder}?label=sad&as=odds", "expected as to be one of probability, logit, got 'odds'"),
        ("{folder}?label=sad&long=yes", "expected long to be one of fail, cut"),
        ("{folder}?class=sad", "expected label, as, long, device after the ? of a classifier spec"),
        ("/no/such/folder?label=0", "there is no folder /no/such/folder"),
        ("{folder}/..?label=0", "could not be loaded as a classifier"),
    ],
)
def test_a_spec_that_names_nothing_says_what_to_do(folder: Path, rest: str, says: str) -> None:
    with pytest.raises(SpecError) as raised:
        open_box("classifier:" + rest.format(folder=folder))
    assert says in str(raised.value)


def test_a_hub_that_may_not_be_asked_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(SpecError, match="the environment variable HF_HUB_OFFLINE forbids"):
        open_box("classifier:owner/none?label=0")


def test_a_model_that_is_no_classifier_is_refused(tmp_path: Path) -> None:
    import transformers

    from zetetic.models.bars import no_bars

    with no_bars():
        transformers.BertModel(transformers.BertConfig(**SIZES)).save_pretrained(tmp_path)
    with pytest.raises(SpecError, match=r"expected a sequence classifier, got .* \(BertModel\)"):
        open_box(f"classifier:{tmp_path}?label=0")
