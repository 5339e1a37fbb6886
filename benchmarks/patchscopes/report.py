"""The figures of the Patchscopes benchmark: means by layer with bands, differences with intervals, verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ...tools.patchscope.comparison import Estimate, bands, estimate, interval_text
from .next_token import LOGIT_LENS, METHODS, TOKEN_IDENTITY, TUNED_LENS, Kind, Measured, Method

BAR = 0.15
"""By how much token identity is to beat the logit lens in mean precision@1 over layers."""
_STRICT = ConfigDict(extra="forbid", frozen=True)


class Curve(BaseModel):
    """A mean for each layer with a 95 % bootstrap band."""

    model_config = _STRICT

    mean: list[float]
    low: list[float]
    high: list[float]


class MethodFigures(BaseModel):
    """One method: precision@1 and surprisal (nats) by layer, and their means over layers."""

    model_config = _STRICT

    name: str
    kind: Kind
    precision: Curve
    surprisal: Curve
    mean_precision: Estimate
    mean_surprisal: Estimate


class Difference(BaseModel):
    """Token identity less another method, in mean precision@1 over layers: all, the lower and the upper half."""

    model_config = _STRICT

    other: str
    kind: Kind
    precision: Estimate
    lower: Estimate
    upper: Estimate


class NextTokenReport(BaseModel):
    """Next-token prediction: methods, differences, whether the bar is met, and what the controls say."""

    model_config = _STRICT

    model: str
    positions: int
    origins: int
    layers: list[int]
    methods: list[MethodFigures]
    differences: list[Difference]
    bar: float
    bar_met: bool
    verdict: str


class LayerFigures(BaseModel):
    """Shares of examples at one source layer.

    `some_*`: right at some target layer, an oracle. `chosen_*`: at the target layer that does best on other subjects.
    """

    model_config = _STRICT

    layer: int
    some_patched: float
    some_swapped: float
    some_unrelated: float
    chosen_patched: float
    chosen_swapped: float
    chosen_unrelated: float
    probe: float


class TaskFigures(BaseModel):
    """One attribute-extraction task; `mean_*` are over source layers, with the examples' bootstrap interval."""

    model_config = _STRICT

    task: str
    examples: int
    by_layer: list[LayerFigures]
    mean_some_patched: Estimate
    mean_chosen_patched: Estimate
    mean_probe: Estimate
    patched_less_swapped: Estimate
    patched_less_unrelated: Estimate
    patched_less_probe: Estimate
    direct: float
    unpatched: float


class AttributesReport(BaseModel):
    """Attribute extraction over tasks."""

    model_config = _STRICT

    model: str
    source_layers: list[int]
    target_layers: list[int]
    max_new_tokens: int
    tasks: list[TaskFigures]
    overall: TaskFigures | None
    verdict: str


class PatchscopesReport(BaseModel):
    """Both parts; one that was not asked for is None."""

    model_config = _STRICT

    next_token: NextTokenReport | None
    attributes: AttributesReport | None


def next_token_report(model: str, origins: Sequence[str], measured: Mapping[str, Measured]) -> NextTokenReport:
    """Figures of all methods on the same positions. Intervals resample origins: passages of one are alike."""
    n_layers = next(iter(measured.values())).hits.shape[1]
    hits = {name: by_origin(found.hits, origins) for name, found in measured.items()}
    figures = []
    for method in METHODS:
        surprisals = by_origin(measured[method.name].surprisals, origins)
        figures.append(
            MethodFigures(
                name=method.name,
                kind=method.kind,
                precision=curve(hits[method.name]),
                surprisal=curve(surprisals),
                mean_precision=estimate(hits[method.name].mean(axis=1)),
                mean_surprisal=estimate(surprisals.mean(axis=1)),
            )
        )
    differences = [_difference(m, hits[TOKEN_IDENTITY] - hits[m.name]) for m in METHODS if m.name != TOKEN_IDENTITY]
    gain = next(d.precision for d in differences if d.other == LOGIT_LENS)
    return NextTokenReport(
        model=model,
        positions=len(origins),
        origins=len(set(origins)),
        layers=list(range(n_layers)),
        methods=figures,
        differences=differences,
        bar=BAR,
        bar_met=gain.value >= BAR,
        verdict=_next_token_verdict(gain, differences),
    )


def _difference(method: Method, gaps: NDArray[np.float64]) -> Difference:
    """From `gaps` (origins, layers)."""
    half = gaps.shape[1] // 2
    return Difference(
        other=method.name,
        kind=method.kind,
        precision=estimate(gaps.mean(axis=1)),
        lower=estimate(gaps[:, :half].mean(axis=1)),
        upper=estimate(gaps[:, half:].mean(axis=1)),
    )


def by_origin(values: NDArray[np.float64], origins: Sequence[str]) -> NDArray[np.float64]:
    """(origins, layers): what each origin has to do with the mean over all rows, which is the mean of these.

    Origins have unequal numbers of rows, so that the mean is a ratio of two sums; this is its linearization, the mean
    plus each origin's share of what deviates from it. Where all rows agree, so do all origins.
    """
    names, which = np.unique(np.array(origins), return_inverse=True)
    mean = values.mean(axis=0)
    deviations = np.zeros((len(names), values.shape[1]))
    np.add.at(deviations, which, values - mean)
    return np.asarray(mean + deviations * (len(names) / len(origins)), dtype=np.float64)


def curve(values: NDArray[np.float64]) -> Curve:
    """Means of `values` (units, layers) with their bands."""
    low, high = bands(values)
    return Curve(mean=values.mean(axis=0).tolist(), low=low.tolist(), high=high.tolist())


def _next_token_verdict(gain: Estimate, differences: Sequence[Difference]) -> str:
    said = [f"Token identity against the logit lens, mean precision@1 over layers: {interval_text(gain)}."]
    tuned = next(d for d in differences if d.other == TUNED_LENS)
    if tuned.precision.low <= 0:
        word = "better" if tuned.precision.high < 0 else "as well"
        said.append(
            f"But a tuned lens, which runs no further layer, does {word} ({interval_text(tuned.precision)}; "
            f"{interval_text(tuned.lower)} in the lower half of the layers, {interval_text(tuned.upper)} in the upper)."
        )
    hardest = min((d for d in differences if d.kind == "control"), key=lambda d: d.precision.value)
    beside = f"token identity less {hardest.other!r} is {interval_text(hardest.precision)}"
    if hardest.precision.low > 0:
        said.append(f"It beats every unrelated control: {beside}.")
    else:
        word = "better" if hardest.precision.high < 0 else "as well"
        said.append(
            f"And an unrelated target does {word}: {beside}. What is gained over the logit lens is gained by running "
            "the remaining layers in a harmless context, not by asking the model to repeat the token."
        )
    return " ".join(said)
