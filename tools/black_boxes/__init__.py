"""Black boxes: functions of which only inputs and outputs are seen."""

from .specs import open_box
from .types import (
    BlackBox,
    BlackBoxError,
    ChoiceDomain,
    Domain,
    DomainError,
    Failure,
    Input,
    Interval,
    NumericDomain,
    Point,
    Reply,
    Signature,
    SpecError,
    TextDomain,
    Value,
)

__all__ = [
    "BlackBox",
    "BlackBoxError",
    "ChoiceDomain",
    "Domain",
    "DomainError",
    "Failure",
    "Input",
    "Interval",
    "NumericDomain",
    "Point",
    "Reply",
    "Signature",
    "SpecError",
    "TextDomain",
    "Value",
    "open_box",
]
