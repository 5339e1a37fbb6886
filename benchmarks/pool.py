"""A small pool of worker processes that can lose a stuck worker and go on, which `concurrent.futures` cannot."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Finished(Generic[T, R]):
    """One task's end: its `result`, or why there is none in `error`."""

    task: T
    result: R | None
    error: str | None
    seconds: float


class _Worker(Generic[T, R]):
    """One child process. It announces itself once, then answers one task at a time."""

    def __init__(self, work: Callable[[T], R]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        with _one_thread_per_worker():
            self.process.start()
        theirs.close()
        self.ready = False
        self.lost = False
        self.task: T | None = None
        self.since = time.monotonic()

    def limit(self, timeout_seconds: float) -> float:
        """How long this worker may stay silent from `since` on."""
        if self.task is not None:
            return timeout_seconds
        return math.inf if self.ready else _START_SECONDS

    def give(self, task: T) -> None:
        self.connection.send(task)
        self.task, self.since = task, time.monotonic()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def run_all(
    work: Callable[[T], R], tasks: Sequence[T], *, jobs: int, timeout_seconds: float
) -> Generator[Finished[T, R], None, None]:
    """`work(task)` for every task over `jobs` processes, in the order they finish.

    A task that raises, takes its worker down, or is not done `timeout_seconds` after it was handed over ends with an
    error and costs nobody else anything. `work` must be importable. Closing the iterator kills the workers.
    """
    waiting = deque(tasks)
    workers: list[_Worker[T, R]] = []
    try:
        for _ in range(min(max(jobs, 1), len(tasks))):
            workers.append(_Worker(work))
        while workers:
            heard = wait([w.connection for w in workers], timeout=_patience(workers, timeout_seconds))
            for worker in list(workers):
                finished = _listen(worker, worker.connection in heard, timeout_seconds)
                if worker.lost:
                    workers.remove(worker)
                    worker.kill()
                    if waiting:
                        workers.append(_Worker(work))
                if finished is not None:
                    yield finished
            _hand_out(workers, waiting)
    finally:
        for worker in workers:
            worker.kill()


def _patience(workers: Sequence[_Worker[T, R]], timeout_seconds: float) -> float:
    """Seconds until the first worker is overdue."""
    return max(0.0, min(w.since + w.limit(timeout_seconds) for w in workers) - time.monotonic())


def _hand_out(workers: list[_Worker[T, R]], waiting: deque[T]) -> None:
    """Tasks to idle workers; workers with nothing left to do go."""
    for worker in [w for w in workers if w.task is None]:
        if not waiting:
            workers.remove(worker)
            worker.kill()
        elif worker.ready:
            worker.give(waiting.popleft())


def _listen(worker: _Worker[T, R], spoke: bool, timeout_seconds: float) -> Finished[T, R] | None:
    """What `worker` has to say; marks it lost when it died or is overdue."""
    seconds = time.monotonic() - worker.since
    if not spoke:
        if seconds < worker.limit(timeout_seconds):
            return None
        worker.lost = True
        if worker.task is None:
            raise RuntimeError(f"a benchmark worker did not start within {_START_SECONDS:g} s; try fewer --jobs")
        return Finished(worker.task, None, f"not done after {timeout_seconds:g} s", seconds)
    try:
        result, error = worker.connection.recv()
    except (EOFError, OSError):
        worker.lost = True
        if worker.task is None:
            raise RuntimeError("a benchmark worker died while starting; its error is printed above") from None
        worker.process.join()
        return Finished(worker.task, None, f"the worker died (exit code {worker.process.exitcode})", seconds)
    if worker.task is None:
        worker.ready = True
        return None
    task, worker.task = worker.task, None
    return Finished(task, result, error, seconds)


def _serve(connection: Connection, work: Callable[[Any], Any]) -> None:
    """A worker's life: announce, then answer until the parent goes. Ctrl-C is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    connection.send((None, None))
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        answer: tuple[Any, str | None]
        try:
            answer = (work(task), None)
        except Exception as error:
            answer = (None, f"{type(error).__name__}: {error}".splitlines()[0])
        connection.send(answer)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _one_thread_per_worker() -> Iterator[None]:
    """Numerical libraries read these when they load: set while a child starts, put back after."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
