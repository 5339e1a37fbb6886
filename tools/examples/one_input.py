"""Programs of one number that fit pairs, with nobody to ask: every exact form that survives, or forms with noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ..black_boxes.types import Interval, Reply
from ..induction.edges import Edges
from ..induction.evidence import Evidence, rounding_error, scatter
from ..induction.expressions import (
    Call,
    Expression,
    Literal,
    Modulo,
    Power,
    Quotient,
    X,
    constants,
    evaluate,
    size,
    times,
)
from ..induction.fallback import straight_lines
from ..induction.fitting import Data, fit_terms
from ..induction.noise import kind_of
from ..induction.periodic import sinusoids
from ..induction.pool import Pool, residual_sigma
from ..induction.program import Program, assemble, finished_rule
from ..induction.rules import Level, Rule, Search, extended, noisy, ordinary, quick
from ..induction.types import Candidate, Floats
from .broken import broken_line
from .watch import Clock, Watch
from .weighing import SWITCH_BITS, form_bits, is_exact, left_bits

_NAMED_SHARE, _DEEP_SHARE, _PIECES_SHARE = 0.3, 0.4, 0.6
"""Shares of the time after which named exact forms, compositions, and exact forms in pieces are given up."""
_DEEP_IF_RANDOM = 0.1
"""The share for all of these where what a plain form leaves looks like noise."""
_WHITE = 2.0
"""Standard errors by which what is left may go with what is left beside it, and still look like noise."""
ENOUGH_FOR_PIECES = 14
"""Pairs from which on different rules on different stretches are looked for."""
MOST_UNEXPLAINED = 0.1
_PLAIN_BITS = 60.0
"""What a plain form costs at most: one that costs more may be the smooth stand-in for a broken one."""
HOPELESS_BITS = 100.0
"""A program that costs so much more than the first is none that anybody would believe: odds of 1 to 2**100."""
_LOOKED_AT = 601
_DENSE = 20_011
_PERIODS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 0.5, 1.0, 1.5, 2.5)
_SLOW = 160
"""Frequencies that are tried for slow waves: between coarse inputs, fast ones drown them."""
_SPARE = 1
"""Pairs that an exact form must explain beyond as many as it has constants."""
_NOISY_SPARE = 3
_NOISY_TRIED = 40
_NOISE_AS_GUESSED = 1.15
"""A form that leaves no more than so many times the noise that neighbours show is enough where only one is wanted."""
ENOUGH_FOR_DEPTH = 56
"""Noisy pairs from which on sums, products and compositions are looked for."""


def induce_one(x: Floats, y: Floats, interval: Interval, watch: Watch, *, keep: int) -> list[Candidate]:
    """Programs for the pairs `x`, `y` (n,), best first; the same pairs give the same ones unless time runs out."""
    rest = watch.until(1.0)
    evidence = Evidence()
    evidence.add([float(v) for v in x], [Reply(float(v)) for v in y])
    a = evidence.arrays
    if scatter(a.repeats).stochastic:
        return _with_noise(evidence, interval, rest, keep)
    data = Data(a.x, a.y, rounding_error(a.x, a.y))
    found = _ranked(
        _exact(data, evidence, interval, (_few, _slow, quick, ordinary), watch.until(_NAMED_SHARE)), evidence
    )
    random = not found and _leaves_noise(evidence, watch.until(_DEEP_IF_RANDOM))
    if not found:
        deep = watch.until(_DEEP_IF_RANDOM if random else _DEEP_SHARE)
        found = _ranked(_exact(data, evidence, interval, (extended,), deep), evidence)
    if len(data) >= ENOUGH_FOR_PIECES and (not found or found[0].bits > _PLAIN_BITS):
        pieces = _in_pieces(evidence, interval, watch.until(_DEEP_IF_RANDOM if random else _PIECES_SHARE))
        if pieces is not None and not is_exact(pieces.predict(a.x[:, None]), a.y):
            return [pieces, *_with_noise(evidence, interval, rest, keep - 1)][:keep]
        found = sorted([*found, *([pieces] if pieces is not None else [])], key=lambda p: p.bits)
    return in_the_running(found, interval)[:keep] if found else _with_noise(evidence, interval, rest, keep)


def in_the_running(ranked: Sequence[Candidate], interval: Interval) -> list[Candidate]:
    """Those that differ, and that the pairs do not make hopelessly long beside the first."""
    return [c for c in distinct(ranked, interval) if c.bits <= ranked[0].bits + HOPELESS_BITS]


def distinct(ranked: Sequence[Candidate], interval: Interval) -> list[Candidate]:
    """Without those that a better one equals wherever the pairs lie and twice as far around."""
    reach = np.linspace(interval.low - interval.width, interval.high + interval.width, _LOOKED_AT)
    places = (np.unique(np.round(reach)) if interval.integer else reach)[:, None]
    kept: list[Candidate] = []
    values: list[Floats] = []
    with np.errstate(all="ignore"):
        for candidate in ranked:
            mine = candidate.predict(places)
            size = 1e-6 * (np.abs(mine) + np.nanmedian(np.abs(mine)))
            if not any(np.all((np.abs(mine - v) <= size) | (np.isnan(mine) & np.isnan(v))) for v in values):
                kept.append(candidate)
                values.append(mine)
    return kept


def _leaves_noise(evidence: Evidence, clock: Clock) -> bool:
    """Whether what the best plain form leaves looks like noise: neighbours' leftovers have nothing to do with each
    other.
    """
    a = evidence.arrays
    if len(a.x) < ENOUGH_FOR_PIECES // 2:
        return False
    guess = noise_between_neighbours(a.x, a.y) or float(np.std(a.y))
    forms = _noisy_forms(evidence, guess, (quick,), clock)
    if not forms:
        return False
    left = forms[0].value(a.x) - a.y
    left = left - left.mean()
    power = float(left @ left)
    return power > 0.0 and abs(float(left[1:] @ left[:-1])) / power < _WHITE / np.sqrt(len(left))


def _exact(
    data: Data, evidence: Evidence, interval: Interval, levels: Sequence[Level], clock: Clock
) -> Iterator[Program]:
    """Every form of these levels that gives all answers."""
    most = len(np.unique(data.x)) - _SPARE
    for level in levels:
        for rule in _rules(data, level, clock):
            if rule.freedom > most or not is_exact(rule.value(data.x), data.y):
                continue
            tidy = finished_rule(rule, data.x, data.y, data.s)
            yield Program.single(tidy if is_exact(tidy.value(data.x), data.y) else rule, interval, evidence)


def _few(data: Data) -> list[Search]:
    """Straight from two or three pairs: one or two terms of a short list, by least squares."""
    terms: list[Expression] = [
        X,
        Power(X, Literal(2.0)),
        Call("abs", X),
        Quotient(Literal(1.0), X),
        Power(X, Literal(3.0)),
    ]
    terms += [Call(name, X) for name in ("sqrt", "log", "exp", "sin", "cos")]
    terms += [times(X, Call(name, X)) for name in ("sin", "cos", "exp", "log")]
    one = Literal(1.0)
    turns: list[Expression] = [Modulo(X, Literal(period)) for period in _PERIODS]
    choices: list[list[Expression]] = [
        [one],
        *([t] for t in terms),
        *([t, one] for t in terms),
        *([t] for t in turns),
        *([t, one] for t in turns),
        [Power(X, Literal(2.0)), X],
        [Power(X, Literal(2.0)), X, one],
    ]

    def search(data: Data) -> Iterator[tuple[Expression, float]]:
        for chosen in choices:
            fitted = fit_terms(chosen, data)
            if fitted is not None:
                yield fitted

    return [search]


def _slow(data: Data) -> list[Search]:
    """Waves that are slow beside the pairs, plain and swelling."""
    return [
        partial(sinusoids, count=_SLOW),
        partial(sinusoids, degree=1, count=_SLOW),
        partial(sinusoids, degree=1, modulation=1, count=_SLOW),
    ]


def _rules(data: Data, level: Level, clock: Clock) -> Iterator[Rule]:
    with np.errstate(all="ignore"):
        for search in level(data):
            if clock():
                return
            for expression, _ in search(data):
                yield Rule(expression)


def _ranked(programs: Iterator[Program], evidence: Evidence) -> list[Candidate]:
    """Different programs, the shortest description first."""
    weighed: dict[str, Program] = {}
    for program in programs:
        weighed.setdefault(program.formula, replace(program, bits=bits_of(program, evidence)))
    return [*sorted(weighed.values(), key=lambda p: p.bits)]


def bits_of(program: Program, evidence: Evidence) -> float:
    """Description length of a program and what it leaves, in bits."""
    a = evidence.arrays
    rules = list({p.rule for p in program.pieces if p.rule is not None})
    predicted = program.predict(a.x[:, None])
    exact = is_exact(predicted, a.y)
    said = sum(
        form_bits(size(r.expression), [c.value for c in constants(r.expression)], len(a.x), exact) for r in rules
    )
    switches = SWITCH_BITS * (len(program.pieces) - 1 + 2 * len(program.points))
    return said + switches + left_bits(predicted, a.y) + _wiggle_bits(program, evidence, interval_of(a.x))


def interval_of(x: Floats) -> tuple[float, float]:
    """Where the pairs lie."""
    return float(x.min()), float(x.max())


@np.errstate(all="ignore")
def _wiggle_bits(program: Program, evidence: Evidence, where: tuple[float, float]) -> float:
    """Bits for ups and downs between pairs, of which the pairs show nothing.

    Inputs rounded to 0.01 cannot tell a slow wave from one of 628 more radians: each doubling of the way up and down
    beyond what the pairs go costs two bits.
    """
    a = evidence.arrays
    dense = program.predict(np.linspace(*where, _DENSE)[:, None])
    shown = float(np.sum(np.abs(np.diff(program.predict(np.unique(a.x)[:, None])))))
    gone = float(np.nansum(np.abs(np.diff(dense))))
    return 2.0 * float(np.log2(max(1.0, gone / shown))) if shown > 0 else 0.0


def _in_pieces(evidence: Evidence, interval: Interval, clock: Clock) -> Program | None:
    """Exact rules on stretches of their own, or None where they leave too much."""
    pool = Pool(evidence, clock)
    with np.errstate(all="ignore"):
        cover = pool.search()
        if cover.unexplained > 0.0 and not clock():
            cover = pool.leftovers()
        pool.sharpen()
        cover = pool.cover()
        rules = [pool.rules[k] for k in cover.rules_used]
        freedom = sum(r.freedom for r in rules) + len(cover.stretches)
        if cover.unexplained > MOST_UNEXPLAINED or not rules or 2 * freedom > len(evidence.arrays.x):
            return None
        edges = Edges(pool, interval, lambda xs, why: 0, lambda: 0)
        odd = {s.first for s in cover.runs() if s.first == s.last}
        program = assemble(evidence, pool.rules, cover, edges.found, odd, interval)
    return None if program is None else replace(program, bits=bits_of(program, evidence))


def _with_noise(evidence: Evidence, interval: Interval, clock: Clock, keep: int) -> list[Candidate]:
    """Forms that leave a random part, the best by description length first; a table of straight lines for none."""
    a = evidence.arrays
    guess = scatter(a.repeats).sigma or noise_between_neighbours(a.x, a.y) or float(np.std(a.y))
    levels: Sequence[Level] = (quick, noisy) if len(a.x) < ENOUGH_FOR_DEPTH else (quick, noisy, extended)
    forms = _noisy_forms(
        evidence, guess, (_few, _slow, quick), _without_end
    )  # so little that there is always time for it
    if keep > 1 or not forms or float(np.std(forms[0].value(a.x) - a.y)) > _NOISE_AS_GUESSED * guess:
        forms += _noisy_forms(evidence, guess, levels[1:], clock)
        forms.sort(key=lambda r: _noisy_bits(r, a.x, a.y))
    if forms:  # what the best form leaves is a better guess than what neighbours show
        left = float(np.std(forms[0].value(a.x) - a.y))
        again = _noisy_forms(evidence, left, (quick,), clock) if 0.0 < left < guess else []
        forms = sorted([*forms, *again], key=lambda r: _noisy_bits(r, a.x, a.y))
    programs = [broken_line(evidence, interval), *(_noisy_program(r, evidence, interval) for r in forms[: 2 * keep])]
    ranked = _ranked((p for p in programs if p is not None), evidence)
    if ranked:
        return in_the_running(ranked, interval)[:keep]
    table = straight_lines(evidence)
    return [] if table is None else _ranked(iter([Program.single(table, interval, evidence)]), evidence)


def _without_end() -> bool:
    return False


def _noisy_forms(evidence: Evidence, sigma: float, levels: Sequence[Level], clock: Clock) -> list[Rule]:
    """Forms with constants to spare, fitted to answers of that noise, the shortest description first."""
    a = evidence.arrays
    data = Data(a.x, a.y, np.full(len(a.x), sigma))
    most = len(a.x) - _NOISY_SPARE
    forms = [r for level in levels for r in _rules(data, level, clock) if r.freedom <= most]
    return sorted(forms, key=lambda r: _noisy_bits(r, a.x, a.y))[:_NOISY_TRIED]


@np.errstate(all="ignore")
def _noisy_bits(rule: Rule, x: Floats, y: Floats) -> float:
    values = [c.value for c in constants(rule.expression)]
    return form_bits(size(rule.expression), values, len(x), exact=False) + left_bits(rule.value(x), y)


def _noisy_program(rule: Rule, evidence: Evidence, interval: Interval) -> Program | None:
    a = evidence.arrays
    with np.errstate(all="ignore"):
        sigma = residual_sigma(rule.expression, Data(a.x, a.y, np.ones(len(a.x))), rule.freedom)
        if not sigma > 0:
            return None
        tidy = finished_rule(replace(rule, sigma=sigma), a.x, a.y, np.zeros(len(a.x)))
    if not np.all(np.isfinite(evaluate(tidy.expression, a.x))):
        return None
    program = Program.single(tidy, interval, evidence)
    noise = kind_of(a, tidy, [(interval.low, interval.high)])
    return replace(program, noise=replace(noise, scale=sigma))


def noise_between_neighbours(x: Floats, y: Floats) -> float:
    """The standard deviation of noise by how far answers lie from the line through their neighbours.

    Gasser, Sroka & Jennen-Steinmetz (1986); 0 for fewer than 5 inputs. A function that bends between neighbours makes
    it too large.
    """
    places, first = np.unique(x, return_index=True)
    if len(places) < 5:
        return 0.0
    values = y[first]
    share = (places[2:] - places[1:-1]) / (places[2:] - places[:-2])
    left = share * values[:-2] + (1 - share) * values[2:] - values[1:-1]
    return float(np.sqrt(np.mean(left**2 / (share**2 + (1 - share) ** 2 + 1))))
