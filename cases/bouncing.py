"""Letters that came back: the delivery is marked, and an address that bounces again and again is used no more."""

from datetime import datetime

from cases.db import Cursor, Database
from cases.delivering import tell_about
from cases.errors import NotFound
from cases.tokens import parts_of, token_key

PURPOSE = "bounce"
REMEDY = "请核对邮箱；更正或确认恢复前，{name}的消息仅发站内，法定期限提醒抄送管理员"
UNUSABLE_AFTER = 2  # permanent refusals of one address

FIND = "SELECT id, org_id, user_id, recipient, slot, status FROM delivery WHERE id = ? AND channel = 'mail'"
BOUNCED = (
    "UPDATE delivery SET status = 'bounced', fault = 'recipient', error = ?, ended_at = ? "
    "WHERE slot = ? AND channel = 'mail' AND status = 'sent'"
)
MARK = (
    "UPDATE message SET mail_status = 'bounced' WHERE id IN (SELECT message_id FROM delivery WHERE slot = ? AND "
    "status = 'bounced')"
)
DELAYED = "UPDATE delivery SET error = ? WHERE slot = ? AND channel = 'mail' AND status = 'sent'"
ADDRESS = "SELECT address, bounces, unusable_since FROM mail_address WHERE user_id = ?"
COUNT = (
    "INSERT INTO mail_address (user_id, org_id, address, bounces, reason, bounced_at, unusable_since) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET address = excluded.address, "
    "bounces = excluded.bounces, reason = excluded.reason, bounced_at = excluded.bounced_at, "
    "unusable_since = excluded.unusable_since"
)
FORGET = "DELETE FROM mail_address WHERE user_id = ? AND org_id = ?"
MEMBER = "SELECT 1 FROM app_user WHERE id = ? AND org_id = ?"


def record_bounce(db: Database, token: str, reason: str, *, permanent: bool, now: datetime) -> str:
    """Mark the letter that a delivery notice is about, and return what was done; empty for a notice to be ignored.

    The token must be one that this installation signed. A notice that comes twice changes nothing.

    Effects: writes delivery, message, mail_address, and messages to administrators.
    """
    parts = parts_of(token_key(db, now), PURPOSE, token)
    if parts is None or len(parts) != 1 or not parts[0].isdigit():
        return ""
    with db.cursor() as cur:
        row = cur.one(FIND, int(parts[0]))
        if row is None or row[5] != "sent":
            return ""
        _, org_id, user_id, recipient, slot, _ = row
        if not permanent:
            cur.run(DELAYED, f"对方邮件系统暂缓投递：{reason}"[:2000], slot)
            return "delayed"
        cur.run(BOUNCED, reason[:2000], cur.moment(now), slot)
        cur.run(MARK, slot)
        count_bounce(cur, org_id, user_id, recipient, reason, now)
    return "bounced"


def count_bounce(cur: Cursor, org_id: int, user_id: int, address: str, reason: str, now: datetime) -> None:
    """Count a permanent refusal of a person's address; after the second one it is used no more.

    Effects: writes mail_address and, when the address becomes unusable, messages to administrators.
    """
    known = cur.one(ADDRESS, user_id)
    same = known is not None and known[0] == address
    count = (known[1] if same else 0) + 1
    since = known[2] if same and known[2] else None
    fresh = since is None and count >= UNUSABLE_AFTER
    moment = cur.moment(now)
    cur.run(COUNT, user_id, org_id, address, count, reason[:2000], moment, moment if fresh else since)
    if fresh:  # after it was noted, so that an administrator's own dead address is not written to
        told = reason.replace(address, "该邮箱") if address else reason
        tell_about(
            cur, org_id, f"system:unusable:{user_id}:{now:%Y%m%d%H%M%S}", "{name}的电子邮箱多次退信，已停用",
            f"{told}。{REMEDY}", user_id, now,
        )  # fmt: skip


def forget_bounces(db: Database, org_id: int, user_id: int) -> None:
    """Use a person's address again, because somebody has seen to it.

    Raises: NotFound if the organization has no such person.
    Effects: writes mail_address.
    """
    with db.cursor() as cur:
        if cur.one(MEMBER, user_id, org_id) is None:
            raise NotFound("没有这位用户", "no such user")
        cur.run(FORGET, user_id, org_id)
