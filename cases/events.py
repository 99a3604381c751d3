"""What an event is more than a row: the patents it promotes, and leads that become cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from cases.db import Cursor, Database, cursor_of, together_with
from cases.errors import Conflict, Invalid, NotFound
from cases.event_registers import EVENTS, LEADS
from cases.event_tables import EventPatent, PromotionEvent, PromotionLead
from cases.opening import open_case
from cases.registers import check_editor
from cases.scope import Person
from cases.tables import Patent
from cases.trail import append_org, hold_org
from rules.identifiers import IdentifierError, parse_application_number
from states.catalog import MODES

MOST_PATENTS = 500
OPENED = "UPDATE promotion_lead SET case_id = ?, status = ?, updated_at = ? WHERE id = ? AND org_id = ? AND case_id IS NULL"
# How many are signed of the leads that were followed to their end, and how many there are, by status.
LEADS_BY_STATUS = "SELECT status, COUNT(*) FROM promotion_lead WHERE org_id = ? GROUP BY status"
BY_DISTRICT = (
    "SELECT district, COUNT(*) FROM promotion_event WHERE org_id = ? AND status = 'held' AND held_on BETWEEN ? AND ? "
    "GROUP BY district ORDER BY district"
)


@dataclass(frozen=True, slots=True)
class Promoted:
    """A patent of an event."""

    id: int
    title: str
    application_no: str
    kind: str


def promote(db: Database, person: Person, event_id: int, text: str, now: datetime | None = None) -> int:
    """Let an event promote patents named by number, one or more a line; return how many are new.

    Raises: Forbidden; NotFound; Invalid naming every number that cannot be used (nothing is written then).
    Effects: writes event_patent and an entry of the organization's trail.
    """
    check_editor(person, EVENTS)
    moment = now or datetime.now(UTC)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        event_of(session, person.org_id, event_id)
        chosen = _patents_named(session, person.org_id, text)
        there = set(session.exec(select(EventPatent.patent_id).where(EventPatent.event_id == event_id)))
        new = [patent_id for patent_id in chosen if patent_id not in there]
        session.add_all(
            EventPatent(org_id=person.org_id, event_id=event_id, patent_id=patent_id, created_at=moment)
            for patent_id in new
        )
        session.flush()
        if new:
            body = {"event_id": event_id, "patents": sorted(new)}
            append_org(
                cursor_of(session, db.postgres),
                person.org_id,
                person.author,
                "event_patents_added",
                body,
                moment,
            )
        return len(new)


def withdraw(
    db: Database, person: Person, event_id: int, patent_id: int, now: datetime | None = None
) -> None:
    """Take a patent out of an event.

    Raises: Forbidden; NotFound.
    """
    check_editor(person, EVENTS)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        event_of(session, person.org_id, event_id)
        query = select(EventPatent).where(
            EventPatent.event_id == event_id, EventPatent.patent_id == patent_id
        )
        found = session.exec(query).first()
        if found is None:
            raise NotFound("该活动没有这件专利", "the event does not promote this patent")
        session.delete(found)
        session.flush()
        append_org(
            cursor_of(session, db.postgres), person.org_id, person.author, "event_patent_removed",
            {"event_id": event_id, "patent_id": patent_id}, now or datetime.now(UTC),
        )  # fmt: skip


def _patents_named(session: Session, org_id: int, text: str) -> list[int]:
    numbers, wrong = [], []
    for part in text.replace("，", "\n").replace(",", "\n").replace("、", "\n").splitlines():
        if part.strip():
            try:
                numbers.append(parse_application_number(part).digits)
            except IdentifierError as error:
                wrong.append(error.reason)
    query = select(Patent.application_no, Patent.id).where(
        Patent.org_id == org_id, col(Patent.application_no).in_(numbers[: MOST_PATENTS + 1])
    )
    known = {number: int(id_ or 0) for number, id_ in session.exec(query)}
    wrong += [f"专利库中没有{number}，请先导入该专利" for number in numbers if number not in known]
    if len(numbers) > MOST_PATENTS:
        wrong = [f"一次最多填写{MOST_PATENTS}件专利"]
    if not numbers and not wrong:
        wrong = ["请填写申请号或专利号，每行一件"]
    if wrong:
        raise Invalid(
            "有专利不能加入，本次没有写入", {"patents": "；".join(wrong)}, "some patents cannot be added"
        )
    return list(dict.fromkeys(known[number] for number in numbers))


def event_of(session: Session, org_id: int, event_id: int) -> PromotionEvent:
    """Return an event as the record keeps it.

    Raises: NotFound.
    """
    event = session.get(PromotionEvent, event_id)
    if event is None or event.org_id != org_id:
        raise NotFound("没有找到该活动", "no such event")
    return event


def promoted(session: Session, org_id: int, event_id: int) -> tuple[Promoted, ...]:
    """Return the patents of an event, by number."""
    query = (
        select(Patent)
        .join(EventPatent, col(EventPatent.patent_id) == Patent.id)
        .where(EventPatent.org_id == org_id, EventPatent.event_id == event_id)
        .order_by(Patent.application_no)
    )
    return tuple(
        Promoted(int(row.id or 0), row.title, row.application_no, row.kind) for row in session.exec(query)
    )


def open_from_lead(
    db: Database,
    person: Person,
    lead_id: int,
    *,
    mode: str,
    title: str = "",
    today: date,
    now: datetime | None = None,
) -> int:
    """Open a case from a lead and return its id; the lead is then being negotiated.

    Raises: Forbidden; NotFound; Conflict if the lead has its case; Invalid naming what the lead lacks.
    Effects: as `open_case`; the lead names the case in the same transaction.
    """
    check_editor(person, LEADS)
    moment = now or datetime.now(UTC)
    with db.read() as session:
        lead = session.get(PromotionLead, lead_id)
        if lead is None or lead.org_id != person.org_id:
            raise NotFound("没有找到该意向线索", "no such lead")
        if lead.case_id is not None:
            raise Conflict("该线索已转为案件", "the lead has its case")
        wanted = _wanted(lead, mode)
        patent = session.get(Patent, lead.patent_id) if lead.patent_id else None
        named = title or f"{patent.title.removeprefix('一种') if patent else ''}{MODES[mode].zh}"

    def note(cur: Cursor) -> None:
        (case_id,) = cur.one("SELECT MAX(id) FROM conversion_case WHERE org_id = ?", person.org_id)
        cur.run(OPENED, case_id, "negotiating", cur.moment(moment), lead_id, person.org_id)
        if tuple(cur.one("SELECT case_id FROM promotion_lead WHERE id = ?", lead_id)) != (case_id,):
            raise Conflict("该线索已转为案件", "the lead has its case")
        body = {"lead_id": lead_id, "case_id": case_id}
        append_org(cur, person.org_id, person.author, "lead_opened_case", body, moment)

    with together_with(note):
        return open_case(
            db, person, mode=mode, title=named, patent_ids=wanted.patents, company_id=wanted.company_id, today=today,
            now=moment,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wanted:
    patents: Sequence[int]
    company_id: int | None


def _wanted(lead: PromotionLead, mode: str) -> _Wanted:
    wrong: dict[str, str] = {}
    if mode not in MODES:
        wrong["mode"] = "请选择转化方式"
    if lead.patent_id is None:
        wrong["patent_id"] = "线索没有专利，请先填写意向专利"
    has_company = mode in MODES and MODES[mode].has_company
    if has_company and lead.company_id is None:
        wrong["company_name"] = f"企业“{lead.company_name}”尚未登记，请先在“企业”中登记，再保存一次线索"
    if wrong:
        raise Invalid("该线索还不能转为案件", wrong, "the lead cannot become a case yet")
    return _Wanted([int(lead.patent_id or 0)], lead.company_id if has_company else None)


@dataclass(frozen=True, slots=True)
class LeadFigures:
    """Leads by status; `signed_share` is the signed among all, in percent (提高专利对接精准度和签约率)."""

    by_status: Mapping[str, int]

    @property
    def total(self) -> int:
        """All leads."""
        return sum(self.by_status.values())

    @property
    def signed_share(self) -> str:
        """Signed leads among all, in percent with one decimal; empty if there are none.

        Source: S1-19 (提高专利对接精准度和签约率)
        """
        return f"{self.by_status.get('signed', 0) * 1000 // self.total / 10}" if self.total else ""


def lead_figures(cur: Cursor, org_id: int) -> LeadFigures:
    """Return how the leads of an institution stand."""
    return LeadFigures({status: int(count) for status, count in cur.all(LEADS_BY_STATUS, org_id)})


def events_by_district(cur: Cursor, org_id: int, year: int) -> dict[str, int]:
    """Return how many events were held in each district in a year.

    Source: S3-19 (各县（市）区每年组织活动不少于1场次)
    """
    first, last = cur.day(date(year, 1, 1)), cur.day(date(year, 12, 31))
    return {str(district): int(count) for district, count in cur.all(BY_DISTRICT, org_id, first, last)}
