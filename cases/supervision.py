"""What a supervisor sees of the institutions that agreed: figures of each and of all, and never a person's name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import select

from cases.db import Cursor, Database, cursor_of
from cases.events import events_by_district, lead_figures
from cases.indicators.choices import choices
from cases.indicators.counting import Counted, basis_points, counted
from cases.indicators.facts import catch_up
from cases.indicators.scope import Scope, scope_of
from cases.oversight import Institution, agreed
from cases.scope import Person
from cases.supervision_tables import BureauDistrict

# Of the indicators, those that a city compares; all of them counts, sums, shares or medians.
INDICATORS = (
    "valid", "evaluated", "registered", "matched", "contracts", "contract_value", "labeled", "fed_back", "feedback_lag",
    "implementation_rate", "industrialization_rate",
)  # fmt: skip
COUNTS = {
    "pool": ("转化资源库件数", "Patents in the pool"),
    "evaluations": ("企业评价件次", "Evaluations by enterprises"),
    "events": ("已举办活动", "Events held"),
    "leads": ("意向线索", "Leads"),
    "signed": ("已签约线索", "Signed leads"),
}
POOL = "SELECT COUNT(*) FROM patent_profile WHERE org_id = ? AND in_pool = ?"
EVALUATIONS = "SELECT COUNT(*) FROM evaluation WHERE org_id = ? AND status = 'counted'"


@dataclass(frozen=True, slots=True)
class InstitutionFigures:
    """The figures of one institution."""

    name: str
    indicators: tuple[Counted, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a city in a year; `districts` is how many events each had, also none."""

    year: int
    institutions: tuple[InstitutionFigures, ...]
    indicators: tuple[Counted, ...]
    counts: Mapping[str, int]
    districts: Mapping[str, int]


def overview(db: Database, person: Person, year: str, today: date, now: datetime) -> Overview:
    """Return the figures of the institutions that agreed, and of all of them together.

    Raises: Forbidden for whoever is no supervisor; Invalid for a wrong year.
    Effects: may bring the counted facts of these institutions up to date.
    Source: S3-19, S3-30 (盘点、企业评价反馈、推广应用等情况), S0-09
    """
    scope = scope_of(None, year, today)
    with db.read() as session:
        institutions = agreed(session, person)
        names = session.exec(select(BureauDistrict.name).where(BureauDistrict.org_id == person.org_id)).all()
    for one in institutions:
        catch_up(db, one.org_id, now)
    districts = dict.fromkeys(sorted(names), 0)
    with db.read() as session:
        cur = cursor_of(session, db.postgres)
        figures = [_figures(cur, one, scope) for one in institutions]
        for one in institutions:
            for name, count in events_by_district(cur, one.org_id, scope.year).items():
                districts[name] = districts.get(name, 0) + count
    together = [_together(column) for column in zip(*(one.indicators for one in figures), strict=True)]
    counts = {name: sum(one.counts[name] for one in figures) for name in COUNTS}
    return Overview(scope.year, tuple(figures), tuple(together), counts, districts)


def _figures(cur: Cursor, one: Institution, scope: Scope) -> InstitutionFigures:
    mine = replace(scope, org_id=one.org_id)
    found = {told.indicator.id: told for told in counted(cur, mine, choices(cur, one.org_id))}
    leads = lead_figures(cur, one.org_id)
    counts = {
        "pool": _count(cur, POOL, one.org_id, True), "evaluations": _count(cur, EVALUATIONS, one.org_id),
        "events": sum(events_by_district(cur, one.org_id, scope.year).values()), "leads": leads.total,
        "signed": leads.by_status.get("signed", 0),
    }  # fmt: skip
    return InstitutionFigures(one.name, tuple(found[key] for key in INDICATORS), counts)


def _count(cur: Cursor, query: str, *values: object) -> int:
    (found,) = cur.one(query, *values)
    return int(found)


def _together(parts: Sequence[Counted]) -> Counted:
    """Return an indicator of several institutions: sums are added, shares made of the sums, medians not told."""
    first, how = parts[0], parts[0].indicator.how
    part, over = _sum(one.part for one in parts), _sum(one.over for one in parts)
    unknown = all(one.is_unknown for one in parts)
    if how == "sum":
        return replace(
            first, value=_sum(one.value for one in parts), part=part, over=over, is_unknown=unknown
        )
    share = basis_points(part, over) if how == "share" and part is not None and over else None
    return replace(first, value=share, part=part, over=over, is_unknown=unknown)


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
