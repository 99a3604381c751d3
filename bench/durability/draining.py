"""A worker without Prefect: does what `panhuo dispatch` does, again and again, and makes bulk documents, until it is killed.

`python -m bench.durability.draining`. It calls the same functions as the flows do, and starts within a second or two,
so that it can be killed hundreds of times.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

from cases.bulk_making import due_runs
from cases.db import Database
from cases.settings import Settings
from flows.bulk_work import do_bulk
from flows.carrying import hand_on_all
from flows.work import Workshop, render_pool

PAUSE = 0.2
LIMIT = 20


def main() -> None:
    """Work until killed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment()
    shop = Workshop(Database(settings.database_url), settings, render_pool(settings))
    Thread(target=_forever, args=(lambda: _bulk(shop),), daemon=True).start()
    _forever(lambda: hand_on_all(shop, LIMIT))


def _forever(work: Callable[[], object]) -> None:
    while True:
        try:
            work()
        except Exception:
            logging.exception("it will be tried again")
            time.sleep(1)
        time.sleep(PAUSE)


def _bulk(shop: Workshop) -> None:
    for run_id in due_runs(shop.db, datetime.now(UTC)):
        do_bulk(shop, run_id)


if __name__ == "__main__":
    main()
