"""Figures over the record: each one counts rows that can be opened."""

from datetime import datetime

from sqlmodel import col, func, select

from cases.db import Database
from cases.settings import SHANGHAI
from cases.tables import Case, Deadline, LabelEvent, Organization, Patent


def figures(db: Database, now: datetime) -> list[dict[str, object]]:
    """Return one row per organization: patents, cases by stage, open and overdue deadlines, labels."""
    today = now.astimezone(SHANGHAI).date()
    with db.read() as session:
        rows: list[dict[str, object]] = []
        for org in session.exec(select(Organization).order_by(col(Organization.id))):
            stages = dict(
                session.exec(
                    select(Case.stage, func.count()).where(Case.org_id == org.id).group_by(Case.stage)
                ).all()
            )
            open_deadlines = select(func.count(col(Deadline.id))).where(
                Deadline.org_id == org.id, Deadline.status == "open"
            )
            labels = dict(
                session.exec(
                    select(LabelEvent.label, func.count())
                    .where(LabelEvent.org_id == org.id)
                    .group_by(LabelEvent.label)
                ).all()
            )
            rows.append(
                {
                    "单位": org.name,
                    "专利": session.exec(
                        select(func.count(col(Patent.id))).where(Patent.org_id == org.id)
                    ).one(),
                    "准备": stages.get("preparation", 0),
                    "合同": stages.get("contract", 0),
                    "履行": stages.get("performance", 0),
                    "结案": stages.get("end", 0),
                    "未了期限": session.exec(open_deadlines).one(),
                    "逾期": session.exec(open_deadlines.where(Deadline.due < today)).one(),
                    **labels,
                }
            )
        return rows
