"""Results that are not plain data, or too much of it, and exceptions that bite whoever prints them."""
# ruff: noqa: E501

ATTACKS = {
    "numbers_of_other_kinds": (
        "status:unser|error",
        """
from decimal import Decimal
from fractions import Fraction
def f(x): return Decimal(1) / 3 if x < 2 else Fraction(1, 3)
""",
    ),
    "subclasses_of_plain_types": (
        "status:unser|error|timeout",
        """
import enum, collections
class S(str):
    def encode(self, *a): return b"pwned"
    def __len__(self): return 0
class I(enum.IntEnum):
    A = 1
def f(x): return S("text") if x < 2 else I.A
""",
    ),
    "subclasses_inside_containers": (
        "status:unser|error|timeout",
        """
class F(float):
    def __repr__(self): return "1e9"
class D(dict):
    def items(self):
        while True: yield 1, 1
def f(x): return [[(F(1.0),)]] if x < 2 else {"a": [D()]}
""",
    ),
    "sets_ranges_views": (
        "status:unser|error",
        """
def f(x): return {1, 2} if x < 2 else {"a": range(10**18)}
""",
    ),
    "buffers_and_modules": (
        "status:unser|error",
        """
import sys
def f(x): return memoryview(bytes(9)) if x < 2 else sys
""",
    ),
    "named_tuples_and_dataclasses": (
        "status:unser|error",
        """
import collections, dataclasses
T = collections.namedtuple("T", "a b")
@dataclasses.dataclass
class C:
    a: int = 1
def f(x): return T(1, 2) if x < 2 else C()
""",
    ),
    "arrays_that_are_no_arrays": (
        "status:unser|error|killed|timeout",
        """
import numpy as np
class A(np.ndarray):
    def tobytes(self, *a): return b"x"
def f(x): return np.zeros(3).view(A) if x < 2 else np.ma.masked_array([1.0, 2.0], [0, 1])
""",
    ),
    "arrays_of_other_things": (
        "status:unser|error",
        """
import numpy as np
def f(x): return np.array(["a", "b"]) if x < 2 else np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
""",
    ),
    "times_and_voids": (
        "status:unser|error",
        """
import numpy as np
def f(x): return np.datetime64("2020-01-01") if x < 2 else np.void(b"abc")
""",
    ),
    "numpy_scalars_become_python_ones": (
        "values:[1.5,True]",
        """
import numpy as np
def f(x): return np.float32(1.5) if x < 2 else np.bool_(True)
""",
    ),
    "an_array_of_broadcast_zeros": (
        "status:unser|error|killed; host_rss<=100MB",
        """
import numpy as np
def f(x): return np.broadcast_to(np.float64(0), (10**5, 10**5)) if x < 2 else np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (0,))
""",
    ),
    "deeply_nested": (
        "status:unser|error|killed",
        """
def f(x):
    value = 0
    for _ in range(100000 if x < 2 else 500): value = [value] if x < 2 else (value,)
    return value
""",
    ),
    "a_tower_of_shared_lists": (
        "status:unser|error|killed|timeout; host_rss<=100MB",
        """
def f(x):
    value = [1.0]
    for _ in range(60): value = [value, value] if x < 2 else {"a": value, "b": value}
    return value
""",
    ),
    "a_million_small_results": (
        "status:ok|unser|error|killed|timeout; host_rss<=250MB; host_cpu<=4",
        """
def f(x): return [[]] * 500000 if x < 2 else [[i] for i in range(10**6)]
""",
    ),
    "text_that_grows_on_the_way": (
        "status:ok|unser|error|killed; host_rss<=100MB",
        r"""
def f(x): return "\x00" * 1900000 if x < 2 else "\U0010ffff" * 1900000
""",
    ),
    "colliding_keys": (
        "status:unser|error|killed|timeout; host_cpu<=2",
        """
def f(x): return {k * (2**61 - 1): 0 for k in range(7000)}
""",
    ),
    "a_key_that_is_not_itself": (
        "status:ok|unser|error|killed",
        """
def f(x): return {float("nan"): 1, float("nan"): 2} if x < 2 else {(1, (2, (b"x", None))): [{}], True: 0, "": -0.0}
""",
    ),
    "a_list_that_grows_while_packed": (
        "status:ok|unser|error|killed|timeout; host_rss<=100MB",
        """
import sys
def f(x):
    l = [1.0]
    def spy(*a):
        if len(l) < 10**7: l.append([1.0])
        return spy
    sys.setprofile(spy)
    return l
""",
    ),
    "evil_reprs": (
        "status:error|killed|timeout",
        r"""
class E(Exception):
    def __str__(self): return 5
    __repr__ = __format__ = __str__
    def __getattribute__(self, name): raise RuntimeError("\x1b[2J")
def f(x): raise E()
""",
    ),
    "a_class_that_lies_about_its_name": (
        "status:error|killed|timeout; no_text:\x1b",
        r"""
class M(type):
    @property
    def __name__(cls): raise SystemExit(0)
    def __instancecheck__(cls, other): return True
class E(Exception, metaclass=M): pass
def f(x):
    if x < 2: raise E("hello")
    raise type("\x1b[2J" * 1000, (Exception,), {})("x")
""",
    ),
    "a_huge_hostile_message": (
        "status:error|killed|unser; no_text:\x1b; host_rss<=100MB",
        r"""
def f(x): raise ValueError(("\x1b[2J\x1b]0;pwn\x07\r\u202e\ud800" * 10**6) if x < 2 else b"\x1b" * 10**7)
""",
    ),
    "an_endless_chain_of_causes": (
        "status:error|killed|timeout; host_rss<=100MB",
        """
def f(x):
    e = ValueError("a")
    for _ in range(100000):
        n = ValueError("b"); n.__cause__ = e; n.__context__ = e; e = n
    a, b = ValueError("c"), ValueError("d"); a.__cause__, b.__cause__ = b, a
    raise (e if x < 2 else a)
""",
    ),
    "a_group_of_groups": (
        "status:error|killed|timeout",
        """
def f(x):
    g = ValueError("x")
    for _ in range(20000): g = ExceptionGroup("g", [g])
    raise g
""",
    ),
    "an_error_number_that_lies": (
        "status:error|killed",
        """
class N(int):
    def __eq__(self, other): raise SystemExit
    __hash__ = int.__hash__
def f(x):
    e = PermissionError(1, "x"); e.errno = N(1) if x < 2 else [[]]; e.filename = object(); raise e
""",
    ),
    "a_memory_error_of_ones_own": (
        "status:error|killed",
        """
def f(x): raise MemoryError("me") if x < 2 else RecursionError("me")
""",
    ),
    "ten_thousand_frames": (
        "status:error|killed; host_rss<=100MB",
        """
import sys
sys.setrecursionlimit(20000)
def g(n): return g(n - 1) if n else 1 / 0
def f(x): return g(9000)
""",
    ),
    "floods_on_both_outputs": (
        "host_rss<=100MB; disk<=100MB",
        """
import os, sys
def f(x):
    for _ in range(400):
        for fd in (1, 2):
            try: os.write(fd, b"z" * (1 << 20))
            except OSError: pass
    try:
        for _ in range(1000): print("q" * 10000); print("q" * 10000, file=sys.stderr)
    except Exception: pass
    return 1
""",
    ),
    "ask_for_input": (
        "status:error|killed|ok|timeout",
        """
import sys
def f(x): return input("password: ") if x < 2 else sys.stdin.read()
""",
    ),
}
