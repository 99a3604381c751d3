"""A worker without Prefect, as cron would have it: hands rows on, makes bulk documents, until it is killed.

`python -m bench.durability.draining`. It calls the same functions as the flows do, and starts within a second or two,
so that it can be killed hundreds of times.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from cases.bulk_making import due_runs
from cases.db import Database
from cases.outbox import Work, claim, extend, fail, finish
from cases.settings import Settings
from flows.bulk_work import do_bulk
from flows.work import Workshop, perform, render_pool

AT_ONCE = 2
PAUSE = 0.2
HOLD_SECONDS = 20


def main() -> None:
    """Work until killed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment()
    shop = Workshop(Database(settings.database_url), settings, render_pool(settings))
    with ThreadPoolExecutor(AT_ONCE + 1) as threads:
        threads.submit(_bulk, shop)
        while True:
            try:
                works = claim(shop.db, datetime.now(UTC), AT_ONCE)
                _together(shop, threads, works)
            except Exception:
                logging.exception("the outbox could not be read")
                time.sleep(1)
            else:
                if not works:
                    time.sleep(PAUSE)


def _together(shop: Workshop, threads: ThreadPoolExecutor, works: tuple[Work, ...]) -> None:
    """Do rows side by side, and hold those that take long."""
    busy = [threads.submit(_one, shop, work) for work in works]
    held = time.monotonic()
    while not all(one.done() for one in busy):
        time.sleep(0.02)
        if time.monotonic() - held > HOLD_SECONDS:
            held = time.monotonic()
            extend(shop.db, works, datetime.now(UTC))


def _one(shop: Workshop, work: Work) -> None:
    try:
        perform(shop, work)
    except Exception as error:
        logging.warning("row %s (%s): %s", work.id, work.topic, error)
        fail(shop.db, work, f"{type(error).__name__}: {error}", datetime.now(UTC))
    else:
        finish(shop.db, work, datetime.now(UTC))


def _bulk(shop: Workshop) -> None:
    while True:
        try:
            for run_id in due_runs(shop.db, datetime.now(UTC)):
                do_bulk(shop, run_id)
        except Exception:
            logging.exception("a bulk run was left")
        time.sleep(1)


if __name__ == "__main__":
    main()
