"""Black boxes: functions of which only inputs and outputs are seen."""

from .function import FunctionBox, RecordingBox
from .options import OpenOptions
from .specs import Opener, known_schemes, open_box
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
    "FunctionBox",
    "Input",
    "Interval",
    "NumericDomain",
    "OpenOptions",
    "Opener",
    "Point",
    "RecordingBox",
    "Reply",
    "Signature",
    "SpecError",
    "TextDomain",
    "Value",
    "known_schemes",
    "open_box",
]
