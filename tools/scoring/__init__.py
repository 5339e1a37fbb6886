"""Scores measured on inputs that were never used to find an explanation."""

from .baselines import fit_baselines, nearest_answered
from .metrics import as_numbers, bootstrap_r2, errors, r2
from .runnable import CodeError, finite_number, load_explained, predict_all
from .types import Score

__all__ = [
    "CodeError",
    "Score",
    "as_numbers",
    "bootstrap_r2",
    "errors",
    "finite_number",
    "fit_baselines",
    "load_explained",
    "nearest_answered",
    "predict_all",
    "r2",
]
