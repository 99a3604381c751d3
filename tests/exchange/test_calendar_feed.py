"""The calendar feed: strict RFC 5545, one event per deadline, read back by a parser and by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from exchange.calendar_feed import FeedItem, feed

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
    data = feed([ITEM], name="盘活 期限提醒", now=NOW)
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
    (event,) = Calendar.from_ical(feed([ITEM], name="x", now=NOW)).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"]), str(event["SUMMARY"])) == (
        ITEM.uid, 4, "CONFIRMED", ITEM.title,
    )  # fmt: skip
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 6, 1), date(2026, 6, 2))
    assert (str(event["DESCRIPTION"]), event.decoded("DTSTAMP")) == (ITEM.description, NOW)


def test_cancelled_event_says_so_and_rings_no_more() -> None:
    data = feed([replace(ITEM, cancelled=True, sequence=9)], name="x", now=NOW)
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert (str(event["STATUS"]), event["SEQUENCE"], event.walk("VALARM")) == ("CANCELLED", 9, [])


def test_text_cannot_add_lines_of_its_own() -> None:
    data = feed([replace(ITEM, title="甲\r\nATTENDEE:mailto:x@example.invalid")], name="x", now=NOW)
    assert [line for line in data.split(b"\r\n") if line.startswith(b"ATTENDEE")] == []


def test_no_deadlines_is_still_a_calendar() -> None:
    calendar = Calendar.from_ical(feed([], name="盘活 期限提醒", now=NOW))
    assert (str(calendar["VERSION"]), str(calendar["X-WR-CALNAME"]), calendar.walk("VEVENT")) == (
        "2.0",
        "盘活 期限提醒",
        [],
    )
