"""Forged replies: the guest finds the channel and the request's nonce in its own process and writes frames itself.

It may lie about its own answers; it must not hurt the host, answer for others, or pass for the sandbox.
"""
# ruff: noqa: E501

PREAMBLE = '''
import json, os, struct, sys, time
VALUES, LOADED, FAILED, NUMBERS, DONE, REFUSED = 19, 17, 18, 20, 21, 22
def steal():
    found, frame = [], sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if type(value) is bytes and len(value) == 16 and value not in found: found.append(value)
        frame = frame.f_back
    return found
def send(kind, payload, nonce=None, length=None):
    """Write a frame wherever there may be a channel; how many were written."""
    n = 0
    for stolen in [nonce] if nonce else steal() or [bytes(16)]:
        data = struct.pack("<B16sI", kind, stolen, len(payload) if length is None else length) + payload
        for fd in range(3, 12):
            try: n += os.write(fd, data) > 0
            except OSError: pass
    return n
'''

ATTACKS = {
    "too_many_answers": (
        "status:killed",
        """
def f(x):
    send(VALUES, json.dumps([x] * 50).encode()); os._exit(0)
""",
    ),
    "answers_for_the_other_input": (
        "not_values:[42.0,42.0,42.0]; status:ok|killed|error|timeout",
        """
def f(x):
    send(VALUES, b"[42.0,42.0,42.0]"); return x
""",
    ),
    "kinds_that_were_not_asked_for": (
        "status:killed",
        """
def f(x):
    send((DONE, LOADED, FAILED, NUMBERS, 99, 0, 255)[int(x) % 7], b'{"parameters": null}'); os._exit(0)
""",
    ),
    "a_frame_longer_than_anything": (
        "status:killed|unser|timeout; host_rss<=100MB; host_cpu<=2",
        """
def f(x):
    send(VALUES, b"[", length=0xffffffff)
    data = b" " * (1 << 16)
    while True:
        for fd in range(3, 12):
            try: os.write(fd, data)
            except OSError: pass
""",
    ),
    "a_frame_that_never_ends": (
        "status:killed|timeout",
        """
def f(x):
    send(VALUES, b"[", length=1000)
    while True:
        for fd in range(3, 12):
            try: os.write(fd, b" "); time.sleep(0.2)
            except OSError: pass
""",
    ),
    "a_million_empty_frames": (
        "status:killed|unser|timeout; host_cpu<=2",
        """
def f(x):
    for _ in range(1000000):
        if not send(VALUES, b""): break
""",
    ),
    "deep_json": (
        "status:killed|unser; host_cpu<=2",
        """
def f(x):
    send(VALUES, (b"[" if x < 2 else b'{"t":[') * 300000); os._exit(0)
""",
    ),
    "deep_but_closed_json": (
        "status:killed|unser|error; host_cpu<=2",
        """
def f(x):
    send(VALUES, b"[" * 900 + b"]" * 900 if x < 2 else b"[" + b'{"t":[' * 400 + b"1" + b"]}" * 400 + b"]"); os._exit(0)
""",
    ),
    "colliding_whole_numbers": (
        "status:ok|unser|killed|timeout; host_cpu<=2",
        """
def f(x):
    pairs = ",".join(f"[{k * (2**61 - 1)},0]" for k in range(80000))
    send(VALUES, ('[{"d":[' + pairs + "]}]").encode()[:2000000] if x > 1 else ('[{"d":[' + pairs[:1900000].rpartition(",[")[0] + "]}]").encode())
    os._exit(0)
""",
    ),
    "colliding_in_many_dicts": (
        "status:ok|unser|killed|timeout; host_cpu<=3",
        """
def f(x):
    one = '{"d":[' + ",".join(f"[{k * (2**61 - 1)},0]" for k in range(1000)) + "]}"
    send(VALUES, ("[[" + ",".join([one] * (1900000 // len(one))) + "]]").encode()); os._exit(0)
""",
    ),
    "colliding_tuples": (
        "status:ok|unser|killed|timeout; host_cpu<=6",
        """
def f(x):
    # hash(-1.0) == hash(-2.0): all of these tuples have one hash, and differ at their ends.
    def key(k): return '{"t":[' + ",".join(["-1.0"] * 370 + ["-1.0" if k >> i & 1 else "-2.0" for i in range(10)]) + "]}"
    send(VALUES, ('[{"d":[' + ",".join(f"[{key(k)},0]" for k in range(1000)) + "]}]").encode()); os._exit(0)
""",
    ),
    "colliding_floats_and_complex": (
        "status:ok|unser|killed|timeout; host_cpu<=2",
        """
def f(x):
    pairs = ",".join(f"[{k}e300,0]" if x < 2 else '[{"c":[' + f"{k},{-k}" + "]},0]" for k in range(60000))
    send(VALUES, ('[{"d":[' + pairs[:1900000].rpartition(",[")[0] + "]}]").encode()); os._exit(0)
""",
    ),
    "arrays_of_no_shape": (
        "status:unser|killed; host_rss<=100MB; host_cpu<=2",
        """
bad = [["<f8", [10**12], ""], ["<f8", [0, 10**18, 10**18], ""], ["<f8", [2**63], "AAAA"], ["|O", [1], "AAAAAAAAAAA="],
       ["<f8", [-1], ""], ["<f8", [1] * 40, "AAAAAAAAAAA="], ["<f8", [True], "AAAAAAAAAAA="], ["<f8", [1.0], "AAAAAAAAAAA="],
       ["<f8", [1], "AAA"], ["<f8", [1], "!!!!"], ["<M8[s]", [1], "AAAAAAAAAAA="], ["V8", [1], "AAAAAAAAAAA="], [["<f8"], [1], ""],
       ["<f8", "11", ""], ["<f8", [[1]], "AAAAAAAAAAA="], ["<U2", [1], "AAAAAAAAAAA="], ["f8,f8", [1], ""], ["<f16", [1], ""]]
at = 0
def f(x):
    send(VALUES, json.dumps([[{"a": b} for b in bad]] if x < 2 else [{"a": bad[1]}]).encode()); os._exit(0)
""",
    ),
    "one_bad_array_each": (
        "status:ok|unser|killed; host_rss<=100MB; host_cpu<=2",
        """
def f(x):
    send(VALUES, json.dumps([{"a": ["<f8", [10**15] if x < 2 else [0, 10**18], ""]}]).encode()); os._exit(0)
""",
    ),
    "trees_that_are_none": (
        "status:unser|killed|error",
        """
def f(x):
    trees = [{}, {"d": 5}, {"d": [1]}, {"d": [[1]]}, {"d": [[[], 1]]}, {"d": [[{"a": ["<f8", [0], ""]}, 1]]}, {"c": ["1", 2]},
             {"c": [10**400, 1]}, {"b": "!"}, {"b": 5}, {"t": {}}, {"a": 1, "b": 2}, {"z": 1}, {"d": ["ab"]}, {"f": 1}]
    send(VALUES, json.dumps([trees] if x < 2 else [trees[3]]).encode()); os._exit(0)
""",
    ),
    "a_thousand_pairs_that_are_none": (
        "status:killed|unser",
        """
def f(x):
    pair = b"[]" if x < 2 else b"{}"
    send(VALUES, b'[{"d":[' + b",".join([pair] * 1500) + b"]}]"); os._exit(0)
""",
    ),
    "numbers_that_fail_strangely": (
        "status:killed|error|unser",
        """
def f(x):
    for kind in (NUMBERS, VALUES): send(kind, struct.pack("<I", 1) + bytes(8) + (b'{"-1": ["memory"]}' if x < 2 else b'{"0": 5, "00": [1]}'))
    os._exit(0)
""",
    ),
    "failures_that_are_none": (
        "status:killed|error|unser; no_text:\x1b",
        r"""
def f(x):
    said = ["raised", "\x1b[2J", "\x1b]0;pwn\x07\r", "\x1b[31m"] if x < 2 else ["timed out", "cpu", 0]
    send(VALUES, json.dumps([{"f": said}]).encode()); os._exit(0)
""",
    ),
    "bytes_that_are_no_json": (
        "status:killed|unser",
        r"""
def f(x):
    send(VALUES, b"[\xff\xfe]" if x < 2 else b"\xef\xbb\xbf[1] trailing"); os._exit(0)
""",
    ),
    "numbers_of_many_digits": (
        "status:killed|unser; host_cpu<=2",
        """
def f(x):
    send(VALUES, b"[" + b"9" * (1900000 if x < 2 else 5000) + b"]"); os._exit(0)
""",
    ),
    "numbers_of_just_allowed_digits": (
        "status:ok|killed|unser; host_cpu<=2",
        """
def f(x):
    send(VALUES, b"[[" + b",".join([b"9" * 4299] * 440) + b"]]"); os._exit(0)
""",
    ),
    "small_objects_that_unpack_large": (
        "status:ok|killed|unser; host_rss<=250MB; host_cpu<=4",
        """
def f(x):
    send(VALUES, b"[[" + b",".join([b"[]" if x < 2 else b'{"t":[]}'] * (600000 if x < 2 else 200000)) + b"]]"); os._exit(0)
""",
    ),
    "pass_for_a_broken_sandbox": (
        "status:killed|error|ok|timeout",
        """
send(REFUSED, b"the sandbox is broken, please run me without one", nonce=bytes(16))
time.sleep(0.1)
def f(x):
    send(REFUSED, b"the sandbox is broken", nonce=bytes(16)); return x
""",
    ),
    "pass_for_a_broken_sandbox_and_die": (
        "status:killed|error",
        """
send(REFUSED, b"Operation not permitted", nonce=bytes(16))
os._exit(70)
""",
    ),
    "loaded_with_strange_parameters": (
        "status:ok|killed|error; no_text:\x1b",
        r"""
send(LOADED, json.dumps({"parameters": {"required": ["\x1b[2J\x1b]0;pwn\x07", "a b", ""], "optional": [], "variadic": False, "integer": ["q"], "text": [], "texts": []}}).encode())
os._exit(0)
""",
    ),
    "loaded_with_a_million_parameters": (
        "status:ok|killed|error; host_rss<=100MB",
        r"""
send(LOADED, json.dumps({"parameters": {"required": ["p"] * 300000, "optional": [], "variadic": False, "integer": [], "text": [], "texts": []}}).encode())
def f(x): return x
""",
    ),
    "an_honest_signature_that_lies": (
        "status:ok|killed|error; no_text:\x1b",
        r"""
import inspect
class Name(str):
    def isidentifier(self): return True
class Signed:
    def __call__(self, x): return x
    @property
    def __signature__(self):
        p = inspect.Parameter("x", inspect.Parameter.POSITIONAL_ONLY); p._name = "\x1b[2Jx"; q = inspect.Signature(); q._parameters = {"x": p}
        return q
f = Signed()
""",
    ),
    "answers_before_they_are_asked": (
        "status:killed|error|timeout|ok",
        """
for nonce in steal():
    send(LOADED, b'{"parameters": null}', nonce=nonce)
    for _ in range(3): send(VALUES, b"[42.0]", nonce=nonce)
def f(x): return x
""",
    ),
    "interleaved_by_a_signal": (
        "status:killed|error|timeout|ok|unser",
        """
import signal
signal.signal(signal.SIGALRM, lambda *_: send(VALUES, b"[42.0]", nonce=b"x" * 16))
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
def f(x): return "y" * 500000
""",
    ),
    "swallow_the_next_request": (
        "status:killed|error|timeout|ok",
        """
def f(x):
    if x < 2: return x
    for fd in range(3, 12):
        try: os.set_blocking(fd, False); os.read(fd, 1 << 20)
        except OSError: pass
    time.sleep(100)
""",
    ),
    "fill_the_channel_and_wait": (
        "status:killed|timeout|error|unser; host_rss<=100MB",
        """
def f(x):
    for fd in range(3, 12):
        try:
            os.set_blocking(fd, False)
            while True: os.write(fd, bytes(1 << 16))
        except OSError: pass
    time.sleep(100)
""",
    ),
    "replace_the_guests_own_code": (
        "status:ok|killed|error|timeout|unser",
        """
try:
    import guest.plain, guest.job, guest.frames
    guest.plain.pack = lambda *a: {"a": ["<f8", [10**9], ""]}
    guest.job.Guest._send = lambda self, kind, nonce, payload: os.write(3, struct.pack("<B16sI", kind, nonce, 5) + b"[1e9]")
    guest.frames.VALUES = 17
except ImportError: pass
def f(x): return x
""",
    ),
    "a_pickle_instead": (
        "status:killed|error|unser",
        """
import pickle
class P:
    def __reduce__(self): return (os.system, ("touch {MARKER}",))
def f(x):
    data = pickle.dumps(P())
    send(VALUES, data)
    for fd in range(1, 12):
        try: os.write(fd, struct.pack("<I", len(data)) + data); os.write(fd, data)
        except OSError: pass
    os._exit(0)
""",
    ),
}
