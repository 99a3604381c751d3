"""Personal links `/rate/<secret>`: one inventor, one campaign, their own patents, nothing else; no account is needed.

The record keeps a hash of the secret. The secret itself is a mark of this installation over the link's id and a random
word, so that a letter can be written from the id alone, and a copy of the record opens nothing. A link ends with its day,
with its campaign, and when a new one is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_hex

from cases.db import Cursor, Database, as_date
from cases.errors import Forbidden, Invalid, NotFound
from cases.outbox import put
from cases.scope import Author, Origin, Person
from cases.settings import SHANGHAI
from cases.tokens import parts_of, signed, token_key
from cases.trail import append_org, hold_org

PURPOSE = "rate"
TOPIC = "rating_link"
MAKERS = ("officer", "administrator")
GRACE = timedelta(days=30)  # a link outlives the due day, so that who is late can still answer
AT_ONCE = 500
LONGEST_SECRET = 200

WANTED = (
    "SELECT DISTINCT i.inventor_id, n.email FROM stocktake_item i JOIN inventor n ON n.id = i.inventor_id "
    "WHERE i.stocktake_id = ? AND i.org_id = ? AND i.state IN ('waiting', 'returned') AND i.inventor_id > ? AND n.active "
    "ORDER BY i.inventor_id LIMIT ?"
)
CURRENT = "SELECT id FROM rating_link WHERE stocktake_id = ? AND inventor_id = ? AND ended_at IS NULL AND expires_on >= ?"
END = "UPDATE rating_link SET ended_at = ? WHERE stocktake_id = ? AND inventor_id = ? AND ended_at IS NULL"
ADD = (
    "INSERT INTO rating_link (org_id, stocktake_id, inventor_id, nonce, secret_hash, expires_on, made_at, mail_error, rung) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, '', '') RETURNING id"
)
KEEP_HASH = "UPDATE rating_link SET secret_hash = ? WHERE id = ?"
HOLDER = (
    "SELECT l.id, l.org_id, l.stocktake_id, l.inventor_id, l.nonce, l.expires_on, l.consented_at, n.name, n.college, n.email, "
    "s.title, s.due_on, o.name FROM rating_link l JOIN inventor n ON n.id = l.inventor_id "
    "JOIN stocktake s ON s.id = l.stocktake_id JOIN organization o ON o.id = l.org_id "
    "WHERE {} AND l.ended_at IS NULL AND s.status = 'open' AND n.active"
)
OPENED = "UPDATE rating_link SET opened_at = ? WHERE id = ? AND opened_at IS NULL"
CONSENTED = "UPDATE rating_link SET consented_at = ? WHERE id = ? AND consented_at IS NULL"
MAILED = "UPDATE rating_link SET mailed_at = ?, mail_error = ? WHERE id = ?"
LISTED = (
    "SELECT l.id, l.nonce, n.name, n.college, n.email, l.expires_on, l.mailed_at IS NOT NULL, l.opened_at IS NOT NULL, "
    "l.mail_error, (SELECT COUNT(*) FROM stocktake_item i WHERE i.stocktake_id = l.stocktake_id "
    "AND i.inventor_id = l.inventor_id), (SELECT COUNT(*) FROM stocktake_item i WHERE i.stocktake_id = l.stocktake_id "
    "AND i.inventor_id = l.inventor_id AND i.state IN ('waiting', 'returned')) "
    "FROM rating_link l JOIN inventor n ON n.id = l.inventor_id WHERE l.stocktake_id = ? AND l.org_id = ? "
    "AND l.ended_at IS NULL ORDER BY n.college, n.name, l.id LIMIT ? OFFSET ?"
)
COUNT = "SELECT COUNT(*) FROM rating_link WHERE stocktake_id = ? AND org_id = ? AND ended_at IS NULL"
CAMPAIGN = "SELECT status, due_on FROM stocktake WHERE id = ? AND org_id = ?"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a link that is good today."""

    link_id: int
    org_id: int
    stocktake_id: int
    inventor_id: int
    name: str
    college: str
    email: str
    title: str
    due_on: date
    institution: str
    consented: bool

    def author(self, address: str = "") -> Author:
        """Return the inventor as history and trail name them."""
        return Author(None, f"{self.name}（发明人）", Origin("web", address))


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the office lists it. `items` are all patents of the inventor in the campaign, `waiting` those to be rated."""

    id: int
    name: str
    college: str
    email: str
    expires_on: date
    mailed: bool
    opened: bool
    mail_error: str
    items: int
    waiting: int
    secret: str = ""


def make_links(
    db: Database, person: Person, stocktake_id: int, now: datetime, *, mail: bool, renew: bool = False
) -> tuple[int, int]:  # fmt: skip
    """Make a link for every inventor who has patents to rate and no good link; return how many were made and queued.

    With `mail`, letters go to those who have an address, also to holders of good links. With `renew` the old links of all
    of them end.

    Raises: Forbidden, NotFound, Invalid if the campaign is not open.
    Effects: writes rating_link and outbox, 500 inventors in a transaction, and one entry of the trail for each.
    """
    if person.role not in MAKERS:
        raise Forbidden("填报链接须由转化专员或管理员发放", "officers and administrators hand out links")
    key, made, queued, last = token_key(db, now), 0, 0, 0
    while True:
        with db.cursor() as cur:
            hold_org(cur, person.org_id)
            due = _due(cur, person.org_id, stocktake_id)
            rows = cur.all(WANTED, stocktake_id, person.org_id, last, AT_ONCE)
            if not rows:
                return made, queued
            found = [
                _linked(cur, key, (person.org_id, stocktake_id, row[0]), due, now, renew) for row in rows
            ]
            fresh = sum(new for _, new in found)
            letters = [id_ for (id_, _), (_, email) in zip(found, rows, strict=True) if email] if mail else []
            for link_id in letters:
                queue_letter(cur, person.org_id, link_id, f"{now:%Y%m%d%H%M%S}", now)
            if fresh or letters:
                body = {"stocktake_id": stocktake_id, "made": fresh, "letters": len(letters)}
                append_org(cur, person.org_id, person.author, "rating_links_made", body, now)
            made, queued, last = made + fresh, queued + len(letters), rows[-1][0]


def queue_letter(cur: Cursor, org_id: int, link_id: int, occasion: str, now: datetime) -> None:
    """Have a letter with the link written, once for an occasion.

    Effects: writes outbox in the caller's transaction.
    """
    put(cur, org_id, TOPIC, f"{TOPIC}:{link_id}:{occasion}", {"link_id": link_id}, now)


def _due(cur: Cursor, org_id: int, stocktake_id: int) -> date:
    row = cur.one(CAMPAIGN, stocktake_id, org_id)
    if row is None:
        raise NotFound("没有找到该盘点", "no such stocktake")
    due = as_date(row[1])
    if row[0] != "open" or due is None:
        raise Invalid(
            "盘点尚未就绪或已经结束，不能发放链接", {"status": str(row[0])}, "the stocktake is not open"
        )
    return due


def _linked(
    cur: Cursor, key: bytes, whose: tuple[int, int, int], due: date, now: datetime, renew: bool
) -> tuple[int, bool]:
    """Return the inventor's good link, or a new one, and whether it is new."""
    org_id, stocktake_id, inventor_id = whose
    today = now.astimezone(SHANGHAI).date()
    held = None if renew else cur.one(CURRENT, stocktake_id, inventor_id, cur.day(today))
    if held is not None:
        return int(held[0]), False
    cur.run(END, cur.moment(now), stocktake_id, inventor_id)
    nonce = token_hex(12)
    expires = max(due, today) + GRACE
    (id_,) = cur.one(
        ADD, org_id, stocktake_id, inventor_id, nonce, f"new:{nonce}", cur.day(expires), cur.moment(now)
    )
    cur.run(KEEP_HASH, _hash(secret_of(key, id_, nonce)), id_)
    return int(id_), True


