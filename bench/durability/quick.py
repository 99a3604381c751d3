"""Desks and workers that start at once: forked from a process that has imported the product and done nothing else.

What runs in them is what `panhuo serve --no-background` runs; only the seconds of importing are saved, so that hundreds
of them can be killed.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bench.durability import draining
from cases.settings import Settings
from desk.serve import run

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["bench.durability.quick"])


def forked(name: str, environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """Start a desk or a worker."""
    target = _desk if name.startswith("desk") else _worker
    process = CONTEXT.Process(target=target, args=(dict(environment), log), name=name)
    process.start()
    return process


def _desk(environment: dict[str, str], log: Path) -> None:
    _settle_in(environment, log)
    run(Settings.from_environment(), background=False)


def _worker(environment: dict[str, str], log: Path) -> None:
    _settle_in(environment, log)
    draining.main()


def _settle_in(environment: dict[str, str], log: Path) -> None:
    """Take the environment and the log of a program of its own, and end with whoever started this."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
