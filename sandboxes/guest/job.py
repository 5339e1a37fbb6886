"""A guest: takes requests from its channel, runs the code they bring, replies with plain data.

Nothing here is a boundary: by the time this runs, the process is shut in (see `locks`), and what it sends is
checked on the other side. Names that guest code could replace are taken when this module is loaded.
"""

from __future__ import annotations

import array
import base64
import contextlib
import errno
import inspect
import io
import os
import random
import sys
import time
import types
from collections.abc import Callable
from typing import Any

from . import frames, plain

SOURCE = "<guest>"
"""The file name that guest code is compiled under."""
MODULE = "guest_code"
"""The name of the module that loaded code runs as."""
FLUSH_SECONDS = 0.025
"""Answers older than this leave at once, so that little is lost when a guest dies in the middle of a batch."""
MAX_TEXT = 2000
MAX_FRAMES = 10

_read, _write, _exit, _clock = os.read, os.write, os._exit, time.perf_counter
_type, _float, _len, _str, _int, _bool = type, float, len, str, int, bool
_compile, _exec = compile, exec
_SIZED = frozenset((str, bytes, list, tuple, dict))
_doubles = array.array
_KINDS = {
    "int": "integer",
    "str": "text",
    **dict.fromkeys((f"{name}[str]" for name in ("list", "List", "Sequence", "Iterable", "Collection")), "texts"),
}


