"""Reports in the record: kept in versions, looked up, and a feedback batch confirmed as submitted.

A version is never written over. What is the same as the version before makes no new one; what differs says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.advance import Refused, advance
from cases.db import Cursor, Database
from cases.deals import cases_told
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.hand_deals import BY_HAND, record_id_of
from cases.label_records import Keeping, report_record
from cases.periods import KINDS, Period, period_of
from cases.report_content import Content, content_of
from cases.report_tables import Report
from cases.scope import Author, Person
from cases.settings import SHANGHAI
from cases.trail import append_org, hold_org
from rules.dates import DateError, parse_date
from rules.text import normalize
from states.steps import OFFICER

LISTED = 100
LONGEST_REFERENCE = 200
INSERT = (
    "INSERT INTO report (org_id, kind, period, version, status, content, content_hash, changes, sha256, size, rows, "
    "made_by, made_at, flow_run_id, reference, submitted_by, answers) "
    "VALUES (?, ?, ?, ?, 'current', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '[]') RETURNING id"
)
SUPERSEDE = "UPDATE report SET status = 'superseded' WHERE id = ? AND status = 'current'"
NEXT_VERSION = "SELECT COALESCE(MAX(version), 0) + 1 FROM report WHERE org_id = ? AND kind = ? AND period = ?"
CONFIRM = (
    "UPDATE report SET status = ?, submitted_on = ?, reference = ?, submitted_by = ?, submitted_at = ?, answers = ? "
    "WHERE id = ? AND org_id = ? AND status = 'current' RETURNING id"
)
# A batch is one for all days, as long as nobody has submitted it; a month or a year has its own.
_LAST_BATCH = "SELECT id, content_hash FROM report WHERE org_id = ? AND kind = ? AND status = 'current' ORDER BY id DESC"
_LAST_OF_PERIOD = (
    "SELECT id, content_hash FROM report WHERE org_id = ? AND kind = ? AND period = ? ORDER BY version DESC"
)


@dataclass(frozen=True, slots=True)
class ReportView:
    """One version of a report. `answers` tells of a submitted batch what came of each case."""

    id: int
    kind: str
    period: str
    period_zh: str
    period_en: str
    version: int
    status: str
    rows: int
    size: int
    sha256: str
    content_hash: str
    changes: tuple[str, ...]
    made_by: str
    made_at: datetime
    flow_run_id: str
    submitted_on: date | None
    reference: str
    submitted_by: str
    answers: tuple[Mapping[str, Any], ...]

    @property
    def title(self) -> tuple[str, str]:
        """What kind of report it is, in both languages."""
        return KINDS[self.kind]

    @property
    def filename(self) -> str:
        """The name of the workbook without the ending."""
        return f"{self.title[0]}-{self.period}-第{self.version}版"


@dataclass(frozen=True, slots=True)
class Before:
    """The version that a new one is compared with."""

    id: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """What is kept of a version: its content, the bytes in the file store, and how it differs from the one before."""

    content: bytes
    content_hash: str
    rows: int
    sha256: str
    size: int
    version: int
    changes: Sequence[str] = ()


def last_report(cur: Cursor, org_id: int, period: Period) -> Before | None:
    """Return the version that the next one of this period follows."""
    if period.kind == "feedback":
        row = cur.one(_LAST_BATCH, org_id, period.kind)
    else:
        row = cur.one(_LAST_OF_PERIOD, org_id, period.kind, period.key)
    return Before(*row) if row else None


def next_version(cur: Cursor, org_id: int, period: Period) -> int:
    """Return the number of the next version of a period."""
    return int(cur.one(NEXT_VERSION, org_id, period.kind, period.key)[0])


def keep_report(
    db: Database,
    org_id: int,
    period: Period,
    made: Workbook,
    before: Before | None,
    by: Author,
    now: datetime,
    flow_run_id: str = "",
) -> int | None:
    """Keep a version, and return its id; None if somebody has kept another one meanwhile.

    Effects: writes the report and one entry of the organization's trail; the version before is superseded.
    """
    with db.cursor() as cur:
        hold_org(cur, org_id)
        if last_report(cur, org_id, period) != before or next_version(cur, org_id, period) != made.version:
            return None
        if before:
            cur.run(SUPERSEDE, before.id)
        (report_id,) = cur.one(
            INSERT, org_id, period.kind, period.key, made.version, made.content.decode(), made.content_hash,
            orjson.dumps(list(made.changes)).decode(), made.sha256, made.size, made.rows, by.name, cur.moment(now),
            flow_run_id,
        )  # fmt: skip
        told = {
            "report_id": report_id, "kind": period.kind, "period": period.key, "version": made.version,
            "sha256": made.sha256, "content_hash": made.content_hash, "rows": made.rows,
        }  # fmt: skip
        append_org(cur, org_id, by, "report_made", told, now)
    return int(report_id)


def drop_batch(db: Database, before: Before) -> None:
    """Put an unsubmitted batch aside of which nothing is owed any more."""
    with db.cursor() as cur:
        cur.run(SUPERSEDE, before.id)


def reports(session: Session, org_id: int, kind: str = "", limit: int = LISTED) -> tuple[ReportView, ...]:
    """Return an organization's reports, the newest first."""
    query = select(Report).where(Report.org_id == org_id)
    query = query.where(Report.kind == kind) if kind in KINDS else query
    return tuple(_view(row) for row in session.exec(query.order_by(col(Report.id).desc()).limit(limit)))


