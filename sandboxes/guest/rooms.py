"""A room of its own: namespaces, and a root folder that holds nothing but what a guest may read."""

from __future__ import annotations

import os

from . import kernel

NOBODY = 65534
SCRATCH = "/scratch"
DEVICES = ("/dev/null", "/dev/urandom")
_MOUNT_POINTS = ("/mnt", "/media", "/srv", "/opt", "/var", "/tmp")
_ROOM = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
_SMALL = "size=1m,nr_inodes=4096,mode=755"


def drop_root() -> bool:
    """Become an ordinary user if this process is root; whether it was."""
    if os.geteuid() != 0 and os.getuid() != 0:
        return False
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    return True


def enter(readable: list[str], masked: list[str]) -> None:
    """Move this process into a room where only `readable` exists, read-only, with `masked` folders empty.

    A readable path may lie inside a masked one. Raises `OSError` where the kernel gives no namespaces. Afterwards
    this process is an ordinary user who may make pid and mount namespaces, with a network of its own and no `/proc`.
    """
    proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
    try:
        if os.geteuid() == 0:  # furnish with root's rights, which may pass through folders that nobody else may
            kernel.unshare(_ROOM)
            _furnish(readable, masked)
            drop_root()
            kernel.set_dumpable(True)  # or /proc/self would still belong to root
            _own_user_namespace(proc, 0)
        else:
            _own_user_namespace(proc, _ROOM)
            _furnish(readable, masked)
    finally:
        os.close(proc)


def own_process_namespace(home: int) -> None:
    """Let the next fork be the first process of a namespace of its own; `home` is a pidfd of this process."""
    kernel.setns(home, kernel.CLONE_NEWPID)
    kernel.unshare(kernel.CLONE_NEWPID)


def mount_scratch(size_bytes: int) -> None:
    """A private folder in memory at `SCRATCH`, gone with this process; it becomes the current one."""
    kernel.unshare(kernel.CLONE_NEWNS)
    pages = max(4096, -(-size_bytes // 4096) * 4096)
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("tmpfs", SCRATCH, "tmpfs", flags, f"size={pages},nr_inodes=512,mode=700")
    os.chdir(SCRATCH)


def _own_user_namespace(proc: int, others: int) -> None:
    user, group = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | others)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        descriptor = os.open(f"self/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def _furnish(readable: list[str], masked: list[str]) -> None:
    """Build the new root, move into it, let go of the old one."""
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    root = next(p for p in _MOUNT_POINTS if os.path.isdir(p) and not any(_is_inside(r, p) for r in readable))
    kernel.mount("tmpfs", root, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, _SMALL)
    inner = [path for path in readable if any(_is_inside(path, folder) for folder in masked)]
    for path in readable:
        if path not in inner:
            _show(path, root)
    for path in masked:
        kernel.mount("tmpfs", root + path, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, _SMALL)
    for path in inner:
        _show(path, root)
    for path in DEVICES:
        _show(path, root, devices=True)
    os.mkdir(root + SCRATCH, 0o700)
    os.chdir(root)
    kernel.pivot_root_here()
    flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
    for path in ("/", *masked):
        kernel.mount("none", path, None, flags)


def _is_inside(path: str, folder: str) -> bool:
    return os.path.commonpath((path, folder)) == folder


def _show(path: str, root: str, *, devices: bool = False) -> None:
    """Bind `path` to the same place under `root`, read-only."""
    target = root + path
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    kernel.mount(path, target, None, kernel.MS_BIND | kernel.MS_REC)
    kernel.read_only(target, devices=devices)
