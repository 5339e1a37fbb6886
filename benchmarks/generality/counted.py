"""Whole-number inputs, unusual scales, unknown domains, noise."""

from __future__ import annotations

import math

from ..suite import Law
from .sketch import Sketch, families

sin, exp, log = math.sin, math.exp, math.log


@families("whole numbers", 3, integer=True)
def remainder(s: Sketch) -> Law:
    s.move(0, 200)
    m, a, b = s.whole(3, 17), s.size(), s.size()
    return lambda n: a * (n % m) + b


@families("whole numbers", 2, integer=True)
def parity(s: Sketch) -> Law:
    s.move(-60, 60)
    a, b = s.size(), s.size()
    return lambda n: a if n % 2 == 0 else b * n


@families("whole numbers", 2, integer=True)
def halve_or_triple(s: Sketch) -> Law:
    s.move(1, s.whole(60, 400))
    k, c = s.whole(3, 7), s.whole(1, 9)
    return lambda n: n // 2 if n % 2 == 0 else k * n + c


@families("whole numbers", 2, integer=True)
def whole_division(s: Sketch) -> Law:
    s.move(0, s.whole(80, 500))
    m, a, b = s.whole(3, 25), s.whole(1, 20), s.whole(-30, 30)
    return lambda n: a * (n // m) + b


@families("whole numbers", 2, integer=True)
def square_remainder(s: Sketch) -> Law:
    s.move(0, 120)
    m = s.whole(5, 19)
    return lambda n: n * n % m


@families("whole numbers", 2, integer=True)
def multiplied_remainder(s: Sketch) -> Law:
    s.move(0, 150)
    m, k, c = s.whole(7, 31), s.whole(2, 6), s.whole(0, 6)
    return lambda n: (k * n + c) % m


@families("whole numbers", 2, integer=True)
def whole_quadratic(s: Sketch) -> Law:
    s.move(-100, s.whole(50, 300))
    a, b, c = s.whole(1, 9), s.whole(-50, 50), s.whole(-500, 500)
    return lambda n: a * n * n + b * n + c


@families("whole numbers", 2, integer=True)
def every_so_often(s: Sketch) -> Law:
    s.move(0, 180)
    m, a, b = s.whole(4, 12), s.size(), s.size()
    return lambda n: b * n + (a if n % m == 0 else 0.0)


@families("whole numbers", 2, integer=True)
def counted_digits(s: Sketch) -> Law:
    s.move(1, s.whole(2000, 90000))
    a = s.size()
    return lambda n: a * len(str(n))


@families("whole numbers", 2, integer=True)
def fares(s: Sketch) -> Law:
    s.move(0, 120)
    c, d, a, b = s.whole(4, 18), s.whole(40, 70), s.size(), s.size()
    return lambda n: a if n < c else (b if n < d else (a + b) / 2)


@families("tiny and huge", 2)
def tiny_line(s: Sketch) -> Law:
    s.move(0.0, s.log_between(1e-6, 1e-4))
    a, b = s.size(), s.size()
    k = s.short(a / s.width)
    return lambda x: k * x + b


@families("tiny and huge", 2)
def huge_parabola(s: Sketch) -> Law:
    w = s.log_between(1e5, 1e6)
    s.move(-w, w)
    a, c = s.log_between(1e-6, 1e-3), s.place()
    return lambda x: a * (x - c) ** 2


@families("tiny and huge", 2)
def tiny_sine(s: Sketch) -> Law:
    s.move(0.0, s.log_between(1e-6, 1e-4))
    a, p = s.log_between(1e-6, 1e-3), s.span(0.05, 0.4)
    return lambda x: a * sin(2 * math.pi * x / p)


@families("tiny and huge", 2)
def huge_saturation(s: Sketch) -> Law:
    s.move(0.0, s.log_between(1e5, 1e6))
    a, k = s.log_between(1e3, 1e6), s.span(0.05, 0.4)
    return lambda x: a * x / (k + x)


@families("tiny and huge", 2)
def many_decades(s: Sketch) -> Law:
    s.move(1e-3, s.log_between(1e3, 1e5))
    a, p = s.log_between(0.1, 100.0), s.between(-1.4, -0.4)
    return lambda x: a * x**p


@families("tiny and huge", 2)
def far_away(s: Sketch) -> Law:
    low = s.log_between(1e4, 9e5)
    s.move(low, low + s.log_between(1.0, 100.0))
    a, p, b = s.size(), s.span(0.1, 0.8), s.size()
    return lambda x: a * sin(2 * math.pi * x / p) + b


@families("unknown domain", 2, stated=False)
def unstated_bell(s: Sketch) -> Law:
    s.move(-100.0, 100.0)
    a, c, w, b = s.size(), s.place(), s.span(0.05, 0.2), s.size()
    return lambda x: a * exp(-(((x - c) / w) ** 2)) + b


@families("unknown domain", 2, stated=False)
def unstated_root(s: Sketch) -> Law:
    s.move(-100.0, 100.0)
    a, c = s.size(), s.place(0.3)
    return lambda x: a * math.sqrt(x - c)


@families("unknown domain", 2, stated=False)
def unstated_angle(s: Sketch) -> Law:
    s.move(-100.0, 100.0)
    a, c = s.size(), s.between(0.5, 3.0)
    return lambda x: a * math.asin(x / 60.0) + c


@families("unknown domain", 2, stated=False)
def unstated_sine(s: Sketch) -> Law:
    s.move(-100.0, 100.0)
    a, p, b = s.size(), s.between(0.7, 40.0), s.size()
    return lambda x: a * sin(2 * math.pi * x / p) + b


def _line(s: Sketch) -> Law:
    a, b, w = s.size(), s.size(), s.width
    return lambda x: a * x / w + b


def _bend(s: Sketch) -> Law:
    a, c, b, w = s.size(), s.place(), s.size(), s.width
    return lambda x: a * ((x - c) / w) ** 2 + b


def _swing(s: Sketch) -> Law:
    a, p, b = s.size(), s.span(0.02, 0.5), s.size()
    return lambda x: a * sin(2 * math.pi * x / p) + b


def _rise(s: Sketch) -> Law:
    a, c, w, b = s.size(), s.place(0.3), s.span(0.03, 0.1), s.size()
    return lambda x: a * math.tanh((x - c) / w) + b


def _jump(s: Sketch) -> Law:
    a, c, b = s.size(), s.place(), s.size()
    return lambda x: b + (a if x > c else 0.0)


def _fade(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, t, b = s.size(), s.span(0.1, 0.4), s.size()
    return lambda x: a * exp(-x / t) + b


def _hat(s: Sketch) -> Law:
    a, c, w, b = s.size(), s.place(0.2), s.span(0.05, 0.2), s.size()
    return lambda x: b + a / (1 + ((x - c) / w) ** 2)


SHAPES = (_line, _bend, _swing, _rise, _jump, _fade, _hat)


@families("noise, small", 6)
def slight_noise(s: Sketch) -> Law:
    law = SHAPES[s.whole(0, 6)](s)
    s.disturb("normal", s.log_between(0.001, 0.03) * s.scaled(law))
    return law


@families("noise, large", 6)
def strong_noise(s: Sketch) -> Law:
    law = SHAPES[s.whole(0, 6)](s)
    s.disturb("normal", s.between(0.1, 0.4) * s.scaled(law))
    return law


@families("noise, other kinds", 3)
def flat_noise(s: Sketch) -> Law:
    law = SHAPES[s.whole(0, 6)](s)
    s.disturb("uniform", s.between(0.02, 0.3) * s.scaled(law))
    return law


@families("noise, other kinds", 3)
def counting_noise(s: Sketch) -> Law:
    law = SHAPES[s.whole(0, 6)](s)
    spread = s.scaled(law)
    scale = s.short(s.between(5.0, 40.0) / spread)
    s.disturb("poisson", s.whole(1, 4))
    return lambda x: scale * law(x)


@families("noise, other kinds", 3)
def peaked_noise(s: Sketch) -> Law:
    law = SHAPES[s.whole(0, 6)](s)
    s.disturb("laplace", s.between(0.02, 0.2) * s.scaled(law))
    return law


@families("noise, other kinds", 3)
def growing_noise(s: Sketch) -> Law:
    law = SHAPES[s.whole(0, 6)](s)
    s.disturb("proportional", s.log_between(0.005, 0.1))
    return law
