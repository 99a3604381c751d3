"""Hundreds of SIGKILLs under load: `python -m bench.durability [--database …] [--kills N] [--whole N] [--seed N]`.

Two desks and two workers without Prefect (they start in seconds) share one record and one file store; officers work on
them over HTTP while one process after another is killed at a random moment and started again: desks, workers,
renderers, now and then everything at once. With `--whole` the product is run as `panhuo serve` runs it, and Prefect's
server, the worker, the desk and everything are killed so many times. Afterwards load and killing stop, the product
comes to rest, and everything that was acknowledged is held against the record. Exit code 1 if anything was lost,
doubled, half done or left behind.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import fresh, postgres
from bench.durability.runs import Ordeal, Outcome, endure


def _report(name: str, outcome: Outcome) -> None:
    kills = ", ".join(f"{what} {count}" for what, count in sorted(outcome.kills.items()))
    print(f"\n== {name}: {sum(outcome.kills.values())} kills ({kills}) in {outcome.seconds:.0f} s")
    print(f"   acknowledged: {outcome.acknowledged}")
    print(f"   asked again: {dict(outcome.asked_again)}; quiet after {outcome.rest_seconds:.0f} s")
    print(f"   counted: {outcome.findings.counted}")
    for line in outcome.findings.broken:
        print(f"   VIOLATED {line}")
    print(f"   {'nothing lost, nothing doubled' if not outcome.findings.broken else 'FAILED'}", flush=True)


def main() -> int:
    """Run what was asked for; return 1 if an invariant was violated."""
    asked = argparse.ArgumentParser(prog="bench.durability", description=__doc__)
    asked.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    asked.add_argument("--kills", type=int, default=300, help="kills without Prefect, for each database")
    asked.add_argument("--whole", type=int, default=40, help="kills of the whole product, for each database")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--officers", type=int, default=8)
    asked.add_argument("--keep", type=Path, help="keep home folders and logs here")
    given = asked.parse_args()
    broken = 0
    for database in ("sqlite", "postgres") if given.database == "both" else (given.database,):
        for is_whole, kills in ((False, given.kills), (True, given.whole)):
            if not kills:
                continue
            ordeal = Ordeal(kills=kills, seed=given.seed, officers=given.officers, is_whole=is_whole)
            with TemporaryDirectory(prefix="panhuo-durability-") as made:
                folder = given.keep / f"{database}-{is_whole}-{given.seed}" if given.keep else Path(made)
                folder.mkdir(parents=True, exist_ok=True)
                if database == "sqlite":
                    outcome = endure(ordeal, folder, "")
                else:
                    with (
                        TemporaryDirectory(prefix="panhuo-pg-") as place,
                        postgres(Path(place)) as address,
                        fresh(address) as db,
                    ):
                        outcome = endure(ordeal, folder, db.url.render_as_string(hide_password=False))
            _report(f"{database}, {'whole product' if is_whole else 'without Prefect'}", outcome)
            broken += len(outcome.findings.broken)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
