"""The order in which people write the terms of a sum."""

from __future__ import annotations

from collections.abc import Sequence


def as_people_write(degrees: Sequence[float | None], terms: Sequence[str]) -> list[str]:
    """Powers of x from the highest down, a constant last; but `2 - x` rather than `-x + 2`.

    `degrees` are the powers of x, 0 for a constant, None for any other term; those stay where they are.
    """
    pairs = list(zip(degrees, terms))
    if None in degrees:
        ordered = [term for degree, term in pairs if degree != 0] + [term for degree, term in pairs if degree == 0]
    else:
        ordered = [term for _, term in sorted(pairs, key=lambda pair: -(pair[0] or 0.0))]
    if ordered[0].startswith("-") and not ordered[-1].startswith("-"):
        ordered.insert(0, ordered.pop())
    return ordered
