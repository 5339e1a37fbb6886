"""A docker command without an engine: containers are local processes, everything asked for is recorded.

The folder FAKE_DOCKER holds `state.json` (what the engine is like), `calls.jsonl` (arguments of each call) and
`containers/NAME` (a process id each). Run as a script; it imports nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

HOME = Path(os.environ["FAKE_DOCKER"])
STATE = json.loads((HOME / "state.json").read_text())
NO_ENGINE = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
VALUED = (
    *("--pull", "--network", "--ipc", "--cap-drop", "--security-opt", "--pids-limit", "--memory", "--memory-swap"),
    *("--tmpfs", "--user", "--workdir", "--hostname", "--log-driver", "--ulimit", "--name", "--label"),
    *("--entrypoint", "--runtime"),
)
FLAGS = ("--interactive", "--rm", "--read-only")


def main(arguments: list[str]) -> int:
    with open(HOME / "calls.jsonl", "a") as file:
        file.write(json.dumps(arguments) + "\n")
    if arguments[0] in STATE.get("hangs", ()):
        time.sleep(60)
    if STATE.get("engine", True) is False:
        if arguments[0] == "info":
            print(json.dumps({"ServerErrors": [NO_ENGINE]}))
        print(NO_ENGINE, file=sys.stderr)
        return 1
    return {"info": info, "image": image, "build": build, "run": run, "rm": rm}[arguments[0]](arguments[1:])


def info(_: list[str]) -> int:
    runtimes = {name: {} for name in STATE.get("runtimes", ["runc"])}
    print(json.dumps({"OSType": STATE.get("os", "linux"), "Runtimes": runtimes, "MemTotal": 8 * 2**30}))
    return 0


def image(arguments: list[str]) -> int:
    if arguments[-1] in images():
        print("sha256:" + "0" * 64)
        return 0
    print(f"Error response from daemon: No such image: {arguments[-1]}", file=sys.stderr)
    return 1


def build(arguments: list[str]) -> int:
    if STATE.get("build_fails"):
        print("#5 0.9 ERROR: Could not find a version\nERROR: failed to solve: exit code: 1", file=sys.stderr)
        return 1
    recipe = (Path(arguments[-1]) / "Dockerfile").read_text()
    (HOME / "Dockerfile").write_text(recipe)
    with open(HOME / "images", "a") as file:
        file.write(arguments[arguments.index("--tag") + 1] + "\n")
    return 0


def run(arguments: list[str]) -> int:
    options, rest = parsed(arguments)
    if rest[0] not in images():
        print(f"docker: Error response from daemon: No such image: {rest[0]}", file=sys.stderr)
        print("\nRun 'docker run --help' for more information", file=sys.stderr)
        return 125
    if STATE.get("run_dies"):
        print("docker: Error response from daemon: no space left on device", file=sys.stderr)
        print("\nRun 'docker run --help' for more information", file=sys.stderr)
        return 125
    runtime = options.get("--runtime", "runc")
    command = [*STATE["python"], "gvisor" if runtime == "runsc" else "container", *rest[1:]]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PATH": os.defpath},
        cwd="/",
        start_new_session=True,
        bufsize=0,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    mark = HOME / "containers" / options["--name"]
    mark.write_text(str(process.pid))
    threading.Thread(target=carry, args=(0, process.stdin.fileno(), process.stdin.close), daemon=True).start()
    try:
        carry(process.stdout.fileno(), 1, lambda: None)
        return abs(process.wait())
    finally:
        mark.unlink(missing_ok=True)


def carry(source: int, sink: int, done: Callable[[], None]) -> None:
    """Between this command and its container, as the engine does: when one ends, the other hears of it."""
    with contextlib.suppress(OSError):
        while data := os.read(source, 1 << 16):
            view = memoryview(data)
            while view:
                view = view[os.write(sink, view) :]
    done()


def rm(arguments: list[str]) -> int:
    mark = HOME / "containers" / arguments[-1]
    if mark.exists():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(int(mark.read_text()), signal.SIGKILL)
        mark.unlink(missing_ok=True)
    return 0


def parsed(arguments: list[str]) -> tuple[dict[str, str], list[str]]:
    """Options of `run` by name, and what follows them. An unknown one ends the command, as in the real one."""
    options: dict[str, str] = {}
    rest = list(arguments)
    while rest[0].startswith("--"):
        option, _, value = rest.pop(0).partition("=")
        if option in VALUED:
            options[option] = value or rest.pop(0)
        elif option == "--env":
            options[f"--env {value}"] = ""
        elif option in FLAGS:
            options[option] = ""
        else:
            sys.exit(f"unknown flag: {option}")
    return options, rest


def images() -> list[str]:
    file = HOME / "images"
    return file.read_text().split() if file.exists() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
