"""Examples that are texts, or numbers computed from texts: programs from some of them, and how well those fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..tools.black_boxes.types import Input, Value
from ..tools.examples import Examples
from ..tools.induction.types import ExceptionRegion, Noise
from .passive_search import KEEP, Found, contradictions, none_fits

if TYPE_CHECKING:
    from ..tools.strings.branching import Induced
    from ..tools.strings.types import Program


@dataclass(frozen=True)
class FoundTexts:
    """A program of the string engine; `gives_numbers`: the source answers with numbers."""

    program: Program
    right: int
    pairs: int
    gives_numbers: bool = False

    @property
    def name(self) -> str:
        return self.description

    @property
    def description(self) -> str:
        return self.program.sentence()

    @property
    def formula(self) -> str:
        return ""

    @property
    def code(self) -> str:
        return self.program.code("number") if self.gives_numbers else self.program.code()

    @property
    def bits(self) -> float:
        """The program's own, and what the pairs cost that it gets wrong: at least their characters."""
        return self.program.size + 45.0 * (self.pairs - self.right)

    @property
    def exceptions(self) -> tuple[ExceptionRegion, ...]:
        return ()

    @property
    def noise(self) -> Noise | None:
        return None

    def predict(self, inputs: Sequence[Input]) -> list[Value | None]:
        said = [self.program(str(text)) for text in inputs]
        return [_number(s) for s in said] if self.gives_numbers else [*said]

    def gives(self, input: Input, value: Value | None) -> bool:
        [said] = self.predict([input])
        return said == value


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


class Texts:
    """Pairs of a text and a text, or a number that is computed from the text."""

    sketched = KEEP

    def __init__(self, examples: Examples, seed: int) -> None:
        from ..tools.examples.texts import as_text

        self._examples = examples
        self._seed = seed
        self._numbers = examples.kind == "counts"
        self._pairs = [(str(given), as_text(answer)) for given, answer in examples.pairs]
        doubtful = {str(c.input) for c in examples.contradictions}
        self._testable = [k for k, (text, _) in enumerate(self._pairs) if text not in doubtful]
        self._last: Induced | None = None

    @property
    def count(self) -> int:
        return len(self._pairs)

    @property
    def testable(self) -> Sequence[int]:
        return self._testable

    def input_of(self, row: int) -> Input:
        return self._pairs[row][0]

    def size_of(self, row: int) -> float:
        return float(len(self._pairs[row][0]))

    def find(
        self, rows: Sequence[int], seconds: float, before: Sequence[Found] = (), *, keep: int = KEEP
    ) -> list[Found]:
        from ..tools.strings.branching import Table, induce

        pairs = [self._pairs[k] for k in rows]
        resume = self._last if before else None
        found = induce(pairs, seconds=seconds, keep=keep, resume=resume)
        if not before:
            self._last = found
        programs = [p for p in found.programs if not isinstance(p, Table)]
        whole = [FoundTexts(p, len(pairs), len(pairs), self._numbers) for p in programs]
        near = [] if whole else [n for n in found.near if 2 * len(n.right) >= len(pairs)]
        return [*whole, *(FoundTexts(n.program, len(n.right), len(pairs), self._numbers) for n in near)]

    def baselines(self, rows: Sequence[int], inputs: Sequence[Input]) -> dict[str, list[Value | None]]:
        from ..tools.strings import fit_baselines

        fitted = fit_baselines([self._pairs[k] for k in rows])
        if not self._numbers:
            return {name: [p(str(text)) for text in inputs] for name, p in fitted.items()}
        return {name: [_number(p(str(text))) for text in inputs] for name, p in fitted.items() if name != "identity"}

    def fit(self, found: Found, rows: Sequence[int]) -> str:
        certain = set(self._testable)
        rows = [k for k in rows if k in certain]
        right = sum(found.gives(self._pairs[k][0], self._examples.pairs[k][1]) for k in rows)
        return f"gives {'all' if right == len(rows) else f'{right} of'} {len(rows)} pairs"

    def separating(self, ranked: Sequence[Found]) -> dict[str, Any] | None:
        from ..tools.examples.texts import separating_text

        known = [text for text, _ in self._pairs]
        for rank, other in enumerate(ranked[1:], start=2):
            assert isinstance(ranked[0], FoundTexts)
            assert isinstance(other, FoundTexts)
            apart = separating_text(ranked[0].program, other.program, known, seed=self._seed)
            if apart is not None:
                return {"input": apart[0], "first": apart[1], "other": apart[2], "rank": rank}
        return None

    def notes(self, explained: bool) -> list[str]:
        from ..tools.examples.texts import are_sentences

        notes = contradictions(self._examples, "no function gives those, and they were left out")
        if not explained and are_sentences(self._examples):
            notes.append(
                "the inputs are sentences and no program of characters and words fits them; what a text module "
                "responds to is found by asking it (zetetic explain SPEC), and what tells two lots of texts apart by "
                "zetetic explain-dataset"
            )
            return notes
        return notes + none_fits(explained)
