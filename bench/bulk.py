"""A bulk run of real cases: contracts a minute, CPU and memory, and the second run, in which nothing changed.

Run: python -m bench.bulk [CASES]

Makes a temporary home with that many cases (60 unless told), each with terms of its own, and runs the product's own
bulk function on as many processes as the product uses.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from cases.bulk_runs import Choice, start_run
from cases.db import Database
from cases.schema import upgrade
from cases.settings import ROOT, Settings
from contracts.pool import RenderPool
from desk.story import story, terms_of, walk
from flows.bulk_work import do_bulk
from flows.work import Workshop, render_pool
from tests.world import NOW, TODAY, World, settle

CASES = 60


@dataclass
class Watch:
    """The largest resident memory of any process of a pool, looked at while it works."""

    pool: RenderPool
    largest: int = 0
    ended: Event = field(default_factory=Event)

    def look(self) -> None:
        """Look until told to end."""
        while not self.ended.wait(0.1):
            self.largest = max((self.largest, *self.pool.memory_used()))


def main(count: int) -> None:
    """Print the figures of both runs."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(
            home=Path(home), database_url=f"sqlite:///{home}/panhuo.db", renderers=min(2, os.cpu_count() or 1)
        )
        db = Database(settings.database_url)
        upgrade(db)
        world = settle(db)
        started = time.monotonic()
        open_cases(world, count)
        print(f"{count} cases opened in {time.monotonic() - started:.0f} s")
        with render_pool(settings, ROOT / "var" / "fonts") as pool:
            shop = Workshop(db, settings, pool)
            first = measured(shop, world, pool)
            second = measured(shop, world, pool)
        print(f"second run: {second / first:.3f} of the first")
        db.dispose()


def open_cases(world: World, count: int) -> None:
    """Open cases whose terms are agreed; each bears another name."""
    for number in range(count):
        terms = {**terms_of(TODAY), "project_name": f"隔膜涂覆技术{number + 1}"}
        case_id = world.case(title=f"隔膜许可{number + 1}", patents=1 + number % 5)
        list(walk(world.db, world.people, case_id, story(TODAY, terms, contract_no=""), until="edit_terms"))
    with world.db.cursor() as cur:
        cur.run("DELETE FROM outbox")
        cur.run("DELETE FROM document")


def measured(shop: Workshop, world: World, pool: RenderPool) -> float:
    """Run once over all cases, print what it took and return the wall time in seconds."""
    run_id = start_run(world.db, world.person("officer"), "contract", Choice(), NOW)
    watch = Watch(pool)
    looking = Thread(target=watch.look)
    looking.start()
    wall, processor, done = took(lambda: do_bulk(shop, run_id))
    watch.ended.set()
    looking.join()
    count = sum(done.values())
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} contracts in {wall:.1f} s: {60 * count / wall:.0f} a minute, {processor / count:.3f} CPU s each in the "
        f"parent; {dict(done)}"
    )
    print(f"  largest renderer {watch.largest / 1024**2:.0f} MB, parent {own:.0f} MB")
    return wall


def took(action: Callable[[], Mapping[str, int]]) -> tuple[float, float, Mapping[str, int]]:
    """Return wall time and CPU time of this process in seconds, and what the action returned."""
    wall, processor = time.monotonic(), time.process_time()
    done = action()
    return time.monotonic() - wall, time.process_time() - processor, done


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
