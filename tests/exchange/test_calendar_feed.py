"""The calendar feed: strict RFC 5545, one event per deadline, read back by a parser and by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cases.people import renew_feed
from exchange.calendar_feed import FeedItem, feed, person_feed
from tests.cases.dump import execute
from tests.exchange.icalendar_rules import faults
from tests.modes.acting import act, day
from tests.modes.story import walk_to
from tests.world import World, settle

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ITEM = FeedItem(
    uid="case-7-license_filing@panhuo",
    sequence=4,
    title="许可合同备案（PH-2026-0001）",
    due=date(2026, 6, 1),
    cancelled=False,
    description="起算日 2026-03-01；期限三个月，\n届满日 2026-06-01。" * 5,
    url="http://127.0.0.1:8000/cases/7",
    rungs=(60, 30, 7, 1, 0),
    stamped=NOW - timedelta(days=1),
)


def test_lines_end_and_fold_as_the_standard_asks() -> None:
    data = feed([ITEM], name="盘活 期限提醒")
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert [line for line in lines if line.startswith(b"DTSTART")] == [b"DTSTART;VALUE=DATE:20260601"]
    assert [line for line in lines if line.startswith(b"TRIGGER")] == [
        b"TRIGGER:PT9H", b"TRIGGER:-PT15H", b"TRIGGER:-P6DT15H", b"TRIGGER:-P29DT15H",
    ]  # fmt: skip


def test_event_is_read_back_whole() -> None:
    (event,) = Calendar.from_ical(feed([ITEM], name="x")).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"]), str(event["SUMMARY"])) == (
        ITEM.uid, 4, "CONFIRMED", ITEM.title,
    )  # fmt: skip
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 6, 1), date(2026, 6, 2))
    assert (str(event["DESCRIPTION"]), event.decoded("DTSTAMP")) == (ITEM.description, ITEM.stamped)


def test_cancelled_event_says_so_and_rings_no_more() -> None:
    data = feed([replace(ITEM, cancelled=True, sequence=9)], name="x")
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert (str(event["STATUS"]), event["SEQUENCE"], event.walk("VALARM")) == ("CANCELLED", 9, [])


def test_text_cannot_add_lines_of_its_own() -> None:
    data = feed([replace(ITEM, title="甲\r\nATTENDEE:mailto:x@example.invalid")], name="x")
    assert [line for line in data.split(b"\r\n") if line.startswith(b"ATTENDEE")] == []


def test_no_deadlines_is_still_a_calendar() -> None:
    calendar = Calendar.from_ical(feed([], name="盘活 期限提醒"))
    assert (str(calendar["VERSION"]), str(calendar["X-WR-CALNAME"]), calendar.walk("VEVENT")) == (
        "2.0",
        "盘活 期限提醒",
        [],
    )


TITLES = st.text(st.characters(codec="utf-8"), max_size=120)


@settings(max_examples=150, deadline=None)
@given(title=TITLES, description=TITLES, rungs=st.lists(st.integers(-30, 120), max_size=8))
def test_any_text_keeps_the_rules(title: str, description: str, rungs: list[int]) -> None:
    item = replace(ITEM, title=title, description=description, rungs=tuple(rungs))
    data = feed([item, replace(item, uid="other@panhuo", cancelled=True)], name="盘活 期限提醒")
    assert faults(data) == []
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 2


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda data: data.replace(b"\r\n", b"\n"), "bare CR or LF"),
        (lambda data: data.replace(b"\r\n ", b""), "octets"),
        (lambda data: data.replace(b"DTSTAMP", b"X-STAMP"), "has no DTSTAMP"),
        (lambda data: data.replace(b"SEQUENCE:4", b"SEQUENCE:x"), "SEQUENCE is no number"),
        (lambda data: data.replace(b"TRIGGER:PT9H", b"TRIGGER:9H"), "is no duration"),
        (lambda data: data.replace(b"END:VEVENT", b"END:VJOURNAL"), "closes nothing"),
        (lambda data: data.replace(b"DTSTART;VALUE=DATE", b"DTSTART"), "is no date"),
        (lambda data: data.replace(b"STATUS:CONFIRMED", b"STATUS:OPEN"), "no such STATUS"),
        (lambda data: data.replace(b"\\n", b"\\q"), "wrong escape"),
    ],
)
def test_the_check_itself_finds_faults(spoil: Callable[[bytes], bytes], fault: str) -> None:
    data = feed([ITEM], name="x")
    assert faults(data) == []
    assert any(fault in found for found in faults(spoil(data)))


def read(world: World, role: str = "officer", *, everything: bool = False) -> dict[str, Any]:
    with world.db.read() as session:
        data = person_feed(
            session, world.person(role), "https://ph.example.invalid", NOW, everything=everything
        )
    assert faults(data) == []
    return {str(event["UID"]): event for event in Calendar.from_ical(data).walk("VEVENT")}


def test_moved_deadline_keeps_its_uid_and_its_sequence_rises(world: World) -> None:
    case_id = world.case()
    walk_to(world, case_id, "post_publicity")
    uid = f"case-{case_id}-publicity@panhuo"
    before = read(world)[uid]
    act(world, case_id, "raise_objection", 19, received_on=day(18), objector="甲", content="价格偏低")
    paused = read(world)[uid]
    act(world, case_id, "resolve_objection", 21, resolved_on=day(21), outcome="dismissed", reason="依据充分")
    after = read(world)[uid]
    assert [str(event["STATUS"]) for event in (before, paused, after)] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]
    assert before["SEQUENCE"] < paused["SEQUENCE"] < after["SEQUENCE"]
    assert before.decoded("DTSTART") < after.decoded("DTSTART")


def test_overseers_may_have_everything_others_their_own(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    walk_to(world, world.case(), "post_publicity")
    walk_to(other, other.case(), "post_publicity")
    own = set(read(world))
    assert read(world, "readonly") == {}
    assert set(read(world, "readonly", everything=True)) == own
    assert read(world, "finance", everything=True) == read(world, "finance")


def test_deadlines_of_patents_are_in_the_feed(world: World) -> None:
    walk_to(world, world.case(), "post_publicity")
    execute(world.db, f"UPDATE deadline SET case_id = NULL, patent_id = {world.patent_ids[0]}")
    events = read(world)
    assert {uid.split("-")[0] for uid in events} == {"patent"}
    first = {uid: event["SEQUENCE"] for uid, event in events.items()}
    execute(world.db, "UPDATE deadline SET status = 'met', closed_on = '2026-03-02'")
    closed = read(world)
    assert all(str(event["STATUS"]) == "CANCELLED" for event in closed.values())
    assert all(closed[uid]["SEQUENCE"] > sequence for uid, sequence in first.items())


def test_secret_is_kept_as_a_hash_only(world: World) -> None:
    secret = renew_feed(world.db, world.person("officer"))
    with world.db.cursor() as cur:
        stored = str(cur.all("SELECT * FROM app_user"))
    assert secret not in stored