def secret_of(key: bytes, link_id: int, nonce: str) -> str:
    """Return the secret of a link; only this installation can make it."""
    return signed(key, PURPOSE, link_id, nonce)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def holder_of(db: Database, secret: str, now: datetime) -> Holder | None:
    """Return who holds a link that is good today, or None: unknown, ended, expired, or its campaign is over."""
    if not 20 <= len(secret) <= LONGEST_SECRET or parts_of(token_key(db, now), PURPOSE, secret) is None:
        return None
    with db.looking() as cur:
        return _holder(cur.one(HOLDER.format("l.secret_hash = ?"), _hash(secret)), now)


def holder_by_id(db: Database, link_id: int, now: datetime) -> tuple[Holder, str] | None:
    """Return the holder of a good link and its secret, for a letter."""
    key = token_key(db, now)
    with db.looking() as cur:
        row = cur.one(HOLDER.format("l.id = ?"), link_id)
    holder = _holder(row, now)
    return (holder, secret_of(key, link_id, row[4])) if holder is not None else None


def _holder(row: Sequence[object] | None, now: datetime) -> Holder | None:
    if row is None:
        return None
    link, org, stocktake, inventor, _, expires, consented, name, college, email, title, due, institution = row
    last, due_on = as_date(expires), as_date(due)
    if last is None or due_on is None or now.astimezone(SHANGHAI).date() > last:
        return None
    return Holder(
        int(str(link)), int(str(org)), int(str(stocktake)), int(str(inventor)), str(name), str(college), str(email),
        str(title), due_on, str(institution), consented is not None,
    )  # fmt: skip


