"""System calls that a guest has no business with. Every one is made with arguments that do no harm if it works.

The numbers are those of x86-64; on another machine the snippets do nothing.
"""
# ruff: noqa: E501

PREAMBLE = '''
import ctypes, os
HERE = os.uname().machine == "x86_64"
L = ctypes.CDLL(None, use_errno=True)
L.syscall.restype = ctypes.c_long
B = ctypes.create_string_buffer
def S(number, *arguments):
    """Result and error number of a system call."""
    if not HERE:
        return -1, 1
    ctypes.set_errno(0)
    made = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = L.syscall(ctypes.c_long(number), *made)
    return result, ctypes.get_errno()
def tried(calls, fine=(1, 13, 38)):
    """Those that were not refused with EPERM, EACCES or ENOSYS."""
    through = []
    for name, arguments in calls.items():
        result, error = S(*arguments)
        if result >= 0 or error not in fine:
            through.append(f"ESCAPED {name}: {result} errno {error}")
    return through
'''

ATTACKS = {
    "open_by_other_calls": (
        "no_text:ESCAPED",
        """
def f(x):
    how = B((0).to_bytes(24, "little"), 24)
    path = B(b"{SECRET}")
    got = tried({"openat2": (437, -100, path, how, 24), "open_tree": (428, -100, path, 1),
        "name_to_handle_at": (303, -100, path, B(128), B(8), 0), "open_by_handle_at": (304, -100, B(128), 0),
        "statmount": (457, B(24), B(64), 64, 0), "listmount": (458, B(24), B(64), 8, 0), "creat": (85, path, 0o666),
        "uselib": (134, path), "file_getattr": (468, -100, path, B(24), 24, 0)},
        fine=(1, 2, 13, 38))
    for number in (2, 257, 437):
        fd = S(number, *((path, 0) if number == 2 else (-100, path, 0) if number == 257 else (-100, path, how, 24)))[0]
        if fd >= 0:
            got.append(os.read(fd, 100))
    return got
""",
    ),
    "mounts_and_namespaces": (
        "no_text:ESCAPED",
        """
def f(x):
    a, b = B(b"{OUTSIDE}"), B(b"/")
    return tried({"mount": (165, a, b, 0, 4096, 0), "umount2": (166, b"/nowhere", 2), "pivot_root": (155, a, a),
        "chroot": (161, b), "unshare user": (272, 0x10000000), "unshare mount": (272, 0x20000),
        "unshare files": (272, 0x400), "setns": (308, 0, 0), "fsopen": (430, B(b"tmpfs"), 0),
        "fspick": (433, -100, b, 0), "move_mount": (429, -1, B(b""), -1, B(b""), 0), "open_tree": (428, -100, b, 1),
        "mount_setattr": (442, -100, b, 0, B(32), 32), "fsmount": (432, 0, 0, 0)})
""",
    ),
    "other_processes": (
        "no_text:ESCAPED",
        """
def f(x):
    got = []
    for pid in ({HOST_PID}, {SENTINEL}, os.getppid() or {HOST_PID}):
        got += tried({"pidfd_open": (434, pid, 0), "kill": (62, pid, 0), "tkill": (200, pid, 0),
            "tgkill": (234, pid, pid, 0), "rt_sigqueueinfo": (129, pid, 0, B(128)),
            "rt_tgsigqueueinfo": (297, pid, pid, 0, B(128)), "process_vm_readv": (310, pid, B(16), 0, B(16), 0, 0),
            "process_vm_writev": (311, pid, B(16), 0, B(16), 0, 0), "kcmp": (312, pid, pid, 0, 0, 0),
            "ptrace seize": (101, 0x4206, pid, 0, 0), "get_robust_list": (274, pid, B(8), B(8)),
            "sched_getscheduler": (145, pid), "getpriority": (140, 0, pid), "ioprio_get": (252, 1, pid),
            "migrate_pages": (256, pid, 1, B(8), B(8)), "move_pages": (279, pid, 0, 0, 0, 0, 0),
            "prlimit": (302, pid, 7, 0, B(16)), "getpgid": (121, pid), "getsid": (124, pid)},
            fine=(1, 3, 13, 38))
    return got + tried({"pidfd_getfd": (438, 0, 0, 0), "pidfd_send_signal": (424, 0, 0, 0, 0),
        "process_madvise": (440, 0, 0, 0, 0, 0), "process_mrelease": (448, 0, 0), "ptrace me": (101, 0, 0, 0, 0),
        "wait4": (61, -1, 0, 1, 0)}, fine=(1, 3, 9, 13, 38, 10))
""",
    ),
    "change_other_processes": (
        "",
        """
import resource, signal
def f(x):
    done = []
    def attempt(function, *arguments):
        try: done.append(repr(function(*arguments)))
        except Exception as error: done.append(repr(error))
    for pid in ({SENTINEL}, {HOST_PID}):
        attempt(os.setpriority, os.PRIO_PROCESS, pid, 15)
        attempt(os.sched_setaffinity, pid, {0})
        attempt(os.sched_setscheduler, pid, os.SCHED_BATCH, os.sched_param(0))
        attempt(resource.prlimit, pid, resource.RLIMIT_NOFILE, (9, 9))
        attempt(S, 251, 1, pid, (3 << 13))
        attempt(os.kill, pid, signal.SIGSTOP)
        attempt(S, 200, pid, 19)
        attempt(S, 129, pid, 19, B(128))
    attempt(os.setpriority, os.PRIO_USER, os.getuid(), 15)
    attempt(S, 251, 3, os.getuid(), (3 << 13))
    return done
""",
    ),
    "administer_the_kernel": (
        "no_text:ESCAPED",
        """
def f(x):
    return tried({"reboot": (169, 1, 2, 3, 0), "kexec_load": (246, 0, 0, 0, 0xffff), "init_module": (175, 0, 0, B(1)),
        "finit_module": (313, -1, B(1), 0), "delete_module": (176, B(b"none_such"), 0), "swapon": (167, B(b"/none"), 0),
        "swapoff": (168, B(b"/none")), "settimeofday": (164, 0, 0), "clock_settime": (227, 99, B(16)),
        "quotactl": (179, -1, 0, 0, 0), "acct": (163, B(b"/none")), "syslog": (103, 10, 0, 0), "iopl": (172, 0),
        "ioperm": (173, 0, 1, 0), "bpf": (321, 99, B(8), 8), "perf_event_open": (298, B(128), 0, -1, -1, 0),
        "sethostname": (170, B(b"x"), -1), "setdomainname": (171, B(b"x"), -1), "adjtimex": (159, B(256)),
        "fanotify_init": (300, 0, 0), "kexec_file_load": (320, -1, -1, 0, 0, 0xffff), "setuid": (105, 0),
        "setgroups": (116, 0, 0), "capset": (126, B(8), B(24)), "sysfs": (139, 3), "vhangup": (153,)})
""",
    ),
    "odd_corners_of_the_kernel": (
        "no_text:ESCAPED",
        """
def f(x):
    return tried({"userfaultfd": (323, 1), "io_uring_setup": (425, 8, B(120)), "io_setup": (206, 8, B(8)),
        "keyctl": (250, 0, -2, 1), "add_key": (248, B(b"user"), B(b"k"), B(b"v"), 1, -2), "request_key": (249, 0, 0, 0, 0),
        "modify_ldt": (154, 0, B(16), 16), "seccomp": (317, 2, 0, B(4)), "memfd_secret": (447, 0),
        "inotify_init1": (294, 0), "personality": (135, 0x0040000), "prctl mm": (157, 35, 1, 0, 0, 0),
        "prctl dumpable": (157, 4, 1, 0, 0, 0), "vmsplice": (278, 1, 0, 0, 0), "splice": (275, 0, 0, 1, 0, 1, 0),
        "tee": (276, 0, 1, 1, 0), "lookup_dcookie": (212, 0, 0, 0), "io_submit": (209, 0, 0, 0),
        "eventfd": (290, 0, 0), "signalfd": (289, -1, B(8), 8, 0), "timerfd": (283, 0, 0),
        "landlock_create_ruleset": (444, 0, 0, 1), "remap_file_pages": (216, 0, 0, 0, 0, 0), "mbind": (237, 0, 0, 0, 0, 0, 0),
        "set_mempolicy": (238, 0, 0, 0), "pkey_alloc": (330, 0, 0), "map_shadow_stack": (453, 0, 0, 0),
        "rseq junk": (500, 0), "epoll": (291, 0)})
""",
    ),
    "system_v_and_message_queues": (
        "no_text:ESCAPED",
        """
def f(x):
    got = tried({"shmget": (29, 0x7e7e7e, 4096, 0o1666), "semget": (64, 0x7e7e7e, 1, 0o1666),
        "msgget": (68, 0x7e7e7e, 0o1666), "mq_open": (240, B(b"zq"), 0o102, 0o666, 0)})
    S(31, S(29, 0x7e7e7e, 4096, 0o666)[0], 0, 0)
    return got
""",
    ),
    "sockets_of_every_family": (
        "no_text:ESCAPED",
        """
import socket
def f(x):
    got = []
    for family in range(0, 46):
        for kind in (1, 2, 3, 5):
            result, error = S(41, family, kind, 0)
            if result >= 0: got.append(f"ESCAPED family {family} kind {kind}")
    if S(53, 1, 1, 0, B(8))[0] >= 0: got.append("ESCAPED socketpair")
    return got
""",
    ),
    "udp_to_the_honeypot": (
        "",
        """
import socket
def f(x):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return s.sendto(b"hi", ("127.0.0.1", {UDP}))
""",
    ),
    "x32_calls": (
        "no_text:ESCAPED; status:ok|error|killed",
        """
def f(x):
    bit = 0x40000000
    got = []
    for name, call in {"open": (bit | 2, B(b"{SECRET}"), 0), "socket": (bit | 41, 1, 1, 0),
            "getpid": (bit | 39,), "openat": (bit | 257, -100, B(b"{SECRET}"), 0)}.items():
        if S(*call)[0] >= 0: got.append("ESCAPED " + name)
    return got
""",
    ),
    "machine_code_in_a_writable_map": (
        "no_text:ESCAPED; status:ok|error|killed",
        """
import mmap
def f(x):
    if not HERE: return 0
    L.mmap.restype = ctypes.c_void_p
    for protection, flags in ((7, 0x22), (5, 0x22), (4, 0x22), (7, 0x21)):
        place = L.mmap(ctypes.c_void_p(0), ctypes.c_size_t(4096), protection, flags, -1, ctypes.c_long(0))
        if place not in (None, 2**64 - 1): return "ESCAPED: executable memory"
    return "held"
""",
    ),
    "machine_code_by_mprotect": (
        "no_text:ESCAPED; status:ok|error|killed",
        """
def f(x):
    if not HERE: return 0
    L.mmap.restype = ctypes.c_void_p
    place = L.mmap(ctypes.c_void_p(0), ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))
    ctypes.memmove(place, bytes.fromhex("b814000000cd80c3"), 8)
    for protection in (5, 7, 4):
        if L.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(4096), protection) == 0:
            pid = ctypes.CFUNCTYPE(ctypes.c_int)(place)()
            return f"ESCAPED: ran code, 32-bit getpid says {pid}"
    if S(329, place, 4096, 5, 0)[0] == 0: return "ESCAPED: pkey_mprotect"
    return "held"
""",
    ),
    "machine_code_from_a_file_in_memory": (
        "no_text:ESCAPED; status:ok|error|killed",
        """
def f(x):
    if not HERE: return 0
    fd = S(319, B(b"x"), 0)[0]
    if fd < 0: return "held"
    os.write(fd, bytes.fromhex("b814000000cd80c3") + bytes(4088))
    L.mmap.restype = ctypes.c_void_p
    place = L.mmap(ctypes.c_void_p(0), ctypes.c_size_t(4096), 5, 2, fd, ctypes.c_long(0))
    if place in (None, 2**64 - 1): return "held"
    return f"ESCAPED: {ctypes.CFUNCTYPE(ctypes.c_int)(place)()}"
""",
    ),
    "old_32_bit_calls_from_libc_code": (
        "no_text:ESCAPED; status:ok|error|killed",
        """
def f(x):
    # Looks for the bytes "int 0x80; ret" in the C library's own code, and calls them.
    if not HERE: return 0
    start = ctypes.cast(L.getpid, ctypes.c_void_p).value & ~0xfff
    data = ctypes.string_at(start, 1 << 16)
    i = data.find(bytes.fromhex("cd80c3"))
    if i < 0: return "no such bytes"
    return f"ESCAPED {ctypes.CFUNCTYPE(ctypes.c_int)(start + i)()}"
""",
    ),
    "device_control": (
        "no_text:ESCAPED",
        """
import fcntl
def f(x):
    got = []
    for fd in range(0, 8):
        for request in (0x5412, 0x5401, 0x540E, 0x5413, 0x5410, 0x541C, 0x5423, 0x8933, 0x8912, 0x5460):
            result, error = S(16, fd, request, B(64))
            if result >= 0: got.append(f"ESCAPED ioctl {request:#x} on {fd}")
    return got
""",
    ),
    "signals_by_descriptor_ownership": (
        "",
        """
import fcntl, signal, time
def f(x):
    # Asks the kernel to send SIGKILL to others when a pipe becomes readable.
    done = []
    for target in ({SENTINEL}, {HOST_PID}, -{HOST_PID}):
        r, w = os.pipe()
        try:
            fcntl.fcntl(r, 10, 9)
            fcntl.fcntl(r, fcntl.F_SETOWN, target)
            fcntl.fcntl(r, fcntl.F_SETFL, fcntl.fcntl(r, fcntl.F_GETFL) | os.O_ASYNC)
            os.write(w, b"x")
            done.append("set")
        except OSError as error: done.append(str(error))
    time.sleep(0.05)
    return done
""",
    ),
    "raise_own_rights": (
        "no_text:ESCAPED",
        """
import resource
def f(x):
    got = []
    for name, function, arguments in (("setuid", os.setuid, (0,)), ("setgid", os.setgid, (0,)),
            ("seteuid", os.seteuid, (0,)), ("setgroups", os.setgroups, ([0],)), ("nice", os.nice, (-5,)),
            ("nofile", resource.setrlimit, (resource.RLIMIT_NOFILE, (100000, 100000))),
            ("fsize", resource.setrlimit, (resource.RLIMIT_FSIZE, (-1, -1))),
            ("cpu", resource.setrlimit, (resource.RLIMIT_CPU, (-1, -1))),
            ("core", resource.setrlimit, (resource.RLIMIT_CORE, (-1, -1)))):
        try: function(*arguments); got.append("ESCAPED " + name)
        except (OSError, ValueError): pass
    return got
""",
    ),
}