def report_view(session: Session, org_id: int, report_id: int) -> ReportView:
    """Return one report of the organization.

    Raises: NotFound.
    """
    return _view(_row(session, org_id, report_id))


def report_content(session: Session, org_id: int, report_id: int) -> Content:
    """Return what a report says.

    Raises: NotFound.
    """
    return content_of(_row(session, org_id, report_id).content)


def check_may_report(person: Person) -> None:
    """Let only those pass who make reports and confirm them.

    Raises: Forbidden.
    """
    if person.role not in OFFICER:
        raise Forbidden(
            "报告由转化专员或管理员生成和确认", "only officers and administrators make and confirm reports"
        )


def confirm_submitted(
    db: Database, person: Person, report_id: int, reported_on: str, reference: str, now: datetime
) -> ReportView:
    """Record that a batch was submitted to the platform: a step in each of its cases.

    Each case stands for itself: one that refuses the step is told with its reason, and the batch stays open for it.
    Doing it again does nothing twice.

    Raises: Forbidden, NotFound, Conflict, Invalid with the fields.
    Effects: takes steps through `advance`; writes the report and one entry of the organization's trail.
    """
    check_may_report(person)
    today = now.astimezone(SHANGHAI).date()
    with db.read() as session:
        view = report_view(session, person.org_id, report_id)
        content = report_content(session, person.org_id, report_id)
    day, told = _checked(reported_on, reference, today)
    _check_open(view, day, told)
    if view.status == "submitted":
        return view
    payload = {"reported_on": day.isoformat(), "reference": told}
    asked = dict.fromkeys(
        (row.case_id, row.event) for row in content.sheet("batch").rows if row.case_id is not None
    )
    answers = [_answer(db, person, report_id, case, event, payload, today, now) for case, event in asked]
    answers += _answers_by_hand(db, person, content, day, told, now)
    left = sum(answer["outcome"] == "refused" for answer in answers)
    with db.cursor() as cur:
        hold_org(cur, person.org_id)
        values = (
            "current" if left else "submitted", cur.day(day), told, person.name, cur.moment(now),
            orjson.dumps(answers).decode(), report_id, person.org_id,
        )  # fmt: skip
        if cur.one(CONFIRM, *values):
            body = {"report_id": report_id, **payload, "cases": len(answers), "refused": left}
            append_org(cur, person.org_id, person.author, "feedback_submitted", body, now)
    with db.read() as session:
        return report_view(session, person.org_id, report_id)


