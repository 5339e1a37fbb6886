"""Which black boxes a client may name, and whose rights their code gets."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...tools.black_boxes.options import OpenOptionFields

RISKY = ("command", "sklearn")
"""Kinds of box that run whatever the spec names with the user's own rights: programs, pickled estimators."""
SANDBOXED = ("python",)
"""Kinds whose code goes into a sandbox unless the user trusts the client."""


@dataclass(frozen=True)
class BoxRules:
    """`patterns`: specs that a client may name beside the harmless kinds; `trusted`: Python runs with our rights.

    A client is a language model: what it names is not what the user wrote.
    """

    patterns: tuple[str, ...] = ()
    trusted: bool = False

    def check(self, spec: str) -> None:
        """Raises `SpecError`, with the remedy, for a spec that is not allowed."""
        from ...tools.black_boxes import SpecError

        kind = spec.partition(":")[0]
        allowed = any(fnmatchcase(spec, pattern) for pattern in self.patterns)
        if kind in RISKY and not allowed:
            raise SpecError(
                f"{kind}: boxes run with the user's rights, and this server was not told to allow {spec!r}; "
                f"the user can start it with: zetetic mcp --allow '{kind}:PATTERN'"
            )

    def untrusted(self, spec: str) -> bool:
        """Whether the box's code goes into a sandbox."""
        return not self.trusted and spec.partition(":")[0] in SANDBOXED

    def options(self, spec: str) -> OpenOptionFields:
        """The options to open it with."""
        return {"untrusted": True} if self.untrusted(spec) else {}
