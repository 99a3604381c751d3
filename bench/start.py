"""How soon the desk answers after `panhuo serve`, while Prefect's server comes up behind it.

`python -m bench.start` starts the whole product on a temporary home and free ports, three times (the first on an
empty home, then warm), and prints the seconds to the first page and to Prefect's health, and their ratio.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 90
TARGET_SECONDS = 5.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seconds_until(url: str, started: float) -> float:
    """Return how long after `started` the address answered with 200."""
    while time.monotonic() - started < LIMIT_SECONDS:
        try:
            with urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return time.monotonic() - started
        except (URLError, OSError):
            time.sleep(0.05)
    raise SystemExit(f"{url} did not answer within {LIMIT_SECONDS} s")


def measure(home: str) -> tuple[float, float, float]:
    """Start, wait for both, stop; return the seconds to the page, to Prefect, and to the end."""
    web, prefect = free_port(), free_port()
    environment = {
        **os.environ, "PANHUO_HOME": home, "PANHUO_PORT": str(web), "PANHUO_PREFECT_PORT": str(prefect),
    }  # fmt: skip
    started = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "desk.cli", "serve"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        page = seconds_until(f"http://127.0.0.1:{web}/sign-in", started)
        engine = seconds_until(f"http://127.0.0.1:{prefect}/api/health", started)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(30)
        return page, engine, time.monotonic() - asked


def main() -> int:
    """Print three starts; return 1 if a warm one is over the target."""
    with tempfile.TemporaryDirectory() as home:
        rows = [measure(home) for _ in range(3)]
    sys.stdout.write("start   first page s   Prefect s   ratio   stop s\n")
    for name, (page, engine, stop) in zip(("empty", "warm", "warm"), rows, strict=True):
        sys.stdout.write(f"{name:6} {page:12.2f} {engine:11.2f} {engine / page:7.1f} {stop:8.2f}\n")
    worst = max(page for page, _, _ in rows[1:])
    sys.stdout.write(f"warm first page {worst:.2f} s, target {TARGET_SECONDS} s\n")
    return int(worst > TARGET_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
