"""Functions with edges: thresholds, clipping, pieces, local exceptions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..suite import Law
from .sketch import Sketch, families

sin, exp = math.sin, math.exp


@families("thresholds", 2)
def one_step(s: Sketch) -> Law:
    a, b, c = s.size(), s.size(), s.place(0.05)
    return lambda x: a if x < c else b


@families("thresholds", 2)
def several_steps(s: Sketch) -> Law:
    edges, levels = s.places(3), [s.size() for _ in range(4)]
    return lambda x: levels[sum(x >= e for e in edges)]


@families("thresholds", 2)
def box_shape(s: Sketch) -> Law:
    (c, d), a, b = s.places(2, 0.1), s.size(), s.size()
    return lambda x: a if c <= x < d else b


@families("thresholds", 3)
def hinge(s: Sketch) -> Law:
    a, c, b, w = s.size(), s.place(), s.size(), s.width
    return lambda x: a * max(x - c, 0.0) / w + b


@families("thresholds", 3)
def distance(s: Sketch) -> Law:
    a, c, b, w = s.size(), s.place(), s.size(), s.width
    return lambda x: a * abs(x - c) / w + b


@families("thresholds", 2)
def dead_zone(s: Sketch) -> Law:
    (c, d), a, w = s.places(2, 0.2), s.size(), s.width
    return lambda x: a * (min(x - c, 0.0) + max(x - d, 0.0)) / w


@families("thresholds", 3)
def clipped_line(s: Sketch) -> Law:
    (c, d), a, w = s.places(2, 0.2), s.size(), s.width
    return lambda x: a * min(max(x, c), d) / w


@families("thresholds", 2)
def clipped_sine(s: Sketch) -> Law:
    a, p, level = s.log_between(0.1, 100.0), s.span(0.1, 0.6), s.between(0.3, 0.8)
    cap = s.short(a * level)
    return lambda x: max(min(a * sin(2 * math.pi * x / p), cap), -cap)


@families("thresholds", 2)
def larger_of_two(s: Sketch) -> Law:
    c, a, b, w = s.place(0.25), s.size(), s.log_between(0.1, 50.0), s.width
    return lambda x: max(a * (x - c) / w, b * ((x - c) / w) ** 2)


@families("thresholds", 2)
def smaller_of_two(s: Sketch) -> Law:
    c, a, b, w = s.place(0.25), s.log_between(0.1, 50.0), s.log_between(0.1, 50.0), s.width
    return lambda x: min(a * abs(x - c) / w, b * exp(-abs(x - c) / w * 3))


@families("thresholds", 2)
def clipped_parabola(s: Sketch) -> Law:
    c, a, w, level = s.place(0.3), s.log_between(0.5, 100.0), s.width, s.between(0.02, 0.15)
    cap = s.short(a * level)
    return lambda x: min(a * ((x - c) / w) ** 2, cap)


def _piece(s: Sketch, kind: str) -> Law:
    """One smooth piece, of ordinary size over the domain."""
    a, b, c, w, p = s.size(), s.size(), s.place(), s.width, s.span(0.05, 0.3)
    match kind:
        case "constant":
            return lambda x: b
        case "linear":
            return lambda x: a * (x - c) / w + b
        case "quadratic":
            return lambda x: a * ((x - c) / w) ** 2 + b
        case "sine":
            return lambda x: a * sin(2 * math.pi * x / p) + b
        case "exponential":
            return lambda x: a * exp(-abs(x - s.low) / w * 3) + b
    raise ValueError(f"no piece is called {kind}")


def _joined(edges: Sequence[float], pieces: Sequence[Law]) -> Law:
    return lambda x: pieces[sum(x >= e for e in edges)](x)


@families("pieces", 3)
def line_and_line(s: Sketch) -> Law:
    return _joined(s.places(1), [_piece(s, "linear"), _piece(s, "linear")])


@families("pieces", 2)
def line_and_parabola(s: Sketch) -> Law:
    return _joined(s.places(1), [_piece(s, "linear"), _piece(s, "quadratic")])


@families("pieces", 2)
def sine_and_constant(s: Sketch) -> Law:
    return _joined(s.places(1), [_piece(s, "sine"), _piece(s, "constant")])


@families("pieces", 2)
def three_mixed(s: Sketch) -> Law:
    return _joined(s.places(2, 0.2), [_piece(s, "quadratic"), _piece(s, "linear"), _piece(s, "exponential")])


@families("pieces", 2)
def three_lines(s: Sketch) -> Law:
    return _joined(s.places(2, 0.2), [_piece(s, "linear") for _ in range(3)])


@families("pieces", 2)
def four_mixed(s: Sketch) -> Law:
    kinds = ("constant", "linear", "quadratic", "constant")
    return _joined(s.places(3, 0.15), [_piece(s, kind) for kind in kinds])


@families("pieces", 2)
def tax(s: Sketch) -> Law:
    s.move(0.0, s.width)
    edges, w = s.places(2, 0.2), s.width
    rates = sorted(s.between(0.0, 0.6) for _ in range(3))
    scale = s.log_between(0.5, 500.0)

    def law(x: float) -> float:
        owed = rates[0] * x
        for edge, lower, upper in zip(edges, rates, rates[1:]):
            owed += (upper - lower) * max(x - edge, 0.0)
        return scale * owed / w

    return law


BASES = ("constant", "linear", "quadratic", "sine", "exponential")


def _with_exceptions(s: Sketch, base: str, inside: Sequence[str], *, low: float, high: float) -> Law:
    """`base` with an interval for each of `inside`, its width a share `low` … `high` of the domain's."""
    law = _piece(s, base)
    spread = s.scaled(law)
    starts = s.places(len(inside), high + 0.06)
    rules: list[tuple[float, float, Law]] = []
    for start, kind in zip(starts, inside):
        end = s.short(start + s.span(low, high), 6)
        rules.append((start, end, _strange(s, kind, law, start, end, spread)))
        s.exceptions.append((start, end))

    def ruled(x: float) -> float:
        for start, end, rule in rules:
            if start <= x <= end:
                return float(rule(x))
        return float(law(x))

    return ruled


