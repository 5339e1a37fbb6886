"""Benchmarks: how well the inductive scientist explains functions it has not seen."""
