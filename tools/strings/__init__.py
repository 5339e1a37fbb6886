"""Functions from texts to texts: where their inputs come from, and how predictions of them are scored."""

from .inputs import probes, random_texts
from .scoring import exact_match, fit_baselines, predict_texts

__all__ = ["exact_match", "fit_baselines", "predict_texts", "probes", "random_texts"]
