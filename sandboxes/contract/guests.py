"""What a guest sees of its surroundings and of other guests: nothing, and the same in every run."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..types import Forbidden, Raised, Returned
from .checks import Bench, Broken, expect

_HARMLESS = frozenset(("LANG", "LC_ALL", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "TZ"))
"""Variables that a sandbox may set itself, to what the host may happen to have too."""


def _files_of_the_host_are_out_of_reach(bench: Bench) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("only the host knows")
        file.flush()
        os.chmod(file.name, 0o644)
        for path in (file.name, "/etc/passwd", "/proc/self/environ", __file__):
            result = bench.one("def f(path): return open(path).read()[:50]", path)
            expect(isinstance(result, Raised | Forbidden), f"Forbidden or Raised for reading {path}", result)
        script = bench.sandbox.run(f"print(open({file.name!r}).read())")
        expect("only the host" not in script.stdout, "a program that cannot read the host's file", script)


def _empty_environment(bench: Bench) -> None:
    result = bench.one("import os\ndef f(x): return dict(os.environ)")
    expect(isinstance(result, Returned) and isinstance(result.value, dict), "the environment", result)
    assert isinstance(result, Returned)
    leaked = [k for k, v in result.value.items() if k not in _HARMLESS and v and os.environ.get(k) == v]
    expect(not leaked, "an environment without anything of the host's", leaked)


def _the_framework_cannot_be_imported(bench: Bench) -> None:
    result = bench.one("def f(x):\n    import zetetic\n    return str(zetetic)")
    expect(isinstance(result, Raised | Forbidden), "Raised", result)


def _guests_do_not_share_state(bench: Bench) -> None:
    code = (
        "import math, sys, builtins\n"
        "seen = [hasattr(m, 'left_behind') for m in (math, sys, builtins)]\n"
        "math.left_behind = sys.left_behind = builtins.left_behind = 1\n"
        "def f(x):\n    global seen\n    was, seen = seen, 'changed'\n    return was"
    )
    clean = Returned([False] * 3)
    with bench.load(code) as one, bench.load(code) as other:
        results = [*one.call([(1,)]), *other.call([(1,)])]
    results.append(bench.one(code))
    expect(results == [clean] * 3, "three guests that see nothing of one another", results)


_DRAW = (
    "import random\nimport numpy as np\n"
    "def f(x): return [random.random(), float(np.random.rand()), hash('abc'), list({'a', 'b', 'c', 'd'})]"
)


def _the_same_seed_gives_the_same(bench: Bench) -> None:
    drawn: list[list[Any]] = []
    for seed in (7, 7, 8):
        with bench.load(_DRAW, seed=seed) as loaded:
            drawn.append([getattr(r, "value", r) for r in loaded.call([(1,), (2,)])])
    expect(drawn[0] == drawn[1], "the same draws, hashes and orders from the same seed", drawn[:2])
    expect(drawn[0][0][:2] != drawn[2][0][:2], "other draws from another seed", [d[0][:2] for d in drawn])
    expect(drawn[0][0][:2] != drawn[0][1][:2], "other draws in the next call", drawn[0])


def _no_threads_where_one_process_is_allowed(bench: Bench) -> None:
    code = "import threading\ndef f(x):\n    threading.Thread(target=int).start()\n    return 'done'"
    result = bench.one(code, processes=1)
    expect(isinstance(result, Raised | Forbidden), "Raised or Forbidden for starting a thread", result)


def _several_threads_of_the_host(bench: Bench) -> None:
    def work(number: int) -> list[Any]:
        with bench.load(f"def f(x): return x * {number}") as loaded:
            return [getattr(r, "value", r) for r in loaded.call([(x,) for x in range(20)])]

    def script(number: int) -> str:
        return bench.sandbox.run(f"print({number} * 11)").stdout.strip()

    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(work, n) for n in range(1, 9)]
        prints = [pool.submit(script, n) for n in range(4)]
    for number, future in enumerate(results, 1):
        expect(future.result() == [x * number for x in range(20)], f"the multiples of {number}", future.result())
    expect([p.result() for p in prints] == ["0", "11", "22", "33"], "0, 11, 22, 33", [p.result() for p in prints])


def _limits_of_one_load_are_its_own(bench: Bench) -> None:
    with bench.load("def f(x): return 'x' * 100000", output_bytes=1 << 12) as small:
        results = [*small.call([(1,)]), bench.one("def f(x): return len('x' * 100000)")]
    if isinstance(results[0], Returned) or results[1] != Returned(100000):
        raise Broken(f"expected a result that is too large, then 100000, got {results}")


CLAUSES = (
    _files_of_the_host_are_out_of_reach,
    _empty_environment,
    _the_framework_cannot_be_imported,
    _guests_do_not_share_state,
    _the_same_seed_gives_the_same,
    _no_threads_where_one_process_is_allowed,
    _several_threads_of_the_host,
    _limits_of_one_load_are_its_own,
)
