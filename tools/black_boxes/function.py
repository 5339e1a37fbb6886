"""Black boxes for notebooks and tests: a callable in this process, and a box that records and fails on cue."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...sandboxes.types import Parameters
from .batched import TextsCaller
from .guest import Answer, LoadError, encode, encode_each, raised
from .guest import parameters as guest_parameters
from .options import OpenOptions, output_of
from .python import input_names, text_input, to_arguments
from .texts import ANY_TEXT, INPUT_NAMES, answer_texts
from .types import BlackBox, BlackBoxError, Domain, Failure, Input, OutputKind, Reply, Signature, SpecError
from .wire import decode


class FunctionBox:
    """A callable, asked in this process: nothing limits its time, and a crash is a crash of everything.

    With an input annotated as `str`, or as `list[str]` for many in one call, it is a text module; with a result that
    is annotated so, it gives texts.

    >>> box = FunctionBox(lambda x: 1 / x, NumericDomain((Interval(-1, 1),)))
    >>> [reply.value for reply in box.ask([(0.5,), (0.0,)])]
    [2.0, None]
    """

    def __init__(
        self,
        function: Callable[..., Any],
        domain: Domain | None = None,
        *,
        spec: str | None = None,
        output: OutputKind = "number",
        integer: bool = False,
    ) -> None:
        options = OpenOptions(domain=domain, output=output, integer=integer)
        name = getattr(function, "__name__", type(function).__name__)
        self._function = function
        self._spec = spec or f"function:{name}"
        parameters = _parameters(function, name)
        names = input_names(name, parameters, options.arity)
        self._takes = text_input(name, parameters, domain)
        output = output_of(parameters, output)
        whole = tuple(name for name in names if parameters is not None and name in parameters.integer)
        if self._takes is not None:
            self._signature = Signature(INPUT_NAMES, domain or ANY_TEXT, output)
        else:
            self._signature = Signature(names, domain, output, whole)
        self._whole = [said or name in whole for said, name in zip(options.whole(len(names)), names)]

    @property
    def spec(self) -> str:
        return self._spec

    @property
    def signature(self) -> Signature:
        return self._signature

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`. Ctrl-C is not taken for an exception of the function."""
        if self._takes is not None:
            yield from answer_texts(inputs, self._text_replies)
            return
        for x in inputs:
            yield decode(self._answer(to_arguments(x, self._whole)))

    def close(self) -> None:
        """Nothing to let go of."""

    def _text_replies(self, texts: Sequence[str]) -> Iterator[Reply]:
        if self._takes == "texts":
            return TextsCaller(self._call_texts).call(texts)
        return (decode(self._answer([text])) for text in texts)

    def _call_texts(self, texts: Sequence[str]) -> list[Reply]:
        begin = time.perf_counter()
        try:
            result = self._function(list(texts))
            seconds = (time.perf_counter() - begin) / len(texts)
            return [decode(a) for a in encode_each(result, len(texts), self._signature.output, seconds)]
        except (Exception, SystemExit) as error:
            return [decode(raised(error, (time.perf_counter() - begin) / len(texts)))] * len(texts)

    def _answer(self, arguments: Sequence[Any]) -> Answer:
        begin = time.perf_counter()
        try:
            value = self._function(*arguments)
            return encode(value, self._signature.output, time.perf_counter() - begin)
        except (Exception, SystemExit) as error:
            return raised(error, time.perf_counter() - begin)


class RecordingBox:
    """Wraps a box: records what was asked, fails on cue, is slow on cue. For tests and for writers of plug-ins.

    `failures` maps the number of an asking (from 0) to the failure it gets; `fails` decides by input.
    Every reply waits `seconds_per_answer`; the box is gone (`BlackBoxError`) after `gone_after` replies.
    """

    def __init__(
        self,
        box: BlackBox,
        *,
        failures: Mapping[int, Failure] | None = None,
        fails: Callable[[Input], Failure | None] | None = None,
        seconds_per_answer: float = 0.0,
        gone_after: int | None = None,
    ) -> None:
        self._box = box
        self._failures = dict(failures or {})
        self._fails = fails
        self._seconds_per_answer = seconds_per_answer
        self._gone_after = gone_after
        self.asked: list[Input] = []
        self.batch_sizes: list[int] = []
        self.closed = False

    @property
    def spec(self) -> str:
        return self._box.spec

    @property
    def signature(self) -> Signature:
        return self._box.signature

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`. An input counts as asked when its reply is fetched."""
        if self.closed:
            raise BlackBoxError("this box is closed; open it again")
        self.batch_sizes.append(len(inputs))
        return self._replies(inputs)

    def close(self) -> None:
        self.closed = True
        self._box.close()

    def _replies(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        for x in inputs:
            if self._gone_after is not None and len(self.asked) >= self._gone_after:
                raise BlackBoxError(f"the box is gone, as was asked for, after {self._gone_after} replies")
            if self._seconds_per_answer > 0:
                time.sleep(self._seconds_per_answer)
            cue = self._failures.get(len(self.asked)) or (self._fails(x) if self._fails else None)
            self.asked.append(x)
            yield Reply(None, cue, self._seconds_per_answer) if cue else next(iter(self._box.ask([x])))


def _parameters(function: Callable[..., Any], name: str) -> Parameters | None:
    if inspect.iscoroutinefunction(function):
        raise SpecError(f"{name} is async; wrap it in a function that runs it to the end")
    try:
        found = guest_parameters(function)
    except LoadError as error:
        raise SpecError(f"{name}: {error}") from None
    if found is None:
        return None
    required, optional = tuple(found["required"]), tuple(found["optional"])
    whole, one, many = (tuple(found[kind]) for kind in ("integer", "text", "texts"))
    return Parameters(required, optional, found["variadic"], whole, one, many, found["gives_text"])
