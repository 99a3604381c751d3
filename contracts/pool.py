"""Many documents at once, on several processes, each with limits on time and memory.

In: render jobs, from any thread. Out: one result per job. A document that hangs, dies or grows without end costs its
own process alone; the others go on. Processes are started when there is work for them, and ended when they have
rested, grown or made many documents.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Condition
from types import TracebackType
from typing import Self

from contracts.jobs import Answer, Limits, RenderedPdf, RenderFailure, RenderJob, RenderProblem

ROOT = Path(__file__).resolve().parent.parent
MEMORY = 3 * 1024**3
GROWN = 290 * 1024**2  # One document more takes up to 50 MB, and a process shall stay below 350.
_RECYCLE_AFTER = 200
_TRIES = 3
_SETTLED = 5  # Documents; a process that is too large from the start would be replaced for nothing.

Result = RenderedPdf | RenderFailure


class RenderStopped(RenderProblem):
    """A document that a pool could not make, or stopped; the Chinese text says why."""


class RendererLost(Exception):
    """Processes ended one after another over a document, as when somebody kills them; it may well be made later."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection
    done: int = 0
    rested_since: float = 0.0
    is_spent: bool = False


@dataclass
class _Hands:
    """The processes of a pool: all of them, and those that have nothing to do."""

    all: list[_Worker] = field(default_factory=list)
    idle: list[_Worker] = field(default_factory=list)


class RenderPool:
    """A pool of warm renderers. Use it as a context manager, or close it.

    Safe to share between threads. `timeout` is wall time per document in seconds; the first document of a process
    includes its start. `memory` is the address space that a process may take, in bytes.
    """

    def __init__(
        self, fonts: Path, *, processes: int = 2, timeout: float = 60.0, memory: int = MEMORY
    ) -> None:
        self.fonts = fonts
        self.processes = processes
        self._limits = Limits(timeout, memory)
        self._turn = Condition()
        self._hands = _Hands()
        self._urgent = 0  # callers that wait for a process on behalf of a person

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; what they were doing fails. The pool can be used again."""
        with self._turn:
            for worker in list(self._hands.all):
                self._end(worker)

    def rest(self, seconds: float) -> None:
        """End processes that have had nothing to do for so long."""
        before = time.monotonic() - seconds
        with self._turn:
            for worker in [idle for idle in self._hands.idle if idle.rested_since < before]:
                self._end(worker)

    def memory_used(self) -> tuple[int, ...]:
        """Return the resident memory of each process there is, in bytes."""
        with self._turn:
            return tuple(_resident(worker.process.pid) for worker in self._hands.all)

    def render_job(self, job: RenderJob, *, urgent: bool = True) -> RenderedPdf:
        """Render one document; a job that is not urgent waits for those that are.

        Raises: RenderStopped; RendererLost.
        """
        result = self.outcome(job, urgent=urgent)
        if isinstance(result, RenderFailure):
            raise RendererLost(result.reason) if result.is_lost else RenderStopped(result.reason)
        return result

    def patient(self) -> "PatientPool":
        """Return the same pool for work that nobody waits for."""
        return PatientPool(self)

    def render(self, jobs: Sequence[RenderJob]) -> tuple[Result, ...]:
        """Render jobs; one result per job, in the same order."""
        if not jobs:
            return ()
        with ThreadPoolExecutor(self.processes) as threads:
            return tuple(threads.map(self.outcome, jobs))

    def outcome(self, job: RenderJob, *, urgent: bool = True) -> Result:
        """Render one document, or say why not; a process that was lost over it is replaced a few times."""
        for _ in range(_TRIES):
            worker = self._take(urgent)
            try:
                result = self._ask(worker, job)
            finally:
                is_ours = self._give_back(worker)
            if not (isinstance(result, RenderFailure) and result.is_lost):
                break
            if not is_ours:
                return RenderFailure(result.reason)
        return result

    def _take(self, urgent: bool) -> _Worker:
        """Wait for a process: an idle one, or a new one while there may be more."""
        with self._turn:
            self._urgent += urgent
            try:
                self._turn.wait_for(lambda: self._is_room() and (urgent or not self._urgent))
            finally:
                self._urgent -= urgent
                self._turn.notify_all()
            return self._hands.idle.pop() if self._hands.idle else self._start()

    def _is_room(self) -> bool:
        return bool(self._hands.idle) or len(self._hands.all) < self.processes

    def _give_back(self, worker: _Worker) -> bool:
        """Let others have a process; False if the pool was closed meanwhile."""
        with self._turn:
            is_ours = worker in self._hands.all
            if not is_ours:
                pass
            elif worker.is_spent or worker.done >= _RECYCLE_AFTER:
                self._end(worker)
            else:
                worker.rested_since = time.monotonic()
                self._hands.idle.append(worker)
            self._turn.notify_all()
            return is_ours

    def _ask(self, worker: _Worker, job: RenderJob) -> Result:
        worker.is_spent = True
        try:
            worker.pipe.send(job)
            if not worker.pipe.poll(self._limits.seconds):
                return RenderFailure(
                    f"文书生成超过 {self._limits.seconds:g} 秒，已停止。请减少附件行数或分册后重试。"
                )
            answer: Answer = worker.pipe.recv()
        except (EOFError, OSError):
            return RenderFailure(
                "文书生成进程意外终止（可能超出内存或时间上限）。请减少附件行数或分册后重试。", is_lost=True
            )
        worker.done += 1
        worker.is_spent = answer.memory > GROWN and worker.done >= _SETTLED
        return answer.result

    def _start(self) -> _Worker:
        """Start a process of its own program, which does not import what its parent runs."""
        ours, theirs = socket.socketpair()
        limits = self._limits
        command = [sys.executable, "-m", "contracts.pool_worker", str(theirs.fileno()), str(self.fonts)]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "MALLOC_ARENA_MAX": "2",
            "RAYON_NUM_THREADS": "1",
        }
        with theirs:
            process = subprocess.Popen(  # noqa: S603  our own fixed command
                [*command, str(limits.seconds), str(limits.memory)],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        worker = _Worker(process, Connection(ours.detach()))
        self._hands.all.append(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        self._hands.all.remove(worker)
        if worker in self._hands.idle:
            self._hands.idle.remove(worker)
        worker.process.kill()
        worker.process.wait()
        worker.pipe.close()
        self._turn.notify_all()


class PatientPool:
    """A pool as bulk work sees it: every document waits for those that a person waits for."""

    def __init__(self, pool: RenderPool) -> None:
        self._pool = pool
        self.fonts = pool.fonts

    def render_job(self, job: RenderJob) -> RenderedPdf:
        """Render one document.

        Raises: RenderStopped; RendererLost.
        """
        return self._pool.render_job(job, urgent=False)


def render_many(
    jobs: Sequence[RenderJob], *, fonts: Path, processes: int = 2, timeout: float = 60.0
) -> tuple[Result, ...]:
    """Render jobs on a pool of its own; one result per job, in the same order.

    `timeout` is wall time per document in seconds; the first document of a process includes its start.
    """
    with RenderPool(fonts, processes=processes, timeout=timeout) as pool:
        return pool.render(jobs)


def _resident(pid: int) -> int:
    """Return the resident memory of a process, in bytes; 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
