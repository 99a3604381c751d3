"""The desk's inbox, and forms kept half-done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, func, select

from cases.db import Database
from cases.scope import Person
from cases.tables import Draft, Message


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as the inbox shows it; `lines` are the JSON lines of `cases.reminders`."""

    id: int
    on: date
    kind: str
    subject: str
    lines: tuple[Mapping[str, Any], ...]
    mail_status: str
    unread: bool
    created_at: datetime


def inbox(session: Session, person: Person, limit: int = 50) -> tuple[MessageView, ...]:
    """Return a person's messages, the newest first."""
    query = select(Message).where(Message.user_id == person.id, Message.org_id == person.org_id)
    rows = session.exec(query.order_by(col(Message.id).desc()).limit(limit))
    return tuple(
        MessageView(
            int(r.id or 0), r.on, r.kind, r.subject, tuple(orjson.loads(r.lines)), r.mail_status,
            r.read_at is None, r.created_at,
        )
        for r in rows
    )  # fmt: skip


def unread(session: Session, person: Person) -> int:
    """Return how many messages a person has not read."""
    query = select(func.count(col(Message.id))).where(
        Message.user_id == person.id, col(Message.read_at).is_(None)
    )
    return session.exec(query).one()


def mark_read(db: Database, person: Person, message_id: int | None = None) -> None:
    """Mark one message of the person as read, or all."""
    with db.write() as session:
        query = select(Message).where(Message.user_id == person.id, col(Message.read_at).is_(None))
        if message_id is not None:
            query = query.where(Message.id == message_id)
        for row in session.exec(query):
            row.read_at = datetime.now(UTC)


def keep_draft(db: Database, person: Person, form: str, content: Mapping[str, Any]) -> None:
    """Keep a half-filled form exactly as typed; one per person and form."""
    text = orjson.dumps(dict(content)).decode()
    with db.write() as session:
        row = session.exec(select(Draft).where(Draft.user_id == person.id, Draft.form == form)).first()
        row = row or Draft(org_id=person.org_id, user_id=person.id, form=form, updated_at=datetime.now(UTC))
        row.content, row.updated_at = text, datetime.now(UTC)
        session.add(row)


def draft_of(session: Session, person: Person, form: str) -> dict[str, Any] | None:
    """Return a kept form, or None."""
    row = session.exec(select(Draft).where(Draft.user_id == person.id, Draft.form == form)).first()
    return orjson.loads(row.content) if row else None


def drop_draft(db: Database, person: Person, form: str) -> None:
    """Forget a kept form, once it was sent."""
    with db.write() as session:
        row = session.exec(select(Draft).where(Draft.user_id == person.id, Draft.form == form)).first()
        if row:
            session.delete(row)
