"""Many hostile jobs of mixed kinds in one host, and what they leave behind: `python -m attacks.soak BACKEND JOBS`.

Prints one JSON object.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from zetetic.sandboxes.types import MIB, Limits, LoadError, Sandbox

from .backends import find
from .watch import descendants

WARM_JOBS = 200
HASTY = Limits(cpu_seconds=1.0, wall_seconds=0.15, memory_bytes=128 * MIB, file_bytes=MIB)
KINDS = {
    "returns": "def f(x): return {'a': [x] * 100}",
    "raises": "def f(x): raise ValueError('x' * 10000)",
    "floods": "import os\ndef f(x):\n    for _ in range(50):\n        os.write(1, bytes(1 << 16))\n"
    "        print('q' * 5000)\n    return 1",
    "large": "def f(x): return 'y' * 1500000",
    "too large": "def f(x): return [0.5] * 3000000",
    "aborts": "import os\ndef f(x): os.abort()",
    "leaves": "import os\ndef f(x): os._exit(3)",
    "segfaults": "import ctypes\ndef f(x): ctypes.string_at(0)",
    "takes memory": "def f(x): return len(bytearray(1 << 30))",
    "forges": "import os\ndef f(x):\n    for fd in range(3, 9):\n        try: os.write(fd, b'\\xff' * 999)\n"
    "        except OSError: pass\n    os._exit(0)",
    "closes": "import os\ndef f(x): os.closerange(0, 256); return x",
    "forks": "import os\ndef f(x): os.fork()",
    "threads": "import threading\ndef f(x): threading.Thread(target=print).start()",
    "segments": "import ctypes\nl = ctypes.CDLL(None)\ndef f(x): return [l.shmget(0, 4096, 950), l.msgget(0, 950)]",
    "shared": "from multiprocessing.shared_memory import SharedMemory as S\ndef f(x): return S(None, True, 9).name",
    "bad": "def f(x): return lambda: 1",
    "no code": "def f(x: return",
    "no entry": "g = 1",
    "load dies": "import os\nos._exit(1)\ndef f(x): return 1",
    "random": "import random\ndef f(x): return [random.random() for _ in range(1000)]",
}
SLOW = {
    "spins": "def f(x):\n    while True: pass",
    "sleeps": "import time\ndef f(x): time.sleep(99)",
    "ignores": "import signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
    "    except (OSError, ValueError): pass\ndef f(x):\n    while True: pass",
}
SCRIPTS = {
    "writes": "for i in range(20): open(f'file{i}', 'w').write('x' * 1000)\nprint('done')",
    "writes on": "while True: open('big', 'ab').write(bytes(1 << 16))",
    "prints on": "while True: print('z' * 9999)",
    "folders": "import os\nfor i in range(200): os.mkdir('d'); os.chdir('d')",
    "dies": "import os\nopen('left', 'w').write('x')\nos.abort()",
}


def main(name: str, jobs: int) -> None:
    sandbox = find(name).open(Limits(cpu_seconds=5.0, wall_seconds=5.0, memory_bytes=128 * MIB, file_bytes=MIB))
    outcomes: Counter[str] = Counter()
    with sandbox:
        _job(sandbox, 0)
        before = _belongings()
        warm_bytes = 0
        for number in range(1, jobs + 1):
            outcomes[_job(sandbox, number)] += 1
            if number == min(WARM_JOBS, jobs):
                warm_bytes = _resident()
        end_bytes = _resident()
        during = _belongings()
    print(
        json.dumps(
            {
                "before": before,
                "during": during,
                "after": _belongings(),
                "warm_bytes": warm_bytes,
                "end_bytes": end_bytes,
                "processes": sorted(descendants(os.getpid(), zombies=True).values()),
                "outcomes": outcomes,
            }
        )
    )


def _job(sandbox: Sandbox, number: int) -> str:
    if number % 25 == 24:
        code = list(SLOW.values())[number // 25 % len(SLOW)]
        return _call(sandbox, code, HASTY, 1)
    if number % 5 == 3:
        script = list(SCRIPTS.values())[number // 5 % len(SCRIPTS)]
        return type(sandbox.run(script).outcome).__name__
    return _call(sandbox, list(KINDS.values())[(number - number // 5) % len(KINDS)], None, 2)


def _call(sandbox: Sandbox, code: str, limits: Limits | None, inputs: int) -> str:
    try:
        with sandbox.load(code, "f", limits=limits) as loaded:
            return type(loaded.call([(float(n),) for n in range(inputs)])[0]).__name__
    except LoadError as error:
        return f"load: {type(error.failure).__name__}"


def _resident() -> int:
    """Memory in use: what the allocator keeps of an answer long gone is handed back first, where it can be."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _belongings() -> dict[str, Any]:
    """What must be the same after any number of jobs."""
    user = os.getuid()
    return {
        "descriptors": len(os.listdir("/proc/self/fd")),
        "threads": threading.active_count(),
        "temporary files": sorted(os.listdir(tempfile.gettempdir())),
        "files in /dev/shm": sorted(
            e.name
            for e in os.scandir("/dev/shm")
            # Benchmarks keep their stores there, and one may run beside this.
            if e.stat().st_uid in (user, 65534) and not e.name.startswith("zetetic-bench-")
        ),
        "segments": [len(Path("/proc/sysvipc", kind).read_text().splitlines()) for kind in ("shm", "sem", "msg")],
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
