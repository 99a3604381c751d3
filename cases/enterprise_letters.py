"""Letters to enterprises: written with what they tell of, sent by the outbox, and what came of each kept beside it.

They go to the address of the company's register and to those of its accounts, which are no users of the desk. A letter
carries links to the portal and no secret: whoever opens one still signs in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.db import Cursor, Database
from cases.enterprise_tables import EnterpriseLetter
from cases.outbox import put
from cases.settings import SHANGHAI

TOPIC = "enterprise_letter"
COMPANY = "SELECT name, email FROM company WHERE id = ? AND org_id = ?"
ACCOUNTS = (
    "SELECT name, email FROM enterprise_account WHERE company_id = ? AND active AND email <> '' ORDER BY id"
)
ADD = (
    'INSERT INTO enterprise_letter (org_id, company_id, "to", name, subject, lines, status, attempts, proof, queued_at) '
    "VALUES (?, ?, ?, ?, ?, ?, 'queued', 0, '', ?) RETURNING id"
)
READ = (
    'SELECT l."to", l.name, l.subject, l.lines, l.queued_at, l.status, o.name FROM enterprise_letter l '
    "JOIN organization o ON o.id = l.org_id WHERE l.id = ?"
)
SENT = (
    "UPDATE enterprise_letter SET status = 'sent', attempts = attempts + 1, proof = ?, ended_at = ? "
    "WHERE id = ? AND status <> 'sent'"
)
FAILED = (
    "UPDATE enterprise_letter SET status = 'failed', attempts = attempts + 1, proof = ?, ended_at = ? "
    "WHERE id = ? AND status <> 'sent'"
)


@dataclass(frozen=True, slots=True)
class Post:
    """A letter that waits: to whom, what it says and as of which day. `institution` is who writes."""

    id: int
    to: str
    name: str
    subject: str
    lines: tuple[Mapping[str, Any], ...]
    on: date
    institution: str


def queue_letter(
    cur: Cursor, org_id: int, company_id: int, subject: str, lines: Sequence[Mapping[str, Any]], now: datetime
) -> tuple[int, ...]:
    """Write a letter to each address of a company, in the caller's transaction, and return their ids.

    Effects: writes enterprise_letter and outbox; nothing where a company has no address.
    """
    company, address = cur.one(COMPANY, company_id, org_id)
    known = {address.lower(): (company, address)} if address else {}
    known |= {email.lower(): (name, email) for name, email in cur.all(ACCOUNTS, company_id)}
    text = orjson.dumps(list(lines)).decode()
    ids = []
    for name, email in known.values():
        (id_,) = cur.one(ADD, org_id, company_id, email, name, subject, text, cur.moment(now))
        put(cur, org_id, TOPIC, f"{TOPIC}:{id_}", {"letter_id": id_}, now)
        ids.append(int(id_))
    return tuple(ids)


def letter_to_send(db: Database, letter_id: int) -> Post | None:
    """Return a letter that has not been sent yet."""
    with db.looking() as cur:
        row = cur.one(READ, letter_id)
    if row is None or row[5] == "sent":
        return None
    to, name, subject, lines, queued, _, institution = row
    moment = queued if isinstance(queued, datetime) else datetime.fromisoformat(f"{queued}+00:00")
    return Post(
        letter_id,
        to,
        name,
        subject,
        tuple(orjson.loads(lines)),
        moment.astimezone(SHANGHAI).date(),
        institution,
    )


def note_sent(db: Database, letter_id: int, proof: str, now: datetime) -> None:
    """Keep the mail server's word that it took a letter."""
    _note(db, SENT, letter_id, proof, now)


def note_failed(db: Database, letter_id: int, reason: str, now: datetime) -> None:
    """Keep why a letter could not be sent; the outbox tries again where that can help."""
    _note(db, FAILED, letter_id, reason, now)


def _note(db: Database, sql: str, letter_id: int, text: str, now: datetime) -> None:
    with db.cursor() as cur:
        cur.run(sql, text[:2000], cur.moment(now), letter_id)


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as an officer sees it."""

    id: int
    to: str
    subject: str
    status: str
    proof: str
    queued_at: datetime


def letters_of(session: Session, org_id: int, company_id: int, limit: int = 10) -> tuple[LetterView, ...]:
    """Return the last letters to a company."""
    query = select(EnterpriseLetter).where(
        EnterpriseLetter.org_id == org_id, EnterpriseLetter.company_id == company_id
    )
    rows = session.exec(query.order_by(col(EnterpriseLetter.id).desc()).limit(limit))
    return tuple(
        LetterView(int(row.id or 0), row.to, row.subject, row.status, row.proof, row.queued_at)
        for row in rows
    )
