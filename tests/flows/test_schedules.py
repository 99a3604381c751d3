"""When schedules were due, and that all of them are understood."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from cases.settings import SHANGHAI, Settings
from flows.cron_lines import last_due
from flows.schedules import BOUNCES, SCHEDULES, schedules


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("cron", "now", "due"), [
    ("30 2 * * *", "2026-03-02T02:30", "2026-03-02T02:30"),
    ("30 2 * * *", "2026-03-02T02:29", "2026-03-01T02:30"),
    ("30 7 1 * *", "2026-03-01T07:29", "2026-02-01T07:30"),
    ("30 7 1 * *", "2026-03-31T00:00", "2026-03-01T07:30"),
    ("45 7 2 1 *", "2026-01-01T12:00", "2025-01-02T07:45"),
    ("0 7 * * 1", "2026-03-08T23:00", "2026-03-02T07:00"),
    ("0 7 * * 0", "2026-03-09T06:00", "2026-03-08T07:00"),
    ("0 0 29 2 *", "2026-03-01T00:00", None),
    ("*/15 * * * *", "2026-03-02T02:30", None),
])  # fmt: skip
def test_last_occasion_of_a_cron_line(cron: str, now: str, due: str | None) -> None:
    assert last_due(cron, at(now)) == (at(due) if due else None)


def test_every_schedule_but_the_continuous_one_can_be_caught_up() -> None:
    now = at("2026-03-02T12:00")
    assert [name for _, name, cron in SCHEDULES if last_due(cron, now) is None] == ["出件补扫"]


def test_bounces_are_read_only_where_there_is_a_mailbox(tmp_path: Path) -> None:
    without = Settings(home=tmp_path, database_url="")
    assert schedules(without) == SCHEDULES
    assert schedules(replace(without, bounce_host="imap.example.invalid")) == (*SCHEDULES, BOUNCES)


def test_names_of_schedules_are_unique() -> None:
    names = [name for _, name, _ in (*SCHEDULES, BOUNCES)]
    assert len(set(names)) == len(names)
