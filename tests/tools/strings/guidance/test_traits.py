"""Signs of how texts stand to each other: of one length, bounded, and telling what they should tell."""

from __future__ import annotations

import numpy as np
import pytest

from zetetic.tools.strings.guidance import COUNT, traits

TEXTS = ("hello", "Hello World", "", "a", "ox", "  padded  ", "naïve café", "a1b2c3", "x" * 500, "tab\tnewline\n")


@pytest.mark.parametrize("change", [str, str.upper, str.strip, lambda t: t[::-1], lambda t: "", lambda t: t * 3])
def test_there_are_always_as_many_and_they_are_bounded(change: object) -> None:
    found = traits(TEXTS, [change(t) for t in TEXTS])  # type: ignore[operator]
    assert found.shape == (COUNT,)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert np.abs(found).max() <= 2.0


def test_a_step_on_the_way_brings_texts_nearer() -> None:
    wanted = ["-".join(t[::-1].upper()) for t in TEXTS]
    goal = traits(wanted, wanted)
    distances = [
        np.abs(traits(texts, wanted) - goal).sum()
        for texts in (TEXTS, [t[::-1] for t in TEXTS], [t[::-1].upper() for t in TEXTS], wanted)
    ]
    assert distances == sorted(distances, reverse=True)
