"""Makes reports: counts, writes the workbook, keeps it as a new version or leaves what is the same alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from cases.db import Database, cursor_of
from cases.errors import Conflict, Invalid, NotFound
from cases.figures import monthly
from cases.indicators.facts import catch_up
from cases.indicators.snapshot import snapshot
from cases.periods import KINDS, Period, period_of
from cases.report_content import Content, canonical, content_hash, differences
from cases.reports import (
    Before,
    ReportView,
    Workbook,
    check_may_report,
    drop_batch,
    keep_report,
    last_report,
    next_version,
    report_content,
    report_view,
)
from cases.rulebooks import book_of
from cases.scope import Author, Origin, Person
from cases.settings import SHANGHAI, Settings
from cases.tables import Organization
from cases.yearly_figures import yearly
from exchange.reports.feedback import FIELDS, feedback
from exchange.reports.mapping import MappingProblem, mapping_of
from exchange.reports.workbook import Heading, workbook
from rules.packs import RuleBook

TRIES = 5  # so often somebody else may keep a version of the same report between counting and keeping
Count = Callable[[Session, int, Period, RuleBook, Settings], Content]


def _batch(session: Session, org_id: int, period: Period, book: RuleBook, settings: Settings) -> Content:
    try:
        columns = mapping_of(settings.own, frozenset(FIELDS))
    except MappingProblem as problem:
        raise Invalid(str(problem), {"mapping": str(problem)}, "the mapping file is wrong") from problem
    return feedback(session, org_id, period, book, columns)


COUNTS: Mapping[str, Count] = {
    "feedback": _batch,
    "monthly": lambda session, org_id, period, book, _: monthly(session, org_id, period, book),
    "yearly": lambda session, org_id, period, book, _: yearly(session, org_id, period, book),
    "indicators": lambda session, org_id, period, _, __: snapshot(session, org_id, period),
}


@dataclass(frozen=True, slots=True)
class Made:
    """What came of asking for a report: `made`, `unchanged`, or `nothing` (nothing is owed; there is no report)."""

    org_id: int
    institution: str
    kind: str
    period: str
    outcome: str
    report_id: int | None = None
    version: int = 0
    rows: int = 0
    sha256: str = ""
    changes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form for the command line and artifacts."""
        return {
            "org_id": self.org_id, "institution": self.institution, "kind": self.kind, "period": self.period,
            "outcome": self.outcome, "report_id": self.report_id, "version": self.version, "rows": self.rows,
            "sha256": self.sha256, "changes": list(self.changes),
        }  # fmt: skip


def ask_report(
    db: Database, settings: Settings, person: Person, kind: str, period: str, now: datetime
) -> Made:
    """Make a report as a person asks for it.

    Raises: Forbidden; Invalid with the field `period` or `kind`.
    """
    check_may_report(person)
    return make_report(db, settings, person.org_id, kind, period, now, person.author)


# What a schedule, or a crontab, makes in one go.
TOGETHER = {"yearly": ("yearly", "indicators")}


def make_reports(
    db: Database,
    settings: Settings,
    kind: str,
    period: str,
    now: datetime,
    *,
    org_id: int | None = None,
    door: str = "flow",
    flow_run_id: str = "",
) -> tuple[Made, ...]:
    """Make a report for every institution of the installation, or for one, as a schedule does.

    Raises: Invalid; NotFound for an institution that does not exist.
    """
    period_of(kind, period, now.astimezone(SHANGHAI).date())
    with db.read() as session:
        known = session.exec(select(Organization.id).order_by(col(Organization.id))).all()
    ids = [int(one or 0) for one in known] if org_id is None else [org_id]
    by = Author(None, "系统", Origin(door))
    return tuple(make_report(db, settings, one, kind, period, now, by, flow_run_id) for one in ids)


def make_report(
    db: Database,
    settings: Settings,
    org_id: int,
    kind: str,
    period: str,
    now: datetime,
    by: Author,
    flow_run_id: str = "",
) -> Made:
    """Count a period, write the workbook and keep it, unless the last version says the same.

    Raises: Invalid, NotFound; Conflict if others keep versions all the time.
    Effects: stores the workbook; writes report and trail.
    """
    wanted = period_of(kind, period, now.astimezone(SHANGHAI).date())
    if kind == "indicators":
        catch_up(db, org_id, now)
    for _ in range(TRIES):
        counted = _count(db, settings, org_id, wanted)
        if counted.is_unchanged or (kind == "feedback" and not counted.content.rows):
            return _left_alone(db, counted, wanted)
        made = _written(settings, counted, wanted)
        report_id = keep_report(db, org_id, wanted, made, counted.before, by, now, flow_run_id)
        if report_id is not None:
            return Made(
                org_id, counted.institution, kind, wanted.key, "made", report_id, made.version, made.rows, made.sha256,
                tuple(made.changes),
            )  # fmt: skip
    raise Conflict("其他人正在生成同一报告，请稍后查看报告列表", "the same report is being made by others")


def drift(db: Database, settings: Settings, view: ReportView, org_id: int, now: datetime) -> tuple[str, ...]:
    """Tell how the record as it stands now differs from a frozen report; nothing if it says the same.

    Raises: NotFound.
    """
    if view.kind == "indicators":
        catch_up(db, org_id, now)
    wanted = period_of(view.kind, view.period, now.astimezone(SHANGHAI).date())
    counted = _count(db, settings, org_id, wanted)
    if counted.hash == view.content_hash:
        return ()
    with db.read() as session:
        return differences(report_content(session, org_id, view.id), counted.content)


@dataclass(frozen=True, slots=True)
class _Counted:
    org_id: int
    institution: str
    content: Content
    stored: bytes
    before: Before | None
    old: Content | None
    version: int

    @property
    def hash(self) -> str:
        return content_hash(self.stored)

    @property
    def is_unchanged(self) -> bool:
        return self.before is not None and self.before.content_hash == self.hash


def _count(db: Database, settings: Settings, org_id: int, period: Period) -> _Counted:
    with db.read() as session:
        row = session.get(Organization, org_id)
        if row is None:
            raise NotFound(f"没有编号为{org_id}的单位", f"there is no institution {org_id}")
        content = COUNTS[period.kind](session, org_id, period, book_of(row.rule_layers), settings)
        cur = cursor_of(session, db.postgres)
        before = last_report(cur, org_id, period)
        old = report_content(session, org_id, before.id) if before else None
        version = next_version(cur, org_id, period)
        return _Counted(org_id, row.name, content, canonical(content), before, old, version)


def _left_alone(db: Database, counted: _Counted, period: Period) -> Made:
    """Return what there is already; an open batch of which nothing is owed any more is put aside."""
    told = (counted.org_id, counted.institution, period.kind)
    if counted.before is None:
        return Made(*told, period.key, "nothing")
    if not counted.is_unchanged:
        drop_batch(db, counted.before)
        return Made(*told, period.key, "nothing")
    with db.read() as session:
        view = report_view(session, counted.org_id, counted.before.id)
    return Made(*told, view.period, "unchanged", view.id, view.version, view.rows, view.sha256)


def _written(settings: Settings, counted: _Counted, period: Period) -> Workbook:
    changes = differences(counted.old, counted.content) if counted.old else ()
    heading = Heading(counted.institution, KINDS[period.kind][0], period.zh, counted.version, changes)
    data = workbook(heading, counted.content)
    digest = settings.files.store(data)
    return Workbook(
        counted.stored, counted.hash, counted.content.rows, digest, len(data), counted.version, changes
    )
