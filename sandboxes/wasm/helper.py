"""The helper process: it starts Python in WebAssembly once, and forks a guest for every job.

Where a forked process cannot go on with WebAssembly (anywhere but on Linux), each guest has a helper of its own.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import threading
import time
from typing import Any

from ..guest import kernel, landlock, seccomp, walls
from .forking import Forker
from .machine import STACK_BYTES
from .process import Job, become_guest, boot, die_with, try_second_wall

_MORE_STACK_BYTES = 4 << 20
"""For what runs below WebAssembly's frames: this program, and the functions that a guest calls."""


def main(config_text: str) -> None:
    """Be what `config_text` (JSON) says: {"module", "library"}, and "control", or "job" with its descriptors."""
    config = json.loads(config_text)
    os.environ.clear()
    if "job" not in config:
        _serve_forks(config)
        return
    die_with(config["lifeline"])
    threading.stack_size(STACK_BYTES + _MORE_STACK_BYTES)  # the main thread's may be too small, and cannot grow
    threading.Thread(target=_be_one_guest, args=(config,)).start()


def _be_one_guest(config: dict[str, Any]) -> None:
    machine = boot(config["module"], config["library"])
    os.write(config["ready"], json.dumps({"cpu_seconds": time.process_time()}).encode())
    os.close(config["ready"])
    become_guest(machine, Job(**config["job"]), config["channel"], config["outputs"], second_wall=False, parent=0)


def _serve_forks(config: dict[str, Any]) -> None:
    control = socket.socket(fileno=config["control"])
    machine = boot(config["module"], config["library"])
    gc.collect()
    gc.freeze()
    why = "" if seccomp.is_known() else f"no table of system calls for {kernel.MACHINE}"
    why = why or ("" if landlock.version() else "no Landlock")
    why = why or walls.attempt(lambda: try_second_wall(machine))
    control.send(json.dumps({"second_wall": not why, "why": why}).encode())
    Forker(control, machine, second_wall=not why).serve()
