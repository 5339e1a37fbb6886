"""A suite: functions whose truth is known, each explained by the scientist and judged on fresh inputs."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, cast

import numpy as np
from pydantic import ValidationError

from ..tools.black_boxes import Interval, NumericDomain, Point
from ..tools.black_boxes.function import FunctionBox
from .accuracy import EXACT_NMSE, Complexes, close_share, evaluate, nmse, noise_allowance, r2, rms_error
from .ledger import Ledger, content_key, engine_fingerprint
from .pool import run_all
from .progress import progress_bar
from .suite_report import SuiteReport, TargetResult, add_up
from .trial import Effort, Trial, explain_box, failed_trial, scratch_folder

if TYPE_CHECKING:
    from rich.console import Console

FRESH_POINTS = 1000
END_MARGIN = 1 / 256
"""Share of the domain's width within which the end of an exception counts as found, and is not asked about."""
_UNLOCATED = 0.01
"""Share of the worst fresh inputs that noise excuses: it says only roughly where a rule begins."""
_RULES = 1

Law: TypeAlias = Callable[..., Any]
NoiseKind = Literal["normal", "uniform", "poisson", "laplace", "proportional"]


@dataclass(frozen=True, slots=True)
class AddedNoise:
    """Random part of a target. `size` is the standard deviation; the rate for poisson, whose mean is part of the law;
    for proportional noise the standard deviation as a share of |value|.
    """

    kind: NoiseKind
    size: float

    @property
    def mean(self) -> float:
        return self.size if self.kind == "poisson" else 0.0

    def deviation(self, truth: Complexes) -> float:
        """Root mean square over `truth` of the standard deviation."""
        if self.kind == "poisson":
            return math.sqrt(self.size)
        if self.kind == "proportional":
            return self.size * float(np.sqrt(np.mean(np.abs(truth[np.isfinite(truth)]) ** 2)))
        return self.size

    def draw(self, value: float, rng: np.random.Generator) -> float:
        match self.kind:
            case "normal":
                return float(rng.normal(0.0, self.size))
            case "uniform":
                return float(rng.uniform(-1.0, 1.0)) * self.size * math.sqrt(3.0)
            case "poisson":
                return float(rng.poisson(self.size))
            case "laplace":
                return float(rng.laplace(0.0, self.size / math.sqrt(2.0)))
            case "proportional":
                return float(rng.normal(0.0, self.size)) * abs(value)


@dataclass(frozen=True, slots=True)
class Target:
    """One function of a suite. `law` is noise-free, exceptions included; `exceptions` says where they are.

    `parameters` counts the law's constants: what noise excuses grows with them.
    """

    name: str
    category: str
    law: Law
    domain: NumericDomain
    noise: AddedNoise | None = None
    exceptions: tuple[tuple[float, float], ...] = ()
    parameters: int = 4

    def box(self, seed: int) -> FunctionBox:
        """The function as a scientist meets it, noise and all."""
        noise, rng = self.noise, np.random.default_rng([seed, zlib.crc32(self.name.encode())])
        if noise is None:
            return FunctionBox(_named(self.law, self.domain.arity), self.domain, spec=f"function:{self.name}")

        def noisy(*point: float) -> float:
            value = float(self.law(*point))
            return value + noise.draw(value, rng)

        return FunctionBox(_named(noisy, self.domain.arity), self.domain, spec=f"function:{self.name}")


def _named(law: Law, arity: int) -> Law:
    """`law` with as many plain arguments as the domain has inputs, whatever its own signature."""
    if arity == 1:
        return lambda x: law(x)
    return lambda *point: law(*point)


class Suite(Protocol):
    """A module that holds a suite. Workers import it by name, so functions need not travel between processes."""

    TITLE: str

    @staticmethod
    def names(seed: int) -> list[str]: ...

    @staticmethod
    def target(name: str, seed: int) -> Target: ...


