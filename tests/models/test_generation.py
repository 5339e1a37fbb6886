"""Generation: the cache changes nothing, a patch is made once and lives on, and it ends where it should."""

from __future__ import annotations

import pytest
import torch

from zetetic.models import ArchitectureError, Patch, PromptError
from zetetic.models.generation import LEAST_SHARED, Sampling


def vector(seed=0):
    return 4 * torch.randn(32, generator=torch.Generator().manual_seed(seed))


def by_hand(model, ids, n, patches=()):
    """Greedy, without a cache: the whole text anew for every token, patched at the same places."""
    ids = list(ids)
    written = []
    for _ in range(n):
        token = int(model.logits([ids], patches=list(patches))[0][-1].argmax())
        ids.append(token)
        written.append(token)
        if token in model.end_ids:
            break
    return tuple(written)


def test_a_cache_and_a_batch_change_nothing(decoder, prompts):
    rows = prompts()
    together = decoder.generate(rows, max_new_tokens=10, batch_size=3)
    for ids, found in zip(rows, together):
        assert found.ids == by_hand(decoder, ids, 10)


@pytest.mark.parametrize("layer", [-1, 0, 1, 2])
@pytest.mark.parametrize("position", [2, -1])
def test_a_patch_is_made_once_and_lives_on_through_the_cache(typical, prompts, layer, position):
    """Pitfalls 6 and 7: the same with and without a cache, at a middle and the last position."""
    [ids] = prompts(6)
    patch = Patch(layer, position % 6, vector(layer + 2))
    [found] = typical.generate([ids], max_new_tokens=8, patches=[Patch(layer, position, patch.values)])
    assert found.ids == by_hand(typical, ids, 8, [patch])


def test_patched_rows_do_what_they_do_alone(typical, prompts):
    """Prompts of one length that begin alike share that beginning; others are padded on the left."""
    [ids] = prompts(9)
    for rows in ([ids] * 3, [ids, ids[2:], ids[:1]]):
        patches = [[Patch(i % 3, len(row) - 1, vector(i))] for i, row in enumerate(rows)]
        together = typical.generate(rows, max_new_tokens=6, patches=patches)
        for row, own, found in zip(rows, patches, together):
            assert found.ids == by_hand(typical, row, 6, own)
    assert len({found.ids for found in typical.generate([ids] * 3, max_new_tokens=6, patches=patches)}) > 1


def test_a_shared_beginning_is_read_once(tiny, prompts, count_calls):
    model = tiny("llama")
    [ids] = prompts(9)
    sizes = []
    handle = model.blocks.embedding.register_forward_pre_hook(lambda _, args: sizes.append(tuple(args[0].shape)))
    try:
        model.generate([ids] * 3, max_new_tokens=1, patches=[[Patch(1, 7, vector(i))] for i in range(3)])
        model.generate([ids] * 3, max_new_tokens=1, patches=[[Patch(1, 1, vector(i))] for i in range(3)])
    finally:
        handle.remove()
    assert LEAST_SHARED <= 7
    assert sizes == [(1, 7), (3, 2), (3, 9)]


def test_keys_and_values_below_the_patch_stay_as_they_were(typical, prompts):
    """Pitfall 6: at the patched position, layers up to the patched one keep the placeholder's keys and values."""
    from transformers import DynamicCache

    from zetetic.models.batches import make_batches
    from zetetic.models.patching import check_patches, edits_of
    from zetetic.models.prompt import Prompt

    [ids] = prompts(6)
    caches = []
    for patches in ([], [Patch(1, 3, vector())]):
        [batch] = make_batches([ids])
        edits = edits_of(check_patches(patches, [Prompt(tuple(ids))], typical.blocks), batch)
        cache = DynamicCache(config=typical.blocks.config)
        last = typical.address("layers.2")
        typical.runner.read(batch, [last], batch.cells([[5]]), edits=edits, cache=cache)
        caches.append(cache)
    plain, patched = caches
    for layer in (0, 1):
        assert torch.equal(plain.layers[layer].keys, patched.layers[layer].keys)
        assert torch.equal(plain.layers[layer].values, patched.layers[layer].values)
    changed = (plain.layers[2].values - patched.layers[2].values).abs().amax(dim=(0, 1, 3))
    assert bool((changed > 1e-4)[3 - len(ids)]), "counted from the end: a window keeps no more than it needs"


