"""One answerer's figures over tasks, and the published ones of language models on the same questions."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...tools.qa_emb.fitting import auc
from ...tools.qa_emb.labelled import LabelledTask
from ...tools.qa_emb.types import Floats
from .report import AnswererFigures

RESAMPLES = 1000


def figures_of(
    name: str, tasks: Sequence[LabelledTask], said: Sequence[Floats], *, decides: bool = True
) -> AnswererFigures:
    """Means over tasks. `decides`: whether above 0.5 means yes, so that accuracy means something."""
    aucs = np.array([auc(values, task.labels) for task, values in zip(tasks, said)])
    sources = np.array([task.source for task in tasks])
    low, high = _interval(aucs, sources)
    right = [(values > 0.5) == (task.labels == 1) for task, values in zip(tasks, said)]
    balanced = [
        np.mean([np.mean(hits[task.labels == k]) for k in (0, 1) if (task.labels == k).any()])
        for hits, task in zip(right, tasks)
    ]
    return AnswererFigures(
        name=name,
        tasks=len(tasks),
        pairs=sum(len(task.texts) for task in tasks),
        auc=float(np.nanmean(aucs)),
        low=low,
        high=high,
        auc_by_source=float(np.mean([np.nanmean(aucs[sources == s]) for s in np.unique(sources)])),
        accuracy=float(np.mean([hits.mean() for hits in right])) if decides else None,
        balanced_accuracy=float(np.mean(balanced)) if decides else None,
    )


def _interval(aucs: Floats, sources: Floats) -> tuple[float, float]:
    """Of the mean over tasks, when whole sources are drawn anew."""
    rng = np.random.default_rng(0)
    members = [aucs[sources == s] for s in np.unique(sources)]
    means = [
        np.nanmean(np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))]))
        for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def published(path: Path) -> list[AnswererFigures]:
    """Accuracy of each language model whose answers are published for these tasks; without the file, none."""
    if not path.is_file():
        return []
    rows: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["model"]][row["task"]].append((int(row["label"]), int(row["pred"])))
    found = []
    for model, by_task in sorted(rows.items()):
        accuracy = [np.mean([label == said for label, said in pairs]) for pairs in by_task.values()]
        balanced = [
            np.mean(
                [np.mean([said == k for label, said in pairs if label == k]) for k in {label for label, _ in pairs}]
            )
            for pairs in by_task.values()
        ]
        found.append(
            AnswererFigures(
                name=f"{model} (published answers)",
                tasks=len(by_task),
                pairs=sum(map(len, by_task.values())),
                auc=None,
                low=None,
                high=None,
                auc_by_source=None,
                accuracy=float(np.mean(accuracy)),
                balanced_accuracy=float(np.mean(balanced)),
            )
        )
    return found
