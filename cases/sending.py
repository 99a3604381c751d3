"""What goes out in one slot of the ledger, and what came of it.

In: the key of a slot. Out: a parcel to send, and after that its outcome in the ledger. Between handing a parcel over
and the answer of the other side its rows say so (`handed_at`): a second worker keeps its hands off, and a row found
that way after a crash is sent again under the same message id and marked doubtful.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import orjson

from cases.bouncing import count_bounce
from cases.db import Cursor, Database, as_date
from cases.outbox import MAX_ATTEMPTS, PATIENT_ATTEMPTS, put
from cases.reminder_lines import is_owed, subject_of
from cases.subscriptions import kind_of, mode_of

Fault = Literal["recipient", "refused", "temporary", "channel"]
FINAL = ("recipient", "refused")  # trying again is of no use

IN_HAND = timedelta(minutes=3)  # longer than a server is waited for
RECOVERY = timedelta(days=3)
MOST_RECOVERED = 200
DOUBT = "；上次发送在对方答复前中断，收件方可能收到两份编号相同的消息"

ROWS = (
    "SELECT d.id, d.org_id, d.channel, d.user_id, d.attempts, d.mail_id, d.doubtful, d.slot, m.id, m.kind, m.subject, "
    'm."on", m.lines, u.name, u.email, u.active FROM delivery d JOIN message m ON m.id = d.message_id '
    "LEFT JOIN app_user u ON u.id = d.user_id WHERE d.slot = ? AND d.status = 'queued' ORDER BY m.id"
)
SLOT_OF = "SELECT slot FROM delivery WHERE id = ?"
HAND = (
    "UPDATE delivery SET doubtful = (doubtful OR handed_at IS NOT NULL), handed_at = ?, mail_id = ?, recipient = ? "
    "WHERE id = ? AND status = 'queued' AND (handed_at IS NULL OR handed_at < ?) RETURNING doubtful"
)
SENT = (
    "UPDATE delivery SET status = 'sent', handed_at = NULL, attempts = attempts + 1, fault = '', error = '', proof = ?, "
    "sent_at = ?, ended_at = ? WHERE id = ? AND status = 'queued'"
)
FAILED = (
    "UPDATE delivery SET status = ?, handed_at = NULL, attempts = attempts + 1, fault = ?, error = ?, doubtful = ?, "
    "ended_at = ? WHERE id = ? AND status = 'queued'"
)
SKIP = "UPDATE delivery SET status = 'skipped', error = ?, ended_at = ? WHERE id = ? AND status = 'queued'"
MARK = "UPDATE message SET mail_status = ? WHERE id = ?"
AGAIN = (
    "UPDATE delivery SET status = 'queued', slot = ?, attempts = 0, handed_at = NULL, ended_at = NULL, queued_at = ? "
    "WHERE id = ? AND org_id = ? AND status IN ('failed', 'bounced') RETURNING id"
)
WAITING = (
    "SELECT id, org_id FROM delivery WHERE channel = ? AND status = 'failed' AND fault = 'channel' AND queued_at > ? "
    "ORDER BY id LIMIT ?"
)
STRANDED = (
    "UPDATE delivery SET status = 'failed', fault = 'temporary', handed_at = NULL, doubtful = handed_at IS NOT NULL, "
    "error = ?, ended_at = ? WHERE status = 'queued' AND slot IN (SELECT key FROM outbox WHERE status = 'dead' AND "
    "topic IN ('mail', 'deliver')) RETURNING message_id, channel"
)
INTERRUPTED = "发送程序多次中断，未能完成"


class InHand(Exception):
    """Another worker is handing the same parcel over just now; try later."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a parcel."""

    message_id: int
    kind: str
    subject: str
    on: date
    lines: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out at once to one recipient. `to` and `name` are empty for a robot."""

    slot: str
    org_id: int
    channel: str
    user_id: int | None
    name: str
    to: str
    ids: tuple[int, ...]
    parts: tuple[Part, ...]
    attempts: int
    mail_id: str
    doubtful: bool


def slot_of(db: Database, delivery_id: int) -> str:
    """Return the slot of a delivery; empty if there is none."""
    with db.cursor() as cur:
        row = cur.one(SLOT_OF, delivery_id)
    return str(row[0]) if row else ""


def parcel_of(db: Database, slot: str) -> Parcel | None:
    """Return what is to be sent in a slot, or None if nothing is left of it."""
    with db.cursor() as cur:
        rows = cur.all(ROWS, slot)
    if not rows:
        return None
    first = rows[0]
    parts = tuple(Part(r[8], r[9], r[10], _day(r[11]), tuple(orjson.loads(r[12]))) for r in rows)
    active = first[15] is None or bool(first[15])
    return Parcel(
        slot, first[1], first[2], first[3], first[13] or "", (first[14] or "") if active else "",
        tuple(row[0] for row in rows), parts, max(row[4] for row in rows), first[5], any(row[6] for row in rows),
    )  # fmt: skip


def still_wanted(db: Database, parcel: Parcel) -> tuple[Parcel, Parcel]:
    """Divide a letter into what goes out and what its reader wants no more; of that, dates owed to them still go out."""
    if parcel.channel != "mail" or parcel.user_id is None:
        return parcel, replace(parcel, ids=(), parts=())
    with db.cursor() as cur:
        modes = {kind: mode_of(cur, parcel.user_id, kind) for kind in {kind_of(p.kind) for p in parcel.parts}}
    kept = [_owed_of(part) if modes[kind_of(part.kind)] == "off" else part for part in parcel.parts]
    rows = tuple(zip(parcel.ids, kept, parcel.parts, strict=True))
    return (
        replace(parcel, ids=tuple(r[0] for r in rows if r[1]), parts=tuple(r[1] for r in rows if r[1])),
        replace(
            parcel, ids=tuple(r[0] for r in rows if not r[1]), parts=tuple(r[2] for r in rows if not r[1])
        ),
    )


def _owed_of(part: Part) -> Part | None:
    lines = tuple(line for line in part.lines if is_owed(line))
    if len(lines) == len(part.lines):
        return part if lines else None
    return replace(part, subject=subject_of(lines, 0), lines=lines) if lines else None


def hand_over(db: Database, parcel: Parcel, mail_id: str, now: datetime) -> Parcel:
    """Note that the other side is about to be given a parcel.

    Raises: InHand if another worker is at it.
    Effects: writes delivery.
    """
    with db.cursor() as cur:
        moment, before = cur.moment(now), cur.moment(now - IN_HAND)
        held = [cur.one(HAND, moment, mail_id, parcel.to, id_, before) for id_ in parcel.ids]
        if None in held:
            raise InHand("另一后台进程正在发送同一消息，稍后核对结果")
    return replace(parcel, mail_id=mail_id, doubtful=any(row[0] for row in held))


def record_sent(db: Database, parcel: Parcel, proof: str, now: datetime) -> None:
    """Note that the other side took a parcel.

    Effects: writes delivery and message; what failed while the channel was down is queued again.
    """
    with db.cursor() as cur:
        moment = cur.moment(now)
        told = (proof + DOUBT if parcel.doubtful else proof)[:2000]
        cur.many(SENT, [(told, moment, moment, id_) for id_ in parcel.ids])
        _mark(cur, parcel, "sent")
        for id_, org_id in cur.all(WAITING, parcel.channel, cur.moment(now - RECOVERY), MOST_RECOVERED):
            queue_again(cur, id_, org_id, now)


def record_failure(
    db: Database, parcel: Parcel, fault: Fault, reason: str, now: datetime, *, doubtful: bool = False
) -> bool:
    """Note that a parcel was not taken; return whether that is final, so that trying again is of no use.

    Effects: writes delivery and message; a refused recipient counts as a bounce of the address.
    """
    final = fault in FINAL
    last = parcel.attempts + 1 >= (PATIENT_ATTEMPTS if fault == "channel" else MAX_ATTEMPTS)
    status = "bounced" if final else "failed" if last else "queued"
    with db.cursor() as cur:
        moment = cur.moment(now)
        ended = moment if status != "queued" else None
        doubt = doubtful or parcel.doubtful
        cur.many(FAILED, [(status, fault, reason[:2000], doubt, ended, id_) for id_ in parcel.ids])
        _mark(cur, parcel, status)
        if fault == "recipient" and parcel.user_id is not None:
            count_bounce(cur, parcel.org_id, parcel.user_id, parcel.to, reason, now)
    return final


def record_skipped(db: Database, parcel: Parcel, reason: str, now: datetime) -> None:
    """Note that there is nobody to send a parcel to any more.

    Effects: writes delivery and message.
    """
    with db.cursor() as cur:
        cur.many(SKIP, [(reason, cur.moment(now), id_) for id_ in parcel.ids])
        _mark(cur, parcel, "skipped")


def queue_again(cur: Cursor, delivery_id: int, org_id: int, now: datetime) -> bool:
    """Queue one failed or bounced delivery once more, by itself; False if it is neither.

    Effects: writes delivery and outbox in the caller's transaction.
    """
    slot = f"again:{delivery_id}:{now:%Y%m%d%H%M%S%f}"
    if cur.one(AGAIN, slot, cur.moment(now), delivery_id, org_id) is None:
        return False
    put(cur, org_id, "deliver", slot, {"delivery_id": delivery_id}, now)
    return True


def settle_stranded(db: Database, now: datetime) -> int:
    """Call failed what no worker will send any more, because workers died over it again and again; return how much.

    Only a person sends it again: whatever ended the workers may be in it.

    Effects: writes delivery and message.
    """
    with db.cursor() as cur:
        rows = cur.all(STRANDED, INTERRUPTED, cur.moment(now))
        cur.many(MARK, [("failed", message_id) for message_id, channel in rows if channel == "mail"])
    return len(rows)


def _mark(cur: Cursor, parcel: Parcel, status: str) -> None:
    if parcel.channel == "mail":
        cur.many(MARK, [(status, part.message_id) for part in parcel.parts])


def _day(value: object) -> date:
    found = as_date(value)
    if found is None:
        raise ValueError("a message without a day")
    return found
