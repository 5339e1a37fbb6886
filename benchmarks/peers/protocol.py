"""How the benchmark talks to a program it times: one line of JSON in, one out.

The first line is the workload. Each further line is a task with its arguments; the answer comes with the seconds it
took: process CPU seconds on a CPU, elapsed ones on a GPU, where the CPU only waits.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Cell = tuple[int, int]
"""(source layer, target layer)."""
Task = Callable[..., Any]


@dataclass(frozen=True)
class Workload:
    """What all programs work on. `vectors` names a file: one row a source layer, from 0, made by our own program."""

    folder: str
    vectors: str
    source: tuple[int, ...]
    target: tuple[int, ...]
    describing: tuple[int, ...]
    device: str
    dtype: str
    threads: int

    @property
    def last(self) -> int:
        """The position that is patched in `target`."""
        return len(self.target) - 1

    def model(self) -> Any:
        """The model, as transformers loads it."""
        import torch
        from transformers import AutoModelForCausalLM

        model: Any = AutoModelForCausalLM.from_pretrained(self.folder, dtype=getattr(torch, self.dtype))
        return model.eval().to(self.device)

    def tensor(self, ids: tuple[int, ...], rows: int) -> Any:
        """`ids` in each of `rows` rows."""
        import torch

        return torch.tensor([ids], device=self.device).expand(rows, -1).contiguous()

    def source_states(self) -> Any:
        """The cached hidden states of the source: (layers, d_model)."""
        import torch

        states = torch.load(self.vectors, weights_only=True)
        return states.to(self.device, getattr(torch, self.dtype))


def serve(build: Callable[[Workload], Mapping[str, Task]]) -> None:
    """Answer on what is standard output now; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    given |= {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    workload = Workload(**given)

    import torch

    torch.set_num_threads(workload.threads)
    tasks = build(workload)
    _say(answers, {"ready": sorted(tasks)})
    for line in sys.stdin:
        request = json.loads(line)
        task = tasks[request.pop("task")]
        began = _clock(workload.device)
        answer = task(**request)
        seconds = _clock(workload.device) - began
        _say(answers, {"answer": answer, "seconds": seconds, "peak_bytes": _peak_bytes(workload.device)})


def _say(stream: Any, message: Mapping[str, Any]) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def _clock(device: str) -> float:
    if device == "cpu":
        return time.process_time()
    import torch

    torch.cuda.synchronize()
    return time.perf_counter()


def _peak_bytes(device: str) -> int:
    """The most memory this program ever had: of the machine's, or of the GPU's."""
    if device != "cpu":
        import torch

        return int(torch.cuda.max_memory_allocated())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
