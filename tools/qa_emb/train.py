"""`python -m zetetic.tools.qa_emb.train --data FOLDER`: fit the embedded answerer and test it on sources left out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from .embedded import save_weights
from .features import FEATURES
from .fitting import auc, fit_answerer, leave_source_out, make_background, make_pairs, question_likeness
from .labelled import read_tasks
from .types import QAError

DEFAULT_OUT = Path(__file__).resolve().parent / "data" / "answerer.npz"


def main(arguments: list[str] | None = None) -> int:
    """Write the weights; print the AUC of every task with its source left out, and of the question's likeness."""
    parser = argparse.ArgumentParser(prog="python -m zetetic.tools.qa_emb.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with tasks.json and d3_N.csv")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="where the weights go (the package's own)")
    given = parser.parse_args(arguments)
    try:
        return _train(given.data.expanduser(), given.out.expanduser())
    except QAError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _train(data: Path, out: Path) -> int:
    from ...models.embedding import load_embedder

    tasks, embedder = read_tasks(data), load_embedder()
    background = make_background(embedder)
    pairs = make_pairs(tasks, background, embedder, say=lambda name: print(name, file=sys.stderr))
    held_out = [auc(found, task.labels) for task, found in zip(tasks, leave_source_out(pairs))]
    plain = [auc(question_likeness(task, embedder), task.labels) for task in tasks]
    for task, found, likeness in zip(tasks, held_out, plain):
        print(f"{task.name:24} {found:.3f}  likeness {likeness:.3f}")
    sources = sorted({task.source for task in tasks})
    by_source = [np.mean([a for a, task in zip(held_out, tasks) if task.source == s]) for s in sources]
    about = (
        f"fitted to {len(tasks)} labelled questions on texts of {len(sources)} sources; mean AUC "
        f"{np.mean(held_out):.3f} over questions whose source was left out ({np.mean(by_source):.3f} over sources), "
        f"against {np.mean(plain):.3f} for the likeness of question and text"
    )
    weights = fit_answerer(pairs, background, embedder, about)
    save_weights(weights, out)
    print(about)
    print("weights: " + ", ".join(f"{name} {w:+.2f}" for name, w in zip(FEATURES, weights.weights)))
    print(f"{out} ({out.stat().st_size / 1e6:.2f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
