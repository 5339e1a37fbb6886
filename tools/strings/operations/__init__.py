"""What string programs are made of: a library of plain functions, and expressions that call them."""

from .expressions import Call, Constant, Current, EachWord, Expression, Original, Word, call
from .program import StraightProgram
from .source import program_parts, program_source

__all__ = [
    "Call",
    "Constant",
    "Current",
    "EachWord",
    "Expression",
    "Original",
    "StraightProgram",
    "Word",
    "call",
    "program_parts",
    "program_source",
]
