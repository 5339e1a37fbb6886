"""Running a command as an ordinary user when one is root, though Python may live where only root can enter.

In a private mount namespace, each closed folder on the way is covered by an empty open one that holds only what is
needed of it; then the privileges are dropped. Nothing of this is seen outside.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

USER = 1000
_OPEN_TO_ALL = 0o001


def needed() -> list[Path]:
    """The folders that a process of ours must be able to enter: Python, its packages, this repository."""
    paths = {sys.base_prefix, sys.prefix, str(Path(__file__).resolve().parents[3])}
    paths |= {entry for entry in sys.path if os.path.isdir(entry)}
    found = sorted({Path(p).resolve() for p in paths})
    return [p for p in found if not any(p != q and p.is_relative_to(q) for q in found)]


def covered(paths: Sequence[Path]) -> dict[Path, list[Path]]:
    """The topmost folder that an ordinary user cannot enter → the needed ones below it."""
    found: dict[Path, list[Path]] = {}
    for path in paths:
        for parent in reversed(path.parents):
            if not parent.stat().st_mode & _OPEN_TO_ALL:
                found.setdefault(parent, []).append(path)
                break
    return found


def user_command(command: Sequence[str]) -> list[str]:
    """`command`, to be run as user 1000 with nothing of root's."""
    steps, number = ["set -e", f"stage={shlex.quote(tempfile.gettempdir())}/zetetic-bind-$$", 'mkdir -p "$stage"'], 0
    for closed, below in covered(needed()).items():
        binds = []
        for path in below:
            number += 1
            steps.append(f'mkdir "$stage/{number}"; mount --rbind {shlex.quote(str(path))} "$stage/{number}"')
            binds.append(f'mkdir -p {shlex.quote(str(path))}; mount --rbind "$stage/{number}" {shlex.quote(str(path))}')
        steps += [f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(closed))}", *binds]
    steps += [f'umount -l "$stage/{n}"; rmdir "$stage/{n}"' for n in range(1, number + 1)] + ['rmdir "$stage"']
    drop = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all", *command]
    script = "\n".join([*steps, f"exec {shlex.join(drop)}"])
    return ["unshare", "-m", "--propagation", "private", "sh", "-c", script]


@cache
def why_not() -> str:
    """Why a command cannot be run as an ordinary user from here; empty if it can."""
    if sys.platform != "linux" or os.getuid() != 0:
        return "only root can become another user"
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return "needs the commands unshare and setpriv (util-linux)"
    check = "import os, numpy, zetetic.sandboxes.types; print(os.getuid())"
    done = subprocess.run(
        user_command([sys.executable, "-c", check]),
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": "/"},
        timeout=60,
        check=False,
    )
    if done.stdout.strip() != str(USER):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return f"could not become user {USER}: {last}"
    return ""
