"""A noisy one: the water level at a pier, in metres, at an hour, with ripples of 5 cm.

zetetic explain python:examples/tide_gauge.py:level --domain=0:96
"""

import math
import random

_ripples = random.Random(7)


def level(hour: float) -> float:
    """Mean level 2.1 m, a tide of 1.4 m every 12.42 hours, and normal ripples of 0.05 m."""
    return 2.1 + 1.4 * math.sin(2 * math.pi * hour / 12.42) + _ripples.gauss(0.0, 0.05)
