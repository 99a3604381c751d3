"""What the schedules start, run by a real Prefect on the record of this process's environment, each of them twice.

A process of its own: Prefect's test server leaves sockets to the end of the process that used it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from prefect.testing.utilities import prefect_test_harness

from flows.bounces import bounces
from flows.dispatch import dispatch
from flows.nightly import nightly
from flows.remind import remind
from flows.report import feedback_batch, monthly_report, yearly_report
from flows.shop import shop

DAY = "2026-05-11"
# Each flow as its schedule starts it, and the command that a crontab has in its place.
WAYS: tuple[tuple[Callable[[], Awaitable[Any]], tuple[str, ...]], ...] = (
    (lambda: remind(date.fromisoformat(DAY)), ("remind", "--on", DAY)),
    (lambda: nightly(date.fromisoformat(DAY)), ("nightly", "--on", DAY)),
    (lambda: feedback_batch(DAY), ("report", "feedback", "--period", DAY)),
    (lambda: monthly_report("2026-04"), ("report", "monthly", "--period", "2026-04")),
    (lambda: yearly_report("2025"), ("report", "yearly", "--period", "2025")),
    (dispatch, ("dispatch",)),
    (bounces, ("bounces",)),
)


async def main() -> None:
    """Run every flow, and all of them again; nothing may be done twice."""
    for flow, _ in (*WAYS, *WAYS):
        await flow()


if __name__ == "__main__":
    with prefect_test_harness(server_startup_timeout=120):
        try:
            asyncio.run(main())
        finally:
            shop().close()
    sys.exit(0)
