"""Starting processes and threads, and outliving the job."""
# ruff: noqa: E501

ATTACKS = {
    "every_way_to_start_one": (
        "no_text:ESCAPED; no_text:uid=",
        """
import asyncio, ctypes, multiprocessing, os, pty, signal, subprocess
def f(x):
    got = []
    argv = ["/bin/sh", "-c", "touch {MARKER}; id"]
    def asynchronous():
        async def go(): return await (await asyncio.create_subprocess_exec(*argv, stdout=-1)).communicate()
        return asyncio.run(go())
    l = ctypes.CDLL(None)
    l.popen.restype = ctypes.c_void_p
    for name, way in (("posix_spawn", lambda: os.posix_spawn(argv[0], argv, {})), ("spawnv", lambda: os.spawnv(os.P_NOWAIT, argv[0], argv)),
                      ("popen", lambda: os.popen("touch {MARKER}").read() or 1 / 0), ("Popen", lambda: subprocess.Popen(argv)),
                      ("shell", lambda: subprocess.getoutput("id") or 1 / 0), ("asyncio", asynchronous),
                      ("multiprocessing", lambda: multiprocessing.get_context("fork").Process(target=id, args=(1,)).start()),
                      ("forkserver", lambda: multiprocessing.get_context("forkserver").Process(target=id, args=(1,)).start()),
                      ("forkpty", os.forkpty), ("libc system", lambda: 1 / (l.system(b"touch {MARKER}") == 0)),
                      ("libc popen", lambda: 1 / bool(l.popen(b"touch {MARKER}", b"r")))):
        try:
            result = way()
            if result == 0 or (isinstance(result, tuple) and result[0] == 0): os._exit(0)
            got.append("ESCAPED " + name)
        except BaseException: pass
    return got
""",
    ),
    "raw_clones": (
        "no_text:ESCAPED",
        """
import ctypes, os
def f(x):
    if os.uname().machine != "x86_64": return 0
    l, got = ctypes.CDLL(None), []
    for name, call in {"clone": (56, 17, 0, 0, 0, 0), "clone vm": (56, 0x4000 | 17, 0, 0, 0, 0), "clone thread": (56, 0x10f00, 0, 0, 0, 0),
                       "clone newuser": (56, 0x10000000 | 17, 0, 0, 0, 0), "fork": (57,), "clone newpid": (56, 0x20000000 | 17, 0, 0, 0, 0)}.items():
        if name == "clone thread": continue
        result = l.syscall(*map(ctypes.c_long, call))
        if result == 0: l._exit(0)
        if result > 0: got.append("ESCAPED " + name)
    return got
""",
    ),
    "fork_bomb": (
        "",
        """
import os, time
def f(x):
    for _ in range(200):
        try: os.fork()
        except OSError: return "refused"
    time.sleep(5)
""",
    ),
    "threads_by_every_door": (
        "no_text:ESCAPED",
        """
import _thread, ctypes, concurrent.futures, threading, time
def f(x):
    got = []
    def late(): time.sleep(1); open("{MARKER}", "w").close()
    l = ctypes.CDLL(None)
    for name, way in (("threading", lambda: threading.Thread(target=late).start()), ("_thread", lambda: _thread.start_new_thread(late, ())),
                      ("timer", lambda: threading.Timer(0.9, late).start()),
                      ("pool", lambda: concurrent.futures.ThreadPoolExecutor(1).submit(late).result(0.1)),
                      ("pthread", lambda: 1 / (l.pthread_create(ctypes.byref(ctypes.c_ulong()), None, l.pause, None) == 0))):
        try: way(); got.append("ESCAPED " + name)
        except BaseException: pass
    return got
""",
    ),
    "shared_memory_by_name": (
        "no_text:ESCAPED",
        """
from multiprocessing import shared_memory
def f(x):
    shared_memory.SharedMemory("{LITTER}", create=True, size=1 << 20)
    return "ESCAPED"
""",
    ),
    "open_a_browser": (
        "",
        """
import webbrowser, ctypes.util, platform
def f(x):
    return [webbrowser.open("http://127.0.0.1:{TCP}/"), ctypes.util.find_library("m"), platform.processor()]
""",
    ),
    "signals_at_the_end": (
        "",
        """
import os, signal
def handler(*_):
    try: open("{MARKER}", "w").close()
    except OSError: pass
    signal.setitimer(signal.ITIMER_REAL, 0.2)
def f(x):
    for number in range(1, 65):
        try: signal.signal(number, handler)
        except (OSError, ValueError): pass
    signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)  # sleeps on after the call, then strikes
    return x
""",
    ),
    "kill_everyone": (
        "",
        """
import ctypes, os, signal
def f(x):
    l = ctypes.CDLL(None)
    for pid in (-1, 0, 1, os.getppid(), -os.getppid(), {HOST_PID}, {SENTINEL}):
        for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
            if pid == 1 and os.getpid() == 1: continue
            if pid in (0, os.getpid()): continue
            l.kill(pid, number)
    return 1
""",
    ),
    "objects_that_die_late": (
        "",
        """
import atexit, sys, time, weakref, gc
class D:
    def __del__(self):
        try: open("{MARKER}", "w").close()
        except OSError: pass
        while True: time.sleep(0.1)
keep = []
def f(x):
    d = D(); keep.append(d); d.me = d
    weakref.finalize(d, time.sleep, 60)
    atexit.register(time.sleep, 60)
    sys.excepthook = sys.unraisablehook = lambda *a: time.sleep(60)
    sys.modules["late"] = D()
    return x
""",
    ),
    "exit_in_every_way": (
        "status:error|killed",
        """
import os, sys
ways = [lambda: sys.exit(0), lambda: os._exit(0)]
def f(x):
    ways[int(x) - 1]()
    return x
""",
    ),
    "exceptions_that_are_no_exceptions": (
        "status:error|killed",
        """
def f(x):
    raise (KeyboardInterrupt if x < 2 else GeneratorExit)("not an Exception")
""",
    ),
    "ignore_every_limit": (
        "status:timeout|killed",
        """
import signal, faulthandler
def f(x):
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True:
        try:
            for _ in iter(int, 1): pass
        except BaseException: continue
""",
    ),
    "stop_itself_again_and_again": (
        "status:timeout|killed|ok|error",
        """
import os, signal
def f(x):
    for _ in range(1000): os.kill(os.getpid(), signal.SIGSTOP if x < 2 else signal.SIGTSTP)
    return x
""",
    ),
}
