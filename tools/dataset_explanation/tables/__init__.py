"""Tables: a transparent model of a column, put into words with its numbers."""

from .explaining import explain_table
from .types import Curve, Effect, Level, ModelScore, Rule, Segment, TableExplanation

__all__ = ["Curve", "Effect", "Level", "ModelScore", "Rule", "Segment", "TableExplanation", "explain_table"]
