"""Scores of explanations in words, on texts that were never used to find them."""

from .corrections import benjamini_hochberg, bonferroni, holm
from .detecting import Detected, detection, fuzzing
from .effects import effect
from .estimates import Estimate, ScoringError
from .held_out import HeldOut, difference, estimate_auc, held_out, permutation_p_value, top
from .highlighting import Highlighted, highlighted
from .ranks import auc, spearman
from .scores import Baseline, TextScore, text_score

__all__ = [
    "Baseline",
    "Detected",
    "Estimate",
    "HeldOut",
    "Highlighted",
    "ScoringError",
    "TextScore",
    "auc",
    "benjamini_hochberg",
    "bonferroni",
    "detection",
    "difference",
    "effect",
    "estimate_auc",
    "fuzzing",
    "held_out",
    "highlighted",
    "holm",
    "permutation_p_value",
    "spearman",
    "text_score",
    "top",
]
