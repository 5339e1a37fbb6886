"""Puts a backend through every clause."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator

from ..types import LEVELS, Limits, Sandbox, SandboxError
from . import failures, guests, scripts, values
from .checks import LIMITS, Bench, Broken, Check, expect

Clause = Callable[[Bench], None]
CLAUSES: tuple[Clause, ...] = (*values.CLAUSES, *failures.CLAUSES, *guests.CLAUSES, *scripts.CLAUSES)


def run_contract(open_sandbox: Callable[[Limits], Sandbox], *, only: Collection[str] = ()) -> Iterator[Check]:
    """A check per clause, as they are made; reports what does not hold and never raises for it.

    `open_sandbox` gives a fresh sandbox with the limits it is given; it is called several times. `only` names the
    clauses to check, all if it is empty. Takes about ten seconds, most of them spent waiting for limits to strike.
    """
    chosen = [clause for clause in (_standing, *CLAUSES, _closing) if not only or _name(clause) in only]
    if len(chosen) < len(set(only)):
        unknown = set(only) - {_name(clause) for clause in chosen}
        raise ValueError(
            f"no clause is called {', '.join(sorted(unknown))}; see zetetic.sandboxes.contract.run.CLAUSES"
        )
    try:
        sandbox = open_sandbox(LIMITS)
    except Exception as error:
        yield Check("a sandbox can be opened", False, f"{type(error).__name__}: {error}")
        return
    with sandbox:
        bench = Bench(sandbox, open_sandbox)
        for clause in chosen:
            yield _checked(clause, bench)


def _name(clause: Clause) -> str:
    return clause.__name__.strip("_").replace("_", " ")


def _checked(clause: Clause, bench: Bench) -> Check:
    name = _name(clause)
    try:
        clause(bench)
    except Broken as error:
        return Check(name, False, str(error))
    except SandboxError as error:
        return Check(name, False, f"the sandbox failed: {error}")
    except Exception as error:
        return Check(name, False, f"{type(error).__name__}: {error}")
    return Check(name, True)


def _standing(bench: Bench) -> None:
    standing = bench.sandbox.standing
    expect(bool(standing.backend), "a backend with a name", standing)
    expect(standing.level in LEVELS, f"a level among {', '.join(LEVELS)}", standing.level)
    expect(standing.level == "unsafe" or bool(standing.layers), "the layers that guarantee the level", standing)
    expect(bench.sandbox.limits == LIMITS, "the limits it was opened with", bench.sandbox.limits)


def _closing(bench: Bench) -> None:
    """Closing a sandbox ends its guests; closing anything twice is allowed."""
    other = bench.open(LIMITS)
    try:
        loaded = other.load("def f(x): return x", "f")
        loaded.call([(1.0,)])
        loaded.close()
        loaded.close()
        try:
            came = loaded.call([(1.0,)])
        except SandboxError:
            pass
        else:
            expect(False, "SandboxError from a closed function", came)
        sleeper = other.load("import time\ndef f(x): time.sleep(60)", "f")
    finally:
        began = time.monotonic()
        other.close()
        other.close()
    sleeper.close()
    expect(time.monotonic() - began < 5, "to be closed within 5 s", time.monotonic() - began)
