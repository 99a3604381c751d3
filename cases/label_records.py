"""Labels recorded by hand, for deals outside the cases and for corrections: dated, with evidence, withdrawn but never deleted.

Each has its own day by which the platform is to be told, as the house says, kept as a deadline of the patent.
Source: the nine feedback values of the policy papers; S0-14, S0-16, S3-24; RP-04
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlmodel import Session, select

from cases.db import Cursor, Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.feedback_tables import LabelRecord, LabelWithdrawal
from cases.patent_dates import book_in_use
from cases.scope import Person
from cases.tables import LabelEvent, Patent
from cases.trail import append_org, hold_org
from cases.writing import insert_deadline
from rules.dates import DateError, parse_date
from rules.deadlines import Deadline, compute
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook, UnknownRule
from rules.text import normalize
from states.catalog import MODES

KEEPERS = frozenset({"officer", "administrator"})
RULE = "FEEDBACK"
LONGEST = 500
LABELS: tuple[str, ...] = tuple(dict.fromkeys([
    *(mode.label for mode in MODES.values() if mode.label), *(mode.outcome for mode in MODES.values() if mode.outcome),
]))  # fmt: skip
"""The nine values of the platform, as the modes name them."""
FIELDS = {
    "patent_id": "专利", "label": "反馈类别", "on": "成交（实现）日期", "party": "受让人、被许可人或合作企业",
    "party_uscc": "统一社会信用代码",
    "contract_no": "合同编号", "evidence": "证明材料",
}  # fmt: skip
CLOSE_DEADLINE = (
    "UPDATE deadline SET status = ?, closed_seq = opened_seq + 1, closed_on = ? "
    "WHERE org_id = ? AND patent_id = ? AND key = ? AND status = 'open'"
)
LAST_SEQ = "SELECT MAX(COALESCE(closed_seq, opened_seq)) FROM deadline WHERE patent_id = ? AND key = ?"
Outcome = Literal["added", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a change of the labels works with: one transaction of a person, at a moment, on a day."""

    session: Session
    postgres: bool
    person: Person
    now: datetime
    today: date

    @property
    def cur(self) -> Cursor:
        """A bare cursor in the same transaction."""
        return cursor_of(self.session, self.postgres)

    def tell(self, verb: str, body: Mapping[str, object]) -> None:
        """Write an entry of the organization's trail."""
        append_org(self.cur, self.person.org_id, self.person.author, verb, body, self.now)


def record_label(
    db: Database, person: Person, values: Mapping[str, object], *, today: date, now: datetime
) -> Outcome:
    """Record a label by hand, in a transaction of its own; see `put_label`.

    Raises: Forbidden; Invalid with the fields; NotFound.
    """
    with db.write() as session:
        return put_label(Keeping(session, db.postgres, person, now, today), values)


def put_label(keeping: Keeping, values: Mapping[str, object], source: str = "") -> Outcome:
    """Record that a patent earned a label outside the cases; the same patent, label, day and party is one record.

    Raises: Forbidden; Invalid with the fields; NotFound if the patent is not the institution's.
    Effects: writes label_record, a deadline of the patent while the platform has not been told, and the trail.
    """
    person = keeping.person
    if person.role not in KEEPERS:
        raise Forbidden("反馈信息须由转化专员或管理员登记", "officers and administrators record labels")
    checked, on = _checked(values, keeping.today)
    hold_org(keeping.cur, person.org_id)
    patent = _patent(keeping.session, person.org_id, values.get("patent_id"))
    known = keeping.session.exec(
        select(LabelRecord).where(
            LabelRecord.org_id == person.org_id, LabelRecord.patent_id == patent.id,
            LabelRecord.label == checked["label"], LabelRecord.on == on, LabelRecord.party == checked["party"],
        )
    ).first()  # fmt: skip
    if known is not None:
        return _added_to(keeping, known, checked)
    record = LabelRecord(
        org_id=person.org_id, patent_id=int(patent.id or 0), label=checked["label"], on=on, party=checked["party"],
        party_uscc=checked["party_uscc"], contract_no=checked["contract_no"], evidence=checked["evidence"],
        source=source, made_by=person.name, created_at=keeping.now,
    )  # fmt: skip
    keeping.session.add(record)
    keeping.session.flush()
    record.due = _open_deadline(keeping, record, on)
    keeping.session.add(record)
    keeping.session.flush()
    keeping.tell("label_recorded", _body(record, patent))
    return "added"


