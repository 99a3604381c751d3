"""The contact list of inventors, and who is meant by a name in a patent's record.

A name fits a contact of the same college; without a college on either side it fits only if nobody else bears it. Where
more than one fits, nobody is taken: the item is listed as unassigned.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from cases.channel_settings import MAILBOX
from cases.db import Cursor, Database
from cases.errors import Forbidden, Invalid, NotFound
from cases.scope import Author, Person
from cases.stocktake_tables import CollegeReviewer, Inventor
from cases.tables import User
from cases.trail import append_org, hold_org
from rules.text import normalize

KEEPERS = ("officer", "administrator")
LONGEST_NAME, LONGEST = 100, 200
THESE = "SELECT id, name, college FROM inventor WHERE org_id = ? AND active ORDER BY id"
UPSERT = (
    "INSERT INTO inventor (org_id, name, college, staff_no, email, user_id, active, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (org_id, name, college, staff_no) DO UPDATE SET "
    "email = CASE WHEN excluded.email = '' THEN inventor.email ELSE excluded.email END, active = excluded.active, "
    "user_id = COALESCE(excluded.user_id, inventor.user_id), updated_at = excluded.updated_at"
)
HELD = "SELECT email, active, user_id FROM inventor WHERE org_id = ? AND name = ? AND college = ? AND staff_no = ?"
ACCOUNT = "SELECT id FROM app_user WHERE org_id = ? AND login = ?"
UNASSIGNED = (
    "SELECT i.id, i.inventor, i.college FROM stocktake_item i JOIN stocktake s ON s.id = i.stocktake_id "
    "WHERE i.org_id = ? AND s.status <> 'closed' AND i.inventor_id IS NULL AND i.inventor <> ''"
)
MAY_REVIEW = "SELECT id FROM app_user WHERE org_id = ? AND role = 'approver' AND active = ?"
ADD_REVIEWER = "INSERT INTO college_reviewer (org_id, college, user_id) VALUES (?, ?, ?)"
ASSIGN = "UPDATE stocktake_item SET inventor_id = ? WHERE id = ? AND inventor_id IS NULL"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of the contact list."""

    name: str
    college: str = ""
    staff_no: str = ""
    email: str = ""
    login: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Matching:
    """Finds a contact by name and college."""

    people: Mapping[str, Sequence[tuple[int, str]]]

    def find(self, name: str, college: str) -> int | None:
        """Return the one contact that fits, or None."""
        namesakes = self.people.get(name, ())
        same = [id_ for id_, place in namesakes if place == college and college]
        if len(same) == 1:
            return same[0]
        if same or len(namesakes) != 1:
            return None
        id_, place = namesakes[0]
        return id_ if not place or not college else None


def matching_of(cur: Cursor, org_id: int, names: Collection[str]) -> Matching:
    """Return what finds contacts of these names."""
    people: dict[str, list[tuple[int, str]]] = {}
    for id_, name, college in cur.all(THESE, org_id):
        if name in names:
            people.setdefault(name, []).append((id_, college))
    return Matching(people)


def checked_contact(values: Mapping[str, object]) -> Contact:
    """Return a contact from typed values.

    Raises: Invalid with the fields.
    """
    texts = {
        name: normalize(str(values.get(name) or ""))
        for name in ("name", "college", "staff_no", "email", "login")
    }
    faults = {name: f"不超过{LONGEST}个字" for name, value in texts.items() if len(value) > LONGEST}
    if not 1 <= len(texts["name"]) <= LONGEST_NAME:
        faults["name"] = "请填写姓名"
    if texts["email"] and not MAILBOX.match(texts["email"]):
        faults["email"] = "电子邮箱格式不正确，应形如 name@example.cn"
    if faults:
        raise Invalid("发明人信息有误，请改正后重新提交", faults, "the contact is not valid")
    gone = str(values.get("active", "yes")).strip() in ("no", "否", "离职", "退休", "false", "False")
    return Contact(**texts, active=not gone)


def save_contacts(
    db: Database, person: Person, contacts: Iterable[Contact], now: datetime
) -> tuple[int, int]:
    """Keep contacts and give them the items that wait for them; return how many were written and how many items found one.

    Raises: Forbidden; NotFound for a login that nobody has.
    Effects: writes inventor, stocktake_item and one entry of the organization's trail if anything changed.
    """
    if person.role not in KEEPERS:
        raise Forbidden("发明人联系表须由转化专员或管理员维护", "officers keep the contacts")
    with db.cursor() as cur:
        hold_org(cur, person.org_id)
        return write_contacts(cur, person.org_id, person.author, contacts, now)


def write_contacts(
    cur: Cursor, org_id: int, by: Author, contacts: Iterable[Contact], now: datetime
) -> tuple[int, int]:  # fmt: skip
    """Do the same in the caller's transaction, for whoever has checked the right to."""
    written = sum(_written(cur, org_id, contact, now) for contact in contacts)
    assigned = assign_waiting(cur, org_id) if written else 0
    if written:
        append_org(cur, org_id, by, "inventors_saved", {"contacts": written, "assigned": assigned}, now)
    return written, assigned


