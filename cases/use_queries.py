"""What the pages of declaration and use show: lists with counts, single records, and which figures they add up to. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case
from sqlalchemy import select as core_select
from sqlmodel import Session, col, false, func, or_, select, true

from cases.tables import Patent
from cases.use_tables import UseStanding
from rules.counting import add_months
from rules.text import normalize

SIZE = 20
Key = TypeVar("Key")
SOON = timedelta(days=366)
REVIEWED_WITHIN = timedelta(days=30)
# The lists of the page, each with its name.
VIEWS: Mapping[str, tuple[str, str]] = {
    "exposed": ("已满五年未实施", "Five years unused"),
    "soon": ("一年内满五年", "Five years within a year"),
    "unexplained": ("未实施且无理由", "Unused without a reason"),
    "review": ("理由待复核", "Reasons to review"),
    "undeclared": ("缺财政资助声明", "Declaration missing"),
    "unstated": ("缺上年度实施情况", "No statement of last year"),
    "used": ("已实施", "In use"),
    "all": ("全部", "All"),
}
AGES = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A patent in a list of use."""

    patent_id: int
    number: str
    title: str
    college: str
    granted: date | None
    funded: bool | None
    declared: bool
    use: str
    used_on: date | None
    stated_year: int | None
    reason: str
    review_on: date | None
    exposed_on: date | None


@dataclass(frozen=True, slots=True)
class StandingPage:
    """One page of a list."""

    rows: tuple[StandingRow, ...]
    total: int
    page: int
    size: int = SIZE


def standings(
    session: Session, org_id: int, today: date, *, view: str = "all", q: str = "", college: str = "", page: int = 1,
    size: int = SIZE,
) -> StandingPage:  # fmt: skip
    """Return a page of one of VIEWS, the longest exposed first."""
    conditions: list[Any] = [UseStanding.org_id == org_id, _of_view(view, today)]
    if college:
        conditions.append(Patent.college == college)
    if q := normalize(q):
        digits = "".join(filter(str.isalnum, q)).upper().removeprefix("ZL")
        named = col(Patent.title).contains(q, autoescape=True)
        conditions.append(
            or_(named, col(Patent.application_no).contains(digits, autoescape=True)) if digits else named
        )
    joined = select(UseStanding, Patent).join(Patent).where(*conditions)
    total = session.exec(select(func.count()).select_from(UseStanding).join(Patent).where(*conditions)).one()
    order = (col(UseStanding.exposed_on).is_(None), col(UseStanding.exposed_on), col(UseStanding.patent_id))
    rows = session.exec(joined.order_by(*order).offset((page - 1) * size).limit(size))
    return StandingPage(tuple(_row(standing, patent) for standing, patent in rows), total, page, size)


def standing_counts(session: Session, org_id: int, today: date) -> dict[str, int]:
    """Return how many patents each of VIEWS holds, with one look at the table."""
    return _sums(session, org_id, {view: _of_view(view, today) for view in VIEWS})


def unused_by_age(session: Session, org_id: int, today: date) -> dict[int, int]:
    """Return how many living patents lie unused 1, 3 and 5 years after their grant, whoever paid for them."""
    since = col(UseStanding.unused_since)
    return _sums(session, org_id, {years: since <= add_months(today, -12 * years) for years in AGES})


def _sums(session: Session, org_id: int, conditions: Mapping[Key, ColumnElement[bool]]) -> dict[Key, int]:
    sums = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions.values())
    row = session.connection().execute(core_select(*sums).where(col(UseStanding.org_id) == org_id)).one()
    return {key: int(value) for key, value in zip(conditions, row, strict=True)}


def _of_view(view: str, today: date) -> ColumnElement[bool]:
    exposed, review = col(UseStanding.exposed_on), col(UseStanding.review_on)
    unreasoned = or_(col(UseStanding.reason) == "", review <= today)
    funded = col(UseStanding.funded).is_(True)
    stated = col(UseStanding.stated_year)
    year_ago = add_months(today, -12)
    found: dict[str, ColumnElement[bool]] = {
        "exposed": and_(exposed < today, unreasoned),
        "soon": and_(exposed >= today, exposed <= today + SOON, unreasoned),
        "unexplained": and_(col(UseStanding.unused_since) <= year_ago, unreasoned),
        "review": review <= today + REVIEWED_WITHIN,
        "undeclared": and_(funded, col(UseStanding.declared).is_(False)),
        "unstated": and_(funded, or_(stated.is_(None), stated < today.year - 1)),
        "used": col(UseStanding.use) != "none",
        "all": true(),
    }
    return found.get(view, false())


def _row(standing: UseStanding, patent: Patent) -> StandingRow:
    return StandingRow(
        standing.patent_id, patent.application_no, patent.title, patent.college, patent.grant_date, standing.funded,
        standing.declared, standing.use, standing.used_on, standing.stated_year, standing.reason, standing.review_on,
        standing.exposed_on,
    )  # fmt: skip
