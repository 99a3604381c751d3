"""A person's deadlines as an iCalendar feed (RFC 5545): one all-day event per deadline, with alarms.

A deadline keeps its UID when it moves, and one that is met or dropped is sent as CANCELLED, so that calendars
take it away. SEQUENCE is the number of the case's trail entry that last touched the deadline, so it only rises. The
same record gives the same bytes, so that a program that asks again is told that nothing changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event
from sqlmodel import Session, case, col, select

from cases.scope import Person
from cases.settings import SHANGHAI
from cases.tables import Deadline
from cases.views import DeadlineView, deadline_views, mine

KEPT_DAYS = 120
MORNING = timedelta(hours=9)
MOST_ALARMS = 4
MOST_EVENTS = 2000
OVERSEERS = ("approver", "administrator", "readonly")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One event of the feed. `rungs` are days before the due date on which an alarm goes off."""

    uid: str
    sequence: int
    title: str
    due: date
    cancelled: bool
    description: str
    url: str
    rungs: tuple[int, ...]
    stamped: datetime


def feed(items: Iterable[FeedItem], *, name: str) -> bytes:
    """Return the calendar as bytes, lines folded and ended as the standard asks."""
    calendar = Calendar()
    calendar.add("prodid", "-//Panhuo//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for item in items:
        calendar.add_component(_event(item))
    return bytes(calendar.to_ical())


def _event(item: FeedItem) -> Event:
    event = Event()
    event.add("uid", item.uid)
    event.add("dtstamp", item.stamped)  # without a METHOD it tells when the event last changed
    event.add("last-modified", item.stamped)
    event.add("sequence", item.sequence)
    event.add("summary", _plain(item.title))
    event.add("dtstart", item.due)
    event.add("dtend", item.due + timedelta(days=1))
    event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("description", _plain(item.description))
    event.add("url", item.url)
    if not item.cancelled:
        for rung in sorted(item.rungs)[:MOST_ALARMS]:
            event.add_component(_alarm(item, rung))
    return event


def _alarm(item: FeedItem, rung: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _plain(item.title))
    alarm.add("trigger", MORNING - timedelta(days=rung))
    return alarm


def _plain(text: str) -> str:
    """Return a text without the control characters that the standard forbids in one; line breaks stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or not (ord(c) < 32 or ord(c) == 127))


def person_feed(
    session: Session, person: Person, base_url: str, now: datetime, *, everything: bool = False
) -> bytes:
    """Return the feed of the deadlines a person must see to: open ones, and those closed in the last months.

    Args:
        everything: all deadlines of the organization, for those who oversee it; others get their own anyway.
    """
    today = now.astimezone(SHANGHAI).date()
    query = select(Deadline).where(Deadline.org_id == person.org_id)
    if not (everything and person.role in OVERSEERS):
        query = query.where(mine(person))
    query = query.where(
        (col(Deadline.status) == "open") | (col(Deadline.closed_on) >= today - timedelta(days=KEPT_DAYS))
    )
    # What is open and due first matters most; a calendar that is too large is shown by no program.
    order = (case((col(Deadline.status) == "open", 0), else_=1), col(Deadline.due), col(Deadline.id))
    rows = session.exec(query.order_by(*order).limit(MOST_EVENTS)).all()
    by_id = sorted(rows, key=lambda row: row.id or 0)
    newest = list({(row.case_id, row.patent_id, row.key): row for row in by_id}.values())
    ids = [int(row.id or 0) for row in newest]
    views = {view.id: view for view in deadline_views(session, person.org_id, ids, today)}
    items = [_item(views[int(row.id or 0)], row, base_url) for row in newest if row.id in views]
    return feed(items, name="盘活 期限提醒")


def _item(view: DeadlineView, row: Deadline, base_url: str) -> FeedItem:
    cancelled = row.status != "open"
    lines: Sequence[str] = (f"{view.case_no} {view.case_title}", *view.explanation_zh)
    return FeedItem(
        uid=f"{_subject(row)}-{row.key.replace(':', '-')}@panhuo",
        sequence=_sequence(row, cancelled),
        title=f"{view.title}（{view.case_no}）",
        due=view.due,
        cancelled=cancelled,
        description="\n".join(lines),
        url=f"{base_url}{view.path}",
        rungs=view.rungs,
        stamped=_stamped(row),
    )


def _sequence(row: Deadline, cancelled: bool) -> int:
    """Return a number that rises with every change: of the case's trail, or, for a patent, of the rows themselves."""
    if row.case_id is None:
        return 2 * int(row.id or 0) + cancelled
    return (row.closed_seq or row.opened_seq) if cancelled else row.opened_seq


def _stamped(row: Deadline) -> datetime:
    """Return when a deadline last changed: it was opened, or closed, of which only the day is known."""
    if row.closed_on is None:
        return row.created_at
    return max(row.created_at, datetime.combine(row.closed_on, time(), SHANGHAI))


def _subject(row: Deadline) -> str:
    return f"patent-{row.patent_id}" if row.case_id is None else f"case-{row.case_id}"
