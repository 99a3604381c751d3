"""What the whole embedded product takes while nobody uses it: memory and processor time, process by process.

`python -m bench.idle [--minutes 2]` starts desk, Prefect's server and worker on a temporary home, lets them come to
rest, and prints for each process its share of memory (PSS: what it alone holds, and its part of what is shared) and its
part of one core. The target for all together is 700 MB.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.start import ROOT, free_port, seconds_until

TARGET_MB = 700.0
SETTLING_SECONDS = 45.0
TICKS = os.sysconf("SC_CLK_TCK")
NAMES = (
    ("prefect server", "Prefect's server"), ("uvicorn", "Prefect's server"), ("flows.worker", "worker"), ("prefect", "Prefect"),
    ("pool_worker", "renderer"), ("desk.cli", "desk"),
)  # fmt: skip


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from family(int(child))


def memory_mb(pid: int) -> float:
    """Return a process's share of memory, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss:", "SwapPss:"))) / 1024


def seconds_used(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def name_of(pid: int) -> str:
    """Return what a process is."""
    command = Path(f"/proc/{pid}/cmdline").read_text().replace("\x00", " ")
    return next((name for part, name in NAMES if part in command), command[:40])


def measure(minutes: float) -> float:
    """Start the product, print what each process takes, stop it; return the memory of all in MB."""
    with tempfile.TemporaryDirectory(prefix="panhuo-idle-") as home:
        web, prefect = free_port(), free_port()
        environment = {
            **os.environ, "PANHUO_HOME": home, "PANHUO_PORT": str(web), "PANHUO_PREFECT_PORT": str(prefect),
        }  # fmt: skip
        with subprocess.Popen(
            [sys.executable, "-m", "desk.cli", "serve"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        ) as process:
            try:
                started = time.monotonic()
                seconds_until(f"http://127.0.0.1:{web}/sign-in", started)
                seconds_until(f"http://127.0.0.1:{prefect}/api/health", started)
                time.sleep(SETTLING_SECONDS)
                return _told(process.pid, minutes)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)


def _told(pid: int, minutes: float) -> float:
    before = {one: seconds_used(one) for one in family(pid)}
    time.sleep(minutes * 60)
    total_mb = total_core = 0.0
    for one in family(pid):
        mb, core = memory_mb(one), (seconds_used(one) - before.get(one, 0.0)) / (minutes * 60)
        total_mb, total_core = total_mb + mb, total_core + core
        print(f"{name_of(one):<18} {mb:7.1f} MB {core:7.2%} of a core")
    print(f"{'all':<18} {total_mb:7.1f} MB {total_core:7.2%} of a core; target {TARGET_MB:.0f} MB")
    return total_mb


def main() -> int:
    """Measure; 1 if the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    return 0 if measure(parser.parse_args().minutes) <= TARGET_MB else 1


if __name__ == "__main__":
    sys.exit(main())
