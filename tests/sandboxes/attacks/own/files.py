"""Reading, writing and merely seeing files that are outside."""
# ruff: noqa: E501

ATTACKS = {
    "numpy_readers": (
        "",
        """
import numpy as np
def f(x):
    got = []
    for read in (lambda: np.fromfile("{SECRET}", dtype="u1").tobytes(), lambda: bytes(np.memmap("{SECRET}", mode="r")),
                 lambda: np.genfromtxt("{SECRET}", dtype=str).item(), lambda: np.loadtxt("{SECRET}", dtype=str).item(),
                 lambda: np.DataSource().open("{SECRET}").read(),
                 lambda: np.load("{SECRET}", allow_pickle=True), lambda: np.fromregex("{SECRET}", "(.*)", [("a", "S40")])):
        try: got.append(read())
        except Exception as error: got.append(type(error).__name__)
    return [g if isinstance(g, (str, bytes)) else repr(g) for g in got]
""",
    ),
    "numpy_writers": (
        "",
        """
import numpy as np
def f(x):
    a, n = np.arange(4.0), 0
    for write in (lambda: np.savetxt("{OUTSIDE}/a.txt", a), lambda: np.save("{OUTSIDE}/a.npy", a),
                  lambda: a.tofile("{OUTSIDE}/a.bin"), lambda: np.savez("{OUTSIDE}/a.npz", a),
                  lambda: a.dump("{OUTSIDE}/a.pkl"),
                  lambda: np.memmap("{OUTSIDE}/keep.txt", mode="r+", dtype="u1").__setitem__(0, 65),
                  lambda: np.memmap("{OUTSIDE}/m.bin", mode="w+", shape=9).flush()):
        try: write(); n += 1
        except Exception: pass
    return n
""",
    ),
    "stat_the_secret": (
        "isolated:no_text:ESCAPED",
        """
import os
def f(x):
    try: return f"ESCAPED {os.stat('{SECRET}').st_size} {os.access('{SECRET}', os.R_OK)}"
    except OSError as error: return str(error.errno)
""",
    ),
    "well_known_files": (
        "no_text:ESCAPED",
        """
import glob, os
def f(x):
    got = []
    for path in ("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hosts", "/etc/resolv.conf", "/etc/machine-id",
                 "/root/.bashrc", "/root/.profile", "/var/log/dpkg.log", "/bin/sh", "/usr/bin/env",
                 os.path.expanduser("~/.ssh/id_rsa"), "/var/lib/dpkg/status", "/sys/kernel/notes",
                 "/sys/class/dmi/id/product_uuid", "/sys/fs/cgroup/cgroup.procs", "/boot/config"):
        try: open(path, "rb").read(64); got.append("ESCAPED " + path)
        except OSError: pass
    return got
""",
    ),
    "listings": (
        "no_text:ESCAPED; no_text:keep.txt; no_text:secret.txt",
        """
import os, glob
def f(x):
    got = []
    for path in ("/home", "/root", "/tmp", "/var", "/etc", "/sys", "/proc", "/dev/shm", "/run", "/boot", "{OUTSIDE}/.."):
        try:
            names = os.listdir(path)
            got += names
            if path in ("/etc", "/sys", "/proc", "/boot") and names: got.append("ESCAPED " + path)
        except OSError: pass
    return got + glob.glob("{OUTSIDE}/*") + [e.name for e in ([] if not os.path.isdir("/tmp") else _scan("/tmp"))]
def _scan(path):
    try: return list(os.scandir(path))
    except OSError: return []
""",
    ),
    "dots_and_handles": (
        "",
        """
import os
def f(x):
    got = []
    def attempt(function):
        try: got.append(function())
        except Exception as error: got.append(type(error).__name__)
    for ups in (1, 3, 12):
        attempt(lambda: open("../" * ups + "{SECRET}".lstrip("/")).read())
    attempt(lambda: os.read(os.open("{SECRET}", os.O_PATH), 99))
    attempt(lambda: os.read(os.open("{SECRET}".lstrip("/"), os.O_RDONLY, dir_fd=os.open("/", os.O_PATH)), 99))
    attempt(lambda: os.read(os.open("{SECRET}".lstrip("/"), 0, dir_fd=os.open("/", os.O_RDONLY | os.O_DIRECTORY)), 99))
    attempt(lambda: (os.chdir("{OUTSIDE}"), open("keep.txt").read(), open("../secret.txt").read())[2])
    attempt(lambda: open("/proc/self/cwd/../../../../../../../../{SECRET}").read())
    attempt(lambda: open(b"//" + b"{SECRET}").read())
    return got
""",
    ),
    "descriptor_scan": (
        "",
        """
import os, mmap, fcntl
def f(x):
    got = []
    for fd in range(0, 1024):
        if fd == 3: continue
        for way in (lambda: os.pread(fd, 500, 0), lambda: bytes(mmap.mmap(fd, 0, prot=1)), lambda: os.listdir(fd),
                    lambda: os.read(os.open("{SECRET}".lstrip("/"), 0, dir_fd=fd), 99), lambda: os.fchdir(fd),
                    lambda: os.readlink(f"/proc/self/fd/{fd}")):
            try: got.append(way())
            except Exception: pass
    return got
""",
    ),
    "links_of_both_kinds": (
        "",
        """
import os
def f(x):
    got = []
    for step in (lambda: os.link("{SECRET}", "hard"), lambda: open("hard").read(), lambda: os.symlink("{SECRET}", "soft1"),
                 lambda: os.symlink("soft1", "soft2"), lambda: open("soft2").read(), lambda: os.rename("{OUTSIDE}/keep.txt", "k"),
                 lambda: os.replace("{SECRET}", "s"), lambda: os.link("soft1", "{OUTSIDE}/in"), lambda: os.symlink("/", "{OUTSIDE}/root"),
                 lambda: os.symlink("{OUTSIDE}", "d"), lambda: open("d/x", "w"), lambda: open("d/keep.txt", "a").write("!"),
                 lambda: open("soft1", "w").write("!")):
        try: got.append(str(step()))
        except OSError as error: got.append(str(error.errno))
    return got
""",
    ),
    "change_what_is_outside": (
        "",
        """
import ctypes, os, shutil
def f(x):
    k, o, n = "{OUTSIDE}/keep.txt", "{OUTSIDE}", 0
    l = ctypes.CDLL(None)
    for step in (lambda: os.chmod(k, 0o600), lambda: os.chmod(o, 0o700), lambda: os.utime(k, (1, 1)), lambda: os.utime(o, (1, 1)),
                 lambda: os.truncate(k, 0), lambda: os.chown(k, os.getuid(), os.getgid()), lambda: os.setxattr(k, "user.z", b"1"),
                 lambda: os.removexattr(k, "user.z"), lambda: os.mkdir(o + "/d"), lambda: os.mkfifo(o + "/p"),
                 lambda: os.mknod(o + "/n"), lambda: os.symlink("x", o + "/l"), lambda: os.link(k, o + "/h"),
                 lambda: os.rename(k, o + "/r"), lambda: shutil.copy("{SECRET}", o + "/c"), lambda: os.unlink(o + "/tool.sh"),
                 lambda: l.syscall(452, -100, k.encode(), 0, 0), lambda: l.syscall(280, -100, k.encode(), 0, 0),
                 lambda: l.syscall(463, -100, k.encode(), 0, b"user.q", 0, 0), lambda: l.syscall(132, k.encode(), 0),
                 lambda: l.syscall(235, k.encode(), 0), lambda: l.chmod(k.encode(), 0), lambda: l.rename(k.encode(), b"q"),
                 lambda: os.open(k, os.O_WRONLY | os.O_TRUNC), lambda: os.open(k, os.O_RDONLY | os.O_TRUNC),
                 lambda: os.open(o, os.O_TMPFILE | os.O_WRONLY), lambda: os.rmdir(o), lambda: os.unlink(k)):
        try: step(); n += 1
        except OSError: pass
    return n
""",
    ),
    "temporary_files_everywhere": (
        "",
        """
import os, tempfile
def f(x):
    made = []
    for folder in ("/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/dev/mqueue", "/var/lock", "/dev",
                   tempfile.gettempdir() if os.path.isdir("/tmp") else "/", os.path.expanduser("~"), "{OUTSIDE}/.."):
        for way in (lambda p: open(p, "w").write("x"), os.mkdir, lambda p: os.symlink("x", p), os.mkfifo):
            try: way(os.path.join(folder, "{LITTER}")); made.append(folder)
            except OSError: pass
    return made
""",
    ),
    "devices": (
        "no_text:ESCAPED",
        """
import os
def f(x):
    got = []
    for name in ("mem", "kmem", "port", "kmsg", "tty", "tty0", "tty1", "console", "ptmx", "pts/ptmx", "pts/0", "fuse", "kvm",
                 "net/tun", "loop-control", "loop0", "vda", "sda", "nvme0n1", "input/event0", "snapshot", "hpet", "rtc0",
                 "cpu/0/msr", "uinput", "vhost-net", "userfaultfd", "mapper/control", "dri/card0", "nvidia0", "log"):
        for flags in (os.O_RDONLY, os.O_WRONLY):
            try: os.open("/dev/" + name, flags | os.O_NONBLOCK | os.O_NOCTTY); got.append("ESCAPED /dev/" + name)
            except OSError: pass
    try: os.mknod("device", 0o20666, os.makedev(1, 1)); got.append("ESCAPED mknod")
    except OSError: pass
    return got
""",
    ),
    "terminals": (
        "no_text:ESCAPED",
        """
import os, pty, fcntl, termios
def f(x):
    got = []
    for name, way in (("openpty", os.openpty), ("pty.fork", pty.fork), ("ttyname", lambda: os.ttyname(0)),
                      ("ctermid", lambda: open(os.ctermid())), ("TIOCSTI", lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x")),
                      ("TIOCSTI1", lambda: fcntl.ioctl(1, termios.TIOCSTI, b"x")), ("tcgetpgrp", lambda: os.tcgetpgrp(2))):
        try: way(); got.append("ESCAPED " + name)
        except OSError: pass
    return got
""",
    ),
    "proc_tour": (
        "no_text:ESCAPED; isolated:no_text:SEEN",
        """
import os
def f(x):
    got = []
    for who in ("self", "thread-self", "1", str(os.getppid()), "{HOST_PID}", "{SENTINEL}"):
        for what in ("environ", "cmdline", "maps", "mem", "status", "stat", "cgroup", "mountinfo", "auxv", "io", "limits",
                     "oom_score_adj", "fd", "cwd", "root", "exe", "ns/mnt", "task", "net/tcp", "net/unix", "attr/current"):
            path = f"/proc/{who}/{what}"
            for word, way in (("ESCAPED", lambda: open(path, "rb").read(100)), ("SEEN" if what == "cwd" and "self" in who else "ESCAPED", lambda: os.listdir(path)),
                              ("SEEN" if "self" in who else "ESCAPED", lambda: os.readlink(path))):
                try: way(); got.append(word + " " + path)
                except OSError: pass
    for path in ("version", "cpuinfo", "meminfo", "kallsyms", "mounts", "net/tcp", "keys", "sysrq-trigger", "kcore", "config.gz",
                 "sys/kernel/core_pattern", "sys/kernel/hostname", "sys/kernel/random/boot_id", "sys/vm/drop_caches"):
        for flags in (os.O_RDONLY, os.O_WRONLY):
            try: os.open("/proc/" + path, flags); got.append("ESCAPED /proc/" + path)
            except OSError: pass
    return got
""",
    ),
    "the_framework_itself": (
        "no_text:ESCAPED",
        """
import importlib, importlib.machinery, importlib.util, os, sys
def f(x):
    got = []
    sys.path += ["{FRAMEWORK}", "{FRAMEWORK}/..", "{FRAMEWORK}/.links", *[p for p in os.environ.get("PYTHONPATH", "").split(":") if p]]
    for name in ("zetetic", "zetetic.sandboxes", "agent", "tools", "app"):
        try: importlib.import_module(name); got.append("ESCAPED " + name)
        except ImportError: pass
        except OSError: pass
    for name in ("sandboxes/types.py", "__init__.py", "pyproject.toml"):
        try: importlib.machinery.SourceFileLoader("z", "{FRAMEWORK}/" + name).get_data("{FRAMEWORK}/" + name); got.append("ESCAPED " + name)
        except OSError: pass
    return got
""",
    ),
    "source_lines_in_a_traceback": (
        "",
        """
import linecache, traceback
def f(x):
    # A traceback that claims to come from the secret file: whoever prints it may quote that file.
    linecache.checkcache()
    exec(compile("\\n" * 0 + "raise ValueError('look at my line')", "{SECRET}", "exec"), {})
""",
    ),
    "syntax_error_in_the_secret": (
        "",
        """
def f(x):
    raise SyntaxError("look", ("{SECRET}", 1, 1, None, 1, 2))
""",
    ),
    "import_the_secret_as_code": (
        "",
        """
import runpy, importlib.util, tokenize, zipimport
def f(x):
    got = []
    for way in (lambda: runpy.run_path("{SECRET}"), lambda: tokenize.open("{SECRET}").read(), lambda: zipimport.zipimporter("{SECRET}"),
                lambda: importlib.util.spec_from_file_location("z", "{SECRET}").loader.load_module(), lambda: exec(open("{SECRET}").read())):
        try: got.append(str(way()))
        except BaseException as error: got.append(f"{type(error).__name__}: {error}")
    return got
""",
    ),
    "libc_file_calls": (
        "",
        """
import ctypes
def f(x):
    l = ctypes.CDLL(None); l.fopen.restype = ctypes.c_void_p; l.opendir.restype = ctypes.c_void_p
    got, b = [], ctypes.create_string_buffer(200)
    h = l.fopen(b"{SECRET}", b"r")
    if h: l.fgets(b, 200, ctypes.c_void_p(h)); got.append(b.value)
    h = l.fopen(b"{OUTSIDE}/from_libc", b"w")
    if h: l.fputs(b"x", ctypes.c_void_p(h)); l.fflush(None); got.append("wrote")
    l.remove(b"{OUTSIDE}/keep.txt"); l.symlink(b"x", b"{OUTSIDE}/s"); l.mkdir(b"{OUTSIDE}/m", 511); l.rename(b"{OUTSIDE}/tool.sh", b"{OUTSIDE}/t")
    return got
""",
    ),
    "fill_the_scratch": (
        "no_text:ESCAPED; disk<=100MB",
        """
import os
def f(x):
    got = []
    h = os.open("big", os.O_CREAT | os.O_RDWR)
    for name, way in (("sparse", lambda: os.truncate("big", 1 << 38)), ("fallocate", lambda: os.posix_fallocate(h, 0, 1 << 34)),
                      ("seek", lambda: (os.lseek(h, 1 << 36, 0), os.write(h, b"x")))):
        try: way(); got.append("ESCAPED " + name)
        except OSError: pass
    n = 0
    try:
        for i in range(4000):
            with open(f"part{i}", "wb") as part: n += part.write(b"y" * 100000)
    except OSError: pass
    if n > 64 << 20: got.append(f"ESCAPED {n}")
    return got
""",
    ),
    "deep_folders": (
        "",
        """
import os
def f(x):
    n = 0
    try:
        for i in range(20000): os.mkdir("d"); os.chdir("d"); n += 1
    except OSError: pass
    return n
""",
    ),
    "files_without_names": (
        "no_text:ESCAPED; isolated:disk<=100MB; disk<=200MB",
        """
import os
def f(x):
    n, kept = 0, []
    try:
        while n < 600 << 20:
            kept.append(os.open("gone", os.O_CREAT | os.O_RDWR)); os.unlink("gone")
            for _ in range(15): n += os.write(kept[-1], bytes(1 << 20))
    except OSError: pass
    return "ESCAPED" if n > 200 << 20 else n
""",
    ),
    "files_below_the_longest_path": (
        "no_text:ESCAPED; disk<=100MB",
        """
import os
def f(x):
    n = 0
    try:
        for _ in range(40): os.mkdir("d" * 200); os.chdir("d" * 200)
        for i in range(30):
            with open(f"hidden{i}", "wb") as part:
                for _ in range(15): n += part.write(bytes(1 << 20))
    except OSError: pass
    return "ESCAPED" if n > 100 << 20 else n
""",
    ),
    "folders_that_cannot_be_entered": (
        "",
        """
import os
def f(x):
    n = 0
    for name, mode in (("none", 0), ("enter", 0o100), ("write", 0o200), ("read", 0o400)):
        try: os.mkdir(name, mode); n += 1; os.mkdir(name + "/in", 0)
        except OSError: pass
    try: os.umask(0o777); os.mkdir("masked"); open("sealed", "w").close()
    except OSError: pass
    return n
""",
    ),
    "names_that_hurt": (
        "",
        r"""
import os
def f(x):
    n = 0
    for name in (b"\xff\xfe", b"a\nb", b"\x1b[2J", b"-rf", b" ", b"x" * 255, b"\xed\xa0\x80", b"a" * 300):
        try: open(name, "w").close(); os.chmod(name, 0); n += 1
        except OSError: pass
    try: os.mkdir("locked"); open("locked/in", "w").close(); os.chmod("locked", 0)
    except OSError: pass
    return n
""",
    ),
}
