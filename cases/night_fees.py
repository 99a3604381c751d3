"""The night's work on annual fees: their dates become deadlines ahead of time, and close when they are paid."""

from datetime import date, datetime

from cases.db import Database, cursor_of
from cases.nightly import MOST_LINES, Line, StepReport
from cases.patent_dates import FEE, Dated, date_fees

ORGANIZATIONS = "SELECT id FROM organization ORDER BY id"
LATE = (
    "SELECT org_id, count(*) FROM deadline WHERE status = 'open' AND patent_id IS NOT NULL AND key LIKE ? AND due < ? "
    "GROUP BY org_id ORDER BY org_id"
)


def date_annual_fees(db: Database, now: datetime, on: date) -> StepReport:
    """Bring the dates of all annual fees up to the day, and name the institutions with unpaid ones.

    Effects: those of `cases.patent_dates.date_fees`, for every organization.
    """
    with db.read() as session:
        orgs = [row[0] for row in cursor_of(session, db.postgres).all(ORGANIZATIONS)]
    found = sum((date_fees(db, org_id, now, on) for org_id in orgs), Dated())
    with db.read() as session:
        cur = cursor_of(session, db.postgres)
        late = cur.all(LATE, f"{FEE}:%", cur.day(on))
    lines = tuple(
        Line(
            f"{count}件专利的年费已过应缴日，尚未登记已缴", f"{count} annual fees are overdue and not recorded as paid",
            "/deadlines?rule=T-08&of=patents&window=overdue", org_id,
        )
        for org_id, count in late[:MOST_LINES]
    )  # fmt: skip
    zh = (
        f"核对{found.patents}件专利的年费期限：新增{found.opened}项，变动{found.moved}项，"
        f"已缴{found.met}项，不再缴{found.dropped}项"
    )
    en = (
        f"annual fees of {found.patents} patents: {found.opened} dates opened, {found.moved} moved, {found.met} met, "
        f"{found.dropped} dropped"
    )
    return StepReport(zh, en, not lines, lines, tuple(found.as_json().items()))
