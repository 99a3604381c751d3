"""What every candidate is asked to do, and how it is timed. Standard library only: each runs in its own environment.

`python CANDIDATE.py DATABASE SYNCHRONOUS CASES`: make the tables in a fresh SQLite database (WAL, with that setting of
`synchronous`), open the cases, then take the six steps of each case, one transaction each, and print the microseconds of
every transition as JSON. Opening is not timed.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
CYCLE = ("clear_title", "raise_objection", "resolve_objection")
STEPS = tuple((event, f"{event}_{cycle}") for cycle in (1, 2) for event in CYCLE)
OFFICER = (1, "林知远", "officer")
ROLES = dict.fromkeys(CYCLE, ("officer", "administrator"))


def payload_of(event: str, on: date) -> dict[str, str]:
    """What an officer types for a step."""
    day = on.isoformat()
    return {
        "clear_title": {"checked_on": day, "evidence": "登记簿副本2026-0311"},
        "raise_objection": {
            "received_on": day,
            "objector": "材料学院教师一名",
            "content": "对拟交易价格的依据有疑问",
        },
        "resolve_objection": {"resolved_on": day, "outcome": "dismissed", "reason": "经复核，价格依据充分"},
    }[event]


def day_of(number: int) -> date:
    """The legal day of the step with this number."""
    return DAY + timedelta(days=1 + number)


def run(
    open_case: Callable[[], int], take: Callable[[int, str, str, dict[str, str], date], None], cases: int
) -> None:
    """Time every transition and print the figures."""
    ids = [open_case() for _ in range(cases)]
    times: dict[str, list[float]] = {event: [] for event in CYCLE}
    for case_id in ids:
        for number, (event, name) in enumerate(STEPS):
            on = day_of(number)
            payload = payload_of(event, on)
            started = time.perf_counter_ns()
            take(case_id, event, name, payload, on)
            times[event].append((time.perf_counter_ns() - started) / 1000)
    sys.stdout.write(json.dumps(times) + "\n")