def _strange(s: Sketch, kind: str, law: Law, start: float, end: float, spread: float) -> Law:
    """Another rule for [start, end], well away from `law` there."""
    level = s.short(float(law((start + end) / 2)) + s.sign() * s.between(1.5, 4.0) * spread)
    match kind:
        case "constant":
            return lambda x: level
        case "linear":
            slope = s.short(s.sign() * spread / (end - start))
            return lambda x: level + slope * (x - start)
        case "sine":
            size, period = s.short(0.6 * spread), s.short((end - start) / s.between(1.0, 3.0))
            return lambda x: level + size * sin(2 * math.pi * (x - start) / period)
    raise ValueError(f"no rule is called {kind}")


@families("exceptions", 5)
def constant_inside(s: Sketch) -> Law:
    return _with_exceptions(s, BASES[s.whole(0, 4)], ["constant"], low=0.04, high=0.2)


@families("exceptions", 4)
def line_inside(s: Sketch) -> Law:
    return _with_exceptions(s, BASES[s.whole(0, 4)], ["linear"], low=0.04, high=0.2)


@families("exceptions", 3)
def sine_inside(s: Sketch) -> Law:
    return _with_exceptions(s, BASES[s.whole(0, 2)], ["sine"], low=0.08, high=0.2)


@families("exceptions", 4)
def two_exceptions(s: Sketch) -> Law:
    return _with_exceptions(s, BASES[s.whole(0, 4)], ["constant", "linear"], low=0.03, high=0.12)


@families("narrow exceptions", 5)
def narrow_constant(s: Sketch) -> Law:
    return _with_exceptions(s, BASES[s.whole(0, 4)], ["constant"], low=0.01, high=0.025)


@families("narrow exceptions", 3)
def narrow_pair(s: Sketch) -> Law:
    return _with_exceptions(s, BASES[s.whole(0, 2)], ["constant", "linear"], low=0.01, high=0.025)


@families("exceptions under noise", 5)
def noisy_exception(s: Sketch) -> Law:
    law = _with_exceptions(s, BASES[s.whole(0, 3)], ["constant"], low=0.04, high=0.2)
    s.disturb("normal", s.between(0.01, 0.08) * s.scaled(law))
    return law
