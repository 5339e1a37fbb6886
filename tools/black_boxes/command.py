"""`command:./program.py`: a command-line program in FIND's calling convention (arXiv:2309.03886).

The inputs of a batch are appended as arguments, `program 1.5 2`, and it prints
`Function input - output pairs: (1.5, 3.2) (2, 5) `, or one value a line. With several inputs a point, every point
is a run of its own with its coordinates as arguments; a text is one argument. A program that fails on a batch is asked
again one input at a time, so only the guilty input fails.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from ...sandboxes.processes import MAX_OUTPUT_BYTES, Finished, run, signal_name
from .options import OpenOptions
from .pairs import MARKER, parse_reply, read_outputs
from .python import to_arguments
from .texts import INPUT_NAMES, answer_texts
from .types import BlackBoxError, Input, Reply, Signature, SpecError, TextDomain
from .wire import failure

MAX_BATCH = 256
_MAX_ARGUMENT_BYTES = 96 * 1024
"""Of one run, well below the smallest ARG_MAX in use (macOS 1 MiB, Windows 32 KiB with one input a run)."""


class CommandBox:
    """A program started anew for every batch. A time-out kills it and whatever it started."""

    def __init__(self, argv: Sequence[str], options: OpenOptions) -> None:
        self._argv = list(argv)
        self._options = options
        arity = options.arity or 1
        self._texts = isinstance(options.domain, TextDomain)
        names = ("x",) if arity == 1 else tuple(f"x{i + 1}" for i in range(arity))
        self._signature = Signature(INPUT_NAMES if self._texts else names, options.domain, options.output)
        self._whole = options.whole(arity)
        self._batch = 1 if arity > 1 else min(options.batch_size or MAX_BATCH, MAX_BATCH)
        self._closed = False

    @property
    def spec(self) -> str:
        return f"command:{shlex.join(self._argv)}"

    @property
    def signature(self) -> Signature:
        return self._signature

    def ask(self, inputs: Sequence[Input]) -> Iterator[Reply]:
        """See `BlackBox.ask`."""
        if self._closed:
            raise BlackBoxError(f"{self.spec} is closed; open it again")
        if self._texts:
            yield from answer_texts(inputs, lambda texts: self._replies([[text] for text in texts]))
        else:
            yield from self._replies([[to_text(v) for v in to_arguments(x, self._whole)] for x in inputs])

    def close(self) -> None:
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _replies(self, points: list[list[str]]) -> Iterator[Reply]:
        done = 0
        while done < len(points):
            batch = self._next_batch(points, done)
            yield from self._answer(batch)
            done += len(batch)

    def _next_batch(self, points: list[list[str]], done: int) -> list[list[str]]:
        batch, size = [points[done]], sum(len(text.encode()) for text in points[done])
        for point in points[done + 1 : done + self._batch]:
            size += sum(len(text.encode()) + 1 for text in point)
            if size > _MAX_ARGUMENT_BYTES:
                break
            batch.append(point)
        return batch

    def _answer(self, batch: list[list[str]]) -> Iterator[Reply]:
        if len(batch) == 1:
            yield self._ask_one(batch[0])
            return
        ended, seconds = self._run([text for point in batch for text in point])
        texts = read_outputs(ended.stdout, [point[0] for point in batch]) if self._fine(ended) else None
        if texts is not None:
            for text in texts:
                yield parse_reply(text, self._options.output, seconds / len(batch))
            return
        if ended.timed_out:  # too many for the time there is, or one that hangs: smaller steps from now on
            self._batch = max(1, len(batch) // 2)
        replies = 0
        for point in batch:
            reply = self._ask_one(point)
            replies += reply.failure is None
            yield reply
        if replies == len(batch) and not ended.timed_out:  # it takes one input a run
            self._batch = 1

    def _ask_one(self, point: list[str]) -> Reply:
        if sum(len(text.encode()) for text in point) > _MAX_ARGUMENT_BYTES:
            most = f"{_MAX_ARGUMENT_BYTES >> 10} KiB"
            return failure("raised", f"a text of more than {most} cannot be passed as an argument")
        ended, seconds = self._run(point)
        if ended.timed_out:
            return failure("timed_out", f"no answer within {self._options.timeout_seconds:g} s", seconds)
        if ended.too_long:
            return failure("wrong_kind", f"it printed more than {MAX_OUTPUT_BYTES >> 20} MiB", seconds)
        said = ended.last_error_line
        if ended.status < 0:
            return failure("crashed", f"the program died of {signal_name(ended.status)}", seconds)
        if ended.status > 0:
            return failure("raised", said or f"the program exited with status {ended.status}", seconds)
        if len(point) == 1:
            texts = read_outputs(ended.stdout, point)
        else:
            texts = [_last_part(ended.stdout)] if ended.stdout.strip() else None
        if texts is None:
            printed = ended.stdout.strip()
            got = f"got {printed[:60]!r}" if printed else "it printed nothing"
            return failure("wrong_kind", f"expected one value, or '{MARKER} (x, y)'; {got}", seconds)
        return parse_reply(texts[0], self._options.output, seconds)

    def _run(self, arguments: Sequence[str]) -> tuple[Finished, float]:
        begin = time.monotonic()
        try:
            ended = run([*self._argv, *arguments], timeout_seconds=self._options.timeout_seconds)
        except OSError as error:
            reason = error.strerror or error
            raise BlackBoxError(f"{self._argv[0]} cannot be started: {reason}; check that it is executable") from error
        except ValueError as error:  # a NUL character cannot be passed as an argument
            return Finished(1, "", f"this input cannot be passed on a command line: {error}"), 0.0
        return ended, time.monotonic() - begin

    @staticmethod
    def _fine(ended: Finished) -> bool:
        return ended.status == 0 and not ended.timed_out and not ended.too_long


def open_box(rest: str, options: OpenOptions) -> CommandBox:
    """Open `program [arguments…]`, quoted as in a shell (no shell is used). A `.py` file runs with this Python."""
    options.refuse_sandbox("a program", "wrap what it computes in a Python function and name that, or trust it")
    try:
        words = [rest] if Path(rest).is_file() else shlex.split(rest)
    except ValueError as error:
        raise SpecError(f"the command {rest!r} cannot be read: {error}; quote it as in a shell") from None
    if not words:
        raise SpecError("a command is named command:./program, got nothing after the colon")
    return CommandBox([*_program(words[0]), *words[1:]], options)


def _program(word: str) -> list[str]:
    path = Path(word).expanduser()
    if path.is_file():
        absolute = str(path.resolve())
        if os.access(path, os.X_OK):
            return [absolute]
        if path.suffix == ".py":
            return [sys.executable, absolute]
        raise SpecError(f"{word} is not executable; chmod +x it, or name the program that runs it")
    found = shutil.which(word) if os.sep not in word else None
    if found is None:
        raise SpecError(f"there is no program {word}; give a path such as command:./program.py, or install it")
    return [word]


def to_text(value: float | int | str) -> str:
    """An argument that reads back as the same number. Without an exponent, which option parsers take for a flag."""
    if isinstance(value, float) and (value == 0 or 1e-20 < abs(value) < 1e20):
        return np.format_float_positional(value, trim="0")
    return str(value)


def _last_part(stdout: str) -> str:
    """The value in `(x1, x2, value)`, or all that was printed."""
    text = stdout.rpartition(MARKER)[2].strip()
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth, comma = 0, -1
    for i, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and i < len(text) - 1:  # more than one pair: not the answer to one point
            return text
        if character == "," and depth == 1:
            comma = i
    return text[comma + 1 : -1].strip() if comma > 0 else text
