"""How the default corpus came about: texts of the embedded SmolLM2 on many subjects, filtered.

`python -m zetetic.tools.texts.generate RAW.jsonl` writes raw texts there and goes on where it was stopped (about an
hour on one core); with `--select OUT.jsonl` it then keeps the good ones.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from .selection import Draft, select
from .subjects import FORMS, SUBJECTS

if TYPE_CHECKING:
    from ...models import LanguageModel

SEED = 5
ROUNDS = 9
"""Texts asked for on each subject, each in another form."""
TEXTS = 2688
"""Of these so many are written, rounds first: all subjects in six forms and some in a seventh."""
BATCH = 64
NEW_TOKENS = 40
TEMPERATURE = 0.6


def plan(seed: int = SEED) -> list[tuple[str, str, str]]:
    """(subject, form, opening) of every text, in the order in which they are written."""
    rng = Random(seed)
    rounds: list[list[tuple[str, str, str]]] = [[] for _ in range(ROUNDS)]
    for subject in SUBJECTS:
        for number, form in enumerate(rng.sample(FORMS, ROUNDS)):
            rounds[number].append((subject, form.name, rng.choice(form.openings).format(subject)))
    return [entry for one in rounds for entry in one][:TEXTS]


def write(model: LanguageModel, entries: Sequence[tuple[str, str, str]], seed: int) -> list[Draft]:
    """One text an entry, its opening included."""
    prompts = []
    for subject, form, opening in entries:
        asked = [{"role": "user", "content": f"Write a short {form} about {subject}."}]
        head = model.tokenizer.apply_chat_template(asked, add_generation_prompt=True, tokenize=False)
        prompts.append(model.prompt(head + opening, special_tokens=False))
    found = model.generate(
        prompts, max_new_tokens=NEW_TOKENS, temperature=TEMPERATURE, seed=seed, stop=["\n"], batch_size=BATCH
    )
    return [Draft(s, f, o + g.text, g.finish != "length") for (s, f, o), g in zip(entries, found)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write what is still missing from the raw file, then select."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path)
    parser.add_argument("--select", type=Path, metavar="OUT")
    asked = parser.parse_args(arguments)
    drafts = read_drafts(asked.raw)
    entries = iter(plan()[len(drafts) :])
    if len(drafts) < len(plan()):
        from ...models import load

        model = load("smollm2")
        while batch := list(islice(entries, BATCH)):
            fresh = write(model, batch, SEED + len(drafts))
            with asked.raw.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(draft.as_row(), ensure_ascii=False) + "\n" for draft in fresh)
            drafts += fresh
            print(f"{len(drafts)} of {len(plan())} texts", file=sys.stderr)
    if asked.select is not None:
        from ...models import load_embedder

        rows = select(drafts, load_embedder())
        lines = [json.dumps({"text": d.text, "origin": d.origin}, ensure_ascii=False) + "\n" for d in rows]
        asked.select.write_text("".join(lines), encoding="utf-8")
        print(f"kept {len(rows)} of {len(drafts)} texts", file=sys.stderr)


def read_drafts(path: Path) -> list[Draft]:
    if not path.exists():
        return []
    return [Draft(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
