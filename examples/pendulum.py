"""Physics in two inputs.

zetetic explain python:examples/pendulum.py:period --domain=0.1:4 --domain=1:25
"""

import math


def period(length_m: float, gravity_m_s2: float) -> float:
    """Seconds of one small swing: 2π·sqrt(length / gravity)."""
    return 2 * math.pi * math.sqrt(length_m / gravity_m_s2)


def air_drag(speed_m_s: float, area_m2: float) -> float:
    """Newtons on a car of drag coefficient 0.3 in air of 1.2 kg/m³."""
    return 0.5 * 1.2 * 0.3 * area_m2 * speed_m_s**2
