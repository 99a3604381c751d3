"""The same persisted and audited transition by other engines, and by `cases.advance`: `python -m bench.engines [ROUNDS]`.

Asked of each, one transaction a step, on SQLite (WAL) with the same `synchronous`: read the case, let only officers
through, check the patent, change the state, keep the payload, write who did what and when. The others do just that:
django-viewflow's fsm with an audit row, django-fsm-2 with django-fsm-log, SpiffWorkflow with its own JSON (each set up as
its documentation shows, see `candidates/`). Panhuo does it with all gates of the patent, the conflicts across cases, the
parallel regions, the deadlines and the hash chain. Each runs as a process of its own with databases of its own, in turns.

The others are no dependencies of the product: they live in an environment under PANHUO_HOME, made at the first run
from `requirements.lock` (hashes; needs a package index). The last lines say how many times as long as Panhuo each takes.
"""

import json
import subprocess
import sys
import venv
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from cases.settings import Settings

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
ROUNDS = 5
CASES = 40  # of each engine in each round; a case takes six steps
PRODUCT = "panhuo"
OTHERS = {"django-viewflow": "viewflow_fsm", "django-fsm-2": "django_fsm2", "SpiffWorkflow": "spiff"}
Times = dict[str, dict[str, list[float]]]


def environment() -> Path:
    """Return the interpreter of the others' environment, which is made if it is not there."""
    folder = (
        Settings.from_environment().home / "bench" / f"engines-{sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    )
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.exists():
        sys.stdout.write(f"making {folder}\n")
        venv.create(folder, with_pip=True, clear=True)
        install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--require-hashes",
        ]
        subprocess.run([python, *install, "-r", LOCK], check=True)
        ready.touch()
    return python


def timed(command: list[str | Path], database: Path, synchronous: str, cases: int) -> dict[str, list[float]]:
    """Run one engine and return microseconds by step."""
    ran = subprocess.run(
        [*command, database, synchronous, str(cases)],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parents[1],
    )
    if ran.returncode:
        raise SystemExit(f"{command[-1]}: {ran.stdout[-500:]}{ran.stderr[-2000:]}")
    found: dict[str, list[float]] = json.loads(ran.stdout)
    return found


def compare(engines: dict[str, list[str | Path]], synchronous: str, rounds: int, cases: int = CASES) -> Times:
    """Return the times of every transition by engine and step; the engines take turns, the first round warms up."""
    times: Times = {name: defaultdict(list) for name in engines}
    with TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            for name in list(engines) if number % 2 else list(engines)[::-1]:
                found = timed(engines[name], Path(folder) / f"{name}-{number}.db", synchronous, cases)
                for step, took in found.items():
                    times[name][step] += took if number else []
    return times


def report(synchronous: str, times: Times) -> dict[str, float]:
    """Print the figures of one setting and return how many times as long as the product each takes."""
    every = {name: [took for found in steps.values() for took in found] for name, steps in times.items()}
    print(f"\nSQLite, WAL, synchronous={synchronous}")
    print(f"{'engine':<18}{'p50 us':>9}{'p95 us':>9}{'per s':>8}{'x panhuo':>10}")
    ratios = {name: median(found) / median(every[PRODUCT]) for name, found in every.items()}
    for name, found in every.items():
        p95, speed = quantiles(found, n=20)[-1], len(found) / sum(found) * 1e6
        print(f"{name:<18}{median(found):>9.0f}{p95:>9.0f}{speed:>8.0f}{ratios[name]:>10.2f}")
    return {name: ratio for name, ratio in ratios.items() if name != PRODUCT}


def main() -> int:
    """Print all figures; the exit code says whether the product is ahead of each."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    python = environment()
    engines: dict[str, list[str | Path]] = {PRODUCT: [sys.executable, "-m", "bench.engines.product"]}
    engines |= {name: [python, HERE / "candidates" / f"{file}.py"] for name, file in OTHERS.items()}
    ratios = {setting: report(setting, compare(engines, setting, rounds)) for setting in ("FULL", "NORMAL")}
    print()
    for setting, found in ratios.items():
        for name, ratio in found.items():
            ahead = "ahead" if ratio >= 1 else "BEHIND"
            print(f"synchronous={setting}: {name} / panhuo = {ratio:.2f} {ahead}")
    return 0 if min(ratio for found in ratios.values() for ratio in found.values()) >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
