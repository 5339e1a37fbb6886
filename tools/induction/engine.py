"""The front of the induction engine: one input or several."""

from __future__ import annotations

from .types import Candidate, Laboratory


def run(laboratory: Laboratory, *, seed: int) -> list[Candidate]:
    """Ask `laboratory` until a program explains the box or the budget is spent; candidates, best first."""
    if laboratory.domain.arity == 1:
        from .univariate import Univariate

        return Univariate(laboratory, seed=seed).run()
    from .several import run_several

    return run_several(laboratory, seed=seed)
