"""Oscillations and waves, with periods from a thousandth of the domain up."""

from __future__ import annotations

import math

from ..suite import Law
from .sketch import Sketch, families

TURN = 2 * math.pi
sin, cos, exp, floor = math.sin, math.cos, math.exp, math.floor


@families("dense oscillations", 4)
def dense_sine(s: Sketch) -> Law:
    a, p, f, b = s.size(), s.span(0.001, 0.01), s.between(0.0, 6.0), s.size()
    return lambda x: a * sin(TURN * x / p + f) + b


@families("dense oscillations", 2)
def dense_sine_on_slope(s: Sketch) -> Law:
    a, p, b, w = s.size(), s.span(0.002, 0.02), s.size(), s.width
    return lambda x: a * cos(TURN * x / p) + b * x / w


@families("dense oscillations", 2)
def dense_square(s: Sketch) -> Law:
    a, p, c, b = s.size(), s.span(0.003, 0.02), s.place(), s.size()
    return lambda x: b + (a if (x - c) / p % 1.0 < 0.5 else -a)


@families("oscillations", 3)
def sine(s: Sketch) -> Law:
    a, p, f, b = s.size(), s.span(0.02, 1.5), s.between(0.0, 6.0), s.size()
    return lambda x: a * sin(TURN * x / p + f) + b


@families("oscillations", 3)
def damped(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, t, p, f = s.size(), s.span(0.1, 0.5), s.span(0.02, 0.2), s.between(0.0, 6.0)
    return lambda x: a * exp(-x / t) * cos(TURN * x / p + f)


@families("oscillations", 3)
def modulated(s: Sketch) -> Law:
    a, m, p, q = s.size(), s.between(0.2, 0.9), s.span(0.01, 0.04), s.span(0.2, 0.7)
    return lambda x: a * (1 + m * cos(TURN * x / q)) * sin(TURN * x / p)


@families("oscillations", 3)
def chirp(s: Sketch) -> Law:
    a, w, n, k = s.size(), s.width, s.between(1.0, 5.0), s.between(3.0, 20.0)
    low = s.low
    return lambda x: a * sin(TURN * (n * (x - low) / w + k * ((x - low) / w) ** 2))


@families("oscillations", 2)
def beat(s: Sketch) -> Law:
    a, b, p = s.size(), s.size(), s.span(0.02, 0.1)
    q = s.short(p * s.between(1.1, 1.6))
    return lambda x: a * sin(TURN * x / p) + b * sin(TURN * x / q)


@families("oscillations", 2)
def squared_sine(s: Sketch) -> Law:
    a, p, c = s.size(), s.span(0.05, 0.4), s.place()
    return lambda x: a * sin(math.pi * (x - c) / p) ** 2


@families("oscillations", 2)
def rectified(s: Sketch) -> Law:
    a, p, b = s.size(), s.span(0.05, 0.4), s.size()
    return lambda x: a * abs(sin(math.pi * x / p)) + b


@families("oscillations", 2)
def half_rectified(s: Sketch) -> Law:
    a, p, f = s.size(), s.span(0.05, 0.4), s.between(0.0, 6.0)
    return lambda x: a * max(sin(TURN * x / p + f), 0.0)


@families("oscillations", 2)
def wave_packet(s: Sketch) -> Law:
    a, c, w, p = s.size(), s.place(0.25), s.span(0.05, 0.15), s.span(0.01, 0.05)
    return lambda x: a * exp(-(((x - c) / w) ** 2)) * cos(TURN * (x - c) / p)


@families("waves", 3)
def sawtooth(s: Sketch) -> Law:
    a, p, c, b = s.size(), s.span(0.02, 0.4), s.place(), s.size()
    return lambda x: a * ((x - c) / p % 1.0) + b


@families("waves", 3)
def triangle(s: Sketch) -> Law:
    a, p, c, b = s.size(), s.span(0.02, 0.4), s.place(), s.size()
    return lambda x: a * abs((x - c) / p % 1.0 - 0.5) + b


@families("waves", 2)
def square(s: Sketch) -> Law:
    a, p, c, b = s.size(), s.span(0.03, 0.6), s.place(), s.size()
    return lambda x: b + (a if (x - c) / p % 1.0 < 0.5 else -a)


@families("waves", 2)
def pulses(s: Sketch) -> Law:
    a, p, c, b, share = s.size(), s.span(0.05, 0.4), s.place(), s.size(), s.between(0.15, 0.8)
    return lambda x: b + (a if (x - c) / p % 1.0 < share else 0.0)


@families("waves", 3)
def staircase(s: Sketch) -> Law:
    a, p, c = s.size(), s.span(0.03, 0.3), s.place()
    return lambda x: a * floor((x - c) / p)


@families("waves", 2)
def ratchet(s: Sketch) -> Law:
    a, p, b, w = s.size(), s.span(0.05, 0.3), s.size(), s.width
    return lambda x: b * x / w + a * (x / p - floor(x / p)) ** 2


@families("waves", 2)
def rounding(s: Sketch) -> Law:
    p, k = s.span(0.02, 0.2), s.size()
    return lambda x: k * p * floor(x / p + 0.5)
