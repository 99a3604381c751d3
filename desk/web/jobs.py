"""Work that outlives a request: a few daemon threads owned by the desk. What a job does is kept in the record."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

LOG = logging.getLogger("panhuo.desk")
Job = tuple[str, Callable[[], None]]


class Jobs:
    """Runs functions one after another on background threads; a failure is logged, never raised."""

    def __init__(self, threads: int = 1) -> None:
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._names: set[str] = set()
        self._lock = Lock()
        self._threads = [Thread(target=self._work, name=f"desk-job-{i}", daemon=True) for i in range(threads)]
        for thread in self._threads:
            thread.start()

    def put(self, name: str, job: Callable[[], None]) -> None:
        """Run a function soon, unless one of this name waits or runs already."""
        with self._lock:
            if name in self._names:
                return
            self._names.add(name)
        self._queue.put((name, job))

    def knows(self, name: str) -> bool:
        """Say whether a job of this name waits or runs here."""
        with self._lock:
            return name in self._names

    def stop(self, timeout: float = 10) -> None:
        """Take no more jobs and let the running ones end."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout)

    def _work(self) -> None:
        while (found := self._queue.get()) is not None:
            name, job = found
            try:
                job()
            except Exception:
                LOG.exception("background job %s failed", name)
            finally:
                with self._lock:
                    self._names.discard(name)