def _added_to(keeping: Keeping, known: LabelRecord, checked: Mapping[str, str]) -> Outcome:
    more = {name: text for name, text in checked.items() if text and getattr(known, name) != text}
    if not more:
        return "same"
    for name, text in more.items():
        setattr(known, name, text)
    keeping.session.add(known)
    keeping.session.flush()
    keeping.tell("label_recorded", {"label_record_id": known.id, "changed": more})
    return "changed"


def _body(record: LabelRecord, patent: Patent) -> dict[str, object]:
    return {
        "label_record_id": record.id, "application_no": patent.application_no, "label": record.label,
        "on": record.on.isoformat(), "party": record.party, "evidence": record.evidence, "source": record.source,
    }  # fmt: skip


def _checked(values: Mapping[str, object], today: date) -> tuple[dict[str, str], date]:
    texts = {
        name: normalize(str(values.get(name) or ""))
        for name in ("label", "party", "party_uscc", "contract_no", "evidence")
    }
    faults = {
        name: f"{FIELDS[name]}不能超过{LONGEST}个字" for name, text in texts.items() if len(text) > LONGEST
    }
    if texts["label"] not in LABELS:
        faults["label"] = f"请从九种反馈类别中选择：{'、'.join(LABELS)}"
    if len(texts["evidence"]) < 2:
        faults["evidence"] = "请写明证明材料，例如合同编号、手续合格通知书或备案证明的编号与存放位置"
    on, given = today, values.get("on")
    try:
        on = given if isinstance(given, date) else parse_date(str(given or ""))
        if on > today:
            faults["on"] = f"{on.isoformat()}晚于今日{today.isoformat()}，请填写已经发生的日期"
    except DateError as error:
        faults["on"] = error.reason
    if faults:
        raise Invalid("反馈信息有误，请改正后重新提交", faults, "the label is not valid")
    return texts, on


def _patent(session: Session, org_id: int, patent_id: object) -> Patent:
    patent = session.get(Patent, patent_id) if isinstance(patent_id, int) else None
    if patent is None or patent.org_id != org_id:
        raise NotFound("没有找到该专利，请核对专利号", "no such patent")
    return patent


def _key(record_id: int | None) -> str:
    return f"feedback:{record_id}"


def _open_deadline(keeping: Keeping, record: LabelRecord, base: date) -> date | None:
    """Open the day by which the platform is to be told; none where the rulebook has no such rule."""
    cur = keeping.cur
    found = _counted(book_in_use(cur, record.org_id), base, record.label)
    if found is None:
        return None
    (last,) = cur.one(LAST_SEQ, record.patent_id, _key(record.id))
    insert_deadline(
        cur, (record.org_id, None, record.patent_id), _key(record.id), found, owner_id=keeping.person.id,
        replaces=None, seq=(last or 0) + 1, today=keeping.today, now=keeping.now,
    )  # fmt: skip
    return found.due


def _counted(book: RuleBook, base: date, label: str) -> Deadline | None:
    try:
        rule = book.deadline(RULE, base)
    except UnknownRule:
        return None
    margin = book.house(base).margins.get(RULE, 0)
    return compute(rule, base, title_suffix=label, calendar=calendar_of(book), margin=margin)


