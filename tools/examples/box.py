"""`examples:FILE` or `examples:FILE#COLUMN`: a black box that answers only what a file holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from ..black_boxes.options import OpenOptions
from ..black_boxes.texts import ANY_TEXT
from ..black_boxes.types import Failure, Input, Interval, NumericDomain, Reply, Signature, SpecError
from .reading import read_examples
from .types import Answer, Examples, ExamplesError

SCHEME = "examples"


class ExamplesBox:
    """The pairs of a file as a black box. An input with several answers gives them in turn, in the file's order."""

    def __init__(self, examples: Examples, spec: str | None = None) -> None:
        self.examples = examples
        self._spec = spec or f"{SCHEME}:{examples.path}#{examples.output}"
        self._answers: dict[Input, list[Answer]] = {}
        for given, answer in examples.pairs:
            self._answers.setdefault(given, []).append(answer)
        self._asked: Counter[Input] = Counter()
        domain = ANY_TEXT if examples.kind != "numbers" else domain_of(examples)
        self._signature = Signature(examples.names, domain, "text" if examples.kind == "texts" else "number")

    @property
    def spec(self) -> str:
        return self._spec

    @property
    def signature(self) -> Signature:
        return self._signature

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`; what the file does not hold fails."""
        for given in inputs:
            answers = self._answers.get(given)
            if answers is None:
                yield Reply(None, Failure("raised", "not among the examples: there is no box to ask"))
                continue
            yield Reply(answers[self._asked[given] % len(answers)])
            self._asked[given] += 1

    def close(self) -> None:
        """Nothing to let go of."""


def domain_of(examples: Examples) -> NumericDomain:
    """The ranges of the inputs; of whole numbers where all are. An input that never changes gets one on either side."""
    columns = zip(*(given for given, _ in examples.pairs if isinstance(given, tuple)))
    return NumericDomain(tuple(_range(column) for column in columns))


def _range(column: Sequence[float]) -> Interval:
    low, high = min(column), max(column)
    whole = all(v.is_integer() and abs(v) < 2**53 for v in column)
    if low == high:
        step = max(1.0, math.ulp(low))
        return Interval(low - step, high + step, whole)
    return Interval(low, high, whole)


def open_box(rest: str, options: OpenOptions) -> ExamplesBox:
    """Open `FILE` or `FILE#COLUMN`. What `options` say of the output and the domain decides how cells are read."""
    place, mark, column = rest.rpartition("#")
    path = place if mark else rest
    takes_texts = options.domain is not None and not isinstance(options.domain, NumericDomain)
    options.refuse_sandbox("a file of examples", "it holds no code: leave the sandbox out")
    try:
        examples = read_examples(
            path,
            output_column=column if mark else None,
            texts=takes_texts,
            gives_text=options.output == "text",
        )
    except ExamplesError as error:
        raise SpecError(str(error)) from error
    return ExamplesBox(examples)
