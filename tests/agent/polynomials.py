"""A small scientist for the tests: fits polynomials of rising degree, asks where it has not looked, repeats itself."""

from __future__ import annotations

import numpy as np

from zetetic.agent import CodeCandidate


def candidate(coefficients, xs, ys):
    """The polynomial with `coefficients` (highest first) as a candidate."""
    numbers = [float(c) for c in coefficients]
    misses = np.abs(np.polyval(numbers, xs) - ys)
    return CodeCandidate(
        name=f"polynomial of degree {len(numbers) - 1}",
        code=f"COEFFICIENTS = {numbers}\n\n\ndef explained(x):\n    y = 0.0\n    for c in COEFFICIENTS:\n"
        "        y = y * x + c\n    return y\n",
        description=f"a polynomial of degree {len(numbers) - 1}",
        formula=" ".join(f"{c:g}" for c in numbers),
        bits=float(len(numbers) * 10 + np.sum(np.log2(1 + misses / 1e-6))),
    )


class PolynomialScientist:
    """Asks in small batches, proposes after each, concludes twice."""

    name = "polynomial"

    def __init__(self, batches=6, batch=8, rounds=2):
        self.batches, self.batch, self.rounds = batches, batch, rounds

    def investigate(self, inquiry, *, seed):
        rng = np.random.default_rng(seed)
        xs, ys = [], []
        for _ in range(self.rounds):
            ranked = []
            for _ in range(self.batches):
                points = [*inquiry.domain.sample(rng, self.batch - 1), (0.0,)]  # 0 again and again: repeats
                replies = inquiry.ask(points, "to fill gaps")
                for (x,), reply in zip(points, replies):
                    if isinstance(reply.value, float):
                        xs.append(x)
                        ys.append(reply.value)
                if len(xs) < 6:
                    continue
                fits = [np.polyfit(np.array(xs) / 10.0, ys, d) / 10.0 ** np.arange(d, -1, -1) for d in range(4)]
                ranked = sorted((candidate(f, np.array(xs), np.array(ys)) for f in fits), key=lambda c: c.bits)
                inquiry.propose(ranked[:3], f"{len(xs)} answers")
            if not ranked or inquiry.rounds_left < 1:
                return
            inquiry.conclude(ranked[0])
