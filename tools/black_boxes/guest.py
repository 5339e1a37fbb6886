"""The child's side of a worker: loads one function and calls it. Standard library only; run by path.

Requests come as JSON lines on descriptor 0, answers leave as JSON lines on descriptor 1; both are moved away
before any foreign code runs, so that what the function prints (or reads) cannot touch them. An answer to one
input is `["n", number, seconds]`, `["c", real, imaginary, seconds]`, `["t", text, seconds]` or
`["f", failure kind, message, seconds]`; to several texts in one call, a list of those.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import math
import os
import sys
import time
from collections.abc import Callable
from typing import Any

MAX_MESSAGE = 300
Answer = list[Any]
_KINDS = {
    "int": "integer",
    "str": "text",
    **dict.fromkeys((f"{name}[str]" for name in ("list", "List", "Sequence", "Iterable", "Collection")), "texts"),
}
"""What a parameter's annotation says of its input."""


def encode(value: Any, output: str, seconds: float) -> Answer:
    """The answer that says what a function returned; `output` is the kind that was wanted."""
    if output == "text":
        if isinstance(value, str):
            return ["t", str(value), seconds]
        return failed("wrong_kind", f"expected a text, got {_describe(value)}", seconds)
    plain = _plain(value)
    if isinstance(plain, complex):
        if not (math.isfinite(plain.real) and math.isfinite(plain.imag)):
            return failed("not_finite", f"got {plain}", seconds)
        return ["n", plain.real, seconds] if plain.imag == 0 else ["c", plain.real, plain.imag, seconds]
    try:
        number = _number(plain)
    except OverflowError:
        return failed("not_finite", "got a whole number too large for a float", seconds)
    if number is None:
        return failed("wrong_kind", f"expected a number, got {_describe(value)}", seconds)
    if not math.isfinite(number):
        return failed("not_finite", f"got {number}", seconds)
    return ["n", number, seconds]


def raised(error: BaseException, seconds: float) -> Answer:
    """The answer that says which exception a function raised."""
    return failed("raised", describe_error(error), seconds)


def failed(kind: str, message: str, seconds: float) -> Answer:
    return ["f", kind, one_line(message), seconds]


