"""Boxes that nobody vouches for, from the command line; and `zetetic sandbox check`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zetetic.app import machine
from zetetic.app.cli import main
from zetetic.app.cli.domains import implied, open_kinds, settle_domain
from zetetic.app.failures import ExitCode
from zetetic.sandboxes import Limits, SandboxError, Standing, contract, known_sandboxes, open_sandbox
from zetetic.tools.black_boxes import Interval, NumericDomain, Signature, sandboxed

BOXES = """
import os

def line(x):
    return 3.0 * x + 1.0

def curious(x):
    return 3.0 * x + ("ZETETIC_STORE" in os.environ)

def steps(n: int):
    return 4.0 * n + 2.0

def networked(x):
    import socket
    socket.socket()
    return x
"""
FAST = ("--budget-queries", "80", "--no-report")
Zetetic = Callable[..., tuple[int, str, str]]


@pytest.fixture
def zetetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Zetetic:
    """Run a command in this process: exit code, stdout, stderr."""
    (tmp_path / "boxes.py").write_text(BOXES)
    folder = tmp_path / "find_dataset" / "numeric" / "f00007"
    folder.mkdir(parents=True)
    (folder / "function_code.py").write_text("def function(x):\n    return 3.0 * x + 1.0\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZETETIC_STORE", str(tmp_path / "store.sqlite"))

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no sandbox works."""

    def refuse(*_: object, **__: object) -> None:
        raise SandboxError("no sandbox works here. local: no Landlock.")

    monkeypatch.setattr(sandboxed, "_SHARED", {})
    monkeypatch.setattr(sandboxed, "open_sandbox", refuse)


@pytest.fixture
def with_sandbox() -> Standing:
    try:
        with open_sandbox() as opened:
            return opened.standing
    except SandboxError as error:
        pytest.skip(f"no sandbox works here: {error}")


@pytest.mark.parametrize(
    "asked", [("--untrusted",), ("--sandbox", "auto"), ("--sandbox-level", "confined")], ids=lambda a: a[0]
)
def test_an_untrusted_function_is_explained_inside_and_the_run_says_so(
    zetetic: Zetetic, with_sandbox: Standing, asked: tuple[str, ...]
) -> None:
    code, out, _ = zetetic("explain", "python:boxes.py:curious", "--domain=-5:5", "--json", *asked, *FAST)
    assert code == 0
    namespace: dict[str, Any] = {}
    exec(json.loads(out)["code"], namespace)
    assert namespace["explained"](2.0) == pytest.approx(6.0)  # it saw no environment
    shown = json.loads(zetetic("runs", "show", "latest", "--json")[1])
    assert shown["sandboxes"] == [
        {"backend": with_sandbox.backend, "level": with_sandbox.level}
        | {"layers": list(with_sandbox.layers), "notes": list(with_sandbox.notes)}
    ]
    assert f"sandbox:    {with_sandbox}" in zetetic("runs", "show", "latest")[1]
    assert zetetic("runs", "report", "latest", "-o", "report.html")[0] == 0
    assert str(with_sandbox) in Path("report.html").read_text()


def test_a_trusted_function_has_its_users_rights(zetetic: Zetetic) -> None:
    code, out, _ = zetetic("explain", "python:boxes.py:curious", "--domain=-5:5", "--json", "--trusted", *FAST)
    namespace: dict[str, Any] = {}
    exec(json.loads(out)["code"], namespace)
    assert (code, namespace["explained"](2.0)) == (0, pytest.approx(7.0))
    assert json.loads(zetetic("runs", "show", "latest", "--json")[1])["sandboxes"] == []


def test_a_function_that_needs_what_is_denied_fails_and_says_what(zetetic: Zetetic, with_sandbox: Standing) -> None:
    code, _, err = zetetic("explain", "python:boxes.py:networked", "--domain=-5:5", "--untrusted", *FAST)
    assert code == ExitCode.BOX_FAILED
    assert "forbidden" in err


def test_published_code_fails_closed_where_there_is_no_sandbox(zetetic: Zetetic, no_sandbox: None) -> None:
    spec = "find:find_dataset/numeric/f00007"
    code, out, err = zetetic("explain", spec, *FAST)
    assert code == ExitCode.SANDBOX
    assert out == ""
    (line,) = err.splitlines()
    for part in ("no Landlock", "--sandbox-level unsafe", "--trusted"):
        assert part in line
    assert zetetic("explain", spec, "--trusted", *FAST)[0] == 0


