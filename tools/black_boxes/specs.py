"""From a spec such as `python:path.py:name` to an open black box, through one door: entry points."""

from __future__ import annotations

from typing import Protocol, Unpack

from ...plugins import PluginGroup
from .options import OpenOptionFields, OpenOptions
from .sandboxed import standing_of
from .types import BlackBox, SpecError

GROUP = "zetetic.black_boxes"
"""The entry-point group. An entry `name = "package.module:open_box"` claims the specs `name:…`."""
_SCHEMES = PluginGroup(GROUP, "kind of black box", SpecError)


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
    hint = f" (in {spec!r})"
    if "/" in scheme or scheme.endswith(".py"):
        hint += f"; for a Python function write python:{spec}"
    opener: Opener = _SCHEMES.load(scheme, hint)
    box = opener(rest, settings)
    if settings.wants_sandbox() and standing_of(box) is None:  # an opener that ignores the wish must not be believed
        box.close()
        raise SpecError(f"black boxes of the kind {scheme!r} run in no sandbox; leave --untrusted and --sandbox out")
    return box


def known_schemes() -> list[str]:
    """The schemes that installed packages claim, sorted."""
    return _SCHEMES.names()


def _split(spec: str) -> tuple[str, str]:
    """(scheme, rest). A plain URL belongs to the scheme `http` and stays whole."""
    if spec.startswith(("http://", "https://")):
        return "http", spec
    scheme, colon, rest = spec.partition(":")
    if not colon or not scheme or not rest:
        raise SpecError(
            f"a black box is named SCHEME:REST, such as python:path.py:name, got {spec!r}; {_SCHEMES.known()}"
        )
    return scheme, rest
