"""Learners: from texts and the texts they should become to steps that make them so, parameters fitted."""

from .all import LEARNERS, Learner, learn

__all__ = ["LEARNERS", "Learner", "learn"]
