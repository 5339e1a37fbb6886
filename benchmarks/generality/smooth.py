"""Smooth functions: peaks, saturations, exponentials, powers, poles, compositions."""

from __future__ import annotations

import math

from ..suite import Law
from .sketch import Sketch, families

exp, log, sqrt, sin, cos, tanh = math.exp, math.log, math.sqrt, math.sin, math.cos, math.tanh


@families("peaks", 3)
def lorentzian(s: Sketch) -> Law:
    a, c, w, b = s.size(), s.place(), s.span(0.03, 0.3), s.size()
    return lambda x: a / (1 + ((x - c) / w) ** 2) + b


@families("peaks", 2)
def two_bells(s: Sketch) -> Law:
    (c, d), v, w = s.places(2, 0.2), s.span(0.03, 0.1), s.span(0.03, 0.1)
    a, b = s.size(), s.size()
    return lambda x: a * exp(-(((x - c) / v) ** 2)) + b * exp(-(((x - d) / w) ** 2))


@families("peaks", 2)
def squared_sech(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(), s.span(0.05, 0.3)
    return lambda x: a / math.cosh(min(abs((x - c) / w), 300.0)) ** 2


@families("peaks", 2)
def black_body(s: Sketch) -> Law:
    s.move(s.short(s.width * 0.01), s.width)
    a, t = s.log_between(0.1, 100.0), s.span(0.05, 0.2)
    return lambda x: a * (x / t) ** 3 / math.expm1(min(x / t, 600.0))


@families("peaks", 2)
def speeds(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, w = s.size(), s.span(0.15, 0.5)
    return lambda x: a * (x / w) ** 2 * exp(-((x / w) ** 2))


@families("peaks", 2)
def bell_on_slope(s: Sketch) -> Law:
    a, c, w, slope = s.size(), s.place(0.2), s.span(0.02, 0.1), s.size()
    k = s.short(slope / s.width)
    return lambda x: a * exp(-0.5 * ((x - c) / w) ** 2) + k * x


@families("saturations", 3)
def logistic(s: Sketch) -> Law:
    a, c, w, b = s.size(), s.place(), s.span(0.01, 0.2), s.size()
    return lambda x: b + a / (1 + exp(-max(min((x - c) / w, 500.0), -500.0)))


@families("saturations", 3)
def hill(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, k, n = s.size(), s.span(0.1, 0.5), s.whole(2, 5)
    return lambda x: a * x**n / (k**n + x**n)


@families("saturations", 2)
def michaelis(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, k, b = s.size(), s.span(0.05, 0.5), s.size()
    return lambda x: a * x / (k + x) + b


@families("saturations", 2)
def arctangent(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(), s.span(0.02, 0.3)
    return lambda x: a * math.atan((x - c) / w)


@families("saturations", 2)
def algebraic(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(), s.span(0.05, 0.3)
    return lambda x: a * (x - c) / sqrt(w**2 + (x - c) ** 2)


@families("saturations", 2)
def gompertz(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(0.25), s.span(0.05, 0.2)
    return lambda x: a * exp(-exp(max(min(-(x - c) / w, 300.0), -300.0)))


@families("saturations", 2)
def softplus(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(), s.span(0.02, 0.1)
    return lambda x: a * (log(1 + exp(-abs((x - c) / w))) + max((x - c) / w, 0.0))


@families("saturations", 2)
def error_function(s: Sketch) -> Law:
    a, c, w, b = s.size(), s.place(), s.span(0.02, 0.2), s.size()
    return lambda x: a * math.erf((x - c) / w) + b


@families("exponentials", 3)
def decay(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, t, b = s.size(), s.span(0.05, 0.5), s.size()
    return lambda x: a * exp(-x / t) + b


@families("exponentials", 2)
def two_decays(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, b, t, u = s.size(), s.size(), s.span(0.02, 0.06), s.span(0.2, 0.5)
    return lambda x: a * exp(-x / t) + b * exp(-x / u)


@families("exponentials", 2)
def stretched(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, t, p = s.size(), s.span(0.1, 0.4), s.between(0.3, 0.9)
    return lambda x: a * exp(-((x / t) ** p))


@families("exponentials", 2)
def growth(s: Sketch) -> Law:
    a, t, b = s.size(), s.span(0.1, 0.5), s.size()
    return lambda x: a * exp((x - s.low) / t) + b


@families("exponentials", 2)
def doubling(s: Sketch) -> Law:
    a, t = s.size(), s.span(0.05, 0.3)
    return lambda x: a * 2 ** ((x - s.low) / t)


@families("exponentials", 2)
def rise_and_fall(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, t = s.size(), s.span(0.05, 0.4)
    return lambda x: a * (x / t) * exp(-x / t)


@families("powers", 3)
def odd_power(s: Sketch) -> Law:
    s.move(0.0, s.width)
    a, p = s.size(), s.between(0.15, 3.9)
    w = s.width
    return lambda x: a * (x / w) ** p


@families("powers", 2)
def bare_power(s: Sketch) -> Law:
    s.move(0.1, s.log_between(3.0, 200.0))
    a, p, b = s.size(), s.sign() * s.between(0.3, 2.7), s.size()
    return lambda x: a * x**p + b


@families("powers", 2)
def root_of_distance(s: Sketch) -> Law:
    a, c, p = s.size(), s.place(), s.between(0.2, 1.8)
    w = s.width
    return lambda x: a * (abs(x - c) / w) ** p


@families("powers", 2)
def cube_root(s: Sketch) -> Law:
    a, c, b = s.size(), s.place(), s.size()
    return lambda x: a * math.copysign(abs(x - c) ** (1 / 3), x - c) + b


@families("powers", 2)
def two_powers(s: Sketch) -> Law:
    s.move(s.short(0.05 * s.width), s.width)
    a, b, w = s.size(), s.size(), s.width
    return lambda x: a * (x / w) ** 1.5 + b * (x / w) ** -0.5


@families("poles", 3)
def simple_pole(s: Sketch) -> Law:
    a, c, b = s.size(), s.place(), s.size()
    w = s.width
    return lambda x: a * w / (x - c) + b


@families("poles", 2)
def double_pole(s: Sketch) -> Law:
    a, c, b = s.size(), s.place(), s.size()
    w = s.width
    return lambda x: a * (w / (x - c)) ** 2 + b


@families("poles", 2)
def two_poles(s: Sketch) -> Law:
    (c, d), a, b, w = s.places(2, 0.2), s.size(), s.size(), s.width
    return lambda x: a * w / (x - c) + b * w / (x - d)


@families("poles", 2)
def resonance(s: Sketch) -> Law:
    c, w, a = s.place(0.2), s.width, s.size()
    g = s.short(0.05 * w)
    return lambda x: a * w**2 / sqrt((x**2 - c**2) ** 2 + (g * x) ** 2 + 1e-6 * w**4)


@families("poles", 2)
def tangent(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(), s.span(0.15, 0.4)
    return lambda x: a * math.tan((x - c) / w)


@families("compositions", 2)
def log_of_square(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(), s.span(0.01, 0.2)
    return lambda x: a * log(1 + ((x - c) / w) ** 2)


@families("compositions", 2)
def exp_of_sine(s: Sketch) -> Law:
    a, p, k = s.size(), s.span(0.1, 0.6), s.between(0.4, 1.6)
    return lambda x: a * exp(k * sin(2 * math.pi * x / p))


@families("compositions", 2)
def root_of_quadratic(s: Sketch) -> Law:
    a, c, w = s.size(), s.place(), s.span(0.05, 0.3)
    return lambda x: a * sqrt(1 + ((x - c) / w) ** 2)


@families("compositions", 2)
def sinc(s: Sketch) -> Law:
    a, c, p = s.size(), s.place(), s.span(0.02, 0.1)
    return lambda x: a * (sin((x - c) / p) / ((x - c) / p) if x != c else 1.0)


@families("compositions", 2)
def linear_times_sine(s: Sketch) -> Law:
    a, b, p, w = s.size(), s.size(), s.span(0.05, 0.4), s.width
    return lambda x: (a * x / w + b) * sin(2 * math.pi * x / p)


@families("compositions", 2)
def tanh_of_sine(s: Sketch) -> Law:
    a, k, p = s.size(), s.between(1.2, 5.0), s.span(0.1, 0.5)
    return lambda x: a * tanh(k * sin(2 * math.pi * x / p))


@families("compositions", 2)
def size_of_quadratic(s: Sketch) -> Law:
    (c, d), a, w = s.places(2), s.size(), s.width
    return lambda x: a * abs((x - c) * (x - d)) / w**2


@families("compositions", 2)
def log_of_distance(s: Sketch) -> Law:
    a, c, b, w = s.size(), s.place(), s.size(), s.width
    return lambda x: a * log(abs(x - c) / w) + b


@families("compositions", 2)
def sine_plus_log(s: Sketch) -> Law:
    s.move(s.short(0.01 * s.width), s.width)
    a, b, p, w = s.size(), s.size(), s.span(0.05, 0.3), s.width
    return lambda x: a * sin(2 * math.pi * x / p) + b * log(x / w)


@families("polynomials and ratios", 2)
def cubic(s: Sketch) -> Law:
    a, b, c, w = s.size(), s.size(), s.place(), s.width
    return lambda x: a * ((x - c) / w) ** 3 + b * (x - c) / w


@families("polynomials and ratios", 2)
def sixth_degree(s: Sketch) -> Law:
    s.move(-2.0, 2.0)
    a, b, c, d = (s.between(-4.0, 4.0) for _ in range(4))
    return lambda x: a * x**6 + b * x**4 + c * x + d


@families("polynomials and ratios", 2)
def smooth_ratio(s: Sketch) -> Law:
    s.move(-8.0, 8.0)
    a, b, c, d = (s.between(0.3, 5.0) for _ in range(4))
    return lambda x: (a * x**2 - b) / (c * x**2 + x + c + d)


@families("polynomials and ratios", 2)
def logarithm(s: Sketch) -> Law:
    a, b = s.size(), s.size()
    k = s.short(s.low - s.span(0.01, 0.2))
    return lambda x: a * log(x - k) + b
