"""A program of one input: rules on intervals, single odd points, noise. It predicts, prints and weighs itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from ..black_boxes.types import Interval
from .compiling import scalar_function
from .cover import SWITCH_BITS, UNDEFINED, UNEXPLAINED, Cover, open_digits, price
from .decimals import shortest_between
from .evidence import Evidence, rounding_error, scatter
from .expressions import Call, Expression, Variable, X, constants, python_source, size, transformed
from .fitting import Data
from .noise import kind_of
from .rules import OUTLIER_BITS, Rule
from .snapping import drop_zeros, snap
from .types import ExceptionRegion, Floats, Noise


@dataclass(frozen=True)
class Piece:
    """A rule on an interval; None where the box has no real value. `closed`: whether `high` itself belongs to it."""

    low: float
    high: float
    rule: Rule | None
    closed: bool = True
    exceptional: bool = False


@dataclass(frozen=True)
class Program:
    """Pieces in order over the domain, single inputs with values of their own, noise. A `Candidate`."""

    pieces: tuple[Piece, ...]
    points: tuple[tuple[float, float], ...]
    noise: Noise | None
    bits: float
    interval: Interval
    integer: bool = False

    @staticmethod
    def single(rule: Rule, interval: Interval, evidence: Evidence) -> Program:
        """One rule over the whole domain, weighed on all the evidence."""
        if rule.sigma > 0:
            a = evidence.arrays
            with np.errstate(all="ignore"):
                left = (rule.value(a.x) - a.y) ** 2
                rule = replace(rule, sigma=float(np.sqrt(np.mean(np.minimum(left, 36 * np.median(left) + 1e-300)))))
        pieces = (Piece(interval.low, interval.high, rule),)
        program = Program(
            pieces, (), Noise("unknown", rule.sigma) if rule.sigma > 0 else None, 0.0, interval, interval.integer
        )
        return replace(program, bits=weigh(program, evidence))

    @property
    def name(self) -> str:
        return "+".join(dict.fromkeys(_shape(p.rule.expression) if p.rule else "undefined" for p in self.pieces))

    @cached_property
    def formula(self) -> str:
        from .words import formula_of

        return formula_of(self)

    @cached_property
    def description(self) -> str:
        from .words import describe

        return describe(self)

    @cached_property
    def code(self) -> str:
        from .source import write_code

        return write_code(self)

    @cached_property
    def exceptions(self) -> tuple[ExceptionRegion, ...]:
        from .words import exception_text

        return tuple(
            ExceptionRegion(
                p.low, p.high, exception_text(p), Noise("unknown", p.rule.sigma) if p.rule and p.rule.sigma else None
            )
            for p in self.pieces
            if p.exceptional
        )

    def predict(self, points: Floats) -> Floats:
        x = np.asarray(points, dtype=float).reshape(len(points), -1)[:, 0]
        out = np.full(len(x), np.nan)
        done = np.zeros(len(x), bool)
        for i, piece in enumerate(self.pieces):
            last = i == len(self.pieces) - 1
            inside = ~done & (last | ((x <= piece.high) if piece.closed else (x < piece.high)))
            if piece.rule is not None and inside.any():
                out[inside] = piece.rule.value(x[inside])
            done |= inside
        for at, value in self.points:
            out[x == at] = value
        return out

    def sigma_at(self, x: float) -> float:
        """Standard deviation of the noise at `x`."""
        for piece in self.pieces:
            if x < piece.high or (x == piece.high and piece.closed):
                return piece.rule.sigma if piece.rule else 0.0
        last = self.pieces[-1].rule
        return last.sigma if last else 0.0


def _shape(expression: Expression) -> str:
    match expression:
        case Call(function, _):
            return function
        case _:
            names = set(_calls(expression))
            return "*".join(sorted(names)) if names else f"form{len(constants(expression))}"


def _calls(node: Expression) -> list[str]:
    from .expressions import children

    own = [node.function] if isinstance(node, Call) else []
    return own + [c for part in children(node) for c in _calls(part)]


def weigh(program: Program, evidence: Evidence) -> float:
    """Description length in bits: the rules, the breaks, and what is left of every answer."""
    a = evidence.arrays
    s = rounding_error(a.x, a.y)
    distinct = {p.rule for p in program.pieces if p.rule}
    total = sum(price(r) for r in distinct) + SWITCH_BITS * (len(program.pieces) - 1 + 2 * len(program.points))
    value = program.predict(a.x[:, None])
    sigma = np.array([program.sigma_at(float(x)) for x in a.x])
    with np.errstate(all="ignore"):
        z = np.abs(value - a.y) / np.hypot(s, sigma)
    z = np.where(np.isfinite(z), z, 1e30)
    each = np.where(z < 8.0, 0.72 * z**2, OUTLIER_BITS)
    if np.any(sigma > 0):
        each = each + np.where(sigma > 0, open_digits(sigma, s, scatter(a.repeats).sigma), 0.0)
    return float(total + each.sum())


def real_branch(expression: Expression, low: float) -> Expression:
    """Without the bars of |x| where x is never negative: there it reads better, and continues as the box may."""
    if low < 0:
        return expression
    return transformed(expression, lambda n: X if n == Call("abs", Variable()) else n)


@lru_cache(maxsize=512)
def _snapped(rule: Rule, x: bytes, y: bytes, s: bytes) -> Rule:
    data = Data(np.frombuffer(x), np.frombuffer(y), np.frombuffer(s))
    return replace(rule, expression=drop_zeros(snap(rule.expression, data)))


def finished_rule(rule: Rule, x: Floats, y: Floats, s: Floats) -> Rule:
    """The rule with short decimals, fitted to the answers it explains."""
    if len(x) < max(3, rule.freedom):
        return rule
    total = np.hypot(s, rule.sigma)
    snapped = _snapped(rule, x.tobytes(), y.tobytes(), total.tobytes())
    return replace(snapped, expression=real_branch(snapped.expression, float(x.min())))


def assemble(
    evidence: Evidence,
    rules: Sequence[Rule],
    cover: Cover,
    edges: dict[tuple[float, float], tuple[float, bool]],
    odd_points: set[float],
    interval: Interval,
) -> Program | None:
    """The program a cover stands for, with edges where they were found and constants rounded."""
    named = [s for s in cover.stretches if s.label != UNEXPLAINED and not (s.first == s.last and s.first in odd_points)]
    if not any(s.label >= 0 for s in named):
        return None
    a = evidence.arrays
    s_all = rounding_error(a.x, a.y)
    owner = cover.labels[np.isin(cover.x, a.x)]
    finished: dict[int, Rule | None] = {UNDEFINED: None}
    for k in cover.rules_used:
        mask = owner == k
        finished[k] = finished_rule(rules[k], a.x[mask], a.y[mask], s_all[mask])
    pieces: list[Piece] = []
    for i, stretch in enumerate(named):
        if pieces and named[i - 1].label == stretch.label:
            pieces[-1] = replace(pieces[-1], high=interval.high)
            continue
        low = interval.low
        if pieces:
            low, left = _edge(named[i - 1].last, stretch.first, edges)
            pieces[-1] = replace(pieces[-1], high=low, closed=left)
        pieces.append(Piece(low, interval.high, finished[stretch.label]))
    pieces = _merge_complex(pieces, evidence)
    pieces = _mark_exceptions(pieces)
    main = _main_rule(pieces)
    points = tuple((x, float(np.mean([r.number for r in a.places[x]]))) for x in sorted(odd_points) if x in a.places)
    points = tuple((x, y) for x, y in points if not (math.isnan(y) and _undefined_anyway(x, pieces)))
    noise = kind_of(a, main, [(p.low, p.high) for p in pieces if p.rule is main]) if main and main.sigma > 0 else None
    program = Program(tuple(pieces), points, noise, 0.0, interval, interval.integer)
    return replace(program, bits=weigh(program, evidence))


def _undefined_anyway(x: float, pieces: Sequence[Piece]) -> bool:
    """Whether the piece around `x` has no value there by itself."""
    for piece in pieces:
        if piece.low <= x <= piece.high and piece.rule is not None:
            return not bool(np.isfinite(piece.rule.value(np.array([x]))[0]))
    return True


def _edge(low: float, high: float, edges: dict[tuple[float, float], tuple[float, bool]]) -> tuple[float, bool]:
    for (_a, _b), (edge, left) in edges.items():
        if low <= edge <= high:
            return edge, left
    guess = shortest_between(low + 0.25 * (high - low), high - 0.25 * (high - low))
    return guess, True


def _merge_complex(pieces: list[Piece], evidence: Evidence) -> list[Piece]:
    """A stretch of complex answers that a neighbouring rule continues on its principal branch belongs to that rule."""
    values = evidence.arrays.complex_values
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        neighbours = [p.rule for p in (*out[-1:], *pieces[i + 1 : i + 2]) if p.rule]
        inside = {x: v for x, v in values.items() if piece.low <= x <= piece.high}
        if piece.rule is None and inside:
            for rule in neighbours:
                if all(_continues(rule, x, v) for x, v in inside.items()):
                    piece = replace(piece, rule=rule)
                    break
        if out and out[-1].rule is not None and out[-1].rule == piece.rule:
            out[-1] = replace(out[-1], high=piece.high, closed=piece.closed)
        else:
            out.append(piece)
    return out


def _continues(rule: Rule, x: float, value: complex) -> bool:
    run = scalar_function(python_source(rule.expression, lambda c: repr(c.value)))
    try:
        with np.errstate(all="ignore"):
            mine = complex(run(x))
    except (ArithmeticError, ValueError, TypeError):
        return False
    return abs(mine - value) <= 1e-6 * abs(value) + 5.0 * rule.sigma


def _main_rule(pieces: Sequence[Piece]) -> Rule | None:
    """The rule that covers most of what is not exceptional."""
    length: dict[Rule, float] = {}
    for p in pieces:
        if p.rule and not p.exceptional:
            length[p.rule] = length.get(p.rule, 0.0) + p.high - p.low
    return max(length, key=lambda r: length[r]) if length else None


def _mark_exceptions(pieces: list[Piece]) -> list[Piece]:
    """An interval is an exception if it is random where the rest is not, or interrupts one rule with another.

    What stands on flat ground is a form of its own (a pulse, a window), and so are the two sides of a break.
    """
    defined = [p for p in pieces if p.rule]
    if len(defined) < 2:
        return pieces
    steady = [p for p in defined if p.rule and p.rule.sigma == 0]
    out = []
    for i, p in enumerate(pieces):
        odd = False
        if p.rule is not None:
            if steady and p.rule.sigma > 0:
                odd = True
            elif 0 < i < len(pieces) - 1:
                left, right = pieces[i - 1].rule, pieces[i + 1].rule
                flat = left is not None and _flat(left)
                odd = left is not None and left == right and left != p.rule and not flat
                odd = odd and p.high - p.low < 0.4 * (pieces[-1].high - pieces[0].low)
        out.append(replace(p, exceptional=odd))
    return out


def _flat(rule: Rule) -> bool:
    return size(rule.expression) == 1 and not isinstance(rule.expression, Variable)
