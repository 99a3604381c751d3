"""Many documents at once, on several processes, each with limits on time and memory.

In: render jobs. Out: one result per job, in the same order. A document that hangs, dies or grows without end
costs its own process alone; the others go on.
"""

import multiprocessing
import resource
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from contracts.glyphs import MissingGlyph
from contracts.pdf import RenderedPdf, Renderer, RenderJob, RenderProblem

_MEMORY = 3 * 1024**3
_RECYCLE_AFTER = 200


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """Why a document was not made, in Chinese."""

    reason: str


Result = RenderedPdf | RenderFailure


@dataclass
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    job: int = -1
    until: float = 0.0
    done: int = 0


class RenderPool:
    """A pool of warm renderers. Use it as a context manager."""

    def __init__(self, fonts: Path, *, processes: int = 2, timeout: float = 60.0) -> None:
        self._fonts = fonts
        self._processes = processes
        self._timeout = timeout
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._workers:
            self._stop(self._workers[-1])

    def render(self, jobs: Sequence[RenderJob]) -> tuple[Result, ...]:
        """Render jobs; one result per job, in the same order."""
        results: dict[int, Result] = {}
        waiting = deque(range(len(jobs)))
        while len(results) < len(jobs):
            self._hand_out(jobs, waiting)
            for worker in list(self._ready()):
                number = worker.job
                results[number] = self._collect(worker)
        return tuple(results[n] for n in range(len(jobs)))

    def _hand_out(self, jobs: Sequence[RenderJob], waiting: deque[int]) -> None:
        for worker in list(self._workers):
            if worker.job < 0 and worker.done >= _RECYCLE_AFTER:
                self._stop(worker)
        while waiting:
            idle = next((w for w in self._workers if w.job < 0), None) or self._start()
            if idle is None:
                return
            idle.job = waiting.popleft()
            idle.until = time.monotonic() + self._timeout
            idle.pipe.send(jobs[idle.job])

    def _start(self) -> _Worker | None:
        if len(self._workers) >= self._processes:
            return None
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._fonts, self._timeout), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _ready(self) -> Iterator[_Worker]:
        """Yield busy workers that answered, died or ran out of time."""
        busy = [worker for worker in self._workers if worker.job >= 0]
        left = max(0.0, min(worker.until for worker in busy) - time.monotonic())
        answered = wait([worker.pipe for worker in busy], timeout=left)
        now = time.monotonic()
        return (worker for worker in busy if worker.pipe in answered or worker.until <= now)

    def _collect(self, worker: _Worker) -> Result:
        try:
            if worker.pipe.poll():
                result: Result = worker.pipe.recv()
                worker.job, worker.done = -1, worker.done + 1
                return result
            reason = f"文书生成超过 {self._timeout:g} 秒，已停止。请减少附件行数或分册后重试。"
        except (EOFError, OSError):
            reason = "文书生成进程意外终止（可能超出内存或时间上限）。请减少附件行数或分册后重试。"
        self._stop(worker)
        return RenderFailure(reason)

    def _stop(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()
        worker.process.close()


def render_many(
    jobs: Sequence[RenderJob], *, fonts: Path, processes: int = 2, timeout: float = 60.0
) -> tuple[Result, ...]:
    """Render jobs on a pool of its own; one result per job, in the same order.

    `timeout` is wall time per document in seconds; the first document of a process includes its start.
    """
    with RenderPool(fonts, processes=processes, timeout=timeout) as pool:
        return pool.render(jobs)


def _work(pipe: Connection, fonts: Path, timeout: float) -> None:
    """Render what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    renderer = Renderer(fonts)
    while True:
        try:
            job: RenderJob = pipe.recv()
        except (EOFError, OSError):
            return
        _limit_processor_time(timeout)
        pipe.send(_outcome(renderer, job))


def _outcome(renderer: Renderer, job: RenderJob) -> Result:
    try:
        return renderer.render_job(job)
    except (RenderProblem, MissingGlyph) as problem:
        return RenderFailure(str(problem))
    except MemoryError:
        return RenderFailure("文书过大，超出内存上限。请减少附件行数或分册后重试。")


def _limit_processor_time(timeout: float) -> None:
    """Allow twice the wall time of one document from now on; the kernel ends a process that runs away."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + 2 * timeout) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