class Guest:
    """Serves the requests of one channel until the other side hangs up."""

    def __init__(self, channel: int, output_bytes: int) -> None:
        self._channel, self._output_bytes = channel, output_bytes
        self._function: Callable[..., Any] | None = None
        self._lines: list[str] = []
        self._say: Callable[[bytes], None] = self._write_all
        self._seeded: int | None = None

    def rehearse(self) -> None:
        """Go through the motions twice, so that the first real request finds its memory copied and warm."""
        code = "import math\nGAIN = 2\n\ndef f(x: float) -> float:\n    return GAIN * math.sin(x) + 1.0\n"
        load = plain.dumps({"code": code, "entry": "f", "seed": 0})
        call = plain.dumps([[1.0]])
        said: list[bytes] = []
        self._say = said.append
        for _ in range(2):
            self._load(frames.NO_NONCE, load)
            self._call(frames.NO_NONCE, call)
        del sys.modules[MODULE]
        self._function, self._lines, self._say = None, [], self._write_all
        seed(0)
        self._seeded = 0

    def serve(self) -> None:
        handlers = {
            frames.LOAD: self._load,
            frames.CALL: self._call,
            frames.FLOATS: self._floats,
            frames.RUN: self._run,
        }
        self._send(frames.READY, frames.NO_NONCE, b"")
        while True:
            kind, nonce, length = frames.HEADER.unpack(self._take(frames.HEADER.size))
            handlers[kind](nonce, self._take(length))

    def _take(self, count: int) -> bytes:
        parts: list[bytes] = []
        while count:
            part = _read(self._channel, min(count, 1 << 20))
            if not part:
                _exit(0)
            parts.append(part)
            count -= _len(part)
        return b"".join(parts)

    def _send(self, kind: int, nonce: bytes, payload: bytes) -> None:
        self._say(frames.frame(kind, nonce, payload))

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[_write(self._channel, view) :]

    def _load(self, nonce: bytes, payload: bytes) -> None:
        request = plain.loads(payload)
        try:
            self._function = self._define(request)
            said = parameters(self._function)
        except BaseException as error:
            self._send(frames.FAILED, nonce, plain.dumps(self._failed(error)))
        else:
            self._send(frames.LOADED, nonce, plain.dumps({"parameters": said}))

    def _define(self, request: dict[str, Any]) -> Callable[..., Any]:
        self._seed(request["seed"])
        module = self._execute(request["code"], MODULE)
        found: Any = module
        for part in request["entry"].split("."):
            if not hasattr(found, part):
                names = sorted(n for n, v in vars(module).items() if callable(v) and not n.startswith("_"))
                has = "it has " + ", ".join(names[:10]) if names else "it has no functions"
                raise NameError(f"the code has no function called {request['entry']!r}; {has}")
            found = getattr(found, part)
        if not callable(found):
            raise TypeError(f"{request['entry']} is a {_type(found).__name__}, not a function")
        return found  # type: ignore[no-any-return]

    def _seed(self, number: int) -> None:
        """Start the global generators from `number`, unless they stand there already."""
        if number != self._seeded:
            seed(number)
        self._seeded = None

    def _execute(self, code: str, name: str) -> types.ModuleType:
        """Run `code` as the module `name`."""
        self._lines = code.splitlines()
        module = types.ModuleType(name)
        sys.modules[name] = module
        _exec(_compile(code, SOURCE, "exec", dont_inherit=True), module.__dict__)
        return module

    def _run(self, nonce: bytes, payload: bytes) -> None:
        request = plain.loads(payload)
        failure: list[Any] | None = None
        try:
            for name, text in request["files"].items():
                if os.path.dirname(name):
                    os.makedirs(os.path.dirname(name), exist_ok=True)
                with open(name, "wb") as file:
                    file.write(base64.b64decode(text))
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, io.TextIOWrapper):
                    stream.reconfigure(line_buffering=True)  # what a script has printed is not lost when it is killed
            self._seed(request["seed"])
            self._execute(request["script"], "__main__")
        except SystemExit as error:
            if error.code not in (None, 0):
                failure = self._failed(error)
        except BaseException as error:
            failure = self._failed(error)
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(BaseException):
                stream.flush()  # type: ignore[union-attr]
        if failure is None:
            self._send(frames.DONE, nonce, b"")
        else:
            self._send(frames.FAILED, nonce, plain.dumps(failure))

    def _call(self, nonce: bytes, payload: bytes) -> None:
        function, items = self._function, []
        sent = _clock()
        for arguments in plain.unpack(plain.loads(payload)):
            try:
                items.append(self._packed(function(*arguments)))  # type: ignore[misc]
            except BaseException as error:
                items.append({"f": self._failed(error)})
            if _clock() - sent > FLUSH_SECONDS:
                self._flush(nonce, items)
                items, sent = [], _clock()
        if items:
            self._flush(nonce, items)

    def _packed(self, value: Any) -> Any:
        if _type(value) in _SIZED and _len(value) > self._output_bytes:
            return {"f": ["large"]}
        try:
            return plain.pack(value)
        except plain.NotPlain as error:
            return {"f": ["bad", _str(error)]}

    def _flush(self, nonce: bytes, items: list[Any]) -> None:
        try:
            data = plain.dumps(items)
        except (plain.NotPlain, MemoryError) as error:
            if _len(items) > 1:
                for item in items:
                    self._flush(nonce, [item])
                return
            data = plain.dumps([{"f": ["memory"] if _type(error) is MemoryError else ["bad", _str(error)]}])
        if _len(data) > self._output_bytes:
            if _len(items) > 1:
                for item in items:
                    self._flush(nonce, [item])
                return
            data = plain.dumps([{"f": ["large"]}])
        self._send(frames.VALUES, nonce, data)

    def _floats(self, nonce: bytes, payload: bytes) -> None:
        function, values, failures = self._function, [], {}
        _, arguments = frames.SHAPE.unpack_from(payload)
        numbers = memoryview(payload)[frames.SHAPE.size :].cast("d").tolist()
        sent = _clock()
        for row in zip(*[iter(numbers)] * arguments):
            try:
                value = function(*row)  # type: ignore[misc]
                if _type(value) is not _float:
                    value = as_float(value)
                values.append(value)
            except plain.NotPlain as error:
                failures[_len(values)] = ["bad", _str(error)]
                values.append(float("nan"))
            except BaseException as error:
                failures[_len(values)] = self._failed(error)
                values.append(float("nan"))
            if _clock() - sent > FLUSH_SECONDS:
                self._send_floats(nonce, values, failures)
                values, failures, sent = [], {}, _clock()
        if values:
            self._send_floats(nonce, values, failures)

    def _send_floats(self, nonce: bytes, values: list[float], failures: dict[int, list[Any]]) -> None:
        packed = frames.COUNT.pack(_len(values)) + _doubles("d", values).tobytes()
        self._send(frames.NUMBERS, nonce, packed + (plain.dumps(failures) if failures else b""))

    def _failed(self, error: BaseException) -> list[Any]:
        """How the guest's code failed: ["memory"], ["forbidden", message, traceback] or ["raised", type, …]."""
        if isinstance(error, MemoryError):
            return ["memory"]
        text, trace = describe(error), self._traceback(error)
        if isinstance(error, OSError) and error.errno in (errno.EPERM, errno.EACCES):
            return ["forbidden", text, trace]
        return ["raised", _type(error).__name__[:100], text, trace]

    def _traceback(self, error: BaseException) -> str:
        """The guest's own lines, innermost last."""
        rows: list[str] = []
        step = error.__traceback__
        while step is not None:
            code = step.tb_frame.f_code
            if code.co_filename == SOURCE:
                number = step.tb_lineno or 0
                line = self._lines[number - 1].strip() if 0 < number <= _len(self._lines) else ""
                rows.append(f"line {number}, in {code.co_name}\n    {line[:200]}")
            step = step.tb_next
        if isinstance(error, SyntaxError) and error.filename == SOURCE:
            rows.append(f"line {error.lineno}\n    {(error.text or '').strip()[:200]}")
        return "\n".join(rows[-MAX_FRAMES:])


