"""`python:path.py:name` and `python:package.module:name`: a Python function, run in a child process.

Scalar in, number (or text) out, several inputs, exceptions and NaN become failures; a call that hangs is killed,
one that crashes is survived. The code runs in a `worker`, or, if nobody vouches for it, in a sandbox (`sandboxed`).
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from ...sandboxes.types import Parameters, Standing
from .batched import TextsCaller
from .options import OpenOptions, output_of
from .sandboxed import SandboxedRunner
from .texts import ANY_TEXT, INPUT_NAMES, answer_texts
from .types import Domain, Input, Reply, Signature, SpecError
from .vectorized import ArrayCaller
from .worker import Argument, Runner, Target, Worker

RunnerFactory = Callable[[Target, OpenOptions], Runner]


class PythonBox:
    """A Python function behind a `Runner`. Use as a context manager, or `close()` it."""

    def __init__(self, spec: str, target: Target, options: OpenOptions, runner: RunnerFactory = Worker) -> None:
        self._spec = spec
        self._runner = runner(target, options)
        try:
            parameters = self._runner.start()
            names = input_names(str(target), parameters, options.arity)
            self._takes = text_input(str(target), parameters, options.domain)
        except BaseException:
            self._runner.close()
            raise
        output = output_of(parameters, options.output)
        whole = tuple(name for name in names if parameters is not None and name in parameters.integer)
        self._whole = [said or name in whole for said, name in zip(options.whole(len(names)), names)]
        if self._takes is not None:
            self._signature = Signature(INPUT_NAMES, options.domain or ANY_TEXT, output)
        else:
            self._signature = Signature(names, options.domain, output, whole)
        self._many = TextsCaller(self._runner.call_texts, options.batch_size) if self._takes == "texts" else None
        arrays = options.vectorized is not False and output == "number" and all_numbers(self._signature.domain)
        self._arrays = ArrayCaller(self._runner, forced=options.vectorized is True) if arrays else None

    @property
    def spec(self) -> str:
        return self._spec

    @property
    def signature(self) -> Signature:
        return self._signature

    @property
    def standing(self) -> Standing | None:
        """What the sandbox around the function guarantees; None where it runs with the user's own rights."""
        return self._runner.standing

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`."""
        if self._takes is not None:
            return answer_texts(inputs, self._text_replies)
        arguments = [to_arguments(x, self._whole) for x in inputs]
        return self._arrays.call(arguments) if self._arrays else self._runner.call(arguments)

    def close(self) -> None:
        self._runner.close()

    def _text_replies(self, texts: Sequence[str]) -> Iterator[Reply]:
        return self._many.call(texts) if self._many else self._runner.call([[text] for text in texts])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def open_box(rest: str, options: OpenOptions) -> PythonBox:
    """Open `path.py:name` or `package.module:name`. The spec of the box holds the absolute path."""
    target = find_target(rest, options)
    return PythonBox(f"python:{target}", target, options, runner_of(options))


def runner_of(options: OpenOptions, *, untrusted: bool = False) -> RunnerFactory:
    """Where a function runs; `untrusted` is what holds where `options` leave it open."""
    return SandboxedRunner if options.wants_sandbox(default=untrusted) else Worker


def find_target(rest: str, options: OpenOptions) -> Target:
    """What `rest` names; the last colon parts it, so drive letters do no harm."""
    where, colon, name = rest.rpartition(":")
    if not colon or not where or not name:
        raise SpecError(f"a Python function is named python:path.py:name, got 'python:{rest}'")
    if not all(part.isidentifier() for part in name.split(".")):
        raise SpecError(f"{name!r} (in 'python:{rest}') is not the name of a function")
    path = Path(where).expanduser()
    if where.endswith(".py") or os.sep in where or "\\" in where or path.is_file():
        if not path.is_file():
            raise SpecError(f"there is no file {where}; its path is taken from {Path.cwd()}")
        return Target(str(path.resolve()), None, name, options.seed, options.output)
    if not _module_exists(where):
        raise SpecError(f"there is no module {where}; install it, or give a file as python:path.py:{name}")
    return Target(None, where, name, options.seed, options.output)


def _module_exists(module: str) -> bool:
    """Whether the top package of `module` can be found, without importing it here."""
    top = module.partition(".")[0]
    if (Path.cwd() / top).is_dir() or (Path.cwd() / f"{top}.py").is_file() or top in sys.modules:
        return True
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def input_names(what: str, parameters: Parameters | None, arity: int | None) -> tuple[str, ...]:
    """Names of the inputs to pass: as many as the domain says, else those without a default value."""
    if parameters is None or (parameters.variadic and not parameters.required and not parameters.optional):
        if arity is None and parameters is not None:
            raise SpecError(f"{what} takes any number of inputs; say how many by giving a domain for each")
        count = arity or 1
        return tuple(f"x{i + 1}" for i in range(count)) if count > 1 else ("x",)
    named = parameters.required + parameters.optional
    if not named:
        raise SpecError(f"{what} takes no input; a black box needs at least one")
    if arity is None:
        return parameters.required or named[:1]
    most = len(named)
    if arity < len(parameters.required) or (arity > most and not parameters.variadic):
        least = len(parameters.required)
        takes = f"{least}" if least == most else f"{least} to {most}"
        raise SpecError(f"{what} takes {takes} inputs ({', '.join(named)}), the domain has {arity}; give one for each")
    return named[:arity] + tuple(f"x{i + 1}" for i in range(most, arity))


def text_input(what: str, parameters: Parameters | None, domain: Domain | None) -> Literal["text", "texts"] | None:
    """Whether the input is a text, or a list of texts at a time; None for numbers.

    The annotation of the first parameter says so (`str`, `list[str]`), or the domain.
    """
    named = parameters.required + parameters.optional if parameters is not None else ()
    kind: Literal["text", "texts"] | None = None
    if parameters is not None and named:
        kind = "text" if named[0] in parameters.text else "texts" if named[0] in parameters.texts else None
    if kind is None:
        return None if all_numbers(domain) else "text"
    if all_numbers(domain) and domain is not None:
        raise SpecError(f"{what} takes a text ({named[0]}), and a domain of numbers was given; leave the domain out")
    if parameters is not None and len(parameters.required) > 1:
        others = ", ".join(parameters.required[1:])
        raise SpecError(f"{what} takes a text and {others}; a text module takes one text: give {others} default values")
    return kind


def to_arguments(x: Input, whole: Sequence[bool]) -> list[Argument]:
    """The arguments of one call. Whole-number inputs arrive as `int`."""
    if isinstance(x, str):
        return [x]
    if len(x) != len(whole):
        raise ValueError(f"an input of this box has {len(whole)} numbers, got {len(x)}: {x}")
    return [int(v) if is_whole and float(v).is_integer() else float(v) for v, is_whole in zip(x, whole)]


def all_numbers(domain: Domain | None) -> bool:
    """Whether inputs are numbers, as far as anybody said."""
    from .types import NumericDomain

    return domain is None or isinstance(domain, NumericDomain)
