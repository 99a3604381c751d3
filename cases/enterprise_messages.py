"""What enterprises want answered: three kinds of message, each with an owner and a day, answered or turned into a case.

The day is the house's own time (`service_levels`); it stands as a deadline of the patent too, so that reminders, the
calendar and the list of dates carry it.

Source: 上海市存量专利盘活若干措施 (及时收集企业的专利评价信息、技术改进需求和产学研合作需求)
Source: 国知发运字〔2025〕16号 (对企业提出的需求及时反馈); 榕市监知〔2024〕268号 (对专利技术进行改进，或与企业联合攻关)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from cases.companies import EDITORS
from cases.db import Cursor, Database, cursor_of, together_with
from cases.enterprise_codes import ANSWERED_BY, MESSAGES
from cases.enterprise_letters import queue_letter
from cases.enterprise_tables import EnterpriseMessage
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.opening import open_case
from cases.patent_dates import book_in_use
from cases.scope import Person
from cases.settings import SHANGHAI
from cases.tables import Case, Company, Patent, User
from cases.trail import append_org, hold_org
from cases.writing import insert_deadline
from rules.counting import count
from rules.deadlines import fixed
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook, UnknownRule
from rules.patent_numbers import display_number
from rules.policy import SERVICE_LEVELS
from rules.text import normalize

RULE = "REPLY"
PAGE_SIZE = 20
LONGEST = 2000
DEVELOPMENT = "development"
CLOSE = (
    "UPDATE deadline SET status = ?, closed_seq = opened_seq + 1, closed_on = ? "
    "WHERE patent_id = ? AND key = ? AND status = 'open'"
)
OWN = "UPDATE deadline SET owner_id = ?, next_on = ? WHERE patent_id = ? AND key = ? AND status = 'open'"
OFFICER = (
    "SELECT MAX(c.officer_id) FROM case_patent p JOIN conversion_case c ON c.id = p.case_id "
    "WHERE p.patent_id = ? AND c.closed_on IS NULL"
)
PUSHER = "SELECT user_id FROM patent_push WHERE patent_id = ? AND company_id = ? ORDER BY id DESC LIMIT 1"
ACTIVE = "SELECT id FROM app_user WHERE id = ? AND active"
NEWEST_CASE = "SELECT MAX(id) FROM conversion_case WHERE org_id = ?"
TURN = (
    "UPDATE enterprise_message SET case_id = ? WHERE id = ? AND org_id = ? AND case_id IS NULL RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it comes in."""

    kind: str
    company_id: int
    patent_id: int
    body: str
    evaluation_id: int | None = None


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. `days_left` is negative once it is overdue, None without a day or once answered."""

    id: int
    kind: str
    company_id: int
    company: str
    patent_id: int
    title: str
    number: str
    evaluation_id: int | None
    body: str
    owner_id: int | None
    owner: str
    received_at: datetime
    due: date | None
    days_left: int | None
    status: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    seen_at: datetime | None
    case_id: int | None
    case_no: str


def receive(session: Session, cur: Cursor, org_id: int, incoming: Incoming, now: datetime) -> int:
    """Take a message in, in the caller's transaction, with its owner and its day; return its id.

    Effects: writes enterprise_message and a deadline of the patent.
    """
    body = checked_text(incoming.body, "body", "内容")
    if incoming.kind not in MESSAGES:
        raise Invalid("没有这种消息", {"kind": "没有这种消息"}, "no such kind of message")
    today = now.astimezone(SHANGHAI).date()
    book = book_in_use(cur, org_id)
    row = EnterpriseMessage(
        org_id=org_id, kind=incoming.kind, company_id=incoming.company_id, patent_id=incoming.patent_id,
        evaluation_id=incoming.evaluation_id, body=body,
        owner_id=_owner(cur, incoming.patent_id, incoming.company_id), received_at=now,
        due=due_of(book, incoming.kind, today),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _open_deadline(cur, row, book, today, now)
    return int(row.id or 0)


def due_of(book: RuleBook, kind: str, received: date) -> date | None:
    """Return the day by which the house answers; None if it has promised no time."""
    period = book.house(received).service_level(ANSWERED_BY[kind])
    return count(received, period, calendar=calendar_of(book)).due if period else None


def _owner(cur: Cursor, patent_id: int, company_id: int) -> int | None:
    """Return whose it is: the officer of the patent's open case, or else whoever pushed it; None if neither works here."""
    for sql, values in ((OFFICER, (patent_id,)), (PUSHER, (patent_id, company_id))):
        found = cur.one(sql, *values)
        if found and found[0] and cur.one(ACTIVE, found[0]):
            return int(found[0])
    return None


