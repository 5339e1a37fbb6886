"""A radiator valve: how far it opens, in per cent, at an outdoor temperature in degrees Celsius.

The rule is simple, with two things one would not guess from a few readings: in frost the valve opens faster, and
between 12 and 19.5 degrees somebody once fixed it at 10 per cent, to save on spring evenings.

    zetetic explain python:examples/thermostat.py:reading --domain=-30:40
"""

SAVING_FROM_C = 12.0
SAVING_TO_C = 19.5
SAVING_OPENING = 10.0


def reading(outdoor_celsius: float) -> float:
    """Per cent open: 60 − 1.5·t, in frost 60 − 2.25·t, from 12 to 19.5 degrees always 10."""
    if SAVING_FROM_C <= outdoor_celsius <= SAVING_TO_C:
        return SAVING_OPENING
    slope = 2.25 if outdoor_celsius < 0 else 1.5
    return 60.0 - slope * outdoor_celsius


def heating_hours(day: int) -> float:
    """Hours of heating on day 0, 1, 2, …: 6 on working days, 10 on the two days that end each week."""
    return 10.0 if day % 7 in (5, 6) else 6.0