def put_contact(cur: Cursor, org_id: int, contact: Contact, now: datetime) -> str:
    """Keep one contact and say what came of it: added, changed or same. Items are given out by `assign_waiting`.

    Raises: NotFound for a login that nobody has.
    Effects: writes inventor in the caller's transaction.
    """
    held = cur.one(HELD, org_id, contact.name, contact.college, contact.staff_no)
    written = _written(cur, org_id, contact, now)
    return "added" if held is None else "changed" if written else "same"


def assign(db: Database, person: Person, now: datetime) -> int:
    """Give items that nobody fitted to contacts that fit now; return how many.

    Raises: Forbidden.
    Effects: writes stocktake_item, and one entry of the organization's trail if any found somebody.
    """
    if person.role not in KEEPERS:
        raise Forbidden("发明人联系表须由转化专员或管理员维护", "officers keep the contacts")
    with db.cursor() as cur:
        hold_org(cur, person.org_id)
        found = assign_waiting(cur, person.org_id)
        if found:
            append_org(cur, person.org_id, person.author, "inventors_assigned", {"assigned": found}, now)
        return found


def _written(cur: Cursor, org_id: int, contact: Contact, now: datetime) -> bool:
    key = (org_id, contact.name, contact.college, contact.staff_no)
    held = cur.one(HELD, *key)
    user_id = _account(cur, org_id, contact.login)
    if held is not None:
        email, active, user = held
        same = (contact.email or email, contact.active, user_id or user)
        if same == (email, bool(active), user):
            return False
    cur.run(UPSERT, *key, contact.email, user_id, contact.active, cur.moment(now))
    return True


def _account(cur: Cursor, org_id: int, login: str) -> int | None:
    if not login:
        return None
    row = cur.one(ACCOUNT, org_id, login)
    if row is None:
        raise NotFound(f"没有用户“{login}”，请核对登录名或留空", f"no user {login}")
    return int(row[0])


def assign_waiting(cur: Cursor, org_id: int) -> int:
    """Give items of open campaigns that nobody fitted to contacts that fit now; return how many.

    Effects: writes stocktake_item in the caller's transaction.
    """
    waiting = cur.all(UNASSIGNED, org_id)
    matching = matching_of(cur, org_id, {name for _, name, _ in waiting})
    found = [
        (who, id_) for id_, name, college in waiting if (who := matching.find(name, college)) is not None
    ]
    cur.many(ASSIGN, found)
    return len(found)


def contacts(
    session: Session, org_id: int, q: str = "", page: int = 1, size: int = 50
) -> tuple[list[Inventor], int]:
    """Return one page of the contacts by name, and how many there are."""
    conditions: list[Any] = [Inventor.org_id == org_id]
    if q := normalize(q):
        conditions.append(col(Inventor.name).contains(q, autoescape=True))
    total = session.exec(select(func.count()).select_from(Inventor).where(*conditions)).one()
    query = select(Inventor).where(*conditions).order_by(col(Inventor.name), col(Inventor.id))
    return list(session.exec(query.offset((page - 1) * size).limit(size))), int(total)


def set_reviewers(db: Database, person: Person, college: str, user_ids: Sequence[int], now: datetime) -> None:
    """Name who looks at the patents of a college before the institution does; nobody means every approver.

    Raises: Forbidden; Invalid for a college without a name or people who may not review.
    Effects: writes college_reviewer and one entry of the organization's trail.
    """
    if person.role != "administrator":
        raise Forbidden("院系审核人须由管理员指定", "administrators name the reviewers")
    place = normalize(college)
    with db.cursor() as cur:
        hold_org(cur, person.org_id)
        may = {row[0] for row in cur.all(MAY_REVIEW, person.org_id, True)}
        if not place or set(user_ids) - may:
            raise Invalid(
                "请填写院系，并从审批人中选择",
                {"college": "请填写院系，并从审批人中选择"},
                "no such reviewer",
            )
        cur.run("DELETE FROM college_reviewer WHERE org_id = ? AND college = ?", person.org_id, place)
        cur.many(ADD_REVIEWER, [(person.org_id, place, user_id) for user_id in sorted(set(user_ids))])
        body = {"college": place, "reviewers": sorted(set(user_ids))}
        append_org(cur, person.org_id, person.author, "college_reviewers_named", body, now)


def reviewers(session: Session, org_id: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the colleges that have reviewers of their own, with the names."""
    query = (
        select(CollegeReviewer.college, User.name)
        .join(User, col(User.id) == col(CollegeReviewer.user_id))
        .where(CollegeReviewer.org_id == org_id)
        .order_by(col(CollegeReviewer.college), col(User.id))
    )
    found: dict[str, list[str]] = {}
    for college, name in session.exec(query):
        found.setdefault(college, []).append(name)
    return tuple((college, tuple(names)) for college, names in found.items())


def may_review(session: Session, org_id: int) -> tuple[tuple[int, str], ...]:
    """Return who can be named as a reviewer: the active approvers."""
    query = select(User.id, User.name).where(User.org_id == org_id, User.role == "approver", col(User.active))
    return tuple((int(id_ or 0), name) for id_, name in session.exec(query.order_by(col(User.id))))