def _checked(reported_on: str, reference: str, today: date) -> tuple[date, str]:
    fields: dict[str, str] = {}
    day = None
    try:
        day = parse_date(reported_on)
        if day > today:
            fields["reported_on"] = f"提交日期不能晚于今日{today.isoformat()}"
    except DateError as error:
        fields["reported_on"] = f"提交日期有误：{error.reason}"
    told = normalize(reference)
    if not 2 <= len(told) <= LONGEST_REFERENCE:
        fields["reference"] = f"请填写反馈凭证（系统记录编号或截图存放位置），2至{LONGEST_REFERENCE}个字"
    if fields or day is None:
        raise Invalid(
            f"不能确认提交：{'；'.join(fields.values())}",
            fields,
            "day or reference of the submission is wrong",
        )
    return day, told


def _check_open(view: ReportView, day: date, reference: str) -> None:
    if view.kind != "feedback":
        raise Invalid("只有盘活系统反馈批次需要确认提交", {}, "only feedback batches are submitted")
    if view.status == "superseded":
        raise Conflict(
            "该批次已由更新的批次代替，请确认最新的批次", "a later batch has taken the place of this one"
        )
    if view.status == "submitted" and (view.submitted_on, view.reference) != (day, reference):
        raise Conflict(
            f"该批次已由{view.submitted_by}确认于{view.submitted_on}提交（凭证：{view.reference}）",
            "the batch has been confirmed already",
        )


def _answer(
    db: Database, person: Person, report_id: int, case_id: int, event: str, payload: Mapping[str, Any], today: date,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Take the step in one case and tell what came of it: recorded, already (recorded by hand), or refused."""
    told: dict[str, Any] = {"case_id": case_id, "event": event}
    try:
        done = advance(
            db, case_id, event, person, payload, expected_version=None, today=today, now=now,
            action_key=f"report:{report_id}:{event}",
        )  # fmt: skip
    except (Refused, NotFound, Conflict) as error:
        with db.read() as session:
            case = next(one for one in cases_told(session, person.org_id, case_id))
        is_done = all(label.reported_on for label in case.labels if label.event == event)
        outcome = "already" if is_done else "refused"
        return {
            **told,
            "case_no": case.number,
            "outcome": outcome,
            "reason": "" if is_done else error.message,
        }
    return {**told, "case_no": done.number, "outcome": "recorded", "reason": ""}


def _answers_by_hand(
    db: Database, person: Person, content: Content, day: date, reference: str, now: datetime
) -> list[dict[str, Any]]:
    """Note the feedback of the labels recorded by hand that the batch holds."""
    found = []
    for row in content.sheet("batch").rows:
        record_id = record_id_of(row.event)
        if record_id is None:
            continue
        told: dict[str, Any] = {"case_id": None, "event": row.event, "case_no": BY_HAND}
        try:
            with db.write() as session:
                keeping = Keeping(session, db.postgres, person, now, now.astimezone(SHANGHAI).date())
                hold_org(keeping.cur, person.org_id)
                news = report_record(keeping, record_id, day, reference)
            found.append({**told, "outcome": "recorded" if news else "already", "reason": ""})
        except (NotFound, Conflict) as error:
            found.append({**told, "outcome": "refused", "reason": error.message})
    return found


def _row(session: Session, org_id: int, report_id: int) -> Report:
    row = session.exec(select(Report).where(Report.id == report_id, Report.org_id == org_id)).first()
    if row is None:
        raise NotFound("没有找到该报告，请从报告列表重新打开", "no such report")
    return row


def _view(row: Report) -> ReportView:
    period = period_of(row.kind, row.period, date.max)
    return ReportView(
        int(row.id or 0), row.kind, row.period, period.zh, period.en, row.version, row.status, row.rows, row.size,
        row.sha256, row.content_hash, tuple(orjson.loads(row.changes)), row.made_by, row.made_at, row.flow_run_id,
        row.submitted_on, row.reference, row.submitted_by, tuple(orjson.loads(row.answers)),
    )  # fmt: skip
