"""An event loop in a thread of its own, for asynchronous libraries under a synchronous agent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

T = TypeVar("T")
_GRACE_SECONDS = 7.0


class LoopThread:
    """Runs coroutines for whoever waits in other threads."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], timeout_seconds: float) -> T:
        """What `work` returns or raises. `TimeoutError` after `timeout_seconds`, when it is cancelled, as it is when
        the wait is interrupted.
        """
        return self.wait(self.begin(work), timeout_seconds)

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start `work`; `wait` gives what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def wait(self, future: Future[T], timeout_seconds: float) -> T:
        """What `future` comes to; see `run`."""
        try:
            return future.result(timeout_seconds)
        except CancelledError as error:
            raise ConnectionError("the connection was closed meanwhile") from error
        except BaseException:
            future.cancel()
            raise

    def close(self, timeout_seconds: float) -> None:
        """End the thread; what is left may come to its end first, for a while, and is cancelled then."""
        if self.loop.is_closed():
            return
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout_seconds)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(_finish())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        finally:
            self.loop.close()


async def _finish() -> None:
    """Let other tasks end, and cancel those that do not: a cancelled clean-up might leave a process behind."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        _, late = await asyncio.wait(left, timeout=_GRACE_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
