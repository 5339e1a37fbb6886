"""Black boxes: functions of which only inputs and outputs are seen."""

from .function import FunctionBox, RecordingBox
from .occlusion import occlusion
from .options import OpenOptions
from .specs import Opener, known_schemes, open_box
from .texts import RememberingBox, TextBox, responses
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
    TokenLevel,
    TokenValue,
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
    "RememberingBox",
    "Reply",
    "Signature",
    "SpecError",
    "TextBox",
    "TextDomain",
    "TokenLevel",
    "TokenValue",
    "Value",
    "known_schemes",
    "occlusion",
    "open_box",
    "responses",
]
