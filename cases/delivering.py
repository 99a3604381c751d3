"""The delivery ledger: one row for each message, channel and recipient, from being queued to what became of it.

`queue_deliveries` writes the rows in the transaction that writes the message, together with the outbox rows that send
them. Rows that go out together share a slot: a letter of its own, the letter of a day, the post of a group. Nothing is
sent twice but in one window that no sender can close: the other side took the message, and this process died before it
wrote that down. `docs/adr/0035-delivery-ledger.md` says how small that window is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import orjson

from cases.db import Cursor, Database
from cases.outbox import INSERT as INSERT_OUTBOX
from cases.outbox import put
from cases.settings import SHANGHAI
from cases.subscriptions import DEFAULTS, kind_of, mode_of

DIGEST_AT = time(8, 30)  # when gathered letters and posts go out, in Shanghai
GATHERING = timedelta(minutes=5)  # what comes later than that hour waits a little for its neighbors
IN_INBOX = "已写入站内消息"
SKIPPED = {
    "address": "没有登记电子邮箱，仅发站内消息",
    "unusable": "电子邮箱多次退信，已停用，仅发站内消息",
    "chosen": "本人已退订此类邮件",
}

MESSAGE = (
    "SELECT m.org_id, m.user_id, m.kind, u.email, a.address, a.unusable_since FROM message m "
    "JOIN app_user u ON u.id = m.user_id LEFT JOIN mail_address a ON a.user_id = u.id WHERE m.id = ?"
)
ROBOTS = "SELECT id, name, kinds FROM robot WHERE org_id = ? AND active = ? ORDER BY id"
ADD = (
    "INSERT INTO delivery (org_id, message_id, user_id, channel, status, slot, recipient, attempts, fault, proof, "
    "error, mail_id, doubtful, queued_at, sent_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?, '', ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING RETURNING id"
)
SLOT = "SELECT status, attempts FROM outbox WHERE key = ?"
READERS = (
    "SELECT m.id, m.org_id, m.user_id, m.kind, u.email, s.mode FROM message m JOIN app_user u ON u.id = m.user_id "
    "LEFT JOIN mail_address a ON a.user_id = u.id AND a.address = u.email AND a.unusable_since IS NOT NULL "
    "LEFT JOIN subscription s ON s.user_id = u.id AND s.channel = 'mail' "
    "AND s.kind = 'reminder' "
    "WHERE m.id IN :ids AND m.kind = 'reminder' AND a.user_id IS NULL AND u.email <> '' AND m.mail_status = ''"
)
ADD_QUEUED = ADD.removesuffix(" RETURNING id")
UNLISTED = (
    "SELECT m.org_id, m.user_id FROM message m WHERE m.id = ? AND m.mail_status = 'queued' AND NOT EXISTS "
    "(SELECT 1 FROM delivery d WHERE d.message_id = m.id AND d.channel = 'mail')"
)
MARK = "UPDATE message SET mail_status = ? WHERE id = ?"
PERSON = "SELECT name FROM app_user WHERE id = ?"
ADMINISTRATORS = (
    "SELECT id FROM app_user WHERE org_id = ? AND role = 'administrator' AND active = ? ORDER BY id"
)
TOLD = "SELECT 1 FROM message WHERE user_id = ? AND kind = ?"
TELL = (
    'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
    "VALUES (?, ?, ?, ?, ?, ?, '', ?) RETURNING id"
)


def queue_deliveries(cur: Cursor, message_id: int, now: datetime, *, mail: bool, owed: bool = False) -> None:
    """Queue a message for every channel on which its reader wants it, and for the robots that take its kind.

    Args:
        mail: whether this installation has a mail server.
        owed: the message tells its reader of a statutory date of their own; mail of it cannot be switched off.

    Effects: writes delivery, outbox and `message.mail_status` in the caller's transaction. Repeating it adds nothing.
    """
    org_id, user_id, message_kind, email, address, unusable = cur.one(MESSAGE, message_id)
    kind = kind_of(message_kind)
    _add(cur, org_id, message_id, user_id, "inbox", "sent", now, proof=IN_INBOX)
    if mail:
        mode = mode_of(cur, user_id, kind)
        mode = "now" if owed and mode == "off" else mode
        dead = bool(unusable) and address == email
        reason = "address" if not email else "unusable" if dead else "chosen" if mode == "off" else ""
        _queue_mail(cur, org_id, message_id, user_id, email, mode, reason, now)
        if owed and reason:
            _escalate(cur, org_id, user_id, reason, now)
    for robot_id, name, kinds in cur.all(ROBOTS, org_id, True):
        if kind in kinds.split(","):
            _queue_post(cur, org_id, message_id, robot_id, name, now)


def queue_many(cur: Cursor, messages: Mapping[int, bool], now: datetime, *, mail: bool) -> None:
    """Queue many messages, each owed or not, as `queue_deliveries` does one by one, in a few statements.

    Effects: as `queue_deliveries`.
    """
    plain = _plain(cur, list(messages)) if mail and messages else []
    moment = cur.moment(now)
    letters, outbox = [], []
    for id_, org_id, user_id, email in plain:
        slot = f"mail:{id_}"
        letters.append(
            (org_id, id_, user_id, "inbox", "sent", "", "", IN_INBOX, "", False, moment, moment, moment)
        )
        letters.append(
            (org_id, id_, user_id, "mail", "queued", slot, email, "", "", False, moment, None, None)
        )
        outbox.append((org_id, None, "mail", slot, f'{{"message_id":{id_}}}', moment, moment))
    cur.many(ADD_QUEUED, letters)
    cur.many(MARK, [("queued", id_) for id_, *_ in plain])
    cur.many(INSERT_OUTBOX, outbox)
    for id_ in messages.keys() - {row[0] for row in plain}:
        queue_deliveries(cur, id_, now, mail=mail, owed=messages[id_])


def _plain(cur: Cursor, ids: list[int]) -> list[tuple[int, int, int, str]]:
    """Return the messages that go out by a letter of their own and no robot: message, organization, reader, address."""
    rows = cur.of_many(READERS, ids)
    robots = {org_id: cur.all(ROBOTS, org_id, True) for org_id in {row[1] for row in rows}}
    return [
        (id_, org_id, user_id, email)
        for id_, org_id, user_id, message_kind, email, mode in rows
        if (mode or DEFAULTS[kind_of(message_kind)]) == "now" and not robots[org_id]
    ]


def tell(
    cur: Cursor, org_id: int, readers: Iterable[int], kind: str, subject: str, lines: Sequence[Mapping[str, Any]],
    now: datetime, *, mail: bool,
) -> int:  # fmt: skip
    """Write to people on all of their channels, once for a kind and person; return how many were not told before.

    Effects: writes message, and as `queue_deliveries`.
    """
    told, day = 0, cur.day(now.astimezone(SHANGHAI).date())
    text = orjson.dumps(list(lines)).decode()
    for user_id in readers:
        if cur.one(TOLD, user_id, kind) is None:
            (message_id,) = cur.one(TELL, org_id, user_id, day, kind, subject, text, cur.moment(now))
            queue_deliveries(cur, message_id, now, mail=mail)
            told += 1
    return told


def tell_about(
    cur: Cursor, org_id: int, kind: str, subject: str, note: str, user_id: int, now: datetime
) -> None:
    """Tell the administrators of a person whom mail does not reach; `{name}` stands for that person.

    Effects: as `tell`. There is a mail server, or mail would not have failed.
    """
    (name,) = cur.one(PERSON, user_id)
    line = {"title": subject.replace("{name}", name), "note": note.replace("{name}", name)}
    readers = [id_ for (id_,) in cur.all(ADMINISTRATORS, org_id, True)]
    tell(cur, org_id, readers, kind, line["title"], [line], now, mail=True)


def adopt(db: Database, message_id: int, now: datetime) -> str:
    """Return the slot of a message's own letter; a letter queued before there was a ledger gets its row.

    Effects: may write delivery.
    """
    slot = f"mail:{message_id}"
    with db.cursor() as cur:
        row = cur.one(UNLISTED, message_id)
        if row is not None:
            _add(cur, row[0], message_id, row[1], "mail", "queued", now, slot=slot)
    return slot


def gathered_slot(cur: Cursor, prefix: str, now: datetime) -> tuple[str, datetime]:
    """Return the next slot of a letter or post that goes out once a day, and when it is due.

    It is today's unless that one is being sent or was sent; the row that waits is held until the caller commits, so
    that nobody sends it without what the caller adds.
    """
    local = now.astimezone(SHANGHAI)
    key = f"{prefix}:{local.date().isoformat()}"
    row = cur.one(f"{SLOT} FOR UPDATE" if cur.postgres else SLOT, key)
    if row is None or tuple(row) == ("pending", 0):
        hour = datetime.combine(local.date(), DIGEST_AT, SHANGHAI)
        return key, hour if local < hour else now + GATHERING
    tomorrow = local.date() + timedelta(days=1)
    return f"{prefix}:{tomorrow.isoformat()}", datetime.combine(tomorrow, DIGEST_AT, SHANGHAI)


def _queue_mail(
    cur: Cursor, org_id: int, message_id: int, user_id: int, email: str, mode: str, reason: str, now: datetime
) -> None:
    if reason:
        _add(cur, org_id, message_id, user_id, "mail", "skipped", now, to=email, error=SKIPPED[reason])
        cur.run(MARK, "skipped", message_id)
        return
    slot, due = f"mail:{message_id}", now
    if mode == "daily":
        slot, due = gathered_slot(cur, f"digest:{user_id}", now)
    added = _add(cur, org_id, message_id, user_id, "mail", "queued", now, slot=slot, to=email)
    if added:
        cur.run(MARK, "queued", message_id)
        if mode == "daily":
            put(cur, org_id, "deliver", slot, {"delivery_id": added}, now, due=due)
        else:
            put(cur, org_id, "mail", slot, {"message_id": message_id}, now)


def _escalate(cur: Cursor, org_id: int, user_id: int, reason: str, now: datetime) -> None:
    """Tell the administrators that a statutory reminder cannot reach its reader by mail; once a day and reader."""
    kind = f"system:unreachable:{user_id}:{now.astimezone(SHANGHAI).date().isoformat()}"
    note = f"{SKIPPED[reason]}。请当面或电话提醒{{name}}登录系统查看，并更正其邮箱"
    tell_about(cur, org_id, kind, "法定期限提醒未能以邮件送达{name}", note, user_id, now)


def _queue_post(cur: Cursor, org_id: int, message_id: int, robot_id: int, name: str, now: datetime) -> None:
    slot, due = gathered_slot(cur, f"robot:{robot_id}", now)
    added = _add(cur, org_id, message_id, None, f"robot:{robot_id}", "queued", now, slot=slot, to=name)
    if added:
        put(cur, org_id, "deliver", slot, {"delivery_id": added}, now, due=due)


def _add(
    cur: Cursor, org_id: int, message_id: int, user_id: int | None, channel: str, status: str, now: datetime, *,
    slot: str = "", to: str = "", proof: str = "", error: str = "",
) -> int:  # fmt: skip
    """Add a row and return its id; 0 if it was there."""
    moment = cur.moment(now)
    sent, ended = (moment if status == "sent" else None), (None if status == "queued" else moment)
    row = cur.one(
        ADD, org_id, message_id, user_id, channel, status, slot, to, proof, error, False, moment, sent, ended
    )
    return int(row[0]) if row else 0
