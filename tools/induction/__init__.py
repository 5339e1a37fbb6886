"""Program induction: from answers to programs, no language model needed."""

from .types import Candidate, ExceptionRegion, Laboratory, Noise

__all__ = ["Candidate", "ExceptionRegion", "Laboratory", "Noise", "induce"]


def induce(laboratory: Laboratory, *, seed: int) -> list[Candidate]:
    """Ask `laboratory` until a program explains the box or the budget is spent; candidates, best first."""
    from .engine import run

    return run(laboratory, seed=seed)
