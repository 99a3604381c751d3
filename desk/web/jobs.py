"""Work that outlives a request: a few daemon threads owned by the desk. What a job does is kept in the record."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

LOG = logging.getLogger("panhuo.desk")


class Jobs:
    """Runs functions one after another on background threads; a failure is logged, never raised."""

    def __init__(self, threads: int = 1) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, name=f"desk-job-{i}", daemon=True) for i in range(threads)]
        for thread in self._threads:
            thread.start()

    def put(self, job: Callable[[], None]) -> None:
        """Run a function soon."""
        self._queue.put(job)

    def stop(self, timeout: float = 10) -> None:
        """Let running jobs end and take no more."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout)

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                job()
            except Exception:
                LOG.exception("a background job failed")
