"""A guest's scratch folder on disk: how much is in it, and how to be rid of it, however it is nested.

Works through descriptors, never long paths: a guest may nest folders deeper than a path or Python's recursion
reaches, and what is hidden there counts and goes like the rest.
"""

from __future__ import annotations

import contextlib
import os
import stat

BLOCK_BYTES = 4096
"""What an entry costs beside its content, so that many empty ones count too."""
MAX_DEPTH = 64
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def holds_more(folder: str, most_bytes: int) -> bool:
    """Whether `folder` holds more than `most_bytes`, is nested too deeply, or hides what it holds."""
    total = 0
    try:
        levels = [os.open(folder, _FOLDER)]
    except OSError:
        return False
    waiting = [_names(levels[0])]
    try:
        while levels:
            if not waiting[-1]:
                waiting.pop()
                os.close(levels.pop())
                continue
            name = waiting[-1].pop()
            try:
                status = os.lstat(name, dir_fd=levels[-1])
            except FileNotFoundError:
                continue  # it was just removed
            total += BLOCK_BYTES + 512 * status.st_blocks
            if total > most_bytes:
                return True
            if stat.S_ISDIR(status.st_mode):
                if len(levels) == MAX_DEPTH:
                    return True
                try:
                    levels.append(os.open(name, _FOLDER, dir_fd=levels[-1]))
                except FileNotFoundError:
                    continue
                waiting.append(_names(levels[-1]))
    except PermissionError:
        return True
    finally:
        for descriptor in levels:
            os.close(descriptor)
    return False


def remove(folder: str) -> None:
    """Remove `folder`, whose guest is over, and everything in it, as far as that is possible."""
    with contextlib.suppress(OSError):
        top = os.open(folder, _FOLDER)
        try:
            while _names(top) and _remove_once(top):
                pass
        finally:
            os.close(top)
        os.rmdir(folder)


def _remove_once(top: int) -> bool:
    """Remove what is in `top`; what is too deep for that is moved up to be found next time. Whether it did a thing."""
    moved = removed = 0
    levels, names = [os.dup(top)], [""]
    waiting = [_names(top)]
    while levels:
        here = levels[-1]
        if not waiting[-1]:
            waiting.pop()
            os.close(levels.pop())
            name = names.pop()
            if levels:
                with contextlib.suppress(OSError):
                    os.rmdir(name, dir_fd=levels[-1])
                    removed += 1
            continue
        name = waiting[-1].pop()
        with contextlib.suppress(OSError):
            if not stat.S_ISDIR(os.lstat(name, dir_fd=here).st_mode):
                os.unlink(name, dir_fd=here)
                removed += 1
            elif len(levels) == MAX_DEPTH:
                os.rename(name, f"deeper-{os.fstat(here).st_ino}-{moved}", src_dir_fd=here, dst_dir_fd=top)
                moved += 1
            else:
                levels.append(_opened(name, here))
                names.append(name)
                waiting.append(_names(levels[-1]))
    return bool(moved or removed)


def _opened(name: str, parent: int) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except PermissionError:  # made without rights for its owner
        os.chmod(name, 0o700, dir_fd=parent)
        return os.open(name, _FOLDER, dir_fd=parent)


def _names(descriptor: int) -> list[str]:
    return os.listdir(descriptor)
