"""The host under attack, a process of its own: `python -m attacks.worker BACKEND`.

Reads one JSON request a line on stdin, writes one JSON reply a line. It is thrown away when an attack kills or
stops it, which then counts against the sandbox and costs nobody else anything.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from zetetic.sandboxes.types import SandboxError

from .backends import find
from .examine import Examiner
from .snippets import Attack


def main(name: str) -> None:
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.set_inheritable(replies.fileno(), False)
    folder = Path(tempfile.mkdtemp(prefix="zetetic-worker-"))
    folder.chmod(0o755)  # where root keeps it, those it becomes must be able to enter
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    os.chdir(folder)
    log = folder / "host.log"
    for stream in (1, 2):  # what a guest gets onto the host's own outputs is searched too
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)

    def reply(answer: dict[str, Any]) -> None:
        replies.write(json.dumps(answer) + "\n")
        replies.flush()

    backend = find(name)
    try:
        sandbox = backend.open(backend.limits)
        standing = sandbox.standing
        examiner = Examiner(sandbox, log)
    except (SandboxError, ImportError) as error:
        reply({"unavailable": str(error)})
        return
    reply({"standing": str(standing), "level": standing.level, "uid": os.getuid()})
    try:
        for line in sys.stdin:
            reply(_answer(examiner, json.loads(line)))
    finally:
        examiner.stage.close()


def _answer(examiner: Examiner, request: dict[str, Any]) -> dict[str, Any]:
    match request["do"]:
        case "examine":
            fields = request["attack"]
            attack = Attack(fields["name"], fields["category"], fields["code"], tuple(fields["must_hold"]))
            verdict = examiner.examine(attack, request["profile"])
            if request.get("clear"):
                examiner.clear()
            return verdict
        case "finish":
            late = examiner.late_markers()
            examiner.sandbox.close()
            examiner.sandbox.close()
            return {"late": late, "left": examiner.processes()}
    raise ValueError(request["do"])


if __name__ == "__main__":
    main(sys.argv[1])
