"""From a spec such as `python:path.py:name` to an open black box, through one door: entry points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, Unpack

from .options import OpenOptionFields, OpenOptions
from .types import BlackBox, SpecError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "zetetic.black_boxes"
"""The entry-point group. An entry `name = "package.module:open_box"` claims the specs `name:…`."""


class Opener(Protocol):
    """What an entry point of `zetetic.black_boxes` names."""

    def __call__(self, rest: str, options: OpenOptions, /) -> BlackBox:
        """Open what `rest` (the spec without its scheme) names; `SpecError` if it names nothing."""
        ...


def open_box(spec: str, **options: Unpack[OpenOptionFields]) -> BlackBox:
    """Open the black box that `spec` (`scheme:rest`, or a plain URL) names.

    >>> box = open_box("python:math:hypot", domain=NumericDomain((Interval(0, 3), Interval(0, 4))))
    >>> [reply.value for reply in box.ask([(3.0, 4.0)])]
    [5.0]

    Raises `SpecError` for an unknown scheme, a missing file or function, or options that do not fit.
    """
    settings = OpenOptions(**options)
    scheme, rest = _split(spec)
    return _load(scheme, spec)(rest, settings)


def known_schemes() -> list[str]:
    """The schemes that installed packages claim, sorted."""
    return sorted({entry.name for entry in _entry_points()})


def _split(spec: str) -> tuple[str, str]:
    """(scheme, rest). A plain URL belongs to the scheme `http` and stays whole."""
    if spec.startswith(("http://", "https://")):
        return "http", spec
    scheme, colon, rest = spec.partition(":")
    if not colon or not scheme or not rest:
        raise SpecError(
            f"a black box is named SCHEME:REST, such as python:path.py:name, got {spec!r}; {_known_sentence()}"
        )
    return scheme, rest


def _load(scheme: str, spec: str) -> Opener:
    entry = _find_entry(scheme, spec)
    package = entry.dist.name if entry.dist else entry.module
    try:
        opener: Opener = entry.load()
    except Exception as error:
        raise SpecError(
            f"the package {package} offers the scheme {scheme!r} but {entry.value} cannot be imported "
            f"({type(error).__name__}: {error}); repair or uninstall {package}"
        ) from error
    if not callable(opener):
        raise SpecError(f"{entry.value}, by which {package} offers the scheme {scheme!r}, is not callable")
    return opener


def _find_entry(scheme: str, spec: str) -> EntryPoint:
    entries = {entry.value: entry for entry in _entry_points() if entry.name == scheme}
    if not entries:
        hint = f"; for a Python function write python:{spec}" if "/" in scheme or scheme.endswith(".py") else ""
        raise SpecError(f"no kind of black box is called {scheme!r} (in {spec!r}); {_known_sentence()}{hint}")
    if len(entries) > 1:
        claims = " and by ".join(sorted(entries))
        raise SpecError(f"the scheme {scheme!r} is claimed by {claims}; uninstall one of them")
    [entry] = entries.values()
    return entry


def _entry_points() -> Iterable[EntryPoint]:
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


def _known_sentence() -> str:
    names = known_schemes()
    if not names:
        return "none is registered: install zetetic again so that its entry points are known"
    return "known: " + ", ".join(names)