def _open_deadline(cur: Cursor, row: EnterpriseMessage, book: RuleBook, today: date, now: datetime) -> None:
    level = ANSWERED_BY[row.kind]
    period = book.house(today).service_level(level)
    if period is None:
        return
    try:
        rule = book.deadline(RULE, today)
    except UnknownRule:  # an own pack may stand without it, or the day lie before it
        return
    counted = count(today, period, calendar=calendar_of(book))
    zh, en = SERVICE_LEVELS[level]
    found = fixed(
        rule, counted.due, base_date=today, title_suffix=MESSAGES[row.kind][0], provisional=counted.provisional,
        because_zh=(f"文件没有规定天数，按本单位的服务时限“{zh}”{period.label_zh}计算。", *counted.explanation_zh),
        because_en=(f"The papers name no days; the house's own time for '{en}' stands in.", *counted.explanation_en),
    )  # fmt: skip
    insert_deadline(
        cur, (row.org_id, None, row.patent_id), key_of(int(row.id or 0)), found, owner_id=row.owner_id, replaces=None,
        seq=1, today=today, now=now,
    )  # fmt: skip


def key_of(message_id: int) -> str:
    """Return the key of a message's deadline."""
    return f"message:{message_id}"


def checked_text(text: str, field: str, label: str) -> str:
    """Return a text that people typed.

    Raises: Invalid if it is empty or too long.
    """
    clean = "\n".join(filter(None, (normalize(line) for line in text.splitlines())))
    if not 1 <= len(clean) <= LONGEST:
        reason = f"{label}须为1至{LONGEST}个字"
        raise Invalid(reason, {field: reason}, f"{field} is empty or too long")
    return clean


def answer_message(
    db: Database, person: Person, message_id: int, answer: str, *, now: datetime, mail: bool = False
) -> None:
    """Answer a message; the enterprise sees it in the portal and, with `mail`, is told by a letter.

    Raises: Forbidden; NotFound; Invalid; Conflict if it is answered already.
    Effects: writes enterprise_message, meets its deadline, queues a letter, and one entry of the trail.
    """
    _check_may(person)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = message_row(session, person.org_id, message_id)
        text = checked_text(answer, "answer", "答复")
        if row.status != "open":
            raise Conflict(
                f"{row.answered_by}已答复该消息，请刷新页面查看", "the message is answered already"
            )
        row.status, row.answer, row.answered_by, row.answered_at = "answered", text, person.name, now
        row.owner_id = row.owner_id or person.id
        session.add(row)
        cur = cursor_of(session, db.postgres)
        today = now.astimezone(SHANGHAI).date()
        cur.run(CLOSE, "met", cur.day(today), row.patent_id, key_of(message_id))
        line = {"title": MESSAGES[row.kind][0], "note": text, "path": "/enterprise/messages"}
        if mail:
            queue_letter(cur, person.org_id, row.company_id, "贵企业的来信已答复", [line], now)
        body = {
            "message_id": message_id,
            "kind": row.kind,
            "company_id": row.company_id,
            "patent_id": row.patent_id,
        }
        append_org(cur, person.org_id, person.author, "enterprise_answered", body, now)


def hand_message(db: Database, person: Person, message_id: int, owner_id: int, *, now: datetime) -> None:
    """Give a message to another officer, whose date it becomes.

    Raises: Forbidden; NotFound; Invalid for somebody who is no active officer here; Conflict if it is answered.
    Effects: writes enterprise_message, its deadline and one entry of the trail.
    """
    _check_may(person)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = message_row(session, person.org_id, message_id)
        owner = session.get(User, owner_id)
        if owner is None or owner.org_id != person.org_id or not owner.active or owner.role not in EDITORS:
            reason = "请选择本单位在职的转化专员"
            raise Invalid(reason, {"owner": reason}, "no such officer")
        if row.status != "open":
            raise Conflict("该消息已答复，无须转交", "the message is answered")
        row.owner_id = owner_id
        session.add(row)
        cur = cursor_of(session, db.postgres)
        cur.run(OWN, owner_id, cur.day(now.astimezone(SHANGHAI).date()), row.patent_id, key_of(message_id))
        body = {"message_id": message_id, "name": owner.name}
        append_org(cur, person.org_id, person.author, "enterprise_message_handed", body, now)


