"""The night's work on declaration and use: products of cases are taken over, dates kept, declarations handed on."""

from collections.abc import Iterator
from datetime import date, datetime

from cases.assessments import hand_declaration, waiting_declarations
from cases.case_products import take_from_cases
from cases.db import Cursor, Database, cursor_of
from cases.nightly import MOST_LINES, Line, StepReport
from cases.patent_dates import SYSTEM, Dated
from cases.scope import Person
from cases.use_dates import MARCH_IN, date_use
from cases.use_rows import acting

ORGANIZATIONS = "SELECT id FROM organization ORDER BY id"
LATE = (
    "SELECT org_id, count(*) FROM deadline WHERE status = 'open' AND patent_id IS NOT NULL AND key = ? AND due < ? "
    "GROUP BY org_id ORDER BY org_id"
)


def date_uses(db: Database, now: datetime, on: date) -> StepReport:
    """Bring use, dates and products of all institutions up to the day, and name those with exposed patents.

    Effects: those of `bring_up_institution`, for every institution.
    """
    with db.read() as session:
        orgs = [row[0] for row in cursor_of(session, db.postgres).all(ORGANIZATIONS)]
    found = sum((bring_up_institution(db, org_id, now, on) for org_id in orgs), Dated())
    with db.read() as session:
        lines = tuple(_lines(cursor_of(session, db.postgres), on))[:MOST_LINES]
    zh = f"核对{found.patents}件专利的实施与备案期限：新增{found.opened}项，办结{found.met}项，不再适用{found.dropped}项"
    en = f"uses of {found.patents} patents: {found.opened} dates opened, {found.met} met, {found.dropped} dropped"
    return StepReport(zh, en, not lines, lines, tuple(found.as_json().items()))


def bring_up_institution(db: Database, org_id: int, now: datetime, on: date) -> Dated:
    """Take over what cases tell of products, hand declarations to patents on record, and bring all dates up to the day.

    Effects: writes products, declarations, use_standing, deadlines, profiles and the trail; repeating it changes nothing.
    """
    with acting(db, Person(0, org_id, "", SYSTEM.name, "administrator", origin=SYSTEM.origin), now) as act:
        take_from_cases(act)
        for assessment_id, patent_id in waiting_declarations(act):
            hand_declaration(act, assessment_id, patent_id)
    return date_use(db, org_id, now, on)


def _lines(cur: Cursor, on: date) -> Iterator[Line]:
    for org_id, count in cur.all(LATE, MARCH_IN, cur.day(on)):
        zh = f"{count}件财政资助的专利授权满五年未实施，没有登记理由"
        yield Line(
            zh,
            f"{count} funded patents lie unused for five years without a reason",
            "/use?view=exposed",
            org_id,
        )
