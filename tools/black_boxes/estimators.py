"""`sklearn:FILE`: a fitted scikit-learn estimator on texts, or on their embeddings.

    sklearn:sentiment.joblib?method=predict_proba&output=1&input=text

`input` is `embedding` (the default, by `embedder`) or `text`, for a pipeline that takes texts itself. `method` is what
is asked: `predict_proba`, `decision_function` or `predict`; without it, the first of these that there is. `output` is
the column of an answer with several, counted from 0; of two probabilities it is 1, the second class. The file is a
pickle (joblib's or Python's own), which runs code when it is loaded: it is opened only where it is trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .embedders import DEFAULT_EMBEDDER, open_embedder
from .guest import describe_error
from .options import OpenOptions
from .settings import one_of, split_spec, whole_number, write_settings
from .texts import TextBox, fail_all, with_words
from .types import Failure, SpecError, TextDomain

if TYPE_CHECKING:
    from ...models import Embedder

METHODS = ("predict_proba", "decision_function", "predict")
INPUTS = ("embedding", "text")
_KEYS = ("method", "output", "input", "embedder", "device")


def estimator_box(
    estimator: Any,
    *,
    embedder: Embedder | None = None,
    method: str | None = None,
    output: int | None = None,
    spec: str = "sklearn:",
    domain: TextDomain | None = None,
) -> TextBox:
    """The text module text → what `estimator` says of it; of its embedding, where there is an `embedder`."""
    chosen = _method(estimator, method)
    predict: Callable[[Any], Any] = getattr(estimator, chosen)
    takes = getattr(estimator, "n_features_in_", None)
    if embedder is not None and isinstance(takes, int) and takes != embedder.width:
        raise SpecError(
            f"expected an estimator of {embedder.width} numbers, the width of {embedder.name}, got one of {takes}; "
            "name the embedder it was fitted on (?embedder=…), or say that it takes texts (?input=text)"
        )

    def measure(texts: Sequence[str]) -> list[float | Failure]:
        try:
            answer = np.asarray(predict(list(texts) if embedder is None else embedder.encode(texts)))
        except MemoryError:
            raise
        except Exception as error:  # whatever an estimator raises
            if len(texts) > 1:  # the others need not suffer for one
                return [value for text in texts for value in measure([text])]
            return [Failure("raised", describe_error(error))]
        return _column(answer, chosen, output, texts)

    return TextBox(spec, measure if embedder is None else with_words(measure), domain=domain)


def open_box(rest: str, options: OpenOptions) -> TextBox:
    """Open `FILE?method=…`, if it is trusted."""
    domain = options.text_domain("an estimator")
    place, settings = split_spec(rest, _KEYS, "a sklearn")
    kind = one_of(settings.get("input", "embedding"), "input", INPUTS)
    method = settings.get("method")
    if method is not None:
        one_of(method, "method", METHODS)
    output = whole_number(settings["output"], "output") if "output" in settings else None
    path = Path(place).expanduser().resolve()
    if options.untrusted is not False:
        raise SpecError(
            f"{place} is a pickle, and loading one runs code with your own rights; say that you trust it (--trusted), "
            "or save the coefficients of a linear model as .npz and name it linear:FILE"
        )
    estimator = load_estimator(path)
    embedder = None
    if kind == "embedding":
        embedder = open_embedder(settings.get("embedder", DEFAULT_EMBEDDER), settings.get("device"))
    return estimator_box(
        estimator,
        embedder=embedder,
        method=method,
        output=output,
        spec=f"sklearn:{path}{write_settings(settings)}",
        domain=domain,
    )


def load_estimator(path: Path) -> Any:
    """What the pickle at `path` holds. It runs code; see `open_box`. Raises `SpecError`."""
    import joblib  # type: ignore[import-untyped]

    if not path.is_file():
        raise SpecError(f"there is no file {path}; save the estimator there with joblib.dump")
    try:
        return joblib.load(path)
    except Exception as error:  # whatever the code in the file raises
        raise SpecError(
            f"{path} could not be loaded: {describe_error(error)}; save it again with joblib.dump, by the version of "
            "scikit-learn that is installed here"
        ) from error


def _method(estimator: Any, wanted: str | None) -> str:
    has = [name for name in METHODS if callable(getattr(estimator, name, None))]
    if wanted is None and has:
        return has[0]
    if wanted not in has:
        raise SpecError(
            f"expected an estimator with {wanted or ' or '.join(METHODS)}, got a {type(estimator).__name__} with "
            f"{', '.join(has) or 'none of these'}; pass another file or method"
        )
    return wanted


def _column(answer: Any, method: str, output: int | None, texts: Sequence[str]) -> list[float | Failure]:
    """One number for each text out of an answer of shape (texts,) or (texts, columns)."""
    if answer.ndim == 0 or answer.ndim > 2 or len(answer) != len(texts):
        shape = " × ".join(map(str, answer.shape)) or "one number"
        return fail_all(Failure("wrong_kind", f"expected a number for each of {len(texts)} texts, got {shape}"), texts)
    if answer.dtype.kind not in "fiub":
        return fail_all(Failure("wrong_kind", f"expected numbers, got {answer.reshape(-1)[0]!r}"), texts)
    table = answer.reshape(len(texts), -1)
    columns = table.shape[1]
    if output is None and columns > 1:
        if method != "predict_proba" or columns != 2:
            return fail_all(Failure("wrong_kind", f"it has {columns} outputs; say which (?output=0)"), texts)
        output = 1
    if (output or 0) >= columns:
        return fail_all(Failure("wrong_kind", f"output {output} is not one of 0..{columns - 1}"), texts)
    return [float(value) for value in table[:, output or 0]]
