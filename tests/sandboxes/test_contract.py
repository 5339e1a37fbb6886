"""The contract: our backend keeps it, and every kind of broken promise is noticed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest
from attacks.backends import BACKENDS, Backend
from attacks.control import PlainSubprocess

from zetetic.sandboxes.contract import Check, run_contract
from zetetic.sandboxes.contract.run import CLAUSES
from zetetic.sandboxes.local import open_sandbox
from zetetic.sandboxes.types import (
    Crashed,
    Limits,
    Loaded,
    LoadError,
    Raised,
    Result,
    Returned,
    Sandbox,
    SandboxError,
    TimedOut,
)


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param(b, id=b.name, marks=pytest.mark.slow if b.slow else [])
        for b in BACKENDS
        if not b.as_user  # the contract asks nothing of the user; the attacks do
    ],
)
def test_our_backends_keep_the_contract(backend: Backend) -> None:
    try:
        backend.open(Limits()).close()
    except (SandboxError, ImportError) as reason:
        pytest.skip(f"{backend.name}: {reason}")
    checks = list(run_contract(backend.open))
    assert len(checks) == len(CLAUSES) + 2
    assert [f"{check.name}: {check.detail}" for check in checks if not check.passed] == []


@pytest.fixture(scope="module")
def real() -> Iterator[Sandbox]:
    try:
        sandbox = open_sandbox(Limits(), level="confined")
    except SandboxError as reason:
        pytest.skip(str(reason))
    with sandbox:
        yield sandbox


class Altered:
    """A sandbox that tells something else than what happened."""

    def __init__(self, real: Sandbox, **changes: Any) -> None:
        self._real, self._changes = real, changes
        self.limits = real.limits
        self.standing = dataclasses.replace(real.standing, **changes.get("standing", {}))

    def load(self, code: str, entry: str, *, seed: int = 0, limits: Limits | None = None) -> Loaded:
        change = self._changes.get("load", lambda arguments: arguments)
        arguments = change({"code": code, "entry": entry, "seed": seed, "limits": limits})
        try:
            return AlteredLoaded(self._real.load(**arguments), self._changes.get("result", lambda r: r))
        except LoadError as error:
            raise self._changes.get("error", lambda e: e)(error) from None

    def run(self, script: str, files: Any = None, *, seed: int = 0, limits: Limits | None = None) -> Any:
        done = self._real.run(script, files, seed=seed, limits=limits)
        return self._changes.get("script", lambda d: d)(done)

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class AlteredLoaded:
    def __init__(self, real: Loaded, change: Callable[[Result], Result]) -> None:
        self._real, self._change = real, change
        self.parameters = real.parameters
        self.call_floats = real.call_floats
        self.close = real.close

    def call(self, inputs: Any, *, deadline_seconds: float | None = None) -> list[Result]:
        return [self._change(r) for r in self._real.call(inputs, deadline_seconds=deadline_seconds)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def values_as(change: Callable[[Any], Any]) -> Callable[[Result], Result]:
    return lambda r: Returned(change(r.value)) if isinstance(r, Returned) else r


def only(check: list[Check]) -> Check:
    (one,) = check
    return one


LIES: list[tuple[str, dict[str, Any]]] = [
    ("standing", {"standing": {"backend": ""}}),
    ("scalars round trip", {"result": values_as(lambda v: 0.0 if v == 0 else v)}),
    ("scalars round trip", {"result": values_as(lambda v: float(v) if type(v) is int else v)}),
    ("containers round trip", {"result": values_as(lambda v: list(v) if type(v) is tuple else v)}),
    ("arrays round trip", {"result": values_as(lambda v: v.tolist() if hasattr(v, "tolist") else v)}),
    ("one failure of several", {"result": lambda r: Returned(None) if isinstance(r, Raised) else r}),
    ("an exception", {"result": lambda r: dataclasses.replace(r, traceback="") if isinstance(r, Raised) else r}),
    ("wall clock", {"result": lambda r: Crashed("late") if isinstance(r, TimedOut) else r}),
    ("a crash", {"result": lambda r: Raised("Exception", "died") if isinstance(r, Crashed) else r}),
    ("forbidden things", {"result": lambda r: r if isinstance(r, Returned) else Returned("done")}),
    ("code that is none", {"error": lambda e: LoadError(Crashed("what?"))}),
    ("the same seed gives the same", {"load": lambda a: a | {"seed": 0}}),
    ("limits of one load are its own", {"load": lambda a: a | {"limits": None}}),
    ("what is printed is kept", {"script": lambda d: dataclasses.replace(d, stdout=d.stdout.upper())}),
    ("exit status", {"script": lambda d: dataclasses.replace(d, outcome=Returned())}),
    ("programs are shut in too", {"script": lambda d: dataclasses.replace(d, stdout=d.stdout + "done")}),
]


@pytest.mark.parametrize(("clause", "changes"), LIES, ids=[f"{i}-{name}" for i, (name, _) in enumerate(LIES)])
def test_a_lie_is_noticed(real: Sandbox, clause: str, changes: dict[str, Any]) -> None:
    assert only(list(run_contract(lambda _: Altered(real, **changes), only=[clause]))).passed is False


def test_what_is_not_altered_passes(real: Sandbox) -> None:
    names = sorted({name for name, _ in LIES} - {"wall clock", "standing"})
    assert all(check.passed for check in run_contract(lambda _: Altered(real), only=names))


def test_a_plain_subprocess_is_told_where_it_falls_short() -> None:
    """It reports and does not raise, whatever the backend does."""
    names = ["standing", "empty environment", "files of the host are out of reach", "forbidden things"]
    names += ["what is printed is kept", "the same seed gives the same", "one failure of several"]
    checks = {check.name: check.passed for check in run_contract(PlainSubprocess, only=names)}
    assert {name for name, passed in checks.items() if passed} == {"standing", "one failure of several"}
    assert set(checks) == set(names)


def test_a_backend_that_does_not_open_is_one_failed_check() -> None:
    def refuse(limits: Limits) -> Sandbox:
        raise SandboxError("not today")

    check = only(list(run_contract(refuse)))
    assert not check.passed
    assert "not today" in check.detail


def test_a_clause_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="no clause is called no such clause"):
        list(run_contract(PlainSubprocess, only=["no such clause"]))