@dataclass(frozen=True, slots=True)
class SuiteOptions:
    """`suite` is the dotted name of its module; `suite_seed` draws its parameters. `out` None keeps nothing."""

    suite: str
    effort: Effort
    jobs: int
    grace_seconds: float = 60.0
    suite_seed: int = 0
    out: Path | None = None
    fresh: bool = False
    categories: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One target for a worker."""

    suite: str
    name: str
    suite_seed: int
    effort: Effort
    scratch: Path


def run_suite(options: SuiteOptions, *, console: Console | None = None) -> SuiteReport:
    """Run what has no result yet; report. Ctrl-C reports on what is done, with `missing` above 0."""
    suite = _suite(options.suite)
    names = _chosen(suite, options)
    ledger = Ledger(options.out) if options.out else None
    if ledger is not None and options.fresh:
        ledger.clear()
    keys = {name: _key(options, name) for name in names}
    results = {n: r for n in names if ledger is not None and (r := _recorded(ledger, keys[n])) is not None}
    todo = [n for n in names if n not in results]
    limit = options.effort.seconds + options.grace_seconds
    with (
        suppress(KeyboardInterrupt),
        scratch_folder() as scratch,
        progress_bar(console, total=len(names), done=len(results), title=suite.TITLE) as bar,
    ):
        tasks = [Task(options.suite, n, options.suite_seed, options.effort, scratch) for n in todo]
        with closing(_run(tasks, jobs=options.jobs, timeout_seconds=limit)) as finished:
            for result in finished:
                results[result.name] = result
                if ledger is not None:
                    ledger.append(keys[result.name], result.model_dump(mode="json"))
                bar.advance(_tally(results.values()))
    return add_up(suite.TITLE, list(results.values()), missing=len(names) - len(results))


def _suite(name: str) -> Suite:
    return cast("Suite", import_module(name))


def _chosen(suite: Suite, options: SuiteOptions) -> list[str]:
    names = suite.names(options.suite_seed)
    if options.categories:
        names = [n for n in names if suite.target(n, options.suite_seed).category in options.categories]
    return names if options.limit is None else names[: options.limit]


def _run(tasks: Sequence[Task], *, jobs: int, timeout_seconds: float) -> Generator[TargetResult, None, None]:
    with closing(run_all(explain_and_judge, tasks, jobs=jobs, timeout_seconds=timeout_seconds)) as finished:
        for end in finished:
            if end.result is not None:
                yield end.result
            else:
                target = _suite(end.task.suite).target(end.task.name, end.task.suite_seed)
                yield judge(target, failed_trial(end.error or "no result", seconds=end.seconds), seed=0)


def explain_and_judge(task: Task) -> TargetResult:
    """The work of one worker on one target."""
    target = _suite(task.suite).target(task.name, task.suite_seed)
    trial = explain_box(target.box(task.effort.seed), target.domain, task.effort, task.scratch)
    return judge(target, trial, seed=task.effort.seed)


def judge(target: Target, trial: Trial, *, seed: int) -> TargetResult:
    """Hold `trial` against the noise-free law on fresh inputs away from the ends of exceptions.

    `exact`: centred NMSE below 1e-6. `recovered`: the same without noise; with noise, RMS error at most 3·σ·sqrt(p/n)
    over all but the worst 1 % of inputs.
    """
    points = fresh_points(target, seed)
    truth = evaluate(target.law, points) + (target.noise.mean if target.noise else 0.0)
    function = trial.function()
    predicted = evaluate(function, points) if function else np.full(len(points), complex(math.nan, math.nan))
    error = nmse(truth, predicted, centred=True)
    exact = error < EXACT_NMSE
    recovered = exact or _within_noise(target, trial, truth, predicted)
    found = [_is_found(target, end, trial.exceptions) for end in target.exceptions]
    return TargetResult(
        name=target.name,
        category=target.category,
        noisy=target.noise is not None,
        error=trial.error,
        outcome=trial.outcome,
        formula=trial.formula,
        r2=r2(truth, predicted),
        nmse=error,
        exact=exact,
        recovered=recovered,
        close=close_share(truth, predicted),
        exceptions=len(target.exceptions),
        exceptions_found=sum(found),
        false_claim=not target.exceptions and bool(trial.exceptions),
        queries=trial.queries,
        seconds=trial.seconds,
        cpu_seconds=trial.cpu_seconds,
    )


def fresh_points(target: Target, seed: int) -> list[Point]:
    """1,000 inputs drawn uniformly, integers as Python integers, none near an end of an exception."""
    rng = np.random.default_rng([seed, 7, zlib.crc32(target.name.encode())])
    points = target.domain.sample(rng, FRESH_POINTS)
    margin = END_MARGIN * target.domain.inputs[0].width
    ends = [end for interval in target.exceptions for end in interval]
    away = [p for p in points if not any(abs(p[0] - end) < margin for end in ends)]
    return [tuple(int(x) if i.integer else x for x, i in zip(p, target.domain.inputs)) for p in away]


def _within_noise(target: Target, trial: Trial, truth: Complexes, predicted: Complexes) -> bool:
    if target.noise is None or not np.isfinite(predicted[np.isfinite(truth)]).all():
        return False
    missed = np.abs(truth - predicted)
    kept = missed <= np.nanquantile(missed, 1.0 - _UNLOCATED)
    allowance = noise_allowance(target.noise.deviation(truth), target.parameters, trial.queries)
    return rms_error(truth[kept], predicted[kept]) <= allowance


def _is_found(target: Target, true: tuple[float, float], claims: Collection[tuple[float, float]]) -> bool:
    interval: Interval = target.domain.inputs[0]
    margin = max(END_MARGIN * interval.width, 1.0 if interval.integer else 0.0)
    clipped = [(max(low, interval.low), min(high, interval.high)) for low, high in claims]
    return any(abs(low - true[0]) <= margin and abs(high - true[1]) <= margin for low, high in clipped)


def _key(options: SuiteOptions, name: str) -> str:
    effort = (options.effort.queries, options.effort.seconds, options.effort.seed)
    parts = {"suite": options.suite, "name": name, "suite_seed": options.suite_seed, "effort": effort}
    return content_key(**parts, engine=engine_fingerprint(), rules=_RULES)


def _recorded(ledger: Ledger, key: str) -> TargetResult | None:
    record = ledger.get(key)
    try:
        return None if record is None else TargetResult.model_validate(record)
    except ValidationError:
        return None


def _tally(results: Collection[TargetResult]) -> str:
    return f"recovered {sum(r.recovered for r in results) / len(results):.3f}"
