"""A sparse model on questions, put into a few sentences."""

from __future__ import annotations

from .sparse import Coefficient, SparseFit

MOST_NAMED = 5


def sentence(fit: SparseFit) -> str:
    """What raises the prediction and what lowers it, strongest first, with intervals; what is unsure is said to be."""
    what = "the prediction" if fit.kind == "regression" else "the log-odds of the second class"
    if not fit.coefficients:
        return f"No question says anything about the target: {what} is the same for every text."
    known = [c for c in fit.coefficients if c.known]
    unsure = len(fit.coefficients) - len(known)
    parts = []
    for word, some in (("rises", [c for c in known if c.value > 0]), ("falls", [c for c in known if c.value < 0])):
        if some:
            parts.append(f"{what} {word} with yes to " + ", ".join(_named(c) for c in some[:MOST_NAMED]))
    if not parts:
        return (
            f"Of {len(fit.coefficients)} questions in the model none has a sign that is known: every interval holds 0."
        )
    said = "; ".join(parts)
    tail = (
        ""
        if not unsure
        else f" {unsure} more {'is' if unsure == 1 else 'are'} in the model with intervals that hold 0."
    )
    return f"{said[0].upper()}{said[1:]}.{tail} Figures are for one standard deviation of the answer."


def _named(c: Coefficient) -> str:
    return f"“{c.question}” ({c.value:+.3g}, {c.low:+.3g} to {c.high:+.3g})"
