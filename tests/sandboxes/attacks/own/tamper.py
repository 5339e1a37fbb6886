"""Changing what the guest's own side of the sandbox runs on: builtins, modules, hooks, numpy."""
# ruff: noqa: E501

ATTACKS = {
    "builtins_gone": (
        "status:ok|error|killed|timeout|unser",
        """
import builtins
def f(x):
    for name in ("len", "isinstance", "type", "list", "str", "bytes", "int", "range", "zip", "memoryview", "open", "getattr", "BaseException"):
        try: delattr(builtins, name)
        except AttributeError: pass
    return x
""",
    ),
    "builtins_that_never_return": (
        "status:ok|error|killed|timeout|unser",
        """
import builtins
def forever(*a, **k):
    while True: pass
def f(x):
    for name in ("len", "isinstance", "type", "str", "all", "min", "hasattr", "sorted", "compile", "exec", "__import__", "issubclass", "print"):
        setattr(builtins, name, forever)
    return [x, (x,), {"a": x}]
""",
    ),
    "imports_replaced": (
        "status:ok|error|killed|timeout|unser",
        """
import builtins, sys
real = builtins.__import__
builtins.__import__ = lambda name, *a, **k: real("os", *a[:0])
class Finder:
    def find_spec(self, *a): raise SystemExit(0)
sys.meta_path.insert(0, Finder()); sys.path_hooks.insert(0, lambda p: 1 / 0)
def f(x): return x
""",
    ),
    "modules_replaced": (
        "status:ok|error|killed|timeout|unser",
        """
import sys
class Evil:
    def __getattr__(self, name):
        while True: pass
for name in ("json", "numpy", "struct", "binascii", "os", "posix", "traceback", "types", "time", "array"):
    sys.modules[name] = Evil() if name in ("json", "numpy", "struct") else None
def f(x): return x
""",
    ),
    "modules_cleared": (
        "status:ok|error|killed|timeout|unser",
        """
import sys
def f(x):
    sys.modules.clear(); sys.path.clear(); sys.meta_path.clear()
    return [x, 1j]
""",
    ),
    "numpy_from_inside": (
        "status:ok|error|killed|timeout|unser",
        """
import numpy as np
np.ascontiguousarray = lambda a: a
np.generic = np.void = np.ndarray = float
np.dtype.newbyteorder if hasattr(np.dtype, "newbyteorder") else None
def f(x): return np.array([x]) if x < 2 else np.float64(x)
""",
    ),
    "json_from_inside": (
        "status:ok|error|killed|timeout|unser",
        """
import json, json.encoder, json.decoder, binascii
json.encoder.c_make_encoder = None
json.encoder.encode_basestring_ascii = lambda s: s
json.JSONEncoder.encode = lambda self, o: '[{"f": ["lost"]}]' * 3
json.JSONEncoder.iterencode = lambda self, o, **k: iter(lambda: "x", 1)
json.JSONDecoder.decode = lambda self, s: 1
binascii.b2a_base64 = lambda *a, **k: b"!!"
def f(x): return [x, b"abc", "text"]
""",
    ),
    "os_from_inside": (
        "status:ok|error|killed|timeout|unser",
        """
import os, posix
for name in ("write", "read", "_exit", "close", "getpid"):
    for module in (os, posix): setattr(module, name, lambda *a: 0)
def f(x): return x
""",
    ),
    "clocks_and_garbage": (
        "status:ok|error|killed|timeout|unser",
        """
import gc, time, sys
time.perf_counter = time.monotonic = lambda: float("nan")
gc.set_threshold(1); gc.callbacks.append(lambda *a: 1 / 0)
sys.setswitchinterval(1e-9); sys.setrecursionlimit(60)
def f(x): return [x] * 3
""",
    ),
    "hooks_everywhere": (
        "status:ok|error|killed|timeout|unser",
        """
import sys
def t(frame, event, argument):
    if event == "return" and frame.f_code.co_name in ("_call", "_packed", "pack", "serve", "_flush"): raise SystemExit(0)
    frame.f_trace_opcodes = True
    return t
sys.settrace(t); sys.setprofile(lambda *a: None)
frame = sys._getframe()
while frame: frame.f_trace = t; frame = frame.f_back
def f(x): return x
""",
    ),
    "locals_of_the_caller": (
        "status:ok|error|killed|timeout|unser",
        """
import ctypes, sys
def f(x):
    frame = sys._getframe(1)
    while frame:
        for name, value in list(frame.f_locals.items()):
            if isinstance(value, list) and len(value) < 100: value.extend([42.0] * 5)
            if isinstance(value, dict) and len(value) < 100 and all(isinstance(k, int) for k in value): value[99] = ["raised", "a", "b", "c"]
        frame = frame.f_back
    return x
""",
    ),
    "bytes_that_change": (
        "status:ok|error|killed|timeout|unser",
        """
import ctypes, sys
def f(x):
    # Writes into immutable objects: the integer 1, the empty tuple's neighbour, a bytes constant.
    ctypes.memset(id(7) + 24, 42, 1)
    ctypes.memset(id(b"[") + 32, 0, 1)
    return x + 7
""",
    ),
    "wild_writes": (
        "status:ok|error|killed|timeout|unser",
        """
import ctypes
def f(x):
    place = id(f) & ~0xfff
    for i in range(0, 1 << 20, 8): ctypes.memset(place + i, 0xcc, 8)
    return x
""",
    ),
    "code_objects_that_are_none": (
        "status:ok|error|killed|timeout|unser",
        """
def g(): pass
def f(x):
    code = g.__code__.replace(co_code=bytes([100, 255, 83, 0, 1, 0] * 50), co_consts=(), co_stacksize=0)
    exec(code)
    return x
""",
    ),
    "pickle_inside": (
        "no_text:ESCAPED",
        """
import io, marshal, os, pickle
import numpy as np
class P:
    def __reduce__(self): return (os.system, ("touch {MARKER}",))
def f(x):
    data, got = pickle.dumps(P()), []
    for way in (lambda: pickle.loads(data), lambda: np.load(io.BytesIO(_npy(data)), allow_pickle=True), lambda: marshal.loads(b"\\xe3" * 99)):
        try: got.append(str(way()))
        except BaseException as error: got.append(type(error).__name__)
    return got
def _npy(data):
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }"
    return b"\\x93NUMPY\\x01\\x00" + len(head).to_bytes(2, "little") + head + data
""",
    ),
    "the_state_of_others": (
        "no_text:ESCAPED",
        """
import math, os, sys, numpy as np
# Whatever an earlier guest or load left behind would be seen here.
left = [m for m in (math, os, sys, np, np.random) if hasattr(m, "left_by_an_attack")]
for m in (math, os, sys, np, np.random): m.left_by_an_attack = True
def f(x): return "ESCAPED" if left else "clean"
""",
    ),
}
