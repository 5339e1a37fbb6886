"""Judges: does an explanation in words apply to a text?"""

from .calibration import Calibration, Pair, calibrate, calibration_pairs
from .chat import ChatJudge
from .embedded import EmbeddedJudge
from .highlights import judge_highlights
from .local import LocalModelJudge
from .types import Judge

__all__ = [
    "Calibration",
    "ChatJudge",
    "EmbeddedJudge",
    "Judge",
    "LocalModelJudge",
    "Pair",
    "calibrate",
    "calibration_pairs",
    "judge_highlights",
]
