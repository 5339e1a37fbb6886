"""Taking more memory, descriptors or time than is allowed, and looking for what is not one's own."""

ATTACKS = {
    "files_in_memory": (
        "no_text:ESCAPED; disk<=100MB",
        """
import os
def f(x):
    n, kept = 0, []
    while n < 600:
        kept.append(os.memfd_create("x"))
        for _ in range(10): os.write(kept[-1], bytes(1 << 20)); n += 1
    return "ESCAPED"
""",
    ),
    "shared_anonymous_maps": (
        "no_text:ESCAPED; disk<=400MB",
        """
import mmap
def f(x):
    kept = []
    for _ in range(12):
        m = mmap.mmap(-1, 64 << 20)
        for i in range(0, len(m), 4096): m[i] = 1
        kept.append(m)
    return "ESCAPED"
""",
    ),
    "memory_without_reserve": (
        "no_text:ESCAPED",
        """
import ctypes
def f(x):
    l = ctypes.CDLL(None); l.mmap.restype = ctypes.c_void_p
    for size in (1 << 46, 1 << 40, 1 << 34, 1 << 32):
        place = l.mmap(ctypes.c_void_p(0), ctypes.c_size_t(size), 3, 0x4022, -1, ctypes.c_long(0))
        if place not in (None, 2**64 - 1): return f"ESCAPED {size}"
    return "held"
""",
    ),
    "lock_memory": (
        "no_text:ESCAPED",
        """
import ctypes
def f(x):
    l = ctypes.CDLL(None, use_errno=True)
    b = ctypes.create_string_buffer(32 << 20)
    if l.mlock(b, ctypes.c_size_t(32 << 20)) == 0: return "ESCAPED mlock"
    if l.mlockall(3) == 0: return "ESCAPED mlockall"
    return "held"
""",
    ),
    "pipes_full_of_data": (
        "",
        """
import fcntl, os
def f(x):
    n, kept = 0, []
    try:
        while True:
            r, w = os.pipe(); os.set_blocking(w, False); kept += [r, w]
            try: fcntl.fcntl(w, 1031, 1 << 20)
            except OSError: pass
            try:
                while True: n += os.write(w, bytes(65536))
            except BlockingIOError: pass
    except OSError: pass
    for fd in kept: os.close(fd)
    return n < (64 << 20)
""",
    ),
    "every_descriptor": (
        "values:[True,True]",
        """
import os
def f(x):
    kept = []
    try:
        while len(kept) < 100000: kept.append(os.dup(0))
    except OSError: pass
    for fd in kept: os.close(fd)
    return len(kept) < 5000
""",
    ),
    "a_million_objects_for_the_collector": (
        "status:ok|error|killed|timeout",
        """
import gc
def f(x):
    gc.disable()
    for _ in range(300000): a = []; a.append(a)
    return 1
""",
    ),
    "objects_of_the_host": (
        "",
        """
import gc, sys
def f(x):
    found, seen = [], set()
    stack = [gc.get_objects(), list(sys.modules.values()), sys._getframe()]
    frame = sys._getframe()
    while frame:
        stack += [frame.f_locals, frame.f_globals]; frame = frame.f_back
    while stack and len(seen) < 150000:
        item = stack.pop()
        if id(item) in seen: continue
        seen.add(id(item))
        if isinstance(item, (str, bytes, bytearray)):
            text = item if isinstance(item, str) else bytes(item).decode("latin-1")
            if "CANARY" in text and "_" in text and len(text) < 1000: found.append(text[:100])
            continue
        try: stack += gc.get_referents(item)
        except Exception: pass
    return found
""",
    ),
    "own_memory_from_below": (
        "status:ok|error|killed|timeout",
        """
import ctypes
def f(x):
    # The C library's environment and program arguments, past their ends.
    l = ctypes.CDLL(None)
    e = ctypes.POINTER(ctypes.c_void_p).in_dll(l, "environ")
    try: place = e[0] or ctypes.addressof(e)
    except ValueError: place = ctypes.addressof(e)
    data = ctypes.string_at(place, 1 << 14)
    i = data.find(b"CANARY" + b"_")
    return data[i:i + 60] if i >= 0 else len(data)
""",
    ),
    "tall_stack": (
        "status:error|killed|timeout",
        """
import sys, threading
sys.setrecursionlimit(10**8)
class A:
    def __eq__(self, other): return [self] == [other, 1] or self == other
def f(x):
    return A() == A()
""",
    ),
    "slow_c_code": (
        "status:timeout|killed|error",
        """
def f(x):
    try: return sum(range(10**15)) if x < 2 else "a" * 10**5 in ("a" * 99999 + "b") * 10**5
    except MemoryError: raise
""",
    ),
    "hold_the_interpreter": (
        "status:timeout|killed|error",
        """
import numpy as np
def f(x):
    a = np.ones((3000, 3000))
    while True: a = a @ a; a /= a.max()
""",
    ),
    "memory_in_the_source": (
        "status:error|killed|timeout",
        """
x = (1,) * 9 + tuple([0] * 10**9)
def f(x): return 1
""",
    ),
    "exec_at_load": (
        "status:timeout|killed|error",
        """
while True: pass
def f(x): return 1
""",
    ),
}