def test_rows_that_end_early_leave_and_the_others_go_on(tiny, prompts):
    model = tiny("llama")
    rows = prompts(4, 5, 6, 7, 3, 2)
    alone = [model.generate([ids], max_new_tokens=12)[0] for ids in rows]
    stop = [model.decode(found.ids[i : i + 1]) for i, found in enumerate(alone[:5])]
    stop = [s for s in stop if s and "\ufffd" not in s] or ["a"]
    together = model.generate(rows, max_new_tokens=12, stop=stop)
    single = [model.generate([ids], max_new_tokens=12, stop=stop)[0] for ids in rows]
    assert [f.ids for f in together] == [f.ids for f in single]
    assert len({len(f.ids) for f in together}) > 1


def test_a_stop_string_ends_the_text_before_it(tiny):
    model = tiny("llama")
    [free] = model.generate(["some text"], max_new_tokens=30)
    text = free.text
    stop = next(text[i : i + 2] for i in range(3, len(text) - 2) if "\ufffd" not in text[i : i + 2])
    [found] = model.generate(["some text"], max_new_tokens=30, stop=stop)
    assert found.finish == "stop"
    assert found.text == text[: text.index(stop)]
    assert stop not in found.text


def test_the_end_of_text_token_ends_it(raw, tokenizer):
    from zetetic.models import LanguageModel

    model = LanguageModel(raw("llama"), tokenizer)
    [free] = model.generate([[5, 6, 7]], max_new_tokens=6)
    end = free.ids[2]
    model.model.generation_config.eos_token_id = [2, end]
    again = LanguageModel(model.model, tokenizer)
    [found] = again.generate([[5, 6, 7]], max_new_tokens=6)
    assert found.finish == "end"
    assert found.ids == free.ids[: free.ids.index(end) + 1]


@pytest.mark.parametrize("kind", ["gpt2", "llama", "opt"])
def test_the_context_is_filled_and_not_overrun(tiny, prompts, kind):
    model = tiny(kind)
    [long, short] = model.generate(prompts(62, 3), max_new_tokens=10)
    assert (long.finish, len(long.ids)) == ("context", 3)
    assert short.finish == "length"
    [full] = model.generate(prompts(64), max_new_tokens=10)
    assert (full.finish, len(full.ids)) == ("context", 1)


def test_samples_depend_on_the_seed_and_the_row_but_not_on_the_batches(tiny, prompts):
    model = tiny("llama")
    rows = prompts(5) * 6
    options = {"max_new_tokens": 8, "temperature": 1.0}
    first = [f.ids for f in model.generate(rows, seed=3, **options)]
    assert first == [f.ids for f in model.generate(rows, seed=3, batch_size=2, **options)]
    assert first != [f.ids for f in model.generate(rows, seed=4, **options)]
    assert len(set(first)) == 6


def test_sampling_follows_the_probabilities_and_top_p_cuts_the_tail():
    logits = torch.tensor([[0.5, 0.3, 0.15, 0.05]]).log().expand(2000, 4)
    sampling = Sampling(temperature=1.0, seed=1)
    picks = torch.tensor(sampling.pick(logits, [sampling.stream(i) for i in range(2000)]))
    shares = torch.bincount(picks, minlength=4) / 2000
    torch.testing.assert_close(shares, logits[0].exp(), atol=0.04, rtol=0.0)
    nucleus = Sampling(temperature=1.0, top_p=0.79)
    assert set(nucleus.pick(logits, [nucleus.stream(i) for i in range(2000)])) == {0, 1}
    narrow = Sampling(temperature=1.0, top_p=0.01)
    assert set(narrow.pick(logits[:50], [narrow.stream(i) for i in range(50)])) == {0}
    cold = Sampling(temperature=0.05)
    assert set(cold.pick(logits[:50], [cold.stream(i) for i in range(50)])) == {0}


def test_a_chat_is_continued_after_the_assistants_mark(tiny):
    [found] = tiny("llama").generate([[{"role": "user", "content": "Hi"}]], max_new_tokens=2)
    assert found.prompt.text == "[user] Hi\n[assistant] "
    assert len(found.ids) == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"max_new_tokens": 0}, "max_new_tokens of 1 or more, got 0"),
        ({"temperature": -1}, "temperature of 0"),
        ({"temperature": float("nan")}, "temperature of 0"),
        ({"top_p": 0}, "top_p above 0"),
        ({"stop": ""}, "stop strings of at least one character"),
        ({"stop": ["x", ""]}, "stop strings of at least one character"),
    ],
)
def test_options_that_make_no_sense_are_refused(tiny, options, says):
    if options == {"stop": ""}:
        options = {"stop": ("",)}
    with pytest.raises(PromptError, match=says):
        tiny("llama").generate(["x"], **options)


@pytest.mark.parametrize("kind", ["bert", "roberta", "distilbert"])
def test_an_encoder_does_not_generate(tiny, kind):
    with pytest.raises(ArchitectureError, match=r"expected a model that generates.*sees both sides"):
        tiny(kind).generate(["x"])
