"""First steps by what they are: some need no data, others have constants that are read off the pairs."""

from .constants import constant_steps, hidden_constants
from .letters import code_shifts, placed_shifts, shifting_steps
from .numbers import counts_of, number_steps
from .pieces import parts, piece_steps, selecting_steps, swaps
from .plain import plain_steps, turned_steps
from .usual import beside_marks, usual_constants
from .words import word_steps

__all__ = [
    "beside_marks",
    "code_shifts",
    "constant_steps",
    "counts_of",
    "hidden_constants",
    "number_steps",
    "parts",
    "piece_steps",
    "placed_shifts",
    "plain_steps",
    "selecting_steps",
    "shifting_steps",
    "swaps",
    "turned_steps",
    "usual_constants",
    "word_steps",
]
