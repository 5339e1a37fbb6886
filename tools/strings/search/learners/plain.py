"""Steps without parameters: what they make of short texts is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from ...operations.expressions import Expression, Run
from ..forward import plain_steps
from ..frame import Frame
from ..selected import bits

_SAMPLES = (
    "",
    "Hello World",
    "abc",
    "aaB b  c1",
    " Two  words here ",
    "one-Two 33",
    "zebra",
    "aaaa",
    "a",
    "abababcc",
    "\u00df",
)


def _letters(text: str) -> list[str]:
    return sorted(text.lower())


def _only_reorders(run: Run) -> bool:
    """Whether a step keeps all characters but for their order and case."""
    return all(_letters(run(text, text)) == _letters(text) for text in _SAMPLES)


def _growths(run: Run) -> tuple[bool, bool]:
    """Whether a step may shorten texts, and whether it may lengthen them."""
    growths = [len(run(text, text)) - len(text) for text in _SAMPLES]
    return min(growths) < 0, max(growths) > 0


_OFTEN = 2
_MOST_MADE, _MOST_MET = 2000, 20_000
_PLAIN = tuple((step, run, _only_reorders(run), *_growths(run)) for step in plain_steps() for run in [step.run()])


@cache
def _allowed(reordered: bool, shorter: bool, longer: bool) -> int:
    """The plain steps, as bits, that may reorder, shorten or lengthen texts so."""
    return sum(
        (reordered or not only_reorders) and (may_shorten or not shorter) and (may_lengthen or not longer)
        and 1 << number
        for number, (_, _, only_reorders, may_shorten, may_lengthen) in enumerate(_PLAIN)
    )  # fmt: skip


class _Made(dict[str, dict[str, int]]):
    """What plain steps make of texts, each with the steps that do, as bits: of texts that are met often."""

    def __init__(self) -> None:
        super().__init__()
        self._met: Counter[str] = Counter()

    def of(self, text: str) -> dict[str, int] | None:
        """What becomes of a short text; None where it has seldom been met."""
        found = self.get(text)
        if found is None and self._met[text] >= _OFTEN:
            if len(self) > _MOST_MADE:
                self.clear()
            found = self[text] = {}
            for number, (_, run, *_) in enumerate(_PLAIN):
                became = run(text, text)
                found[became] = found.get(became, 0) | 1 << number
        elif found is None:
            if len(self._met) > _MOST_MET:
                self._met.clear()
            self._met[text] += 1
        return found


_MADE = _Made()


def _plain_left(frame: Frame, mask: int) -> int:
    """The plain steps, of those in `mask`, that no short text rules out."""
    for i in frame.short:
        made = _MADE.of(frame.current[i])
        if made is not None:
            mask &= made.get(frame.wanted[i], 0)
            if not mask:
                return 0
    return mask


def plain(frame: Frame) -> Iterator[Expression]:
    """Steps without parameters."""
    current, wanted = frame.current[frame.first], frame.wanted[frame.first]
    reordered = frame.same_length and _letters(current) == _letters(wanted)
    i = frame.order[frame.number_changed - 1]
    shortest, becomes = frame.current[i], frame.wanted[i]
    for number in bits(_plain_left(frame, _allowed(reordered, frame.shorter, frame.longer))):
        step, run, *_ = _PLAIN[number]
        if run(shortest, shortest) == becomes and all(run(c, c) == w for c, w in zip(frame.current, frame.wanted)):
            yield step
