"""stub"""
from __future__ import annotations
def solve_pieces(source, box, seed):
    return None