def develop(db: Database, person: Person, message_id: int, *, now: datetime) -> int:
    """Open a development case from a message, with its patent and its company, and return the case's id.

    Raises: as `open_case`; NotFound; Conflict if a case was opened from it already.
    Effects: writes the case and the message, both or neither.
    """
    with db.read() as session:
        row = message_row(session, person.org_id, message_id)
        patent, company_id, patent_id = session.get(Patent, row.patent_id), row.company_id, row.patent_id
        if row.case_id is not None:
            raise Conflict("该消息已立案，请从消息进入案件", "a case was opened from it already")
    title = f"{patent.title.removeprefix('一种') if patent else ''}技术改进"

    def turn(cur: Cursor) -> None:
        (case_id,) = cur.one(NEWEST_CASE, person.org_id)
        if cur.one(TURN, case_id, message_id, person.org_id) is None:
            raise Conflict("该消息已立案，请从消息进入案件", "a case was opened from it already")

    with together_with(turn):
        return open_case(
            db, person, mode=DEVELOPMENT, title=title, patent_ids=[patent_id], company_id=company_id,
            today=now.astimezone(SHANGHAI).date(), now=now,
        )  # fmt: skip


def _check_may(person: Person) -> None:
    if person.role not in EDITORS:
        raise Forbidden("企业消息须由转化专员办理", "only officers answer enterprises")


def message_row(session: Session, org_id: int, message_id: int) -> EnterpriseMessage:
    """Return a message's row.

    Raises: NotFound.
    """
    row = session.get(EnterpriseMessage, message_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到该消息", "no such message")
    return row


def list_messages(
    session: Session, org_id: int, today: date, *, status: str = "", kind: str = "", owner_id: int | None = None,
    company_id: int | None = None, overdue: bool = False, page: int = 1, size: int = PAGE_SIZE,
) -> tuple[tuple[MessageView, ...], int]:  # fmt: skip
    """Return one page of messages, the most pressing first, and how many there are."""
    conditions: list[Any] = [EnterpriseMessage.org_id == org_id]
    wanted = {
        "status": status, "kind": kind, "owner_id": owner_id, "company_id": company_id,
    }  # fmt: skip
    conditions += [col(getattr(EnterpriseMessage, name)) == value for name, value in wanted.items() if value]
    if overdue:
        conditions += [EnterpriseMessage.status == "open", col(EnterpriseMessage.due) < today]
    total = session.exec(select(func.count()).select_from(EnterpriseMessage).where(*conditions)).one()
    query: Any = (
        select(  # type: ignore[call-overload]  # more columns than its overloads count
            EnterpriseMessage, Patent, Company.name, func.coalesce(User.name, ""), func.coalesce(Case.number, "")
        )
        .join(Patent, col(Patent.id) == col(EnterpriseMessage.patent_id))
        .join(Company, col(Company.id) == col(EnterpriseMessage.company_id))
        .outerjoin(User, col(User.id) == col(EnterpriseMessage.owner_id))
        .outerjoin(Case, col(Case.id) == col(EnterpriseMessage.case_id))
        .where(*conditions)
        .order_by(col(EnterpriseMessage.status).desc(), col(EnterpriseMessage.due), col(EnterpriseMessage.id).desc())
        .offset((page - 1) * size)
        .limit(size)
    )  # fmt: skip
    return tuple(_view(row, patent, names, today) for row, patent, *names in session.exec(query)), total


def _view(row: EnterpriseMessage, patent: Patent, names: Sequence[str], today: date) -> MessageView:
    company, owner, case_no = names
    left = (row.due - today).days if row.due and row.status == "open" else None
    return MessageView(
        int(row.id or 0), row.kind, row.company_id, company, row.patent_id, patent.title,
        display_number(patent.application_no), row.evaluation_id, row.body, row.owner_id, owner, row.received_at, row.due,
        left, row.status, row.answer, row.answered_by, row.answered_at, row.seen_at, row.case_id, case_no,
    )  # fmt: skip


def message_counts(session: Session, org_id: int, today: date) -> tuple[int, int]:
    """Return how many messages wait for an answer, and how many of them too long."""
    waiting = select(func.count()).select_from(EnterpriseMessage).where(
        EnterpriseMessage.org_id == org_id, EnterpriseMessage.status == "open"
    )  # fmt: skip
    late = waiting.where(col(EnterpriseMessage.due) < today)
    return session.exec(waiting).one(), session.exec(late).one()
