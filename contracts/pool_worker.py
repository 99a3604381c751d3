"""One process of a pool: renders what comes through a socket, within limits, until the socket is closed.

Run by `contracts.pool` alone: python -m contracts.pool_worker SOCKET FONTS SECONDS MEMORY
"""

import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from contracts.glyphs import MissingGlyph
from contracts.jobs import Answer, Limits, RenderedPdf, RenderFailure, RenderJob, RenderProblem
from contracts.pdf import Renderer


def work(pipe: Connection, fonts: Path, limits: Limits) -> None:
    """Render what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    renderer = Renderer(fonts)
    while True:
        try:
            job: RenderJob = pipe.recv()
            _limit_processor_time(limits.seconds)
            pipe.send(Answer(_outcome(renderer, job), _resident()))
        except (EOFError, OSError):
            return


def _outcome(renderer: Renderer, job: RenderJob) -> RenderedPdf | RenderFailure:
    try:
        return renderer.render_job(job)
    except (RenderProblem, MissingGlyph) as problem:
        return RenderFailure(str(problem))
    except MemoryError:
        return RenderFailure("文书过大，超出内存上限。请减少附件行数或分册后重试。")
    except Exception as error:
        return RenderFailure(f"文书“{job.title}”生成失败：{type(error).__name__}。请联系管理员。")


def _limit_processor_time(seconds: float) -> None:
    """Allow twice the wall time of one document from now on; the kernel ends a process that runs away."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + 2 * seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    # Answers cross the socket by the module's own name, not as those of a program.
    from contracts import pool_worker

    _, number, folder, seconds, memory = sys.argv
    pool_worker.work(Connection(int(number)), Path(folder), Limits(float(seconds), int(memory)))
