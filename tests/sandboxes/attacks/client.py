"""The tests' end of a host under attack: starts it, asks it, and says so when an attack has killed or stopped it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .as_user import USER, user_command, why_not
from .backends import Backend
from .snippets import Attack

START_SECONDS = 120.0
ANSWER_SECONDS = 45.0


_LOOK_SECONDS = 0.25


class Unavailable(Exception):
    """The backend cannot be had on this machine."""


def launch(backend: Backend, module: str, home: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command that runs `module` for `backend`, as the user it wants, and its environment."""
    command = [sys.executable, "-W", "error", "-m", module, backend.name, *arguments]
    if backend.as_user:
        command = user_command(command)
        os.chown(home, USER, USER)
    home.chmod(0o755)
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "ZETETIC_DATA")},
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home),
        "TMPDIR": str(home),
        "OMP_NUM_THREADS": "1",
        "ZETETIC_STAGE_KEY": f"CANARY_ENV_{secrets.token_hex(8)}",
    }
    if not backend.as_user:  # what takes minutes to compile is compiled once
        environment["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return command, environment


class Host:
    """A process that holds an opened sandbox; started when first needed, and again after it died."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._rest = b""
        self.standing: dict[str, Any] = {}
        self._unavailable = ""

    def examine(self, attack: Attack, profile: str, *, clear: bool = False) -> dict[str, Any]:
        """The verdict on one attack. `Unavailable` if there is no such sandbox here."""
        self._start()
        request = {"do": "examine", "attack": asdict(attack), "profile": profile, "clear": clear}
        try:
            return self._ask(request, ANSWER_SECONDS)
        except TimeoutError:
            self._end()
            return {"violations": ["the host was stopped or hangs"], "outcomes": [], "seconds": ANSWER_SECONDS}
        except EOFError:
            status = self._end()
            return {"violations": [f"the host died: {status}"], "outcomes": [], "seconds": 0}

    def finish(self) -> dict[str, Any]:
        """Close the sandbox: {"late": markers that appeared meanwhile, "left": processes that still run}."""
        self._start()
        found = self._ask({"do": "finish"}, ANSWER_SECONDS)
        self.close()
        return found

    def _start(self) -> None:
        if self._unavailable:
            raise Unavailable(self._unavailable)
        if self._process is not None:
            return
        reason = why_not() if self.backend.as_user else ""
        if reason:
            self._unavailable = reason
            raise Unavailable(reason)
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="zetetic-host-"))
        home = self._folder
        command, environment = launch(self.backend, "attacks.worker", home)
        errors_path = home.with_suffix(".err")
        with errors_path.open("wb") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=home,
                env=environment,
                start_new_session=True,
                bufsize=0,
            )
        self._rest = b""
        try:
            self.standing = self._read(START_SECONDS)
        except (EOFError, TimeoutError):
            self._end()
            said = errors_path.read_text(errors="replace")[-3000:]
            raise AssertionError(f"the host of {self.backend.name} did not start:\n{said}") from None
        if "unavailable" in self.standing:
            self._unavailable = self.standing["unavailable"]
            self._end()
            raise Unavailable(self._unavailable)

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            raise EOFError from None
        return self._read(seconds)

    def _read(self, seconds: float) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            stopped = 0
            while b"\n" not in self._rest:
                if not selector.select(_LOOK_SECONDS):
                    stopped = stopped + 1 if _is_stopped(self._process.pid) else 0
                    if stopped == 4 or time.monotonic() > deadline:
                        raise TimeoutError
                    continue
                part = os.read(self._process.stdout.fileno(), 1 << 16)
                if not part:
                    raise EOFError
                self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> str:
        process, self._process = self._process, None
        if process is None:
            return "not running"
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
        try:
            status = process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            status = process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it left in its group
        return f"killed by signal {-status}" if status < 0 else f"exit status {status}"

    def close(self) -> None:
        self._end()
        if self._folder is not None:
            # Not shutil: an attack may have left folders deeper than it can climb.
            subprocess.run(["rm", "-rf", "--", str(self._folder), str(self._folder.with_suffix(".err"))], check=False)
            self._folder = None


def _is_stopped(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "Tt"
    except OSError:
        return False