def report_record(keeping: Keeping, record_id: int, reported_on: date, reference: str) -> bool:
    """Note that the platform has been told of a label recorded by hand; say whether that was news.

    Raises: NotFound; Conflict if the record was withdrawn.
    Effects: writes the record, closes its deadline, and the trail.
    """
    record = record_of(keeping.session, keeping.person.org_id, record_id)
    if _withdrawal(keeping.session, record_id=record_id):
        raise Conflict("该条记录已撤回，无须反馈", "the record was withdrawn")
    if record.reported_on is not None:
        return False
    record.reported_on, record.reference = reported_on, reference
    keeping.session.add(record)
    _close(keeping, record, "met", reported_on)
    body = {"label_record_id": record_id, "reported_on": reported_on.isoformat(), "reference": reference}
    keeping.tell("label_reported", body)
    return True


def return_record(keeping: Keeping, record: LabelRecord, answered_on: date) -> None:
    """Make a label that the platform returned owed again, with a new day.

    Effects: writes the record and a new deadline.
    """
    record.reported_on = None
    record.due = _open_deadline(keeping, record, answered_on) or record.due
    keeping.session.add(record)


def withdraw_label(
    db: Database, person: Person, *, event_id: int | None = None, record_id: int | None = None, why: str,
    today: date, now: datetime,
) -> None:  # fmt: skip
    """Withdraw a label of a case (`event_id`) or one recorded by hand (`record_id`), with the reason; both stay on record.

    Raises: Forbidden; NotFound; Invalid without a reason; Conflict if it was withdrawn already.
    Effects: writes label_withdrawal and the trail; drops the deadline of a label recorded by hand.
    """
    if person.role not in KEEPERS:
        raise Forbidden("反馈信息须由转化专员或管理员撤回", "officers and administrators withdraw labels")
    reason = normalize(why)
    if not 4 <= len(reason) <= LONGEST:
        raise Invalid(
            f"请写明撤回原因，4至{LONGEST}个字", {"why": f"请写明撤回原因，4至{LONGEST}个字"}, "say why"
        )
    with db.write() as session:
        keeping = Keeping(session, db.postgres, person, now, today)
        hold_org(keeping.cur, person.org_id)
        _existing(session, person.org_id, event_id, record_id)
        if _withdrawal(session, event_id=event_id, record_id=record_id):
            raise Conflict("该条反馈信息已经撤回", "it was withdrawn already")
        session.add(
            LabelWithdrawal(
                org_id=person.org_id, label_event_id=event_id, label_record_id=record_id, why=reason,
                made_by=person.name, at=now,
            )
        )  # fmt: skip
        if record_id is not None:
            _close(keeping, record_of(session, person.org_id, record_id), "dropped", today)
        told = {"label_event_id": event_id, "label_record_id": record_id, "why": reason}
        keeping.tell("label_withdrawn", told)


def record_of(session: Session, org_id: int, record_id: int) -> LabelRecord:
    """Return one label recorded by hand.

    Raises: NotFound.
    """
    row = session.get(LabelRecord, record_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到这条反馈信息，请从反馈页面重新打开", "no such label")
    return row


def _existing(session: Session, org_id: int, event_id: int | None, record_id: int | None) -> None:
    if record_id is not None:
        record_of(session, org_id, record_id)
        return
    row = session.get(LabelEvent, event_id) if event_id is not None else None
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到这条反馈信息，请从反馈页面重新打开", "no such label")


def _withdrawal(
    session: Session, *, event_id: int | None = None, record_id: int | None = None
) -> LabelWithdrawal | None:
    by = (
        LabelWithdrawal.label_event_id == event_id
        if event_id is not None
        else LabelWithdrawal.label_record_id == record_id
    )
    return session.exec(select(LabelWithdrawal).where(by)).first()


def _close(keeping: Keeping, record: LabelRecord, how: str, on: date) -> None:
    cur = keeping.cur
    cur.run(CLOSE_DEADLINE, how, cur.day(on), record.org_id, record.patent_id, _key(record.id))
