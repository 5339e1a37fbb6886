"""The docker sandbox, against a docker command whose containers are local processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from zetetic.sandboxes import engine as engines
from zetetic.sandboxes.contract import run_contract
from zetetic.sandboxes.docker import open_sandbox, run_command
from zetetic.sandboxes.engine import Engine, Offer, quoted
from zetetic.sandboxes.registry import Opener
from zetetic.sandboxes.served import ServedSandbox
from zetetic.sandboxes.types import MIB, Limits, Lost, Returned, SandboxError, TimedOut

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the containers here are Linux processes")
FAKES = Path(__file__).resolve().parent / "fakes"
LIMITS = Limits(cpu_seconds=5, wall_seconds=5, memory_bytes=256 * MIB, file_bytes=4 * MIB)
ECHO = "def f(x): return x"


class Docker:
    """What the fake was asked, and what it has."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "containers").mkdir()
        (home / "bin").mkdir()
        script = home / "bin" / "docker"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{FAKES / "docker_cli.py"}" "$@"\n')
        script.chmod(0o755)
        self.state: dict[str, Any] = {"python": [sys.executable, "-I", "-S", str(FAKES / "engine_walls.py")]}
        self.becomes()

    def becomes(self, **changes: Any) -> None:
        self.state.update(changes)
        (self.home / "state.json").write_text(json.dumps(self.state))

    def has(self, image: str) -> None:
        with open(self.home / "images", "a") as file:
            file.write(image + "\n")

    @property
    def calls(self) -> list[list[str]]:
        file = self.home / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def verbs(self) -> list[str]:
        return [call[0] for call in self.calls]

    @property
    def containers(self) -> list[int]:
        return [int(mark.read_text()) for mark in (self.home / "containers").iterdir()]


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    fake = Docker(tmp_path)
    monkeypatch.setenv("FAKE_DOCKER", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv(engines.IMAGE_VARIABLE, raising=False)
    return fake


@pytest.fixture
def sandbox(docker: Docker) -> Iterator[ServedSandbox]:
    with open_sandbox(LIMITS) as opened:
        yield opened


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def refusal(**options: Any) -> str:
    sandbox = open_sandbox(LIMITS, **options)
    try:
        with pytest.raises(SandboxError) as caught:
            _ = sandbox.standing
        return str(caught.value)
    finally:
        sandbox.close()


# What works


def test_it_runs_code_in_one_container_that_goes_at_the_end(docker: Docker) -> None:
    opener: Opener = open_sandbox
    with opener(LIMITS, level="isolated") as sandbox:
        with sandbox.load(ECHO, "f") as function:
            assert function.call([(1.5,), ("text",)]) == [Returned(1.5), Returned("text")]
        result = sandbox.run("print(open('a').read())", {"a": "hello"})
        assert (result.outcome, result.stdout) == (Returned(None), "hello\n")
        assert len(docker.containers) == 1
    assert docker.verbs.count("run") == 1
    assert docker.containers == []


def test_it_says_what_it_guarantees(sandbox: ServedSandbox) -> None:
    standing = sandbox.standing
    assert (standing.backend, standing.level) == ("docker", "isolated")
    assert standing.layers[0] == "container"
    assert {"landlock", "seccomp", "rlimits"} <= set(standing.layers)
    assert not [note for note in standing.notes if "namespaces" in note]


def test_the_container_is_shut(docker: Docker, sandbox: ServedSandbox) -> None:
    _ = sandbox.standing
    (call,) = [call for call in docker.calls if call[0] == "run"]
    command = " ".join(call[: call.index("-c")])
    for wanted in (
        "--interactive --rm --read-only",
        "--network none",
        "--ipc none",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--pids-limit 1024",
        f"--memory {4 * 2**30} --memory-swap {4 * 2**30}",
        "--tmpfs /tmp:rw,noexec,nosuid,nodev,size=67108864,mode=1777",
        "--user 65534:65534",
        "--log-driver none",
        "--label zetetic",
        "--env=HTTPS_PROXY= --env=https_proxy=",
    ):
        assert wanted in command
    assert not [part for part in call if part.startswith(("--volume", "-v", "--mount", "--privileged"))]


def test_the_image_is_built_once_for_the_packages_of_this_python(docker: Docker) -> None:
    for _ in range(2):
        with open_sandbox(LIMITS) as sandbox:
            _ = sandbox.standing
    assert docker.verbs.count("build") == 1
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    recipe = (docker.home / "Dockerfile").read_text()
    assert recipe.splitlines()[0] == f"FROM python:{python}-slim"
    assert f"numpy=={version('numpy')}" in recipe
    assert engines.dockerfile(()) != recipe


def test_the_users_own_image_is_taken(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(engines.IMAGE_VARIABLE, "lab/python:7")
    assert "`docker pull lab/python:7`" in refusal()
    docker.has("lab/python:7")
    with open_sandbox(LIMITS) as sandbox:
        assert sandbox.run("print(1)").stdout == "1\n"
    assert "build" not in docker.verbs
    assert "lab/python:7" in next(call for call in docker.calls if call[0] == "run")


@pytest.mark.slow
def test_it_keeps_the_contract_of_every_sandbox(docker: Docker) -> None:
    checks = list(run_contract(open_sandbox))
    assert len(checks) > 40
    assert [(check.name, check.detail) for check in checks if not check.passed] == []
    assert docker.containers == []


# Which runtime


def test_under_gvisor_guests_without_walls_are_not_trusted(docker: Docker) -> None:
    docker.becomes(runtimes=["runc", "runsc"])
    with open_sandbox(LIMITS) as sandbox:
        standing = sandbox.standing
    runs = [call for call in docker.calls if call[0] == "run"]
    assert [("--runtime" in call) for call in runs] == [True, False]
    assert standing.level == "isolated"
    assert any("gVisor" in note and "Landlock" in note for note in standing.notes)
    assert docker.containers == []


def test_gvisor_is_taken_where_guests_have_walls_in_it(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    walls = docker.home / "walls.py"
    walls.write_text((FAKES / "engine_walls.py").read_text().replace("[UNSHARE, LANDLOCK]", "[UNSHARE]"))
    docker.becomes(runtimes=["runsc"], python=[sys.executable, "-I", "-S", str(walls)])
    with open_sandbox(LIMITS) as sandbox:
        assert sandbox.standing.layers[:2] == ("container", "gvisor")
    assert docker.verbs.count("run") == 1


def test_a_container_whose_guests_have_no_walls_is_refused_unless_allowed(docker: Docker) -> None:
    walls = docker.home / "walls.py"
    walls.write_text((FAKES / "engine_walls.py").read_text().replace("else [UNSHARE]", "else [UNSHARE, LANDLOCK]"))
    docker.becomes(python=[sys.executable, "-I", "-S", str(walls)])
    said = refusal()
    assert "gives unsafe" in said
    assert "Landlock" in said
    with open_sandbox(LIMITS, level="unsafe") as sandbox:
        assert sandbox.standing.level == "unsafe"


# What goes wrong


def test_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(engine=Engine("no-such-docker"))
    assert "needs the command no-such-docker" in said
    assert "install Docker" in said


def test_no_engine(docker: Docker) -> None:
    docker.becomes(engine=False)
    said = refusal()
    assert "Cannot connect to the Docker daemon" in said
    assert "start it" in said


def test_an_engine_for_windows(docker: Docker) -> None:
    docker.becomes(os="windows")
    assert "runs windows; switch it to Linux containers" in refusal()


def test_an_engine_that_hangs(docker: Docker) -> None:
    docker.becomes(hangs=["info"])
    assert "did not end within 0.5 s" in refusal(engine=Engine(patience_seconds=0.5))


def test_a_failed_build(docker: Docker) -> None:
    docker.becomes(build_fails=True)
    said = refusal()
    assert "could not be built (ERROR: failed to solve: exit code: 1)" in said
    assert engines.IMAGE_VARIABLE in said


def test_a_container_that_does_not_start(docker: Docker) -> None:
    docker.becomes(run_dies=True)
    said = refusal()
    assert "docker container did not start" in said
    assert "no space left on device" in said
    assert "--help" not in said
    docker.becomes(run_dies=False)
    with open_sandbox(LIMITS) as sandbox:
        assert sandbox.run("print(1)").stdout == "1\n"


def test_a_container_that_dies_is_replaced(docker: Docker, sandbox: ServedSandbox) -> None:
    with sandbox.load("import time\ndef f(x): time.sleep(x); return x", "f") as function:
        assert function.call([(0,)]) == [Returned(0)]
        (container,) = docker.containers
        os.killpg(container, signal.SIGKILL)
        (result,) = function.call([(0.1,)])
        assert isinstance(result, Lost)
        assert function.call([(0.1,)]) == [Returned(0.1)]
    assert docker.verbs.count("run") == 2


def test_the_command_dies_and_its_container_goes_too(docker: Docker, sandbox: ServedSandbox) -> None:
    _ = sandbox.standing
    (container,) = docker.containers
    commands = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _parent(p) == os.getpid()]
    for command in commands:
        if b"docker_cli.py" in Path(f"/proc/{command}/cmdline").read_bytes():
            os.kill(command, signal.SIGKILL)
    outcomes = [sandbox.run("print(1)").outcome for _ in range(2)]
    assert isinstance(outcomes[0], Lost | Returned)
    assert outcomes[1] == Returned(None)
    assert docker.verbs.count("run") == 2
    assert wait_until(lambda: not lives(container))
    assert "rm" in docker.verbs


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_a_wedged_container_is_removed_at_the_end(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zetetic.sandboxes.relayed._END_SECONDS", 0.3)
    with open_sandbox(LIMITS) as sandbox:
        assert sandbox.run("print(1)").stdout == "1\n"
        (container,) = docker.containers
        os.kill(container, signal.SIGSTOP)
    assert docker.verbs[-1] == "rm"
    assert wait_until(lambda: not lives(container))


def test_a_guest_past_its_time_is_killed_inside(docker: Docker, sandbox: ServedSandbox) -> None:
    limits = Limits(wall_seconds=0.3)
    with sandbox.load("def f(x):\n    while x: pass\n    return x", "f", limits=limits) as function:
        assert function.call([(1,), (0,)]) == [TimedOut("wall", 0.3), Returned(0)]
    assert docker.verbs.count("run") == 1


def test_the_hosts_death_ends_the_container(docker: Docker) -> None:
    host = """
        from zetetic.sandboxes.docker import open_sandbox
        from zetetic.sandboxes.types import Limits
        function = open_sandbox(Limits(60, 60)).load("def f(x):\\n    while True: pass", "f")
        print("ready", flush=True)
        function.call([(1,)])
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(host)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        (container,) = docker.containers
        process.kill()
    assert wait_until(lambda: not lives(container))


# The real command, where there is one


@pytest.mark.skipif(shutil.which("docker") is None, reason="there is no docker command here")
def test_the_real_command_knows_every_option() -> None:
    command = [
        *run_command("docker", "zetetic-test", "no-such-image", "runsc", Offer((), 0), LIMITS),
        *("-I", "-B", "-c", "pass"),
    ]
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "DOCKER_HOST": "unix:///nonexistent.sock", "HOME": "/nonexistent"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Cannot connect" in quoted(done.stderr)
    assert "unknown" not in done.stderr
    assert "invalid" not in done.stderr