def describe_error(error: BaseException) -> str:
    """`ZeroDivisionError: division by zero`, on one line, even if the exception cannot print itself."""
    try:
        text = str(error)
    except Exception:
        text = ""
    return one_line(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_MESSAGE else line[: MAX_MESSAGE - 1] + "…"


def _plain(value: Any) -> Any:
    """numpy and torch scalars, and arrays that hold one number, as plain Python; the rest as it is."""
    if isinstance(value, (bool, int, float, complex, str)) or not hasattr(value, "item"):
        return value
    count = getattr(value, "size", 1)
    if callable(count):  # torch: size() is the shape, numel() the count
        count = value.numel() if hasattr(value, "numel") else 1
    return value.item() if count == 1 else value


def _number(value: Any) -> float | None:
    if isinstance(value, float):
        return float(value)
    if value is None or isinstance(value, (str, bytes, complex)) or not hasattr(type(value), "__float__"):
        return None
    try:
        return float(value)
    except OverflowError:
        raise
    except Exception:
        return None


def _describe(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return f"an array of shape {tuple(shape)}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


class LoadError(Exception):
    """The function cannot be had; the message is for the user."""


def load(request: dict[str, Any]) -> Callable[..., Any]:
    """The function that `request` names: {"path" or "module", "name", "seed"}."""
    if request["path"] is not None:
        module = _load_file(request["path"])
        where = os.path.basename(request["path"])
    else:
        sys.path.insert(0, os.getcwd())
        module = importlib.import_module(request["module"])
        where = request["module"]
    function: Any = module
    for part in request["name"].split("."):
        if not hasattr(function, part):
            names = [n for n, v in vars(module).items() if callable(v) and not n.startswith("_")]
            has = f"it has {', '.join(sorted(names)[:10])}" if names else "it has no functions"
            raise LoadError(f"{where} has no function called {request['name']!r}; {has}")
        function = getattr(function, part)
    if not callable(function):
        raise LoadError(f"{request['name']} in {where} is {_describe(function)}, not a function")
    if inspect.iscoroutinefunction(function):
        raise LoadError(f"{request['name']} in {where} is async; wrap it in a function that runs it to the end")
    _seed(request["seed"])
    return function  # type: ignore[no-any-return]


def _load_file(path: str) -> Any:
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    stem = os.path.splitext(os.path.basename(path))[0]
    name = stem if stem.isidentifier() and stem not in sys.modules else f"guest_{abs(hash(path))}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise LoadError(f"{os.path.basename(path)} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _seed(seed: int | None) -> None:
    """Seed the global generators that the function may use; numpy's and torch's only if they are loaded."""
    if seed is None:
        return
    import random

    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def parameters(function: Callable[..., Any]) -> dict[str, Any] | None:
    """{"required": names, "optional": names, "variadic": bool, …}; None if the function does not say.

    "integer" names those annotated as whole numbers, "text" those annotated as a text, "texts" as several texts;
    "gives_text" says whether the return annotation is a text for each input.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    required: list[str] = []
    optional: list[str] = []
    kinds: dict[str, list[str]] = {"integer": [], "text": [], "texts": []}
    variadic = False
    for parameter in signature.parameters.values():
        free = parameter.default is inspect.Parameter.empty
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            (required if free else optional).append(parameter.name)
            kind = _KINDS.get(_spelled(parameter.annotation))
            if kind is not None:
                kinds[kind].append(parameter.name)
        elif parameter.kind is parameter.VAR_POSITIONAL:
            variadic = True
        elif parameter.kind is parameter.KEYWORD_ONLY and free:
            raise LoadError(f"it needs the keyword argument {parameter.name!r}; give that a default value")
    named = [*required, *optional]
    takes = "texts" if named and named[0] in kinds["texts"] else "text"
    gives_text = _KINDS.get(_spelled(signature.return_annotation)) == takes
    return {"required": required, "optional": optional, "variadic": variadic, **kinds, "gives_text": gives_text}


def _spelled(annotation: Any) -> str:
    """An annotation as it is written, without the module that it is from: `int`, `Sequence[str]`."""
    if isinstance(annotation, type) and not getattr(annotation, "__args__", None):
        return annotation.__name__
    head, bracket, inside = str(annotation).replace(" ", "").partition("[")
    return head.rpartition(".")[2] + bracket + inside


def call(function: Callable[..., Any], arguments: list[Any], output: str) -> Answer:
    """Call the function once; whatever it raises becomes an answer."""
    begin = time.perf_counter()
    try:
        value = function(*arguments)
        seconds = time.perf_counter() - begin
        return encode(value, output, seconds)
    except BaseException as error:
        return raised(error, time.perf_counter() - begin)


def call_array(function: Callable[..., Any], columns: list[list[Any]]) -> list[Answer] | None:
    """Call the function once with an array per input; None unless it gives one number for each."""
    import numpy as np

    begin = time.perf_counter()
    try:
        with np.errstate(all="ignore"):
            result = function(*(np.array(column) for column in columns))
        values = np.asarray(result)
        if values.shape != (len(columns[0]),) or values.dtype.kind not in "biufc":
            return None
        seconds = (time.perf_counter() - begin) / len(values)
        return [encode(value, "number", seconds) for value in values.tolist()]
    except BaseException:
        return None


def call_texts(function: Callable[..., Any], texts: list[str], output: str) -> list[Answer]:
    """Call the function once with all `texts`. If it does not give one value for each, every answer says why."""
    begin = time.perf_counter()
    try:
        result = function(texts)
        seconds = (time.perf_counter() - begin) / len(texts)
        return encode_each(result, len(texts), output, seconds)
    except BaseException as error:
        return [raised(error, (time.perf_counter() - begin) / len(texts))] * len(texts)


def encode_each(result: Any, count: int, output: str, seconds: float) -> list[Answer]:
    """An answer for each of `count` inputs that were passed in one call, out of what came back."""
    plain = result.tolist() if hasattr(result, "tolist") else result
    if isinstance(plain, (str, bytes, dict)) or not hasattr(type(plain), "__iter__"):
        wrong = f"expected {count} values, one for each text, got {_describe(result)}"
        return [failed("wrong_kind", wrong, seconds)] * count
    values = list(plain)
    if plain is not result and all(isinstance(value, list) and len(value) == 1 for value in values):
        values = [value for [value] in values]  # a column of an array
    if len(values) != count:
        wrong = f"expected {count} values, one for each text, got {len(values)}"
        return [failed("wrong_kind", wrong, seconds)] * count
    return [encode(value, output, seconds) for value in values]


def _serve(requests: Any, answers: int) -> None:
    function: Callable[..., Any] | None = None
    output = "number"
    process = os.getpid()
    for line in requests:
        request = json.loads(line)
        if "load" in request:
            function, gives_text = _answer_load(request["load"], answers)
            output = "text" if gives_text else request["load"]["output"]
        elif "array" in request and function is not None:
            _send(answers, call_array(function, request["array"]))
        elif "texts" in request and function is not None:
            _send(answers, call_texts(function, request["texts"], output))
        elif function is not None:
            for arguments in request["call"]:
                answer = call(function, arguments, output)
                if os.getpid() != process:  # the function forked and its child came back here
                    os._exit(0)
                _send(answers, answer)


def _answer_load(request: dict[str, Any], answers: int) -> tuple[Callable[..., Any] | None, bool]:
    """The function, and whether it says that it gives texts; None where it could not be had, which is told."""
    try:
        function = load(request)
        found = parameters(function)
        _send(answers, {"parameters": found})
        return function, found is not None and says_text(found)
    except LoadError as error:
        _send(answers, {"refused": one_line(str(error))})
    except BaseException as error:
        _send(answers, {"raised": describe_error(error), "missing": isinstance(error, ModuleNotFoundError)})
    return None, False


def says_text(found: dict[str, Any]) -> bool:
    """Whether a function with these parameters is asked for texts: it says so, and does not take whole numbers."""
    return bool(found["gives_text"]) and not found["integer"]


def _send(descriptor: int, answer: Any) -> None:
    data = json.dumps(answer).encode() + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]


def main() -> None:
    """Move the protocol away from the standard streams, then serve until the parent hangs up."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    _serve(requests, answers)
    os._exit(0)


if __name__ == "__main__":
    main()