def as_float(value: Any) -> float:
    """A returned number as a float. `plain.NotPlain` for anything else."""
    packed = plain.pack(value)
    if _type(packed) in (_int, _bool, _float):
        try:
            return _float(packed)
        except OverflowError:
            raise plain.NotPlain("a whole number too large for a float") from None
    raise plain.NotPlain(f"expected a real number, got a {_type(value).__name__[:80]}")


def describe(error: BaseException) -> str:
    """What the exception says, even if it cannot print itself."""
    try:
        return _str.__getitem__(_str(error), slice(0, MAX_TEXT))
    except BaseException:
        return ""


def seed(number: int) -> None:
    """Start the global generators from `number`."""
    random.seed(number)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(number % 2**32)


def is_simple(function: types.FunctionType) -> bool:
    """Whether its code object says all that there is to know of its parameters."""
    code = function.__code__
    return not (code.co_kwonlyargcount or code.co_flags & inspect.CO_VARARGS or function.__dict__)


def parameters(function: Callable[..., Any]) -> dict[str, Any] | None:
    """{"required", "optional", "variadic", "integer", "text", "texts", "gives_text"}; None if it does not say."""
    if isinstance(function, types.FunctionType) and is_simple(function):
        code = function.__code__
        names, defaults = code.co_varnames[: code.co_argcount], _len(function.__defaults__ or ())
        first = _len(names) - defaults
        required, optional, variadic = names[:first], names[first:], False
        said = {name: function.__annotations__[name] for name in names if name in function.__annotations__}
        found: dict[str, Any] = {"required": required, "optional": optional, "variadic": variadic, **kinds(said)}
        return found | {"gives_text": gives_text(found, function.__annotations__.get("return"))}
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    found = {"required": [], "optional": [], "variadic": False}
    said = {}
    for parameter in signature.parameters.values():
        free = parameter.default is inspect.Parameter.empty
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            found["required" if free else "optional"].append(parameter.name)
            said[parameter.name] = parameter.annotation
        elif parameter.kind is parameter.VAR_POSITIONAL:
            found["variadic"] = True
        elif parameter.kind is parameter.KEYWORD_ONLY and free:
            raise TypeError(f"it needs the keyword argument {parameter.name!r}; give that a default value")
    found |= kinds(said)
    return found | {"gives_text": gives_text(found, signature.return_annotation)}


def gives_text(found: dict[str, Any], annotation: Any) -> bool:
    """Whether a function whose parameters are `found` says that it gives a text for each input: `str`, or several for
    several.
    """
    named = [*found["required"], *found["optional"]]
    takes = "texts" if named and named[0] in found["texts"] else "text"
    return _KINDS.get(spelled(annotation)) == takes


def kinds(annotations: dict[str, Any]) -> dict[str, list[str]]:
    """The names that are annotated as whole numbers, as a text, and as several texts."""
    found: dict[str, list[str]] = {"integer": [], "text": [], "texts": []}
    for name, said in annotations.items():
        kind = _KINDS.get(spelled(said))
        if kind is not None:
            found[kind].append(name)
    return found


def spelled(annotation: Any) -> str:
    """An annotation as it is written, without the module that it is from: `int`, `Sequence[str]`."""
    if isinstance(annotation, type) and not getattr(annotation, "__args__", None):
        return annotation.__name__
    if not isinstance(annotation, _str):
        annotation = describe(annotation)
    head, bracket, inside = _str(annotation).replace(" ", "").partition("[")
    return head.rpartition(".")[2] + bracket + inside