def test_a_resumed_run_may_be_told_another_place(zetetic: Zetetic, with_sandbox: Standing) -> None:
    from zetetic.agent import Brief, Store
    from zetetic.tools.black_boxes import open_box

    spec = f"python:{Path('boxes.py').resolve()}:line"
    with Store.open(None) as store:
        box = open_box(spec, domain=NumericDomain((Interval(-5, 5),)))
        options = {"untrusted": True, "sandbox": "teapot"}
        run = store.create(Brief.of(box, domain=box.signature.domain, options=options)).run_id
        box.close()
    code, _, err = zetetic("runs", "resume", run, "--no-report")
    assert (code, "'teapot'" in err) == (ExitCode.BAD_INPUT, True)
    assert zetetic("runs", "resume", run, "--no-report", "--sandbox-level", "confined")[0] == 0
    assert json.loads(zetetic("runs", "show", run, "--json")[1])["sandboxes"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("python:boxes.py:line", "--trusted", "--sandbox", "local"), "--trusted or --sandbox, got both"),
        (("python:boxes.py:line", "--trusted", "--sandbox-level", "unsafe"), "--trusted or --sandbox-level"),
        (("python:boxes.py:line", "--sandbox-level", "high"), "isolated, confined or unsafe, got 'high'"),
        (("python:boxes.py:line", "--sandbox", "teapot"), "no sandbox is called 'teapot'; known: auto"),
        (("python:math:sin", "--untrusted"), "an installed module"),
        (("command:true", "--untrusted"), "a program cannot be put in a sandbox"),
        (("http://127.0.0.1:1/x", "--untrusted"), "runs elsewhere"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_in_one_line(
    zetetic: Zetetic, arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = zetetic("explain", *arguments, "--domain=-5:5", *FAST)
    assert (code, out) == (ExitCode.BAD_INPUT, "")
    assert told in err
    assert len(err.splitlines()) == 1


def test_running_without_walls_is_said_even_when_quiet(zetetic: Zetetic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandboxed.SandboxedRunner, "standing", Standing("local", "unsafe", ("rlimits",)))
    _, _, err = zetetic("explain", "python:boxes.py:line", "--domain=-5:5", "--sandbox-level", "unsafe", "-q", *FAST)
    assert "warning: the box's code runs without walls" in err


def test_whole_numbers_implied_by_an_annotation_are_said_in_one_line(zetetic: Zetetic) -> None:
    def asked(*domain: str) -> tuple[bool, bool]:
        _, out, err = zetetic("explain", "python:boxes.py:steps", "--json", "--budget-queries", "60", *domain)
        return json.loads(out)["domain"][0]["integer"], "n: annotated int, so whole numbers are asked" in err

    assert asked("--domain=0:40") == asked() == (True, True)
    assert asked("--domain=0:40:int") == asked("--domain=0:40", "--integer") == (True, False)
    assert asked("--domain=0:40:real") == (False, False)
    assert asked("--domain=0.2:0.8") == (False, False)  # it holds no two whole numbers


def test_what_is_open_and_what_is_implied() -> None:
    signature = Signature(("n", "x"), None, whole=("n",))
    two = NumericDomain((Interval(0, 9), Interval(0, 9)))
    assert open_kinds(["0:9", "0:9:real", "0:9:int"]) == [True, False, False]
    settled = settle_domain(signature, two, integer=False, is_open=[True, True])
    assert [i.integer for i in settled.inputs] == [True, False]
    assert len(implied(signature, two, settled, integer=False)) == 1
    assert settle_domain(signature, two, integer=False, is_open=[False, True]) == two
    everywhere = settle_domain(signature, two, integer=True, is_open=[True, True])
    assert implied(signature, two, everywhere, integer=True) == ()
    assert [i.integer for i in settle_domain(signature, None, integer=False).inputs] == [True, False]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The self-test, but for most of its clauses."""
    whole = contract.run_contract
    chosen = [clause.__name__.strip("_").replace("_", " ") for clause in contract.run.values.CLAUSES[:4]]
    monkeypatch.setattr(contract, "run_contract", lambda opened: whole(opened, only=chosen))


def test_check_tells_what_there_is_and_tests_it(zetetic: Zetetic, with_sandbox: Standing, quick: None) -> None:
    code, out, err = zetetic("sandbox", "check")
    assert (code, err) == (0, "")
    for part in ("This machine", "Sandboxes", "Self-test of", "4 of 4 checks", f"{with_sandbox}: the level confined"):
        assert part in out
    assert all(line == line.rstrip() for line in out.splitlines())


def test_check_as_json_holds_all_of_it(zetetic: Zetetic, with_sandbox: Standing, quick: None) -> None:
    code, out, _ = zetetic("sandbox", "check", "--json", "--sandbox", with_sandbox.backend)
    said = json.loads(out)
    assert (code, said["holds"], said["chosen"], said["level"]) == (0, True, with_sandbox.backend, "confined")
    assert [check["passed"] for check in said["checks"]] == [True] * 4
    assert {fact["name"] for fact in said["machine"]} >= {"system", "python", "wasm extra", "docker"}
    assert [b["name"] for b in said["backends"] if b["standing"]] == [with_sandbox.backend]
    assert {b["name"] for b in said["backends"]} == set(known_sandboxes())


class FakeSandbox:
    limits = Limits()

    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    def __enter__(self) -> FakeSandbox:
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("zetetic.sandboxes").warning("getting ready")


def pretend(monkeypatch: pytest.MonkeyPatch, **offers: Standing | str) -> list[str]:
    """Make these the backends there are: a standing, or the reason why it does not start. What is opened, in order."""
    opened: list[str] = []

    def open_pretended(name: str, limits: Limits | None = None, *, level: str) -> FakeSandbox:
        offer = offers[name]
        opened.append(name)
        if isinstance(offer, str):
            raise SandboxError(offer)
        return FakeSandbox(offer)

    monkeypatch.setattr("zetetic.sandboxes.known_sandboxes", lambda: sorted(offers))
    monkeypatch.setattr("zetetic.sandboxes.open_sandbox", open_pretended)
    monkeypatch.setattr(machine, "facts", lambda: iter([machine.Fact("system", True, "Pretended")]))
    return opened


def contract_of(*results: bool) -> Callable[..., Iterator[contract.Check]]:
    return lambda opened: iter(
        [contract.Check(f"clause {i}", ok, "" if ok else "it leaks") for i, ok in enumerate(results)]
    )


WEAK, STRONG = Standing("local", "unsafe", ("rlimits",), ("no Landlock",)), Standing("wasm", "isolated", ("wasm",))


def test_check_takes_the_first_that_suffices_and_starts_no_more(
    zetetic: Zetetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = pretend(monkeypatch, local=WEAK, wasm=STRONG, docker="no engine", mine=STRONG)
    monkeypatch.setattr(contract, "run_contract", contract_of(True, True))
    code, out, _ = zetetic("sandbox", "check")
    assert code == 0
    assert opened == ["local", "wasm"]
    assert "Self-test of wasm" in out
    assert "not started; --all starts it" in out
    assert zetetic("sandbox", "check", "--all")[0] == 0
    assert opened[2:] == ["local", "wasm", "docker", "mine"]


def test_check_fails_where_no_sandbox_suffices(zetetic: Zetetic, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, local=WEAK, wasm="not installed: pip install 'zetetic[wasm]'")
    for arguments in ((), ("--sandbox", "local"), ("--json",)):
        code, _, err = zetetic("sandbox", "check", *arguments)
        assert code == ExitCode.SANDBOX
        assert "local: only unsafe" in err
        assert len(err.splitlines()) == 1
    assert zetetic("sandbox", "check", "--sandbox-level", "isolated", "--sandbox", "wasm")[0] == ExitCode.SANDBOX


@pytest.mark.parametrize("results", [(True, False, True), ()], ids=["a leak", "no check at all"])
def test_check_fails_where_the_contract_is_broken(
    zetetic: Zetetic, monkeypatch: pytest.MonkeyPatch, results: tuple[bool, ...]
) -> None:
    pretend(monkeypatch, local=STRONG)
    monkeypatch.setattr(contract, "run_contract", contract_of(*results))
    code, out, err = zetetic("sandbox", "check")
    assert code == ExitCode.SANDBOX
    assert ("clause 1: it leaks" in out) == bool(results)
    assert ("failed 1 of 3 checks" in err) == bool(results)
    assert "the level confined holds" not in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--sandbox", "teapot"), "got 'teapot'"),
        (("--sandbox-level", "high"), "isolated, confined or unsafe, got 'high'"),
    ],
)
def test_check_refuses_what_it_does_not_know(zetetic: Zetetic, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = zetetic("sandbox", "check", *arguments)
    assert (code, out) == (ExitCode.BAD_INPUT, "")
    assert told in err


def test_facts_are_found_wherever_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {fact.name: fact for fact in machine.facts()}
    assert here["system"].present
    assert all(fact.detail and "\n" not in fact.detail for fact in here.values())
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("shutil.which", lambda name: None)
    elsewhere = {fact.name: fact for fact in machine.facts()}
    assert not elsewhere["namespaces, Landlock, seccomp"].present
    assert not elsewhere["docker"].present