def note_opened(db: Database, holder: Holder, now: datetime) -> None:
    """Note that a link was opened for the first time.

    Effects: writes rating_link.
    """
    with db.cursor() as cur:
        cur.run(OPENED, cur.moment(now), holder.link_id)


def note_consent(db: Database, holder: Holder, now: datetime) -> Holder:
    """Note that the holder has said that the link is their own, and return them so.

    Effects: writes rating_link.
    """
    with db.cursor() as cur:
        cur.run(CONSENTED, cur.moment(now), holder.link_id)
    return replace(holder, consented=True)


def note_mailed(db: Database, link_id: int, error: str, now: datetime) -> None:
    """Note what came of the letter with a link.

    Effects: writes rating_link.
    """
    with db.cursor() as cur:
        cur.run(MAILED, None if error else cur.moment(now), error[:500], link_id)


def links_of(
    db: Database, person: Person, stocktake_id: int, now: datetime, *, secrets: bool = False, page: int = 1, size: int = 50
) -> tuple[tuple[Link, ...], int]:  # fmt: skip
    """Return one page of a campaign's links and how many there are; the secrets only for those who hand them out.

    Raises: Forbidden if the secrets are asked for by others, NotFound.
    """
    if secrets and person.role not in MAKERS:
        raise Forbidden("填报链接仅限转化专员或管理员查看", "links are for officers and administrators")
    key = token_key(db, now)
    with db.looking() as cur:
        if cur.one(CAMPAIGN, stocktake_id, person.org_id) is None:
            raise NotFound("没有找到该盘点", "no such stocktake")
        (total,) = cur.one(COUNT, stocktake_id, person.org_id)
        rows = cur.all(LISTED, stocktake_id, person.org_id, size, (page - 1) * size)
    return tuple(_link(row, key if secrets else None) for row in rows), int(total)


def _link(row: Sequence[object], key: bytes | None) -> Link:
    id_, nonce, name, college, email, expires, mailed, opened, error, items, waiting = row
    secret = secret_of(key, int(str(id_)), str(nonce)) if key is not None else ""
    last = as_date(expires)
    if last is None:
        raise ValueError("a link without a last day")
    return Link(
        int(str(id_)), str(name), str(college), str(email), last, bool(mailed), bool(opened), str(error),
        int(str(items)), int(str(waiting)), secret,
    )  # fmt: skip
