"""Entry points, the one door through which our own parts and a stranger's come in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


@dataclass(frozen=True, slots=True)
class PluginGroup:
    """An entry-point group. `noun` is what its entries are called in messages; `error` is what goes wrong with them."""

    name: str
    noun: str
    error: type[Exception]

    def names(self) -> list[str]:
        """What installed packages offer, sorted."""
        return sorted({entry.name for entry in self._entries()})

    def load(self, name: str, hint: str = "") -> Any:
        """What the entry `name` names, which must be callable. Raises `error`; `hint` is added if there is none."""
        found = self.load_any(name, hint)
        if not callable(found):
            entry = self._find(name, hint)
            package = _package(entry)
            raise self.error(f"{entry.value}, by which {package} offers the {self.noun} {name!r}, is not callable")
        return found

    def load_any(self, name: str, hint: str = "") -> Any:
        """What the entry `name` names, be it callable or not. Raises `error`; `hint` is added if there is none."""
        entry = self._find(name, hint)
        package = _package(entry)
        try:
            return entry.load()
        except (Exception, SystemExit) as error:
            raise self.error(
                f"the package {package} offers the {self.noun} {name!r} but {entry.value} cannot be imported "
                f"({type(error).__name__}: {error}); repair or uninstall {package}"
            ) from error

    def package(self, name: str) -> str:
        """The installed package that offers `name`, such as `zetetic`. Raises `error`."""
        return _package(self._find(name, ""))

    def known(self) -> str:
        """A clause that names what there is."""
        names = self.names()
        return "known: " + ", ".join(names) if names else "none is registered: install zetetic again"

    def _find(self, name: str, hint: str) -> EntryPoint:
        entries = {entry.value: entry for entry in self._entries() if entry.name == name}
        if not entries:
            raise self.error(f"no {self.noun} is called {name!r}{hint}; {self.known()}")
        if len(entries) > 1:
            claims = " and by ".join(sorted(entries))
            raise self.error(f"the {self.noun} {name!r} is claimed by {claims}; uninstall one of them")
        [entry] = entries.values()
        return entry

    def _entries(self) -> Iterable[EntryPoint]:
        from importlib.metadata import entry_points

        return entry_points(group=self.name)


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module
