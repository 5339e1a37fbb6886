"""The whole search for several inputs: noise, exact decomposition, pieces, then what can be had."""

from __future__ import annotations

import numpy as np

from ..types import Candidate, Floats, Laboratory, Noise
from . import pieces
from .decompose import solve
from .evolved import evolve
from .expressions import Expr, number
from .noisy import fit_noisy, measure_noise
from .problem import OutOfBudgetError, Problem, Source, typical_error
from .programs import Program, is_exact, make, weighed
from .surface import interpolate

CHECKS = 14
"""Queries kept back to test the best program where nobody has looked."""

FEWEST = 60
"""Points that an approximation should rest on, if they can be had."""


def search(laboratory: Laboratory, *, seed: int) -> list[Candidate]:
    """Candidates, best first; at least one unless the box never gave a real value."""
    with np.errstate(all="ignore"):
        return _Search(laboratory, seed).run()


class _Search:
    def __init__(self, laboratory: Laboratory, seed: int) -> None:
        self.laboratory, self.seed = laboratory, seed
        self.source = Source(laboratory)
        signature = getattr(laboratory, "signature", None)
        given = tuple(getattr(signature, "names", ()))
        arity = laboratory.domain.arity
        self.names = given if len(given) == arity else tuple(f"x{i + 1}" for i in range(arity))
        self.programs: list[Program] = []
        self.noise: Noise | None = None

    def run(self) -> list[Candidate]:
        for stage in (self._noise_free, self._approximate):
            try:
                if not self._settled():
                    stage()
            except (OutOfBudgetError, ArithmeticError, np.linalg.LinAlgError):
                # Numbers that overflow end one way of looking, not the search.
                self.source.allow(self.laboratory.queries_left)
        return self._ranked()

    def _noise_free(self) -> None:
        self.source.allow(self.laboratory.queries_left)
        self.noise = measure_noise(self.source, self.seed)
        if self.noise is None:
            self._exact()

    def _root(self) -> Problem:
        known = self.source.data()
        root = Problem(
            lambda points: self.source.values(points, "tell forms apart"),
            self.laboratory.domain.inputs,
            seed=self.seed,
            known=known,
        )
        _, values = root.pool()
        root.error = typical_error(values)
        return root

    def _exact(self) -> None:
        root = self._root()
        finished = self._closed_form(root, int(0.55 * self.source.purse))
        if not self._settled() and not finished and root.structured:
            finished = self._closed_form(root, self.laboratory.queries_left - CHECKS)
        if not self._settled():
            self.source.allow(max(0, self.laboratory.queries_left - CHECKS))
            self._offer(pieces.solve_pieces(self.source, self.laboratory.domain.inputs, self.seed), "pieces")
            self._check()
        if not self._settled() and not finished:
            self._closed_form(root, self.laboratory.queries_left - CHECKS)

    def _closed_form(self, root: Problem, queries: int) -> bool:
        """Whether the search for one closed form came to its end within `queries`; what was asked stays known."""
        self.source.allow(queries)
        try:
            self._offer(solve(root), "closed form")
        except OutOfBudgetError:
            self.source.check_clock()
            return False
        self._check()
        return True

    def _approximate(self) -> None:
        """Regression on random points: for noise, and for what has no exact form."""
        self.source.check_clock()
        self.source.allow(self.laboratory.queries_left)
        known = self.source.data()[1]
        lacking = min(self.source.purse, FEWEST - len(known))
        if lacking > 0:
            points = self.source.domain.sample(np.random.default_rng(self.seed + 47), lacking)
            self.source.values(np.array(points), "cover the box")
        for expr in fit_noisy(self.source, self.noise.scale if self.noise else 0.0, self.seed):
            self._offer(expr, "regression")
        if self._settled():
            return
        x, y = self.source.data()
        seconds = min(20.0, 0.5 * self.laboratory.seconds_left)
        for expr in evolve(x, y, seed=self.seed, seconds=seconds) if len(y) >= FEWEST else []:
            self.source.check_clock()
            self._offer(expr, "evolved")

    def _offer(self, expr: Expr | None, name: str) -> None:
        if expr is None:
            return
        x, y = self.source.data()
        sigma = self.noise.scale if self.noise else 0.0
        self.programs.append(make(expr, x, y, names=self.names, name=name, sigma=sigma))
        self.programs.sort(key=lambda p: p.bits)
        self.laboratory.propose(self.programs[:5], name)

    def _check(self) -> None:
        """Ask the best program's predictions where none has looked: random points, corners, small scales."""
        self.source.allow(self.laboratory.queries_left)
        if not self.programs or not is_exact(self.programs[0], self.source.data()[1]):
            return
        points = _probes(self.source, self.seed)[: self.laboratory.queries_left]
        if len(points):
            self.source.values(points, "check the best form at corners, small scales and fresh points")
        x, y = self.source.data()
        self.programs = sorted((weighed(p, x, y) for p in self.programs), key=lambda p: p.bits)

    def _settled(self) -> bool:
        if self.noise is not None and self.programs:
            return self.programs[0].error < 1.15 * self.noise.scale
        return bool(self.programs) and is_exact(self.programs[0], self.source.data()[1])

    def _ranked(self) -> list[Candidate]:
        x, y = self.source.data()
        if not len(y):
            return []
        programs: list[Candidate] = sorted((weighed(p, x, y) for p in self.programs), key=lambda p: p.bits)
        widths = np.array([i.width for i in self.laboratory.domain.inputs])
        if not programs:
            level = number(float(np.median(y)))
            programs.append(make(level, x, y, names=self.names, name="constant", sigma=0.0))
        if not self._settled() and len(y) > 2 * x.shape[1] + 4:
            surface = interpolate(x, y, widths, self.names, self.noise)
            best = min((p.error for p in self.programs), default=np.inf)
            programs.insert(0 if surface.error < 0.7 * best else len(programs), surface)
        self.laboratory.propose(programs[:5], "ranked")
        return programs


def _probes(source: Source, seed: int) -> Floats:
    """Corners, points near zero on a log scale, fresh random points."""
    rng = np.random.default_rng(seed + 99)
    inputs = source.domain.inputs
    rows = [[i.low if rng.random() < 0.5 else i.high for i in inputs] for _ in range(3)]
    for _ in range(3):
        shrink = 10.0 ** rng.uniform(-4, -1)
        rows.append([i.snap(i.low + shrink * i.width if i.low * i.high > 0 else shrink * i.high) for i in inputs])
    fresh = source.domain.sample(rng, CHECKS - len(rows))
    return np.array([*rows, *fresh])
