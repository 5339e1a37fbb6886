"""The networks that come with the package: they know the library's steps, and prefer those that help."""

from __future__ import annotations

import numpy as np

from zetetic.tools.black_boxes.types import TextDomain
from zetetic.tools.strings import probes
from zetetic.tools.strings.guidance import named, network, traits
from zetetic.tools.strings.operations import vocabulary as v
from zetetic.tools.strings.operations.expressions import CURRENT, call
from zetetic.tools.strings.search.forward import first_steps

TEXTS = tuple(probes(TextDomain("", 200))[:20])


def test_hardly_a_kind_of_first_step_is_unknown_to_it() -> None:
    """Else the weights are older than the library: fit them again with `zetetic.tools.strings.training.train`."""
    wanted = [t[::-1] + "q" for t in TEXTS]
    kinds = {named(step) for step in first_steps(TEXTS, wanted)}
    unknown = [kind for kind in kinds if kind not in network().names]
    assert len(unknown) <= 0.05 * len(kinds), unknown


def test_unknown_kinds_count_alike() -> None:
    known = network()
    kinds = known.kinds(["no such step", "nor this one"])
    scores = known.likely(traits(TEXTS, TEXTS[::-1]), kinds, np.zeros(2, dtype=np.float32))
    assert kinds.tolist() == [0, 0]
    assert scores[0] == scores[1]


def test_the_right_step_stands_high_by_what_it_does() -> None:
    steps = [call(word, CURRENT) for word in (v.REVERSE, v.SORT, v.UPPER, v.SWAP_HALVES, v.COUNT_RUNS, v.INITIALS)]
    wanted = ["*".join(t[::-1].title()) for t in TEXTS]
    after = np.array([traits([step.run()(t, t) for t in TEXTS], wanted) for step in steps])
    known = network()
    bits = np.array([step.bits for step in steps], dtype=np.float32)
    scores = known.nearer(traits(TEXTS, wanted), after, known.kinds([named(s) for s in steps]), bits)
    assert int(np.argmax(scores)) == 0


def test_both_networks_give_a_number_for_each_step_and_the_same_again() -> None:
    known = network()
    before = traits(TEXTS, [t.upper() for t in TEXTS])
    kinds, bits = known.kinds(sorted(known.names)), np.full(len(known.names), 5.0, dtype=np.float32)
    one, again = known.likely(before, kinds, bits), known.likely(before, kinds, bits)
    assert one.shape == kinds.shape
    assert np.isfinite(one).all()
    assert (one == again).all()
