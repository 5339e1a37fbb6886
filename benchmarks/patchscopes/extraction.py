"""Attribute extraction over the task files, beside its controls and a linear probe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...tools.patchscope.attributes import Extraction, chosen_target_layer, extract, some_target_layer
from ...tools.patchscope.comparison import estimate, interval_text
from ...tools.patchscope.probes import probe, subject_states
from ...tools.patchscope.task_files import Example
from .report import AttributesReport, LayerFigures, TaskFigures

if TYPE_CHECKING:
    from ...models import LanguageModel

SHARES = (
    "some_patched", "some_swapped", "some_unrelated", "chosen_patched", "chosen_swapped", "chosen_unrelated", "probe",
)  # fmt: skip


def pick(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """At most `count` examples, each of another subject, so that they are independent."""
    order = [examples[i] for i in np.random.default_rng(seed).permutation(len(examples))]
    by_subject = {e.subject: e for e in reversed(order)}
    return list(by_subject.values())[:count]


def spread(n_layers: int, count: int) -> list[int]:
    """At most `count` layers from the first on, evenly; the last is left out: nothing runs after a patch there."""
    return sorted({int(i) for i in np.linspace(0, n_layers - 2, min(count, n_layers - 1)).round()})


def measure_task(
    model: LanguageModel,
    examples: Sequence[Example],
    chosen: Sequence[Example],
    source_layers: Sequence[int],
    target_layers: Sequence[int],
    max_new_tokens: int,
    advance: Callable[[], object],
) -> dict[str, Any]:
    """What was right for each chosen example, as plain data. The probe learns from all `examples` of other subjects."""
    found = extract(
        model,
        chosen,
        source_layers=source_layers,
        target_layers=target_layers,
        max_new_tokens=max_new_tokens,
        advance=advance,
    )
    states = subject_states(model, examples, source_layers)
    named = probe(states, [e.answer for e in examples], [e.subject for e in examples])
    places = {e.number: i for i, e in enumerate(examples)}
    return _rights(found, named[[places[e.number] for e in chosen]])


def _rights(found: Extraction, probed: NDArray[np.bool_]) -> dict[str, Any]:
    """(examples, source layers) for each of `SHARES`, and (examples,) for the baselines."""
    subjects = [e.subject for e in found.examples]
    rights: dict[str, NDArray[np.bool_]] = {"probe": probed}
    for name in ("patched", "swapped", "unrelated"):
        right = getattr(found, name)
        rights[f"some_{name}"] = some_target_layer(right)
        rights[f"chosen_{name}"] = chosen_target_layer(right, subjects)
    kept: dict[str, Any] = {name: rights[name].astype(int).tolist() for name in SHARES}
    return kept | {
        "direct": found.direct.astype(int).tolist(),
        "unpatched": found.unpatched.astype(int).tolist(),
    }


def task_figures(task: str, kept: dict[str, Any], layers: Sequence[int]) -> TaskFigures:
    """Shares and intervals of one task (or of all, put together)."""
    rights = {name: np.array(kept[name], dtype=float) for name in SHARES}
    means = {name: right.mean(axis=1) for name, right in rights.items()}
    ours = means["chosen_patched"]
    return TaskFigures(
        task=task,
        examples=len(ours),
        by_layer=[
            LayerFigures(layer=layer, **{name: float(rights[name][:, i].mean()) for name in SHARES})
            for i, layer in enumerate(layers)
        ],
        mean_some_patched=estimate(means["some_patched"]),
        mean_chosen_patched=estimate(ours),
        mean_probe=estimate(means["probe"]),
        patched_less_swapped=estimate(ours - means["chosen_swapped"]),
        patched_less_unrelated=estimate(ours - means["chosen_unrelated"]),
        patched_less_probe=estimate(ours - means["probe"]),
        direct=float(np.mean(kept["direct"])),
        unpatched=float(np.mean(kept["unpatched"])),
    )


def attributes_report(
    model: str, tasks: dict[str, dict[str, Any]], layers: Sequence[int], targets: Sequence[int], max_new_tokens: int
) -> AttributesReport:
    """Figures of every task and of all examples together."""
    together = {
        name: [row for kept in tasks.values() for row in kept[name]] for name in (*SHARES, "direct", "unpatched")
    }
    overall = task_figures("all", together, layers) if tasks else None
    return AttributesReport(
        model=model,
        source_layers=list(layers),
        target_layers=list(targets),
        max_new_tokens=max_new_tokens,
        tasks=[task_figures(task, kept, layers) for task, kept in tasks.items()],
        overall=overall,
        verdict=_verdict(overall),
    )


def _verdict(overall: TaskFigures | None) -> str:
    if overall is None:
        return "No task was run."
    parts = []
    for name, gap in (
        ("the same question patched with another subject", overall.patched_less_swapped),
        ("the subject in a question about nothing", overall.patched_less_unrelated),
        ("the linear probe", overall.patched_less_probe),
    ):
        word = "beats" if gap.low > 0 else "falls behind" if gap.high < 0 else "does not beat"
        parts.append(f"{word} {name} ({interval_text(gap)})")
    value = overall.mean_chosen_patched.value
    return (
        f"Attribute extraction at a target layer chosen on other subjects is right in {value:.2f} of the cases, over "
        f"source layers and tasks; it {', '.join(parts)}. Asked directly, the model is right in {overall.direct:.2f}; "
        f"the unpatched question alone in {overall.unpatched:.2f}."
    )
