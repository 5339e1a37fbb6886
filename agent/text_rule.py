"""Whether an explanation in words stands, by what it did on the held-out texts: one rule, in one place."""

from __future__ import annotations

from ..tools.scoring.texts import TextScore
from .wording import Rival, Wording

SIGNIFICANT = 0.05
ALIKE = 0.8
"""Two descriptions whose degrees on the held-out texts correlate this much (Spearman) say the same of them."""


def stands_in_words(score: TextScore, wording: Wording) -> tuple[bool, str]:
    """Whether the explanation stands, and why, in a short sentence.

    It stands if its corrected p-value is below 0.05 and its AUC exceeds every baseline's on the same texts (the whole
    interval of the paired difference above 0). A baseline that says the same of the texts is no rival: a module about
    food is rightly explained by `food`, whoever says so. The explanation must only not do clearly worse than that one,
    and clearly better than all the others.
    """
    if wording.withheld:
        return False, f"the score is withheld: {wording.withheld}"
    if score.value is None:
        return False, "no held-out text had a usable response, so nothing could be scored"
    if not wording.corrected_p_value < SIGNIFICANT:
        return False, (
            f"what it says of held-out texts could be luck (p = {wording.corrected_p_value:.2g}, corrected for "
            f"{wording.tried} hypotheses tried)"
        )
    if not score.value.value > 0.5:
        return False, "it tells less than chance where the module responds"
    if not wording.rivals:
        return False, "nothing asked before told texts apart, so there is no baseline to compare with"
    lost = [r for r in wording.rivals if not _beaten(r) and not _same(r)]
    if lost:
        worst = min(lost, key=lambda r: r.behind.value)
        return False, f"it is not clearly better than the baseline `{worst.name}` ({worst.says}, AUC {worst.auc:.2f})"
    same = [r for r in wording.rivals if not _beaten(r)]
    if not same:
        return True, "it beats every baseline on held-out texts"
    named = ", ".join(f"`{r.name}` ({r.says})" for r in same)
    return True, f"it beats every baseline on held-out texts but {named}, which says the same of them"


def _beaten(rival: Rival) -> bool:
    return rival.behind.low > 0.0


def _same(rival: Rival) -> bool:
    """Whether it says the same of the texts as the explanation, and does not clearly better."""
    return rival.alike >= ALIKE and not rival.behind.high < 0.0
